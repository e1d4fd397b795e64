/** Where a follower's position is not where his link's rule would have it, and why. */
import type { BrokerOrderId, InstrumentKey, LinkId } from "./ids.ts";
import type { Product } from "./order.ts";

/** Every cause that there is. What none of the others explains is `unknown`, and ends in an alarm. */
export const DRIFT_CAUSES = {
  "catching-up": "an order for it is under way, rests or waits, or one of the two has filled first",
  missed: "an order for it was never placed, or ended before all of it had filled",
  rejected: "the broker or the exchange rejected an order for it",
  "skipped-by-rule": "the link's own rule leaves it out",
  manual: "somebody traded it by hand, with another program, or cancelled the copy",
  "square-off": "the position was squared off: by a person, the broker or another program",
  rounding: "less than a lot for each order that no whole lots stand for",
  "late-fill": "an order filled when its leader's order stood for less",
  unknown: "nothing that was recorded explains it",
} as const;
export type DriftCause = keyof typeof DRIFT_CAUSES;

/** A part of a difference that one thing explains. */
export interface DriftPart {
  readonly cause: DriftCause;
  /** Positive; which way is the difference's sign. */
  readonly units: number;
  /** Code of the skip, hold or alarm behind it; "" when there is none. */
  readonly code: string;
  /** Which part of a copy did not come to what it stands for. */
  readonly leg?: "entry" | "exit";
  readonly leaderOrderId?: BrokerOrderId;
  /** The follower's order that is not ours and explains it, the last of several. */
  readonly foreignOrderId?: BrokerOrderId;
}

/** One contract of a follower's that a link copies into, and the leader's where it is another. */
export interface DriftPosition {
  readonly linkId: LinkId;
  readonly instrument: InstrumentKey;
  readonly product: Product;
  readonly of?: { readonly instrument: InstrumentKey; readonly product: Product };
}

/** All units are signed, long positive. */
export interface Drift extends DriftPosition {
  /** What the leader's orders stand for by now, by the link's rule as it was when they were seen. */
  readonly target: number;
  /** What copying has opened and not closed. */
  readonly copied: number;
  /** What the account holds of the contract, whoever bought it. */
  readonly held: number;
  /** Copied and really held, less the target. */
  readonly difference: number;
  /** Together as many units as the difference. */
  readonly parts: readonly DriftPart[];
}
