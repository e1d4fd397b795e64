/**
 * The auditor's own reading of a link's sizing: the most that an entry for one order of the leader's may
 * come to. It shares no code with the decisions that it checks, and goes by what the broker's books show.
 */
import { E4_PER_RUPEE } from "../../../core/model/money.ts";
import type { Sizing } from "../../../core/model/sizing.ts";
import type { WorldFollower } from "../world.ts";

/** What the rule may be applied to; rupees. Of prices, every one that the order ever showed. */
export interface RuleBasis {
  /** Largest quantity that the order ever had. */
  readonly quantity: number;
  readonly lot: number;
  readonly prices: readonly number[];
  /** Stops that the order's group ever had. */
  readonly stops: readonly number[];
  /** Follower's over leader's at the start of any day. */
  readonly capitalRatio: number;
}

/** Far below a unit, far above what doubles lose. */
const SLACK = 1e-6;

export function sizingOf({ bps, link }: WorldFollower): Sizing {
  return link?.sizing ?? { kind: "multiplier", bps };
}

/** Whole lots. Infinity where the books do not say what the rule was applied to. */
export function mostUnits(sizing: Sizing, basis: RuleBasis): number {
  const { lot } = basis;
  const exact = exactly(sizing, basis) / lot;
  const { rounding = "down", minLots = 0, maxQuantity = Number.POSITIVE_INFINITY } = sizing;
  const upBy = { down: 0, nearest: 0.5, carry: 1 - 2 * SLACK }[rounding];
  const lots = Math.max(Math.floor(exact + upBy + SLACK), minLots);
  return Math.min(lots, Math.floor(maxQuantity / lot)) * lot;
}

function exactly(sizing: Sizing, { quantity, lot, prices, stops, capitalRatio }: RuleBasis) {
  switch (sizing.kind) {
    case "multiplier":
      return quantity * (sizing.bps / 10_000);
    case "fixed-lots":
      return sizing.lots * lot;
    case "fixed-quantity":
      return sizing.quantity;
    case "notional":
      return sizing.value / E4_PER_RUPEE / Math.min(...prices);
    case "capital-proportional": {
      const { capital, bps } = sizing;
      const ratio = capital === undefined ? capitalRatio : capital.follower / capital.leader;
      return quantity * ratio * (bps / 10_000);
    }
    case "risk-percent": {
      const { capital = 0, bps } = sizing;
      const distances = stops.flatMap((stop) => prices.map((price) => Math.abs(price - stop)));
      return ((capital / E4_PER_RUPEE) * (bps / 10_000)) / Math.min(...distances);
    }
  }
}
