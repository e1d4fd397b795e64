/** Exit legs as orders at the exchange. */
import type { Side } from "../../../core/model/order.ts";
import type { SimAccount } from "../account.ts";
import { matchOrder, wakeStop } from "../matching.ts";
import { isWorking } from "../order.ts";
import type { SimExit, SimGroup, SimOrder, SimTerms } from "../order-records.ts";
import { closeOrder } from "../place.ts";
import { protectedPriceE4 } from "../protection.ts";
import { changed, nextExchangeOrderId, nextOrderId, type Venue } from "../venue.ts";
import { levelOf } from "./open.ts";

function exitSide(group: SimGroup): Side {
  return group.entry.side === "BUY" ? "SELL" : "BUY";
}

/** A target is a limit; a stop waits for its trigger, with the protected price beyond it. */
function legTerms(venue: Venue, group: SimGroup, exit: SimExit, quantity: number): SimTerms {
  const base = { validity: "DAY" as const, quantity, disclosedQuantity: 0 };
  const { levelE4 } = exit;
  if (exit.leg === "target") return { ...base, type: "LIMIT", priceE4: levelE4, triggerE4: 0 };
  const atLevel = { ...group.entry.instrument, lastE4: levelE4 };
  const priceE4 = protectedPriceE4(atLevel, exitSide(group), venue.switches.protectionBps);
  return { ...base, type: "STOP_LOSS", priceE4, triggerE4: levelE4 };
}

/** The leg goes to the exchange, without TRANSIT, and may trade at once. */
export function armLeg(venue: Venue, group: SimGroup, exit: SimExit, quantity: number): void {
  const account = venue.accounts.get(group.entry.clientId) as SimAccount;
  exit.levelE4 = levelOf(group, exit);
  const order = newLeg(venue, group, exit, quantity);
  exit.order = order;
  account.orders.set(order.orderId, order);
  order.instrument.working.add(order);
  changed(venue, order);
  wakeStop(venue, order);
  matchOrder(venue, order);
}

function newLeg(venue: Venue, group: SimGroup, exit: SimExit, quantity: number): SimOrder {
  const { entry, kind } = group;
  const nowMs = venue.agenda.nowMs();
  const monotonicMs = venue.agenda.monotonicMs();
  const isSuper = kind === "super";
  const superPlatform = exit.leg === "stop" ? "VTT SL" : "VTT TGT";
  return {
    clientId: entry.clientId,
    orderId: nextOrderId(venue),
    ...(isSuper && venue.switches.superLegIds === "same" && { shownId: entry.orderId }),
    correlationId: isSuper ? `${entry.orderId}SQROFF` : entry.correlationId,
    instrument: entry.instrument,
    side: exitSide(group),
    product: entry.product,
    source: entry.source,
    platform: isSuper ? superPlatform : entry.platform,
    parentOrderId: entry.orderId,
    part: { group, role: exit.leg },
    afterMarket: false,
    terms: legTerms(venue, group, exit, quantity),
    status: "PENDING",
    exchangeOrderId: nextExchangeOrderId(venue),
    triggered: false,
    aggressive: true,
    filled: 0,
    filledValueE4: 0,
    text: "CONFIRMED",
    placedAtMs: nowMs,
    updatedAtMs: nowMs,
    exchangeAtMs: nowMs,
    acceptedMonotonicMs: monotonicMs,
    blindUntilMonotonicMs: monotonicMs,
    modifications: 0,
    blockedE4: 0,
    history: [],
    fills: [],
  };
}

/** Other units at the same level: the entry has filled more, or the sibling has taken some out. */
export function resizeLeg(venue: Venue, exit: SimExit, quantity: number): void {
  const { order } = exit;
  if (order === undefined || !isWorking(order)) return;
  order.terms = { ...order.terms, quantity };
  changed(venue, order);
}

/** Brings a working leg's order to the exit's level; it may fire or trade at once. */
export function moveLeg(venue: Venue, group: SimGroup, exit: SimExit): void {
  const { order } = exit;
  if (order === undefined || !isWorking(order)) return;
  order.terms = legTerms(venue, group, exit, order.terms.quantity);
  order.aggressive = true;
  changed(venue, order);
  wakeStop(venue, order);
  matchOrder(venue, order);
}

/** The leg is taken back for good, wherever it is; false when it has already ended. */
export function endLeg(venue: Venue, exit: SimExit): boolean {
  const { order } = exit;
  if (exit.endedAs !== undefined) return false;
  if (order === undefined) {
    exit.endedAs = "cancelled";
    return true;
  }
  if (!isWorking(order)) return false;
  closeOrder(venue, order, "CANCELLED");
  return true;
}
