import type { SeenPosition } from "../../core/model/repair.ts";
import type { RepairOffer } from "../../core/plan/repair-order.ts";

/** What somebody who was shown the offers says yes to: those for which an order would be sent. */
export function seenPositions(offers: readonly RepairOffer[]): readonly SeenPosition[] {
  return offers
    .filter(({ order }) => order !== undefined)
    .map(({ drift, actual, order }) => {
      const { linkId, instrument, product, of, target } = drift;
      const position = { linkId, instrument, product, ...(of && { of }) };
      return { ...position, target, actual, ...(order && { order }) };
    });
}
