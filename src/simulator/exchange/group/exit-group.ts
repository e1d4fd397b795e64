/** A person closes the group in the app: what is open goes to the market under a leg's own id. */
import { matchOrder } from "../matching.ts";
import { isOpen, isWorking } from "../order.ts";
import type { SimExit, SimGroup, SimOrder } from "../order-records.ts";
import { closeOrder, termsOf } from "../place.ts";
import { changed, type Venue } from "../venue.ts";
import { settleGroup } from "./follow.ts";
import { unitsOut } from "./group.ts";
import { endLeg } from "./legs.ts";

/**
 * Takes the rest of the entry back, cancels one leg, and turns the other (the stop, or the target
 * where no stop works) into a market order for all that is open. Says which; undefined when nothing of
 * it can go.
 */
export function exitGroup(venue: Venue, group: SimGroup): SimOrder | undefined {
  const { entry } = group;
  const way = [group.stop, group.target].find(isAtWork);
  const openUnits = entry.filled - unitsOut(group);
  if (way?.order === undefined || openUnits <= 0) return undefined;
  const { order } = way;
  group.isSettling = true;
  try {
    if (isOpen(entry)) closeOrder(venue, entry, "CANCELLED");
    const other = way === group.stop ? group.target : group.stop;
    if (other !== undefined) endLeg(venue, other);
    sendToMarket(venue, order, order.filled + openUnits);
  } finally {
    group.isSettling = false;
  }
  settleGroup(venue, group);
  return order;
}

function sendToMarket(venue: Venue, order: SimOrder, quantity: number): void {
  const market = { ...order.terms, type: "MARKET", quantity, priceE4: 0, triggerE4: 0 } as const;
  order.terms = termsOf(venue, order.instrument, { ...market, side: order.side });
  order.triggered = true;
  order.aggressive = true;
  changed(venue, order);
  matchOrder(venue, order);
}

function isAtWork(exit: SimExit | undefined): boolean {
  return exit?.order !== undefined && isWorking(exit.order);
}
