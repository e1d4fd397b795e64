/** What makes the broker say no: at once (a reply), or after acceptance (a text in the book). */
import type { OrderType, Product, Side } from "../../core/model/order.ts";
import type { SimAccount } from "./account.ts";
import type { GroupTerms } from "./group/group.ts";
import { sellableUnits } from "./ledger.ts";
import { availableE4, orderMarginE4 } from "./margin.ts";
import type { SimInstrument, SimOrder } from "./order-records.ts";
import { inputRefusal, orderRefusal, type Reply, rms, TEXT } from "./replies.ts";
import { isEquitySegment } from "./segment.ts";

export interface RuleTerms {
  readonly side: Side;
  readonly type: OrderType;
  readonly quantity: number;
  readonly priceE4: number;
  readonly triggerE4: number;
}

/** Lot, tick, freeze quantity, and the order of price and trigger; undefined when all is well. */
export function refusedTerms(instrument: SimInstrument, terms: RuleTerms): Reply | undefined {
  const { tickE4, lotSize, freezeQuantity } = instrument;
  if (terms.quantity % lotSize !== 0) return inputRefusal();
  if (terms.priceE4 % tickE4 !== 0 || terms.triggerE4 % tickE4 !== 0) return inputRefusal();
  if (terms.quantity > freezeQuantity) return orderRefusal();
  const isStop = terms.type === "STOP_LOSS" || terms.type === "STOP_LOSS_MARKET";
  const hasPrice = terms.type === "LIMIT" || terms.type === "STOP_LOSS";
  if (hasPrice && terms.priceE4 === 0) return inputRefusal();
  if (isStop && terms.triggerE4 === 0) return inputRefusal();
  if (terms.type !== "STOP_LOSS") return undefined;
  if (terms.side === "SELL" && terms.triggerE4 <= terms.priceE4) {
    return orderRefusal(TEXT.sellTrigger);
  }
  if (terms.side === "BUY" && terms.priceE4 < terms.triggerE4) {
    return orderRefusal(TEXT.buyTrigger);
  }
  return undefined;
}

/** Levels, distances and trailing steps are on the tick. */
export function refusedExits(instrument: SimInstrument, group: GroupTerms): Reply | undefined {
  const told = [group.target, group.stop].flatMap((exit) =>
    exit === undefined ? [] : [exit.levelE4, exit.distanceE4, exit.trailE4],
  );
  return told.some((priceE4) => priceE4 % instrument.tickE4 !== 0) ? inputRefusal() : undefined;
}

/** Delivery products are for equities, MARGIN for derivatives. */
export function refusedProduct(instrument: SimInstrument, product: Product): Reply | undefined {
  const isEquity = isEquitySegment(instrument.segment);
  if (product === "MARGIN" && isEquity) return inputRefusal();
  if ((product === "CNC" || product === "MTF") && !isEquity) return inputRefusal();
  return undefined;
}

/** The risk check that runs when the order reaches the exchange: the rejection's text, or none. */
export function rejectionText(account: SimAccount, order: SimOrder): string | undefined {
  const { instrument, orderId, terms } = order;
  const { lowestE4, highestE4 } = instrument;
  const prices = [terms.priceE4, terms.triggerE4].filter((price) => price > 0);
  if (prices.some((price) => price < lowestE4 || price > highestE4)) {
    return rms.circuit(orderId, lowestE4 / 10_000, highestE4 / 10_000);
  }
  const delivery = order.product === "CNC" || order.product === "MTF";
  if (delivery && order.side === "SELL") {
    const open = terms.quantity - order.filled;
    if (open > sellableUnits(account, order)) return rms.holdings(orderId);
  }
  const neededE4 = orderMarginE4(account, order) - order.blockedE4;
  const shortE4 = neededE4 - availableE4(account);
  if (neededE4 > 0 && shortE4 > 0) return rms.funds(orderId, shortE4 / 10_000);
  return undefined;
}
