import type { EpochMs } from "../core/model/time.ts";
import type { Clock } from "../ports/clock.ts";
import { assert } from "./assert.ts";

/** A clock that moves only when told to. */
export interface ManualClock extends Clock {
  /**
   * Moves `byMs` forward and calls what falls due on the way, earliest first and in the order of
   * scheduling where two fall due together. What a callback schedules counts too. Between two
   * callbacks the clock shows the time at which the later one was due.
   */
  advance(byMs: number): void;
  /** Milliseconds until the next callback; undefined when nothing is scheduled. */
  nextDueInMs(): number | undefined;
}

interface Timer {
  readonly dueMs: number;
  readonly callback: () => void;
}

/** Reaching this many callbacks in one `advance` means that one reschedules itself at once. */
const CALLBACKS_PER_ADVANCE_MAX = 1_000_000;

/** Starts at `startMs` (epoch milliseconds); its monotonic time starts at 0. */
export function manualClock(startMs: number): ManualClock {
  assert(Number.isSafeInteger(startMs), () => `not epoch milliseconds: ${startMs}`);
  const timers = new Set<Timer>();
  let elapsedMs = 0;

  function earliest(): Timer | undefined {
    let first: Timer | undefined;
    for (const timer of timers) if (!first || timer.dueMs < first.dueMs) first = timer;
    return first;
  }

  function advance(byMs: number): void {
    assert(byMs >= 0, () => `time does not go back: ${byMs}`);
    const untilMs = elapsedMs + byMs;
    for (let fired = 0; ; fired++) {
      const timer = earliest();
      if (timer === undefined || timer.dueMs > untilMs) break;
      assert(fired < CALLBACKS_PER_ADVANCE_MAX, "a callback reschedules itself without delay");
      timers.delete(timer);
      elapsedMs = timer.dueMs;
      timer.callback();
    }
    elapsedMs = untilMs;
  }

  return {
    nowMs: () => Math.floor(startMs + elapsedMs) as EpochMs,
    monotonicMs: () => elapsedMs,
    schedule(delayMs, callback) {
      const timer = { dueMs: elapsedMs + Math.max(delayMs, 0), callback };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    advance,
    nextDueInMs: () => {
      const timer = earliest();
      return timer && timer.dueMs - elapsedMs;
    },
  };
}
