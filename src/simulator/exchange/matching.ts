/**
 * When and at what price orders trade. There is no order book of strangers: each instrument has one
 * last price, and a limited number of units (`liquidity`) that trade at each price event.
 * An order that comes to the market takes the last price; one that waited gets its own limit.
 */
import type { SimAccount } from "./account.ts";
import { trailStop } from "./group/trail.ts";
import { bookFill } from "./ledger.ts";
import { orderMarginE4, reblock } from "./margin.ts";
import { isWorking, leaves } from "./order.ts";
import type { SimInstrument, SimOrder } from "./order-records.ts";
import { protectedPriceE4 } from "./protection.ts";
import { changed, nextTradeId, type Venue } from "./venue.ts";

/** Books one execution of `quantity` units and tells about it. The caller has checked the leaves. */
export function fillOrder(venue: Venue, order: SimOrder, quantity: number, priceE4: number): void {
  const account = venue.accounts.get(order.clientId) as SimAccount;
  order.filled += quantity;
  order.filledValueE4 += quantity * priceE4;
  order.fills.push({
    quantity,
    priceE4,
    atMs: venue.agenda.nowMs(),
    exchangeTradeId: nextTradeId(venue),
  });
  const { instrument, product, side } = order;
  const done = order.filled >= order.terms.quantity;
  order.status = done ? "TRADED" : "PART_TRADED";
  order.text = done ? "TRADE CONFIRMED" : "CONFIRMED";
  if (done) instrument.working.delete(order);
  bookFill(account, { instrument, product, side, quantity, priceE4 });
  reblock(account, order, orderMarginE4(account, order));
  changed(venue, order);
}

/** Gives one working order its chance at the present price and what is left of the liquidity. */
export function matchOrder(venue: Venue, order: SimOrder): void {
  const { instrument } = order;
  if (!isWorking(order) || !isLimitNow(order)) return;
  const aggressive = order.aggressive;
  order.aggressive = false;
  if (!isMarketable(order)) return;
  const quantity = Math.min(leaves(order), wholeLots(instrument));
  if (quantity <= 0) return;
  instrument.unitsLeft -= quantity;
  const raw = order.terms.priceE4 === 0;
  fillOrder(venue, order, quantity, aggressive || raw ? instrument.lastE4 : order.terms.priceE4);
}

/** A new last price: stops wake up, then orders match, best price first, then oldest first. */
export function applyPrice(venue: Venue, instrument: SimInstrument, priceE4: number): void {
  instrument.lastE4 = priceE4;
  instrument.unitsLeft = instrument.liquidity;
  matchWaiting(venue, instrument);
  // A copy: a trigger that fires takes itself out.
  for (const look of [...instrument.watchers]) look();
}

function matchWaiting(venue: Venue, instrument: SimInstrument): void {
  if (instrument.working.size === 0) return;
  const marketable: SimOrder[] = [];
  for (const order of instrument.working) {
    if (trailStop(order)) changed(venue, order);
    wakeStop(venue, order);
    if (!isLimitNow(order)) continue;
    if (isMarketable(order)) marketable.push(order);
    else order.aggressive = false;
  }
  marketable.sort(byPriority);
  for (const order of marketable) matchOrder(venue, order);
}

/**
 * Wakes a stop when the last price has reached its trigger. The stop of a group tells of it, and goes
 * to the market with a protected price around the price that woke it, so that a gap does not strand it.
 */
export function wakeStop(venue: Venue, order: SimOrder): void {
  if (!touchTrigger(order) || order.part === undefined) return;
  const { instrument, side, terms } = order;
  const { marketOrders, protectionBps } = venue.switches;
  const priceE4 = marketOrders === "raw" ? 0 : protectedPriceE4(instrument, side, protectionBps);
  order.terms = { ...terms, priceE4 };
  changed(venue, order);
}

/** True when this touch has woken it. */
export function touchTrigger(order: SimOrder): boolean {
  if (order.terms.type !== "STOP_LOSS" || order.triggered) return false;
  const { lastE4 } = order.instrument;
  const { triggerE4 } = order.terms;
  const touched = order.side === "BUY" ? lastE4 >= triggerE4 : lastE4 <= triggerE4;
  if (!touched) return false;
  order.triggered = true;
  order.aggressive = true;
  return true;
}

function isLimitNow(order: SimOrder): boolean {
  return order.terms.type !== "STOP_LOSS" || order.triggered;
}

/** A raw market order has no price and always may trade. */
function isMarketable(order: SimOrder): boolean {
  const { priceE4 } = order.terms;
  if (priceE4 === 0) return true;
  const { lastE4 } = order.instrument;
  return order.side === "BUY" ? lastE4 <= priceE4 : lastE4 >= priceE4;
}

function byPriority(a: SimOrder, b: SimOrder): number {
  if (a.side !== b.side || a.terms.priceE4 === b.terms.priceE4) return 0;
  const cheaperFirst = a.terms.priceE4 - b.terms.priceE4;
  return a.side === "BUY" ? -cheaperFirst : cheaperFirst;
}

function wholeLots(instrument: SimInstrument): number {
  if (instrument.unitsLeft === Number.POSITIVE_INFINITY) return instrument.unitsLeft;
  return Math.floor(instrument.unitsLeft / instrument.lotSize) * instrument.lotSize;
}
