/**
 * Whether the socket tells of Forever orders themselves is not known; by switch it does. The frame
 * is then that of a plain order under the Forever order's number, with the platform of its children
 * and no parent.
 */
import type { SimOrder, WireStatus } from "../order-records.ts";
import type { Venue } from "../venue.ts";
import type { ForeverLegStatus, SimForever, SimForeverLeg } from "./forever.ts";

const STATUS: Readonly<Record<ForeverLegStatus, WireStatus>> = {
  transit: "TRANSIT",
  active: "PENDING",
  fired: "TRADED",
  cancelled: "CANCELLED",
  rejected: "REJECTED",
  expired: "EXPIRED",
};

/** One frame for each leg. */
export function tellForever(venue: Venue, forever: SimForever): void {
  if (venue.switches.foreverFrames === "off") return;
  for (const leg of forever.legs) venue.onOrder(asOrder(venue, forever, leg));
}

function asOrder(venue: Venue, forever: SimForever, leg: SimForeverLeg): SimOrder {
  const { clientId, orderId, instrument, side, product, source, text } = forever;
  return {
    clientId,
    orderId,
    correlationId: "NR",
    instrument,
    side,
    product,
    source,
    platform: "FOVR",
    afterMarket: false,
    terms: { ...leg.terms },
    status: STATUS[leg.status],
    exchangeOrderId: "0",
    triggered: false,
    aggressive: false,
    filled: 0,
    filledValueE4: 0,
    text,
    placedAtMs: forever.placedAtMs,
    updatedAtMs: forever.updatedAtMs,
    exchangeAtMs: 0,
    acceptedMonotonicMs: venue.agenda.monotonicMs(),
    blindUntilMonotonicMs: 0,
    modifications: forever.modifications,
    blockedE4: 0,
    history: [],
    fills: [],
  };
}
