/** What can be told from an order alone. */
import type { SimOrder } from "./order-records.ts";

export function isOpen(order: SimOrder): boolean {
  return order.status === "TRANSIT" || isWorking(order);
}

export function isWorking(order: SimOrder): boolean {
  return order.status === "PENDING" || order.status === "PART_TRADED";
}

/** Units that may still trade. */
export function leaves(order: SimOrder): number {
  return isOpen(order) ? order.terms.quantity - order.filled : 0;
}

export function averageE4(order: SimOrder): number {
  return order.filled === 0 ? 0 : order.filledValueE4 / order.filled;
}
