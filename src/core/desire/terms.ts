/** The leader's terms as the child's: same type, validity and levels; our own limit where he has none. */
import type { Instrument } from "../model/instrument.ts";
import type { MarketOrderRule } from "../model/link.ts";
import { type PriceE4, roundToTickDown, roundToTickUp } from "../model/money.ts";
import type { OrderTerms, Side } from "../model/order.ts";
import { protectedLimit } from "./price.ts";
import { disclosedUnits } from "./quantity.ts";

export interface TermsQuestion {
  readonly leader: OrderTerms;
  readonly side: Side;
  /** The child's total units. */
  readonly quantity: number;
  readonly rule: MarketOrderRule;
  readonly instrument: Pick<Instrument, "kind" | "tick" | "lotSize">;
  /** What a market order is protected by: the leader's average, else the last price. */
  readonly reference?: PriceE4;
}

/**
 * The leader's price, on the tick of what the follower trades: his own contract's fits as it is, a
 * substitute's may be coarser. It then moves to the side that still protects.
 */
function onTick(side: Side, price: PriceE4, { tick }: Pick<Instrument, "tick">): PriceE4 {
  if (price % tick === 0) return price;
  return side === "BUY" ? roundToTickDown(price, tick) : roundToTickUp(price, tick);
}

/** Undefined when a market order has no price to protect it by: without one nothing is guessed. */
export function childTerms(question: TermsQuestion): OrderTerms | undefined {
  const { leader, side, quantity, instrument } = question;
  const common = {
    validity: leader.validity,
    quantity,
    disclosedQuantity: disclosedUnits(leader, quantity, instrument.lotSize),
  };
  switch (leader.type) {
    case "LIMIT":
      return (
        leader.price && { ...common, type: "LIMIT", price: onTick(side, leader.price, instrument) }
      );
    case "STOP_LOSS":
      if (leader.price === undefined || leader.triggerPrice === undefined) return undefined;
      return {
        ...common,
        type: "STOP_LOSS",
        price: onTick(side, leader.price, instrument),
        triggerPrice: onTick(side, leader.triggerPrice, instrument),
      };
    case "STOP_LOSS_MARKET": {
      const triggerPrice = leader.triggerPrice;
      if (triggerPrice === undefined) return undefined;
      const price = protectedLimit(side, triggerPrice, instrument);
      return { ...common, type: "STOP_LOSS", price, triggerPrice };
    }
    case "MARKET": {
      if (question.rule === "pass") return { ...common, type: "MARKET" };
      const { reference } = question;
      if (reference === undefined) return undefined;
      return { ...common, type: "LIMIT", price: protectedLimit(side, reference, instrument) };
    }
  }
}

/** Terms of a plain order at the market. */
export function atMarket(quantity: number): OrderTerms {
  return { type: "MARKET", validity: "DAY", quantity, disclosedQuantity: 0 };
}
