import type { CopyId } from "../../core/model/fact.ts";
import type { CorrelationId } from "../../core/model/ids.ts";
import type { EpochMs } from "../../core/model/time.ts";
import type { FollowerState } from "../../core/order/follower-state.ts";

/** What was known when a fact was recorded, for the sentence that tells it. */
export interface FactContext {
  /** The follower before and after the fact. */
  readonly before: FollowerState;
  readonly after: FollowerState;
  readonly copyId: CopyId;
  readonly symbol: string;
  readonly atMs: EpochMs;
  /** When the bytes of each placement were free to leave. */
  readonly sentAtMs: ReadonlyMap<CorrelationId, EpochMs>;
}
