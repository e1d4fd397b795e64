/** The wire's order statuses, of books and of the order socket, to ours. */
import type { OrderStatus } from "../../core/model/order.ts";
import { UnknownOrderStatus } from "../errors.ts";

const STATUSES: ReadonlyMap<string, OrderStatus> = new Map([
  ["TRANSIT", "transit"],
  // A placeholder for a leg whose entry has not filled: not at the exchange (seen in integrations).
  ["DUMMY", "transit"],
  ["PENDING", "working"],
  ["PART_TRADED", "working"],
  ["MODIFIED", "working"],
  ["ACTIVE", "working"],
  ["CONFIRM", "working"],
  // A leg whose trigger fired: its order goes on living until it is traded or cancelled.
  ["TRIGGERED", "working"],
  ["TRADED", "filled"],
  // A Super Order's entry whose fills have all left again: done, whatever of it had filled.
  ["CLOSED", "filled"],
  ["CANCELLED", "cancelled"],
  ["REJECTED", "rejected"],
  ["EXPIRED", "expired"],
]);

/**
 * What is certainly filled: an order that is done without a number of units (older rows have no fill
 * fields) has filled all of them.
 */
export function unitsFilled(status: OrderStatus, quantity: number, reported: number): number {
  return status === "filled" && reported === 0 ? quantity : reported;
}

/** "Part Traded", "PART-TRADED" and "PART_TRADED" are one word; the case says nothing. */
export function normalised(status: string): string {
  return status
    .trim()
    .toUpperCase()
    .replace(/[\s-]+/g, "_");
}

export interface StatusEvidence {
  readonly status: string;
  readonly brokerOrderId: string;
  /** Units of the whole order, and of it filled. */
  readonly quantity: number;
  readonly filledQuantity: number;
}

/**
 * The status of an order as a book or an alert tells it. Throws UnknownOrderStatus.
 *
 * "Traded" with part of the quantity is still working: no status of the socket is documented for
 * part fills, and calling such an order done would lose the rest of it.
 */
export function orderStatus(evidence: StatusEvidence): OrderStatus {
  const { quantity, filledQuantity } = evidence;
  const word = normalised(evidence.status);
  const status = STATUSES.get(word);
  if (status === undefined) throw new UnknownOrderStatus(evidence.status, evidence.brokerOrderId);
  const isPart = filledQuantity > 0 && filledQuantity < quantity;
  return isPart && word === "TRADED" ? "working" : status;
}

/**
 * The status in the reply to a command. A reply is an acknowledgement only, so a word that we do not
 * know says no more than "on its way"; the book and the drop copy tell the rest.
 */
export function replyStatus(status: string): OrderStatus {
  return STATUSES.get(normalised(status)) ?? "transit";
}
