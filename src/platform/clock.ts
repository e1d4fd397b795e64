import type { EpochMs } from "../core/model/time.ts";
import type { Clock } from "../ports/clock.ts";

/** Node's timers hold a signed 32-bit delay; a longer one would fire at once. */
const LONGEST_TIMER_MS = 2_147_483_647;

/** The machine's own clock. Its timers keep the process alive until they fire or are cancelled. */
export function systemClock(): Clock {
  return {
    nowMs: () => Date.now() as EpochMs,
    monotonicMs: () => performance.now(),
    schedule,
  };
}

function schedule(delayMs: number, callback: () => void): () => void {
  let timer: NodeJS.Timeout;
  let leftMs = delayMs;
  const wait = () => {
    const stepMs = Math.min(leftMs, LONGEST_TIMER_MS);
    leftMs -= stepMs;
    timer = setTimeout(leftMs > 0 ? wait : callback, stepMs);
  };
  wait();
  return () => clearTimeout(timer);
}
