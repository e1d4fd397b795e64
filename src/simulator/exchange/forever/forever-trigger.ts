/** The life of a Forever order after it was taken: it wakes, waits, fires, ends. */
import type { SimAccount } from "../account.ts";
import { placeOrder } from "../place.ts";
import { isReply, type Reply } from "../replies.ts";
import { isMarketOpen } from "../session-clock.ts";
import type { Venue } from "../venue.ts";
import {
  aim,
  type ForeverLegStatus,
  isActive,
  isAlive,
  isTouched,
  type SimForever,
  type SimForeverLeg,
} from "./forever.ts";
import { tellForever } from "./forever-frame.ts";

const LIFE_MS = 365 * 86_400_000;

/** The end of TRANSIT: the risk check has said no, or the triggers are set. */
export function wakeForever(venue: Venue, account: SimAccount, forever: SimForever): void {
  const text = forever.plannedRejection?.replaceAll("{orderId}", forever.orderId);
  if (text !== undefined) {
    forever.text = text;
    endForever(venue, forever, "rejected");
    return;
  }
  for (const leg of forever.legs) leg.status = "active";
  forever.text = "CONFIRMED";
  const look = () => fireTouched(venue, account, forever);
  const { watchers } = forever.instrument;
  watchers.add(look);
  forever.unwatch = () => watchers.delete(look);
  foreverChanged(venue, forever);
  look();
}

/** Outside the session nothing fires: the price is looked at again when it opens. */
export function fireTouched(venue: Venue, account: SimAccount, forever: SimForever): void {
  if (!isMarketOpen(venue)) return;
  const { legs, instrument } = forever;
  const touched = legs.find((leg) => {
    return leg.status === "active" && isTouched(leg, instrument.lastE4);
  });
  if (touched !== undefined) fire(venue, account, { forever, leg: touched });
}

interface Firing {
  readonly forever: SimForever;
  readonly leg: SimForeverLeg;
}

/** The other half of an OCO ends at once; the order that goes out lives a life of its own. */
function fire(venue: Venue, account: SimAccount, { forever, leg }: Firing): void {
  leg.status = "fired";
  endForever(venue, forever, "cancelled");
  const { instrument, side, product, orderId } = forever;
  const placed = placeOrder(
    venue,
    account,
    {
      ...leg.terms,
      side,
      segment: instrument.segment,
      product,
      securityId: instrument.securityId,
      afterMarket: false,
    },
    { source: "N", firedBy: { orderId, correlationId: venue.switches.foreverChildId } },
  );
  if (isReply(placed)) leg.refusal = textOf(placed);
  else leg.childOrderId = placed.order.orderId;
}

/** Ends every leg that is alive; those that have fired stay what they are. */
export function endForever(venue: Venue, forever: SimForever, status: ForeverLegStatus): void {
  for (const leg of forever.legs) {
    if (leg.status === "active" || leg.status === "transit") leg.status = status;
  }
  forever.unwatch?.();
  forever.endedMonotonicMs = venue.agenda.monotonicMs();
  foreverChanged(venue, forever);
}

/** New terms of one leg may be touched already. */
export function changeLeg(
  venue: Venue,
  account: SimAccount,
  change: Firing & { readonly terms: SimForeverLeg["terms"] },
): void {
  const { forever, leg, terms } = change;
  if (leg.status !== "active") return;
  leg.terms = terms;
  aim(forever);
  foreverChanged(venue, forever);
  fireTouched(venue, account, forever);
}

/** The open: prices may have come to a trigger in the night. */
export function openForevers(venue: Venue): void {
  for (const account of venue.accounts.values()) {
    for (const forever of account.forevers.values()) {
      if (isActive(forever)) fireTouched(venue, account, forever);
    }
  }
}

/** The night takes what is a year old, and forgets what has ended. */
export function rollForevers(venue: Venue, account: SimAccount): void {
  const nowMs = venue.agenda.nowMs();
  for (const forever of account.forevers.values()) {
    if (isActive(forever) && nowMs - forever.placedAtMs > LIFE_MS) {
      endForever(venue, forever, "expired");
    }
    if (isAlive(forever)) continue;
    account.forevers.delete(forever.orderId);
    account.earlierForevers.push(forever);
  }
}

export function foreverChanged(venue: Venue, forever: SimForever): void {
  const atMs = venue.agenda.nowMs();
  forever.updatedAtMs = atMs;
  const legs = forever.legs.map(({ name, status, terms }) => ({
    name,
    status,
    quantity: terms.quantity,
    price: terms.priceE4 / 10_000,
    triggerPrice: terms.triggerE4 / 10_000,
  }));
  forever.history.push({ atMs, legs });
  tellForever(venue, forever);
}

function textOf({ body }: Reply): string {
  const isFault = typeof body === "object" && body !== null && "errorMessage" in body;
  return isFault ? String(body.errorMessage) : "";
}
