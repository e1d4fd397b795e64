/**
 * How entries are sized. Exits never are: they follow what was copied.
 *
 * A rule says what the opening part of a leader's order comes to; what it needs beside his quantity (a
 * price, a stop, somebody's capital) is found when the order is first seen and stays fixed with it.
 */
import type { MoneyE4, PriceE4 } from "./money.ts";

/** To whole lots: what is lost is lost, or the nearer of two, or carried to the next entry. */
export type Rounding = "down" | "nearest" | "carry";

interface Bounds {
  /** Absent: down. */
  readonly rounding?: Rounding;
  /** What comes to less is raised to so many lots; absent: less than one lot is not copied. */
  readonly minLots?: number;
  /** Most units of one entry. */
  readonly maxQuantity?: number;
}

/** Times the leader's quantity. */
export interface MultiplierSizing extends Bounds {
  readonly kind: "multiplier";
  /** Ratio in basis points: 10_000 copies one for one, 5_000 half. Positive. */
  readonly bps: number;
}

/** As many lots whatever his quantity is. */
export interface FixedLotsSizing extends Bounds {
  readonly kind: "fixed-lots";
  readonly lots: number;
}

/** As many units whatever his quantity is. */
export interface FixedQuantitySizing extends Bounds {
  readonly kind: "fixed-quantity";
  readonly quantity: number;
}

/** As many units as so much money buys at the order's price. */
export interface NotionalSizing extends Bounds {
  readonly kind: "notional";
  readonly value: MoneyE4;
}

/** His quantity times the follower's capital over the leader's, times a factor. */
export interface CapitalSizing extends Bounds {
  readonly kind: "capital-proportional";
  readonly bps: number;
  /** Absent: what the broker says that each had at the start of the day. */
  readonly capital?: { readonly leader: MoneyE4; readonly follower: MoneyE4 };
}

/** As many units as lose so much of the follower's capital between the entry and its stop. */
export interface RiskSizing extends Bounds {
  readonly kind: "risk-percent";
  /** Of the capital, in basis points: 100 risks one percent. */
  readonly bps: number;
  /** The follower's; absent: what the broker says that he had at the start of the day. */
  readonly capital?: MoneyE4;
}

export type Sizing =
  | MultiplierSizing
  | FixedLotsSizing
  | FixedQuantitySizing
  | NotionalSizing
  | CapitalSizing
  | RiskSizing;

/** Whose capital at the start of the day the rule goes by. */
export function capitalsOf(sizing: Sizing): readonly ("leader" | "follower")[] {
  if (sizing.kind === "risk-percent" && sizing.capital === undefined) return ["follower"];
  const isOfBoth = sizing.kind === "capital-proportional" && sizing.capital === undefined;
  return isOfBoth ? ["leader", "follower"] : [];
}

/** What a rule was applied to, beside the leader's quantity; of each only what the rule needs. */
export interface SizingBasis {
  /** What a unit costs, for a notional. */
  readonly price?: PriceE4;
  /** What a unit loses between entry and stop. */
  readonly risk?: PriceE4;
  readonly leaderCapital?: MoneyE4;
  readonly followerCapital?: MoneyE4;
  /** Carried over from entries before, in ten-thousandths of a unit. */
  readonly carried?: number;
}
