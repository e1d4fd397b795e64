/** After-market orders: taken at any hour, queued with the broker, sent to the exchange at the open. */
import type { AmoTime } from "./amo-time.ts";
import { isOpen } from "./order.ts";
import type { SimOrder } from "./order-records.ts";
import { enterMarket } from "./place.ts";
import { isMarketOpen } from "./session-clock.ts";
import type { Venue } from "./venue.ts";

const MINUTE_MS = 60_000;
/** From the open; there is no pre-open here, so that one and the open are the same. */
const DELAY_MS: Readonly<Record<AmoTime, number>> = {
  PRE_OPEN: 0,
  OPEN: 0,
  OPEN_30: 30 * MINUTE_MS,
  OPEN_60: 60 * MINUTE_MS,
};

/** It waits with the broker; the exchange knows nothing of it. */
export function isQueued(order: SimOrder): boolean {
  return order.afterMarket && order.exchangeOrderId === "0" && isOpen(order);
}

/** The open: each queued order goes out at its time, if it is still queued then. */
export function releaseQueued(venue: Venue): void {
  for (const account of venue.accounts.values()) {
    for (const order of account.orders.values()) {
      if (!isQueued(order)) continue;
      const delayMs = DELAY_MS[order.amoTime ?? "OPEN"];
      if (delayMs === 0) release(venue, order);
      else venue.agenda.after(delayMs, () => release(venue, order));
    }
  }
}

/** One that the risk check has yet to see follows as soon as it has passed. */
function release(venue: Venue, order: SimOrder): void {
  if (!isQueued(order) || !isMarketOpen(venue)) return;
  order.isReleased = true;
  if (order.status === "PENDING") enterMarket(venue, order);
}
