/**
 * How much the rule gives for the opening part of a leader's order, and what it was applied to. Both are
 * fixed when the order is first seen; a changed quantity is sized by the same rule upon the same basis.
 *
 * Keeps: no price and no capital is guessed; where one is missing nothing is entered, with the reason.
 */

import { carriedAfter, entryUnits, exactUnits, isBased } from "../desire/entry-size.ts";
import { leaderExits } from "../desire/protection.ts";
import type { CopyOpened, Split } from "../model/fact.ts";
import type { Instrument } from "../model/instrument.ts";
import { type MoneyE4, toPriceE4 } from "../model/money.ts";
import { isTerminal } from "../model/order.ts";
import type { Inputs, Refused } from "../model/reason.ts";
import type { Sizing, SizingBasis } from "../model/sizing.ts";
import type { BookOrder } from "../order/account-book.ts";
import { carriedFor } from "../order/follower-state.ts";
import type { LeaderState } from "../order/leader.ts";
import type { Draft } from "./draft.ts";
import type { Contract } from "./family.ts";

export interface SizeQuestion {
  readonly draft: Draft;
  readonly leader: LeaderState;
  readonly order: BookOrder;
  readonly contract: Contract;
  readonly linkId: CopyOpened["linkId"];
  readonly sizing: Sizing;
  /** What the copy was sized upon before; absent for a new one. */
  readonly basis?: SizingBasis | undefined;
}

export interface EntrySize {
  readonly basis: SizingBasis;
  /** Whole lots; 0 where nothing can be entered. */
  readonly entryQuantity: number;
  /** What the whole lots leave for the next entry, in ten-thousandths of a unit. */
  readonly carries?: number;
  /** Why there is nothing to enter. */
  readonly refusal?: Refused;
}

/** The size of the opening part, or why it has none. */
export function sizeEntry(question: SizeQuestion, split: Split): EntrySize {
  const { draft, contract, sizing } = question;
  const nothing = { basis: question.basis ?? {}, entryQuantity: 0 };
  if (split.open === 0) return nothing;
  const instrument = draft.context.instrument(contract.instrument);
  if (instrument === undefined) {
    const inputs = { instrument: contract.instrument };
    return { ...nothing, refusal: { code: "unknown-instrument", inputs } };
  }
  // A copy that was sized before keeps what it was sized upon for as long as it lives.
  const isSized = question.basis !== undefined && isBased(sizing, question.basis);
  const basis = isSized ? question.basis : basisOf(question, instrument);
  if ("code" in basis) return { ...nothing, refusal: basis };
  const size = { sizing, basis, lot: instrument.lotSize };
  const entryQuantity = entryUnits({ units: split.open, of: split.open }, size);
  const carries = sizing.rounding === "carry" ? { carries: carriedAfter(split.open, size) } : {};
  const sized = { basis, entryQuantity, ...carries };
  if (entryQuantity > 0) return sized;
  const inputs = belowLotInputs(sizing, basis, split.open, instrument.lotSize);
  return { ...sized, refusal: { code: "below-one-lot", inputs } };
}

/** The rule needs nothing beside the leader's quantity. */
export function isByQuantityAlone({ kind }: Sizing): boolean {
  return kind === "multiplier" || kind === "fixed-lots" || kind === "fixed-quantity";
}

/** Everything that the rule is applied to must be known; a market order may get its price in a moment. */
export function awaitsPrice(sizing: Sizing, order: BookOrder): boolean {
  const isPriced = sizing.kind === "notional" || sizing.kind === "risk-percent";
  return isPriced && !isTerminal(order.status) && priceOf(order) === undefined;
}

function basisOf(question: SizeQuestion, instrument: Instrument): SizingBasis | Refused {
  const { draft, sizing, linkId, contract, order } = question;
  const key = { linkId, ...contract, of: order, side: order.side };
  const carried = sizing.rounding === "carry" ? carriedFor(draft.state, key) : 0;
  const rest = carried === 0 ? {} : { carried };
  switch (sizing.kind) {
    case "multiplier":
    case "fixed-lots":
    case "fixed-quantity":
      return rest;
    case "notional": {
      const price = priceOf(order);
      return price === undefined ? noPrice(order) : { ...rest, price };
    }
    case "capital-proportional":
      return withRest(capitals(question, sizing.capital), rest);
    case "risk-percent":
      return withRest(riskBasis(question, sizing.capital, instrument), rest);
  }
}

function withRest(found: SizingBasis | Refused, rest: SizingBasis): SizingBasis | Refused {
  return "code" in found ? found : { ...found, ...rest };
}

function noPrice({ terms }: BookOrder): Refused {
  return { code: "no-reference-price", inputs: { type: terms.type } };
}

/** What a unit costs: his price, or what it filled at; for a stop at the market its trigger. */
function priceOf({ terms, averagePrice, lastPrice }: BookOrder) {
  return terms.price ?? averagePrice ?? terms.triggerPrice ?? lastPrice;
}

function capitals(
  { draft, leader }: SizeQuestion,
  configured: { readonly leader: MoneyE4; readonly follower: MoneyE4 } | undefined,
): SizingBasis | Refused {
  const leaderCapital = configured?.leader ?? leader.capital;
  if (!isThere(leaderCapital)) return noCapital("leader", leaderCapital);
  const followerCapital = configured?.follower ?? draft.state.capital;
  if (!isThere(followerCapital)) return noCapital("follower", followerCapital);
  return { leaderCapital, followerCapital };
}

function riskBasis(
  { draft, leader, order }: SizeQuestion,
  configured: MoneyE4 | undefined,
  instrument: Instrument,
): SizingBasis | Refused {
  const followerCapital = configured ?? draft.state.capital;
  if (!isThere(followerCapital)) return noCapital("follower", followerCapital);
  const price = priceOf(order);
  if (price === undefined) return noPrice(order);
  const stop = leaderExits(leader.book, order, instrument)?.protection.stop;
  if (stop === undefined || stop === price) return { code: "no-stop", inputs: { priceE4: price } };
  return { followerCapital, risk: toPriceE4(Math.abs(price - stop)) };
}

function isThere(capital: MoneyE4 | undefined): capital is MoneyE4 {
  return capital !== undefined && capital > 0;
}

function noCapital(of: "leader" | "follower", capital: MoneyE4 | undefined): Refused {
  const inputs = capital === undefined ? { of } : { of, capitalE4: capital };
  return { code: "no-capital", inputs, alarm: "no-capital" };
}

function belowLotInputs(sizing: Sizing, basis: SizingBasis, open: number, lot: number): Inputs {
  if (sizing.kind === "multiplier") return { leaderUnits: open, bps: sizing.bps, lot };
  const { numerator, denominator } = exactUnits(sizing, basis, { open, lot });
  const exact = Number((numerator * 100n) / denominator) / 100;
  return { leaderUnits: open, rule: sizing.kind, exact, lot };
}
