/**
 * A wall clock that never goes back. Where the machine's is put back, this one goes on more slowly than
 * it until both agree, so that what is due a while after something else is not due much later.
 *
 * Keeps: readings never fall; without a step back they are the machine's. Does not: know which of the
 * two is right. A step forward is taken at once, for that is also how a machine wakes.
 */
import type { EpochMs } from "../core/model/time.ts";
import type { Clock } from "../ports/clock.ts";

export interface SteadyClock extends Clock {
  /**
   * Something is known to have happened at this time, as another process read it: no reading will be
   * older. False, and nothing changes, when that is too far ahead to be made up for.
   */
  hasBeen(atMs: number): boolean;
}

/** A clock that was further ahead than this was wrong then, and following it would be wrong all day. */
const AHEAD_MS_MAX = 3_600_000;
/** Of the time that passes while it is ahead. */
const SLOWED_BY = 0.1;
/** Both clocks are read in whole steps, one after the other. */
const READING_MS = 2;

export function steadyClock(clock: Clock): SteadyClock {
  let last: number = clock.nowMs();
  let lastMonotonicMs = clock.monotonicMs();
  return {
    nowMs() {
      const wallMs = clock.nowMs();
      const monotonicMs = clock.monotonicMs();
      const elapsedMs = monotonicMs - lastMonotonicMs;
      lastMonotonicMs = monotonicMs;
      const isBehind = wallMs + READING_MS < last + elapsedMs;
      last = Math.max(wallMs, isBehind ? last + elapsedMs * (1 - SLOWED_BY) : last);
      return Math.floor(last) as EpochMs;
    },
    monotonicMs: () => clock.monotonicMs(),
    schedule: (delayMs, callback) => clock.schedule(delayMs, callback),
    hasBeen(atMs) {
      if (atMs - clock.nowMs() > AHEAD_MS_MAX) return false;
      last = Math.max(last, atMs);
      return true;
    },
  };
}
