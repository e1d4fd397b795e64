/**
 * Things that are due later, in one queue over one timer of the injected clock, so that a virtual
 * clock can drive a whole simulator and so that closing it leaves nothing behind.
 */
import { DueQueue } from "../platform/due-queue.ts";
import type { Clock } from "../ports/clock.ts";

export class Agenda {
  readonly #clock: Clock;
  readonly #queue = new DueQueue();
  #offsetMs = 0;
  #timerDueMs = Number.POSITIVE_INFINITY;
  #cancelTimer: (() => void) | undefined;
  #closed = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Epoch milliseconds as the simulated exchange sees them: the clock's, plus the set offset. */
  nowMs(): number {
    return this.#clock.nowMs() + this.#offsetMs;
  }

  /** Monotonic milliseconds with fraction; never moved by `setOffset`. */
  monotonicMs(): number {
    return this.#clock.monotonicMs();
  }

  get offsetMs(): number {
    return this.#offsetMs;
  }

  setOffset(offsetMs: number): void {
    this.#offsetMs = offsetMs;
  }

  /** Runs `callback` once after `delayMs` (0 and less: at the next turn). Returns its cancel. */
  after(delayMs: number, callback: () => void): () => void {
    if (this.#closed) return () => {};
    const cancel = this.#queue.add(this.#clock.monotonicMs() + Math.max(0, delayMs), callback);
    this.#arm();
    return cancel;
  }

  /** Forgets everything due and lets go of the timer. */
  close(): void {
    this.#closed = true;
    this.#queue.clear();
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
  }

  #arm(): void {
    const { dueMs } = this.#queue;
    if (dueMs >= this.#timerDueMs) return;
    this.#cancelTimer?.();
    this.#timerDueMs = dueMs;
    const delayMs = Math.max(0, dueMs - this.#clock.monotonicMs());
    this.#cancelTimer = this.#clock.schedule(delayMs, () => this.#run());
  }

  #run(): void {
    this.#timerDueMs = Number.POSITIVE_INFINITY;
    this.#cancelTimer = undefined;
    const nowMs = this.#clock.monotonicMs();
    for (let due = this.#queue.take(nowMs); due !== undefined; due = this.#queue.take(nowMs)) {
      due.callback();
    }
    this.#arm();
  }
}
