/** The clock of one process: when the process dies, nothing that it planned is called any more. */
import type { Clock } from "../../ports/clock.ts";

export interface ProcessClock extends Clock {
  die(): void;
}

export function processClock(clock: Clock): ProcessClock {
  let isDead = false;
  return {
    nowMs: () => clock.nowMs(),
    monotonicMs: () => clock.monotonicMs(),
    schedule: (delayMs, callback) =>
      clock.schedule(delayMs, () => {
        if (!isDead) callback();
      }),
    die: () => {
      isDead = true;
    },
  };
}
