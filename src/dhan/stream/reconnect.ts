/** How long to wait before connecting again. */
import type { Random } from "../../ports/random.ts";

export interface ReconnectTiming {
  /** Upper end of the first wait. */
  readonly firstRetryMs: number;
  /** Upper end of every wait. */
  readonly maxRetryMs: number;
}

/** Doublings beyond this change nothing any more. */
const DOUBLINGS_MAX = 16;

/**
 * Doubles with every connection in a row that came to nothing (`failures`, from 0), up to the cap,
 * and is drawn from the upper six tenths, so that many accounts do not come back in step.
 */
export function retryDelayMs(failures: number, timing: ReconnectTiming, random: Random): number {
  const doubled = timing.firstRetryMs * 2 ** Math.min(failures, DOUBLINGS_MAX);
  return Math.round(Math.min(doubled, timing.maxRetryMs) * (0.4 + 0.6 * random.next()));
}
