/** Quantities as integers, with the rounding named in the function. */
import { assert } from "../../platform/assert.ts";
import type { ExitBasis, OpenEntry, Split } from "../model/fact.ts";

/** Largest multiple of `lot` not above `units`. */
export function roundToLotDown(units: number, lot: number): number {
  return Math.floor(units / lot) * lot;
}

/** `units * numerator / denominator`, rounded down; exact in the safe range. */
export function scaleDown(units: number, numerator: number, denominator: number): number {
  const product = units * numerator;
  assert(Number.isSafeInteger(product), () => `${units} * ${numerator} leaves the safe range`);
  return Math.floor(product / denominator);
}

export interface ExitShareOf {
  readonly copiedUnits: number;
  /** With the exits that rest beside it, it closes all: what rounding leaves is its to take. */
  readonly takesRest?: boolean | undefined;
}

/**
 * Units of an exit: the leader's share of his own position, taken of what was copied. All of the
 * leader's position is all of the copy, whatever rounding left in it; less is rounded down to a lot,
 * or up for the last of several that together are all.
 */
export function exitUnits(
  { copiedUnits, takesRest }: ExitShareOf,
  split: Split,
  lot: number,
): number {
  const whole = Math.abs(split.leaderNet);
  if (split.reduce === 0 || copiedUnits <= 0) return 0;
  if (split.reduce >= whole) return copiedUnits;
  const down = roundToLotDown(scaleDown(copiedUnits, split.reduce, whole), lot);
  const isExact = down * whole === copiedUnits * split.reduce;
  return takesRest && !isExact ? Math.min(copiedUnits, down + lot) : down;
}

/** What an exit is a share of by now: the basis and what its open entries have filled since. */
export function basisUnits(
  basis: ExitBasis,
  filledOf: (openEntry: ExitBasis["openEntries"][number]) => number,
): number {
  return basis.openEntries.reduce(
    (sum, entry) => sum + Math.max(0, joinedBy(entry, filledOf(entry)) - entry.filled),
    basis.units,
  );
}

function joinedBy({ most = Number.POSITIVE_INFINITY }: OpenEntry, filled: number): number {
  return Math.min(filled, most);
}

const DISCLOSED_MIN_PERCENT = 30;

/**
 * The leader's disclosed share of `quantity`, in whole lots; at least the exchange's minimum of 30 %,
 * at least one lot; 0 (show all) when that would be everything.
 */
export function disclosedUnits(
  leader: { readonly disclosedQuantity: number; readonly quantity: number },
  quantity: number,
  lot: number,
): number {
  if (leader.disclosedQuantity === 0 || quantity === 0) return 0;
  const share = scaleDown(quantity, leader.disclosedQuantity, leader.quantity);
  const least = Math.ceil((quantity * DISCLOSED_MIN_PERCENT) / 100 / lot) * lot;
  const disclosed = Math.max(roundToLotDown(share, lot), least, lot);
  return disclosed >= quantity ? 0 : disclosed;
}
