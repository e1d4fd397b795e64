import type { EpochMs } from "../core/model/time.ts";

/** Time, injected: nothing else in Tandem reads a clock or sets a timer. */
export interface Clock {
  /** Wall time, for records. */
  nowMs(): EpochMs;
  /** Monotonic milliseconds, for durations and deadlines. */
  monotonicMs(): number;
  /** Calls back once after `delayMs`; the returned function cancels it. */
  schedule(delayMs: number, callback: () => void): () => void;
}
