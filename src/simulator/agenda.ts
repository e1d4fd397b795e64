/**
 * Things that are due later, in one queue over one timer of the injected clock, so that a virtual
 * clock can drive a whole simulator and so that closing it leaves nothing behind.
 */
import type { Clock } from "../ports/clock.ts";

interface Item {
  readonly dueMs: number;
  readonly order: number;
  callback: (() => void) | undefined;
}

function isBefore(a: Item, b: Item): boolean {
  return a.dueMs < b.dueMs || (a.dueMs === b.dueMs && a.order < b.order);
}

export class Agenda {
  readonly #clock: Clock;
  /** A binary heap: the first item is the earliest; ties run in the order they were added. */
  readonly #heap: Item[] = [];
  #added = 0;
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
    const dueMs = this.#clock.monotonicMs() + Math.max(0, delayMs);
    const item: Item = { dueMs, order: this.#added++, callback };
    if (this.#closed) return () => {};
    this.#push(item);
    this.#arm();
    return () => {
      item.callback = undefined;
    };
  }

  /** Forgets everything due and lets go of the timer. */
  close(): void {
    this.#closed = true;
    this.#heap.length = 0;
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
  }

  #arm(): void {
    const next = this.#heap[0];
    if (next === undefined || next.dueMs >= this.#timerDueMs) return;
    this.#cancelTimer?.();
    this.#timerDueMs = next.dueMs;
    const delayMs = Math.max(0, next.dueMs - this.#clock.monotonicMs());
    this.#cancelTimer = this.#clock.schedule(delayMs, () => this.#run());
  }

  #run(): void {
    this.#timerDueMs = Number.POSITIVE_INFINITY;
    this.#cancelTimer = undefined;
    const nowMs = this.#clock.monotonicMs();
    for (let next = this.#heap[0]; next !== undefined && next.dueMs <= nowMs; ) {
      this.#pop();
      next.callback?.();
      next = this.#heap[0];
    }
    this.#arm();
  }

  #push(item: Item): void {
    const heap = this.#heap;
    let at = heap.push(item) - 1;
    while (at > 0) {
      const up = (at - 1) >> 1;
      const parent = heap[up] as Item;
      if (!isBefore(item, parent)) break;
      heap[at] = parent;
      at = up;
    }
    heap[at] = item;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      const right = heap[child + 1];
      if (right !== undefined && isBefore(right, heap[child] as Item)) child += 1;
      const candidate = heap[child] as Item;
      if (!isBefore(candidate, last)) break;
      heap[at] = candidate;
      at = child;
    }
    heap[at] = last;
  }
}
