/**
 * What a leader's order tells of its contract's price. Tandem has no market feed: this is all that the
 * paper exchange knows of the market.
 */
import type { PriceE4 } from "../../core/model/money.ts";
import { isTerminal, type OrderObservation } from "../../core/model/order.ts";

/** What is known already. */
export interface KnownPrice {
  /** Some price of the contract, of whatever day. */
  readonly isPriced: boolean;
  /** Units of this order whose fill has told a price. */
  readonly toldUnits: number;
  /** Of the contract. */
  readonly tick: PriceE4;
}

export interface ToldPrice {
  /** In 1/10,000 rupee. */
  readonly priceE4: number;
  /** All units of the order that have filled, where a fill tells it. */
  readonly filledUnits?: number;
}

/**
 * A new fill tells the order's average price; else a frame the last price that it carries. Where
 * nothing has ever told of a price, an order that rests tells that the market has not come to it. That is
 * a guess about where the market is, so it must not move what is on paper already.
 */
export function priceToldBy(order: OrderObservation, known: KnownPrice): ToldPrice | undefined {
  const { filledQuantity, averagePrice, lastPrice } = order;
  if (filledQuantity > known.toldUnits && averagePrice !== undefined) {
    return { priceE4: averagePrice, filledUnits: filledQuantity };
  }
  if (lastPrice !== undefined) return { priceE4: lastPrice };
  if (known.isPriced || isTerminal(order.status)) return undefined;
  return restingPrice(order, known.tick);
}

/** A tick on the side on which the market is, as long as the order rests. */
function restingPrice({ side, terms }: OrderObservation, tick: number): ToldPrice | undefined {
  const { price, triggerPrice } = terms;
  const levelE4 = triggerPrice ?? price;
  if (levelE4 === undefined) return undefined;
  // A limit waits for a better price, a trigger for a worse one.
  const waitsAbove = (side === "BUY") === (triggerPrice === undefined);
  return { priceE4: Math.max(tick, waitsAbove ? levelE4 + tick : levelE4 - tick) };
}
