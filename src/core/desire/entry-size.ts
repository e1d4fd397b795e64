/**
 * What a rule makes of the opening part of a leader's order: exact until the lot, and rounded once.
 */
import { must, unreachable } from "../../platform/assert.ts";
import type { Sizing, SizingBasis } from "../model/sizing.ts";

/** Basis points, and ten-thousandths of a unit. */
const ONE = 10_000n;

/** A part of the opening part of an order: all of it, or what of it has filled. */
export interface OpeningPart {
  readonly units: number;
  /** Units of the whole opening part. */
  readonly of: number;
}

/** Units as an exact fraction. */
export interface ExactUnits {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

/** The basis has all that the rule is applied to. */
export function isBased(sizing: Sizing, basis: SizingBasis): boolean {
  const { price, risk, leaderCapital, followerCapital } = basis;
  switch (sizing.kind) {
    case "notional":
      return price !== undefined;
    case "capital-proportional":
      return leaderCapital !== undefined && followerCapital !== undefined;
    case "risk-percent":
      return risk !== undefined && followerCapital !== undefined;
    default:
      return true;
  }
}

/** What the rule gives for `open` units of the leader's, before any rounding and bound. */
export function exactUnits(
  sizing: Sizing,
  basis: SizingBasis,
  { open, lot }: { readonly open: number; readonly lot: number },
): ExactUnits {
  switch (sizing.kind) {
    case "multiplier":
      return { numerator: BigInt(open) * BigInt(sizing.bps), denominator: ONE };
    case "fixed-lots":
      return { numerator: BigInt(sizing.lots) * BigInt(lot), denominator: 1n };
    case "fixed-quantity":
      return { numerator: BigInt(sizing.quantity), denominator: 1n };
    case "notional":
      return {
        numerator: BigInt(sizing.value),
        denominator: BigInt(must(basis.price, "the price of a notional")),
      };
    case "capital-proportional": {
      const { leaderCapital, followerCapital } = basis;
      return {
        numerator:
          BigInt(open) *
          BigInt(must(followerCapital, "the follower's capital")) *
          BigInt(sizing.bps),
        denominator: BigInt(must(leaderCapital, "the leader's capital")) * ONE,
      };
    }
    case "risk-percent": {
      const { followerCapital, risk } = basis;
      return {
        numerator: BigInt(must(followerCapital, "the follower's capital")) * BigInt(sizing.bps),
        denominator: BigInt(must(risk, "what a unit risks")) * ONE,
      };
    }
    default:
      return unreachable(sizing);
  }
}

interface EntrySize {
  readonly sizing: Sizing;
  readonly basis: SizingBasis;
  readonly lot: number;
}

/**
 * Units of the entry for this part of the leader's order: whole lots, by the rule's rounding, not below
 * its least and not above its most. The most wins over the least.
 */
export function entryUnits(part: OpeningPart, { sizing, basis, lot }: EntrySize): number {
  if (part.units === 0) return 0;
  const { numerator, denominator } = partOf(part, { sizing, basis, lot });
  const perLot = denominator * BigInt(lot);
  const lots =
    sizing.rounding === "nearest" ? (2n * numerator + perLot) / (2n * perLot) : numerator / perLot;
  const least = Math.max(Number(lots), sizing.minLots ?? 0) * lot;
  const most = sizing.maxQuantity ?? Number.MAX_SAFE_INTEGER;
  return least <= most ? least : Math.floor(most / lot) * lot;
}

/** Ten-thousandths of a unit that the whole lots of a whole opening part leave for the next entry. */
export function carriedAfter(open: number, size: EntrySize): number {
  const { numerator, denominator } = partOf({ units: open, of: open }, size);
  const lost = numerator % (denominator * BigInt(size.lot));
  return Number((lost * ONE) / denominator);
}

/** The exact quantity of the part, with what was carried to it. */
function partOf({ units, of }: OpeningPart, { sizing, basis, lot }: EntrySize): ExactUnits {
  const { numerator, denominator } = exactUnits(sizing, basis, { open: of, lot });
  const carried = BigInt(basis.carried ?? 0) * denominator;
  return {
    numerator: (numerator * ONE + carried) * BigInt(units),
    denominator: denominator * ONE * BigInt(of),
  };
}
