/**
 * Reads the exits of BO and CO: groups by the product of a plain placement. Nobody has lately seen
 * the broker take one; what is here is how it was documented.
 */
import type { Product, Side } from "../../../core/model/order.ts";
import { BadField, type Body, money } from "../body-fields.ts";
import { inputRefusal } from "../replies.ts";
import type { Switches } from "../switches.ts";
import type { ExitTerms, GroupTerms } from "./group.ts";

export interface BracketQuestion {
  readonly product: Product;
  readonly side: Side;
  /** 0 on market orders. */
  readonly priceE4: number;
}

/**
 * The exits of a BO (both, as distances) or a CO (its stop: a trigger price or, without one, a
 * distance); undefined for other products. Throws a BadField when they are missing or not taken.
 */
export function bracketTerms(
  fields: Body,
  question: BracketQuestion,
  { brackets }: Switches,
): GroupTerms | undefined {
  const { product } = question;
  if (product !== "BO" && product !== "CO") return undefined;
  const isQueued = fields.afterMarketOrder === true || fields.afterMarketOrder === "true";
  if (brackets === "refuse" || isQueued) throw new BadField(inputRefusal());
  const profitE4 = money(fields.boProfitValue);
  const stopLossE4 = money(fields.boStopLossValue);
  if (product === "CO") {
    return { kind: "cover", stop: coverStop(question, money(fields.triggerPrice), stopLossE4) };
  }
  if (profitE4 === 0 || stopLossE4 === 0) throw new BadField(inputRefusal());
  return { kind: "bracket", target: atDistance(profitE4), stop: atDistance(stopLossE4) };
}

function coverStop(
  { side, priceE4 }: BracketQuestion,
  triggerE4: number,
  distanceE4: number,
): ExitTerms {
  if (triggerE4 === 0 && distanceE4 === 0) throw new BadField(inputRefusal());
  if (triggerE4 === 0) return atDistance(distanceE4);
  const isBehind = side === "BUY" ? triggerE4 < priceE4 : triggerE4 > priceE4;
  if (priceE4 > 0 && !isBehind) throw new BadField(inputRefusal());
  return { levelE4: triggerE4, distanceE4: 0, trailE4: 0 };
}

function atDistance(distanceE4: number): ExitTerms {
  return { levelE4: 0, distanceE4, trailE4: 0 };
}
