/** A copy link and its rule, as the operator set them. */
import type { Guards } from "./guards.ts";
import type { AccountId, InstrumentKey, LinkId } from "./ids.ts";
import type { RepairRule } from "./repair.ts";
import type { Sizing } from "./sizing.ts";

/**
 * active: copies everything. close-only: copies exits, modifications and cancels, no new entries.
 * paused: takes no new leader orders; what is open is still managed.
 */
export type LinkMode = "active" | "close-only" | "paused";

export type MarketOrderRule = "protected-limit" | "pass";

/** What of the leader's orders is copied: his orders as they rest, or only what of them has filled. */
export type CopyRule = "orders" | "fills";

/** What becomes of a leader's BO or CO at a follower. Without its stop none is ever sent. */
export type BracketRule = "super-order" | "native" | "refuse";

/** What becomes of a child that still rests when the leader's order has filled. */
export type AfterLeaderFilledRule =
  | { readonly kind: "leave" }
  /** It is moved once, to the furthest price from the leader's average that is allowed. */
  | { readonly kind: "chase"; readonly afterMs: number; readonly maxDistanceBps: number }
  | { readonly kind: "cancel"; readonly afterMs: number };

/** What is done, beside the alarm, for a filled entry whose stop is not seen working in time. */
export type UnprotectedRule = "rearm" | "flatten";

export interface Link {
  readonly id: LinkId;
  readonly leader: AccountId;
  readonly follower: AccountId;
  readonly mode: LinkMode;
  readonly sizing: Sizing;
  readonly marketOrders: MarketOrderRule;
  /** Entries older than this when first seen are skipped; exits never are. */
  readonly maxAgeMs: number;
  readonly guards: Guards;
  /** Absent: orders. */
  readonly copy?: CopyRule;
  /** Absent: super-order. */
  readonly brackets?: BracketRule;
  /** Absent: leave. */
  readonly afterLeaderFilled?: AfterLeaderFilledRule;
  /** Absent: rearm. */
  readonly unprotected?: UnprotectedRule;
  /** Absent: by hand. */
  readonly repair?: RepairRule;
  /** The leader's contract to the one that is traded for it; prices are carried as they are. */
  readonly substitutions?: ReadonlyMap<InstrumentKey, InstrumentKey>;
}
