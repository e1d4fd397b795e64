/** Whether a new order is in the book yet. */
import type { SimOrder } from "./order-records.ts";
import type { Venue } from "./venue.ts";

export function isInBook(venue: Venue, order: SimOrder): boolean {
  const { rowLagMs } = venue.switches;
  return rowLagMs === 0 || venue.agenda.monotonicMs() - order.acceptedMonotonicMs >= rowLagMs;
}
