/** Modifying and cancelling: a 200 at once, the effect a little later, and a fill may win. */
import type { SimAccount } from "./account.ts";
import { isQueued } from "./after-market.ts";
import { cancelPart, modifyPart } from "./group/bracket-change.ts";
import { orderMarginE4, reblock } from "./margin.ts";
import { matchOrder, touchTrigger } from "./matching.ts";
import { isOpen, isWorking } from "./order.ts";
import type { ModifyFields } from "./order-fields.ts";
import type { SimOrder, SimTerms } from "./order-records.ts";
import { refusedTerms, rejectionText } from "./order-rules.ts";
import { closeOrder, termsOf } from "./place.ts";
import { ok, orderRefusal, type Reply, TEXT } from "./replies.ts";
import { isMarketOpen } from "./session-clock.ts";
import { changed, type Venue } from "./venue.ts";

/**
 * Replaces the terms; quantity is the order's total (official docs). Taken in TRANSIT too, unlike a
 * cancel (measured). A total of what has filled already, or less, would leave nothing to trade.
 */
export function modifyOrder(
  venue: Venue,
  account: SimAccount,
  orderId: string,
  fields: ModifyFields,
): Reply {
  const order = account.orders.get(orderId);
  if (order !== undefined && isAwayFromMarket(venue, order)) {
    return orderRefusal(TEXT.closedChange);
  }
  const asPart = order && modifyPart(venue, order, fields);
  if (asPart !== undefined) return asPart;
  if (order === undefined || !isOpen(order)) return orderRefusal();
  if (order.modifications >= venue.switches.modificationLimit) {
    return orderRefusal(TEXT.tooManyModifications);
  }
  if (fields.quantity <= order.filled) return orderRefusal(TEXT.belowFilled);
  const asked = { ...fields, side: order.side };
  const refused = refusedTerms(order.instrument, asked);
  if (refused !== undefined) return refused;
  order.modifications += 1;
  const terms = termsOf(venue, order.instrument, asked);
  if (order.status === "TRANSIT") replaceInTransit(venue, order, terms);
  else
    venue.agenda.after(venue.switches.changeMs, () => replaceTerms(venue, account, order, terms));
  return ok({ orderId, orderStatus: "TRANSIT" });
}

/** Refused in TRANSIT (measured); a 200 only says that the broker has heard it. */
export function cancelOrder(venue: Venue, account: SimAccount, orderId: string): Reply {
  const order = account.orders.get(orderId);
  if (order !== undefined && isAwayFromMarket(venue, order)) {
    return orderRefusal(TEXT.closedChange);
  }
  const asPart = order && cancelPart(venue, order);
  if (asPart !== undefined) return asPart;
  if (order === undefined || !isOpen(order)) return orderRefusal();
  if (order.status === "TRANSIT") return orderRefusal(TEXT.transit);
  venue.agenda.after(venue.switches.changeMs, () => {
    if (isWorking(order)) closeOrder(venue, order, "CANCELLED");
  });
  return ok({ orderId, orderStatus: "CANCELLED" }, venue.switches.cancelStatus);
}

/** Outside market hours only after-market orders can be changed. */
function isAwayFromMarket(venue: Venue, order: SimOrder): boolean {
  return !isQueued(order) && !isMarketOpen(venue);
}

function replaceInTransit(venue: Venue, order: SimOrder, terms: SimTerms): void {
  order.terms = terms;
  changed(venue, order);
}

/**
 * The exchange takes the new terms, unless a fill or a cancel came first or the risk check says no:
 * then the old ones stand and the next frame carries the reason.
 */
export function replaceTerms(
  venue: Venue,
  account: SimAccount,
  order: SimOrder,
  terms: SimTerms,
): void {
  if (!isWorking(order) || terms.quantity <= order.filled) return;
  const before = order.terms;
  order.terms = terms;
  const rejection = rejectionText(account, order);
  if (rejection !== undefined) {
    order.terms = before;
    order.text = rejection;
    changed(venue, order);
    return;
  }
  order.text = "CONFIRMED";
  order.triggered = order.triggered && terms.type === "STOP_LOSS";
  order.aggressive = true;
  reblock(account, order, orderMarginE4(account, order));
  const isAtExchange = order.exchangeOrderId !== "0";
  if (isAtExchange) touchTrigger(order);
  changed(venue, order);
  if (!isAtExchange) return;
  matchOrder(venue, order);
  if (terms.validity === "IOC" && isWorking(order)) closeOrder(venue, order, "CANCELLED");
}
