/** Positions and holdings that follow the fills. */
import type { Product, Side } from "../../core/model/order.ts";
import type { SimAccount, SimPosition } from "./account.ts";
import { isIntraday, netOf, positionKey } from "./margin.ts";
import { leaves } from "./order.ts";
import type { SimInstrument, SimOrder } from "./order-records.ts";

export interface LedgerFill {
  readonly instrument: SimInstrument;
  readonly product: Product;
  readonly side: Side;
  readonly quantity: number;
  readonly priceE4: number;
}

export function positionOf(
  account: SimAccount,
  instrument: SimInstrument,
  product: Product,
): SimPosition {
  const key = positionKey(instrument, product);
  const known = account.positions.get(key);
  if (known !== undefined) return known;
  const fresh: SimPosition = {
    instrument,
    product,
    buyQuantity: 0,
    buyValueE4: 0,
    sellQuantity: 0,
    sellValueE4: 0,
    carriedQuantity: 0,
    carriedValueE4: 0,
    costE4: 0,
    realizedE4: 0,
  };
  account.positions.set(key, fresh);
  return fresh;
}

/** Books one fill at average cost. A fill through zero closes first and opens the rest. */
export function bookFill(account: SimAccount, fill: LedgerFill): void {
  const position = positionOf(account, fill.instrument, fill.product);
  const before = netOf(position);
  const signed = fill.side === "BUY" ? fill.quantity : -fill.quantity;
  const closing = before * signed < 0 ? Math.min(Math.abs(before), fill.quantity) : 0;
  if (closing > 0) {
    const gain = before > 0 ? fill.priceE4 - position.costE4 : position.costE4 - fill.priceE4;
    position.realizedE4 += Math.round(gain * closing);
  }
  const opening = fill.quantity - closing;
  if (fill.side === "BUY") {
    position.buyQuantity += fill.quantity;
    position.buyValueE4 += fill.quantity * fill.priceE4;
  } else {
    position.sellQuantity += fill.quantity;
    position.sellValueE4 += fill.quantity * fill.priceE4;
  }
  if (opening > 0) {
    const kept = closing > 0 ? 0 : Math.abs(before);
    position.costE4 =
      (kept * position.costE4 + opening * fill.priceE4) / Math.max(1, kept + opening);
  }
  if (netOf(position) === 0) position.costE4 = 0;
}

/** Units that a delivery sell may still take: settled ones, today's buys, less other open sells (of two exit legs only the stop). */
export function sellableUnits(account: SimAccount, order: SimOrder): number {
  const { instrument, product } = order;
  const held = settledUnits(account, instrument.key, product);
  const position = account.positions.get(positionKey(instrument, product));
  let units = held + (position === undefined ? 0 : netOf(position));
  for (const other of instrument.working) {
    if (other === order || other.clientId !== account.clientId) continue;
    if (other.part?.role === "target" && other.part.group.stop?.order !== undefined) continue;
    if (other.side === "SELL" && other.product === product) units -= leaves(other);
  }
  return units;
}

function settledUnits(account: SimAccount, key: string, product: Product): number {
  const { quantity = 0, fundedQuantity = 0 } = account.holdings.get(key) ?? {};
  if (product === "MTF") return fundedQuantity;
  return product === "CNC" ? quantity - fundedQuantity : 0;
}

/**
 * The night: delivery positions become holdings, intraday ones are squared off at the last price,
 * carry-forward ones stay with their cost, and profits go into the next start of day.
 */
export function rollLedger(account: SimAccount): void {
  for (const [key, position] of account.positions) {
    account.startOfDayE4 += position.realizedE4;
    const net = netOf(position);
    if (position.product === "CNC" || position.product === "MTF") {
      deliver(account, position, net);
      account.positions.delete(key);
    } else if (net === 0 || isIntraday(position.product)) {
      const gain = Math.round((position.instrument.lastE4 - position.costE4) * net);
      account.startOfDayE4 += gain;
      account.positions.delete(key);
    } else {
      carry(position, net);
    }
  }
}

function deliver(account: SimAccount, position: SimPosition, net: number): void {
  account.startOfDayE4 -= Math.round(net * position.costE4);
  const { key } = position.instrument;
  const holding = account.holdings.get(key);
  const before = holding?.quantity ?? 0;
  const after = before + net;
  if (after <= 0) {
    account.holdings.delete(key);
    return;
  }
  const cost = holding?.costE4 ?? 0;
  const costE4 = net > 0 ? (before * cost + net * position.costE4) / after : cost;
  const funded = (holding?.fundedQuantity ?? 0) + (position.product === "MTF" ? net : 0);
  const fundedQuantity = Math.max(0, funded);
  const { instrument } = position;
  account.holdings.set(key, { instrument, quantity: after, fundedQuantity, costE4 });
}

function carry(position: SimPosition, net: number): void {
  position.carriedQuantity = net;
  position.carriedValueE4 = Math.round(Math.abs(net) * position.costE4);
  position.buyQuantity = 0;
  position.buyValueE4 = 0;
  position.sellQuantity = 0;
  position.sellValueE4 = 0;
  position.realizedE4 = 0;
}
