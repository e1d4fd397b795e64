/** Placing: the reply at once, the truth a little later. */
import type { Side } from "../../core/model/order.ts";
import { unreachable } from "../../platform/assert.ts";
import type { SimAccount } from "./account.ts";
import { openGroup } from "./group/open.ts";
import { refusedByKillSwitch } from "./kill-switch.ts";
import { orderMarginE4, reblock } from "./margin.ts";
import { matchOrder, touchTrigger } from "./matching.ts";
import type { PlaceFields } from "./order-fields.ts";
import type { SimInstrument, SimOrder, SimTerms } from "./order-records.ts";
import { refusedExits, refusedProduct, refusedTerms, rejectionText } from "./order-rules.ts";
import { protectedPriceE4 } from "./protection.ts";
import { inputRefusal, orderRefusal, type Reply, TEXT } from "./replies.ts";
import { isMarketOpen } from "./session-clock.ts";
import { changed, nextExchangeOrderId, nextOrderId, type Venue } from "./venue.ts";

/** How an order came, and what a fault wants of it. */
export interface Origin {
  readonly source: "P" | "N";
  readonly arrivedAtMs?: number;
  readonly rejectLater?: {
    readonly text: string;
    readonly afterMs: number;
    /** Of an order that is sliced, this slice alone; the first is 1. */
    readonly slice?: number;
  };
  readonly blindMs?: number;
  readonly stuckMs?: number;
  /** The order is a trigger's doing: whose, and what the broker then writes for a correlation id. */
  readonly firedBy?: { readonly orderId: string; readonly correlationId: string };
}

export interface Accepted {
  readonly order: SimOrder;
}

/** Takes the order into the book as TRANSIT, or refuses it with the broker's reply. */
export function placeOrder(
  venue: Venue,
  account: SimAccount,
  fields: PlaceFields,
  origin: Origin,
): Accepted | Reply {
  const instrument = venue.instruments.get(`${fields.segment}:${fields.securityId}`);
  if (instrument === undefined) return inputRefusal(TEXT.badInstrument);
  const refused =
    refusedProduct(instrument, fields.product) ??
    refusedTerms(instrument, fields) ??
    (fields.group && refusedExits(instrument, fields.group)) ??
    refusedHere(venue, account, fields);
  if (refused !== undefined) return refused;
  const order = newOrder(venue, { account, instrument, fields, origin });
  account.orders.set(order.orderId, order);
  if (fields.group !== undefined) {
    account.groups.set(order.orderId, openGroup(order, fields.group, venue.switches));
  }
  remember(account, order);
  changed(venue, order);
  const transitMs = origin.rejectLater?.afterMs ?? origin.stuckMs ?? account.transitMs;
  venue.agenda.after(transitMs ?? venue.switches.transitMs, () => reachExchange(venue, order));
  return { order };
}

function refusedHere(venue: Venue, account: SimAccount, fields: PlaceFields): Reply | undefined {
  const killed = refusedByKillSwitch(venue, account);
  if (killed !== undefined) return killed;
  const isOpenNow = isMarketOpen(venue);
  if (!fields.afterMarket && !isOpenNow) return orderRefusal(TEXT.closedPlace);
  if (fields.afterMarket && isOpenNow && venue.switches.afterMarketInHours === "refuse") {
    return orderRefusal();
  }
  if (fields.type === "STOP_LOSS_MARKET" && venue.switches.stopLossMarket === "refuse") {
    return orderRefusal(TEXT.sellTrigger);
  }
  const { correlationId } = fields;
  const twice = correlationId !== undefined && account.byCorrelation.has(correlationId);
  if (twice && venue.switches.duplicateCorrelation === "refuse") return orderRefusal();
  return undefined;
}

/** Orders by hand all say "NA": that is no name to find them by. */
export function remember(account: SimAccount, order: SimOrder): void {
  if (order.source === "N") return;
  const same = account.byCorrelation.get(order.correlationId);
  if (same === undefined) account.byCorrelation.set(order.correlationId, [order]);
  else same.push(order);
}

interface Placing {
  readonly account: SimAccount;
  readonly instrument: SimInstrument;
  readonly fields: PlaceFields;
  readonly origin: Origin;
}

function newOrder(venue: Venue, { account, instrument, fields, origin }: Placing): SimOrder {
  const nowMs = venue.agenda.nowMs();
  const acceptedMonotonicMs = venue.agenda.monotonicMs();
  const byHand = origin.source === "N";
  const made = byHand ? "NA" : `${account.clientId}-${nowMs}`;
  const { firedBy } = origin;
  return {
    clientId: account.clientId,
    orderId: nextOrderId(venue),
    correlationId: firedBy?.correlationId ?? (byHand ? "NA" : (fields.correlationId ?? made)),
    instrument,
    side: fields.side,
    product: fields.product,
    source: origin.source,
    platform: firedBy !== undefined ? "FOVR" : byHand ? "FAST" : "API",
    ...(firedBy === undefined ? {} : { parentOrderId: firedBy.orderId }),
    afterMarket: fields.afterMarket,
    ...(fields.amoTime === undefined ? {} : { amoTime: fields.amoTime }),
    terms: termsOf(venue, instrument, fields),
    status: "TRANSIT",
    exchangeOrderId: "0",
    triggered: false,
    aggressive: true,
    filled: 0,
    filledValueE4: 0,
    text: "",
    placedAtMs: nowMs,
    updatedAtMs: nowMs,
    exchangeAtMs: 0,
    acceptedMonotonicMs,
    blindUntilMonotonicMs: acceptedMonotonicMs + (origin.blindMs ?? 0),
    modifications: 0,
    blockedE4: 0,
    ...(origin.rejectLater === undefined ? {} : { plannedRejection: origin.rejectLater.text }),
    history: [],
    fills: [],
    ...(origin.arrivedAtMs === undefined ? {} : { arrivedAtMs: origin.arrivedAtMs }),
  };
}

/** Since March 2026 the broker turns market orders into protected limits (staff announcement). */
export function termsOf(
  venue: Venue,
  instrument: SimInstrument,
  fields: Readonly<SimTerms> & { readonly side: Side },
): SimTerms {
  const { type, validity, quantity, disclosedQuantity, priceE4, triggerE4, side } = fields;
  const terms = { type, validity, quantity, disclosedQuantity, priceE4, triggerE4 };
  const protectedE4 = () => protectedPriceE4(instrument, side, venue.switches.protectionBps);
  switch (type) {
    case "LIMIT":
    case "STOP_LOSS":
      return terms;
    case "MARKET":
      if (venue.switches.marketOrders === "raw") return { ...terms, priceE4: 0 };
      return { ...terms, type: "LIMIT", priceE4: protectedE4() };
    case "STOP_LOSS_MARKET":
      return { ...terms, type: "LIMIT", priceE4: protectedE4(), triggerE4: 0 };
    default:
      return unreachable(type);
  }
}

/** The end of TRANSIT: the risk check, then the exchange. After-market orders wait for the open. */
export function reachExchange(venue: Venue, order: SimOrder): void {
  if (order.status !== "TRANSIT") return;
  const account = venue.accounts.get(order.clientId);
  if (account === undefined) return;
  const planned = order.plannedRejection?.replaceAll("{orderId}", order.orderId);
  const rejection = planned ?? rejectionText(account, order);
  if (rejection !== undefined) {
    order.status = "REJECTED";
    order.text = rejection;
    changed(venue, order);
    return;
  }
  reblock(account, order, orderMarginE4(account, order));
  order.status = "PENDING";
  order.text = "CONFIRMED";
  if (order.afterMarket && order.isReleased !== true) changed(venue, order);
  else enterMarket(venue, order);
}

/** The exchange has it: a number of its own, its time, and a first chance to trade. */
export function enterMarket(venue: Venue, order: SimOrder): void {
  order.exchangeOrderId = nextExchangeOrderId(venue);
  order.exchangeAtMs = venue.agenda.nowMs();
  order.instrument.working.add(order);
  touchTrigger(order);
  changed(venue, order);
  matchOrder(venue, order);
  if (order.terms.validity === "IOC") endRemainder(venue, order);
}

/** What an immediate-or-cancel order could not trade at once is cancelled. */
export function endRemainder(venue: Venue, order: SimOrder): void {
  if (order.status === "PENDING" || order.status === "PART_TRADED") {
    closeOrder(venue, order, "CANCELLED");
  }
}

/** Ends a working order without a fill; its text stays what it was. */
export function closeOrder(venue: Venue, order: SimOrder, status: "CANCELLED" | "EXPIRED"): void {
  const account = venue.accounts.get(order.clientId);
  order.status = status;
  order.instrument.working.delete(order);
  if (account !== undefined) reblock(account, order, 0);
  changed(venue, order);
}
