/** A copy link and its rule, as the operator set them. */
import type { AccountId, LinkId } from "./ids.ts";
import type { MoneyE4 } from "./money.ts";

/**
 * active: copies everything. close-only: copies exits, modifications and cancels, no new entries.
 * paused: takes no new leader orders; what is open is still managed.
 */
export type LinkMode = "active" | "close-only" | "paused";

/** How entries are sized. Exits never are: they follow what was copied. */
export interface MultiplierSizing {
  readonly kind: "multiplier";
  /** Ratio in basis points: 10_000 copies one for one, 5_000 half. Positive. */
  readonly bps: number;
}
export type Sizing = MultiplierSizing;

export type MarketOrderRule = "protected-limit" | "pass";

/** Limits on entries. Each absent one does not limit; none ever stops an exit. */
export interface Guards {
  /** Largest notional of one child order. */
  readonly maxOrderValue?: MoneyE4;
  /** Furthest that an entry's price may be from the leader's average fill, in basis points. */
  readonly maxPriceDistanceBps?: number;
}

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
}
