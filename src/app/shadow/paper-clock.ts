/**
 * The time of the paper exchange. It moves only when somebody moves it, so that the same inputs at the
 * same times make the same book again; while it follows the machine's clock, it is moved by that.
 *
 * Keeps: it never goes back, whatever the machine's clock does.
 */
import { type ManualClock, manualClock } from "../../platform/manual-clock.ts";
import type { Clock } from "../../ports/clock.ts";

export class PaperClock implements Clock {
  readonly #time: ManualClock;
  #machine: Clock | undefined;
  #isMoving = false;
  #cancelTimer = () => {};

  /** Stands at `startMs`, epoch milliseconds, until it is moved. */
  constructor(startMs: number) {
    this.#time = manualClock(startMs);
  }

  nowMs(): ReturnType<Clock["nowMs"]> {
    return this.#time.nowMs();
  }

  monotonicMs(): number {
    return this.#time.monotonicMs();
  }

  schedule(delayMs: number, callback: () => void): () => void {
    const cancel = this.#time.schedule(delayMs, callback);
    this.#arm();
    return cancel;
  }

  /** A callback that is due is under way: time must not be moved within it. */
  get isMoving(): boolean {
    return this.#isMoving;
  }

  /** Calls what is due by then, in order. An earlier time than the present is the present. */
  moveTo(atMs: number): void {
    this.#isMoving = true;
    try {
      this.#time.advance(Math.max(0, atMs - this.#time.nowMs()));
    } finally {
      this.#isMoving = false;
    }
    this.#arm();
  }

  /** From now on it goes by the machine's clock. */
  follow(machine: Clock): void {
    this.#machine = machine;
    this.moveTo(machine.nowMs());
  }

  stop(): void {
    this.#machine = undefined;
    this.#cancelTimer();
  }

  #arm(): void {
    const machine = this.#machine;
    if (machine === undefined || this.#isMoving) return;
    this.#cancelTimer();
    const dueInMs = this.#time.nextDueInMs();
    if (dueInMs === undefined) return;
    const waitMs = this.#time.nowMs() + dueInMs - machine.nowMs();
    this.#cancelTimer = machine.schedule(Math.max(0, waitMs), () => this.moveTo(machine.nowMs()));
  }
}
