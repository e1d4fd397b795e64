/**
 * A wall clock that never goes back. Where the machine's is put back, this one goes on more slowly than
 * it until both agree, so that what is due a while after something else is not due much later.
 *
 * Keeps: readings never fall; without a step back they are the machine's. Does not: know which of the
 * two is right. A step forward is taken at once, for that is also how a machine wakes.
 */
import type { EpochMs } from "../core/model/time.ts";
import type { Clock } from "../ports/clock.ts";

/** Of the time that passes while it is ahead. */
const SLOWED_BY = 0.1;
/** Both clocks are read in whole steps, one after the other. */
const READING_MS = 2;

export function steadyClock(clock: Clock): Clock {
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
  };
}
