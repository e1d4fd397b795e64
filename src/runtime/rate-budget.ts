/**
 * How many order calls an account may still make, counted so that the broker cannot count more.
 *
 * The broker sees a request somewhere between our sending it and its reply. A slot is therefore
 * taken from the moment of sending and given back one window after the reply: whatever instant in
 * between the broker took, two requests that we space so cannot fall into one window of his. A reply
 * that takes very long is no longer waited for: the request has arrived by then or never will.
 *
 * Keeps: exits and cancels have a reserve that entries and modifications cannot touch.
 */
import type { Lane } from "../core/risk/approve.ts";
import type { Clock } from "../ports/clock.ts";

export interface RateWindow {
  readonly windowMs: number;
  /** Calls that the broker allows in any such window. */
  readonly most: number;
  /** Of these, kept for exits and cancels. */
  readonly reserve: number;
}

/** The broker's limits on order calls of one account (its official table of mid-2026). */
export const DHAN_ORDER_WINDOWS: readonly RateWindow[] = [
  { windowMs: 1_000, most: 10, reserve: 2 },
  { windowMs: 60_000, most: 250, reserve: 25 },
  { windowMs: 3_600_000, most: 1_000, reserve: 100 },
  { windowMs: 86_400_000, most: 7_000, reserve: 500 },
];

/** After this long without a reply a request no longer waits to reach the broker. */
const ARRIVAL_MS_MAX = 2_000;

/** Slots are kept by sending; this many neighbours may have their replies in another order. */
const UNSORTED_MAX = 32;

interface Slot {
  readonly sentAtMs: number;
  doneAtMs: number | undefined;
}

export class RateBudget {
  readonly #clock: Clock;
  readonly #windows: readonly RateWindow[];
  /** In the order of sending; older than the longest window are dropped. */
  readonly #slots: Slot[] = [];
  #pausedUntilMs = 0;

  constructor(clock: Clock, windows: readonly RateWindow[] = DHAN_ORDER_WINDOWS) {
    this.#clock = clock;
    this.#windows = windows;
  }

  /** Milliseconds until so many calls of this lane may go at once; 0 when they may go now. */
  waitMs(lane: Lane, calls = 1): number {
    const nowMs = this.#clock.monotonicMs();
    this.#drop(nowMs);
    let untilMs = this.#pausedUntilMs;
    const isReducing = lane === "exit" || lane === "cancel";
    for (const { windowMs, most, reserve } of this.#windows) {
      const allowed = (isReducing ? most : most - reserve) - (calls - 1);
      if (this.#slots.length < allowed) continue;
      const ends = this.#slots
        .slice(-(allowed + UNSORTED_MAX))
        .map((slot) => seenByMs(slot) + windowMs)
        .sort((a, b) => b - a);
      // The allowed-th youngest slot must have left the window before one more may enter it.
      untilMs = Math.max(untilMs, ends[allowed - 1] ?? 0);
    }
    return Math.max(0, Math.ceil(untilMs - nowMs));
  }

  /** Takes a slot a call; the returned function says that the reply has come, or will not. */
  take(calls = 1): () => void {
    const slot: Slot = { sentAtMs: this.#clock.monotonicMs(), doneAtMs: undefined };
    for (let call = 0; call < calls; call += 1) this.#slots.push(slot);
    return () => {
      slot.doneAtMs ??= this.#clock.monotonicMs();
    };
  }

  /** Calls that an earlier run of this process made so long ago. */
  remember(agesMs: readonly number[]): void {
    const nowMs = this.#clock.monotonicMs();
    for (const ageMs of agesMs) {
      const atMs = nowMs - Math.max(0, ageMs);
      this.#slots.unshift({ sentAtMs: atMs, doneAtMs: atMs });
    }
    this.#slots.sort((a, b) => a.sentAtMs - b.sentAtMs);
  }

  /** The broker said that it was asked too often: nothing goes for a while. */
  pause(forMs: number): void {
    this.#pausedUntilMs = Math.max(this.#pausedUntilMs, this.#clock.monotonicMs() + forMs);
  }

  #drop(nowMs: number): void {
    const longestMs = this.#windows.at(-1)?.windowMs ?? 0;
    while (this.#slots[0] !== undefined && seenByMs(this.#slots[0]) + longestMs <= nowMs) {
      this.#slots.shift();
    }
  }
}

/** The latest moment at which the broker can have counted the request. */
function seenByMs(slot: Slot): number {
  const latest = slot.sentAtMs + ARRIVAL_MS_MAX;
  return slot.doneAtMs === undefined ? latest : Math.min(slot.doneAtMs, latest);
}
