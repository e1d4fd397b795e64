/** What a rule made of the leader's quantity, as arithmetic that can be followed by hand. */
import { exactUnits, isBased } from "../../core/desire/entry-size.ts";
import type { Split } from "../../core/model/fact.ts";
import { formatE4 } from "../../core/model/money.ts";
import type { Sizing, SizingBasis } from "../../core/model/sizing.ts";
import { must, unreachable } from "../../platform/assert.ts";
import { factor, percent } from "./words.ts";

export interface SizedEntry {
  readonly split: Split;
  readonly sizing: Sizing;
  readonly basis?: SizingBasis;
  readonly entryQuantity: number;
  /** Units of a lot. */
  readonly lot?: number;
}

/** "the leader's 101 x 0.5 = 50.5, in whole lots 50". */
export function entryWords({ split, sizing, basis = {}, entryQuantity, lot = 1 }: SizedEntry) {
  const opens = split.reduce > 0 ? `${split.open} that open a new position` : `${split.open}`;
  // A rule that was applied to nothing has its refusal told beside it.
  const terms = isBased(sizing, basis) && termsOf(sizing, basis, opens);
  if (!terms) return `the leader's ${opens}`;
  const { numerator, denominator } = exactUnits(sizing, basis, { open: split.open, lot });
  const carried = (basis.carried ?? 0) / 10_000;
  const exact = Number((numerator * 10_000n) / denominator) / 10_000 + carried;
  const whole = carried === 0 ? "" : ` + ${carried} carried over`;
  const product = `${terms}${whole} = ${Math.round(exact * 100) / 100}`;
  // What kept it at nothing (the lot, a missing instrument) is told by the refusal that follows.
  if (entryQuantity === exact || entryQuantity === 0) return product;
  return `${product}, ${boundWords(sizing, entryQuantity, exact)} ${entryQuantity}`;
}

function boundWords({ maxQuantity, minLots }: Sizing, units: number, exact: number): string {
  if (maxQuantity !== undefined && exact > maxQuantity) return `at most ${maxQuantity}:`;
  return minLots !== undefined && units > exact ? `at least ${minLots} lots:` : "in whole lots";
}

function termsOf(sizing: Sizing, basis: SizingBasis, opens: string): string {
  switch (sizing.kind) {
    case "multiplier":
      return `the leader's ${opens} x ${factor(sizing.bps)}`;
    case "fixed-lots":
      return `for the leader's ${opens} always ${lots(sizing.lots)}`;
    case "fixed-quantity":
      return `for the leader's ${opens} always ${sizing.quantity}`;
    case "notional":
      return `for the leader's ${opens} ${money(sizing.value)} / ${money(basis.price)}`;
    case "capital-proportional": {
      const { followerCapital, leaderCapital } = basis;
      const ratio = `${money(followerCapital)} / ${money(leaderCapital)}`;
      const times = sizing.bps === 10_000 ? "" : ` x ${factor(sizing.bps)}`;
      return `the leader's ${opens} x ${ratio}${times}`;
    }
    case "risk-percent": {
      const risked = `${percent(sizing.bps)} of ${money(basis.followerCapital)}`;
      return `for the leader's ${opens} ${risked} / ${money(basis.risk)} to the stop`;
    }
    default:
      return unreachable(sizing);
  }
}

function lots(count: number): string {
  return count === 1 ? "one lot" : `${count} lots`;
}

function money(value: number | undefined): string {
  return formatE4(must(value, "what the rule was applied to"));
}
