/**
 * A simple margin model, stated rather than true:
 * CNC and MTF buys block the full value; equity INTRADAY, BO and CO 20 percent either way; futures 15 percent
 * of the value; bought options their premium; sold options 15 percent of strike times quantity.
 */
import type { Product, Side } from "../../core/model/order.ts";
import type { SimAccount, SimPosition } from "./account.ts";
import { isExitLeg } from "./group/group.ts";
import { isOpen, leaves } from "./order.ts";
import type { SimInstrument, SimOrder } from "./order-records.ts";
import { isEquitySegment } from "./segment.ts";

export const INTRADAY_FRACTION = 0.2;
export const DERIVATIVE_FRACTION = 0.15;

export interface MarginQuestion {
  readonly instrument: SimInstrument;
  readonly side: Side;
  readonly product: Product;
  readonly quantity: number;
  readonly priceE4: number;
}

/** What opening such a position blocks, in 1/10,000 rupee. */
export function openingMarginE4(question: MarginQuestion): number {
  const { instrument, side, product, quantity, priceE4 } = question;
  const value = quantity * priceE4;
  if (!isEquitySegment(instrument.segment)) {
    if (instrument.option === undefined) return Math.round(value * DERIVATIVE_FRACTION);
    if (side === "BUY") return value;
    return Math.round(quantity * (instrument.strikeE4 ?? 0) * DERIVATIVE_FRACTION);
  }
  if (isIntraday(product)) return Math.round(value * INTRADAY_FRACTION);
  return side === "BUY" ? value : 0;
}

/** Squared off on the day itself. */
export function isIntraday(product: Product): boolean {
  return product === "INTRADAY" || product === "CO" || product === "BO";
}

export function positionKey(instrument: SimInstrument, product: Product): string {
  return `${instrument.key}:${product}`;
}

export function netOf(position: SimPosition): number {
  return position.carriedQuantity + position.buyQuantity - position.sellQuantity;
}

/** Blocked by an open position; negative for sold holdings, whose proceeds can be spent. */
export function positionMarginE4(position: SimPosition): number {
  const net = netOf(position);
  if (net === 0) return 0;
  const delivery = position.product === "CNC" || position.product === "MTF";
  if (net < 0 && delivery) return Math.round(net * position.costE4);
  return openingMarginE4({
    instrument: position.instrument,
    side: net > 0 ? "BUY" : "SELL",
    product: position.product,
    quantity: Math.abs(net),
    priceE4: Math.round(position.costE4),
  });
}

/** What the order's open units block: only the part that would open, not the part that closes. */
export function orderMarginE4(account: SimAccount, order: SimOrder): number {
  if (!isOpen(order) || isExitLeg(order)) return 0;
  const { instrument, side, product, terms } = order;
  const position = account.positions.get(positionKey(instrument, product));
  const net = position === undefined ? 0 : netOf(position);
  const closable = side === "BUY" ? Math.max(0, -net) : Math.max(0, net);
  const opening = Math.max(0, leaves(order) - closable);
  const priceE4 = terms.priceE4 || terms.triggerE4 || instrument.lastE4;
  return openingMarginE4({ instrument, side, product, quantity: opening, priceE4 });
}

export function utilizedE4(account: SimAccount): number {
  let used = account.blockedE4;
  for (const position of account.positions.values()) {
    used += positionMarginE4(position) - position.realizedE4;
  }
  return used;
}

/** May be negative after losses. */
export function availableE4(account: SimAccount): number {
  return account.startOfDayE4 - utilizedE4(account);
}

/** Sets what the order blocks to what it should. */
export function reblock(account: SimAccount, order: SimOrder, blockedE4: number): void {
  account.blockedE4 += blockedE4 - order.blockedE4;
  order.blockedE4 = blockedE4;
}
