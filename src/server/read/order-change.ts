/** What one observation of an order says that was not known before, as a sentence. */
import { isTerminal, type OrderObservation, sameTerms } from "../../core/model/order.ts";
import type { Witness } from "../../core/order/account-book.ts";
import { familyWords, groupChange } from "./group-words.ts";
import { atAverage, orderWords, quantityAtPrice, quoted, symbolOf } from "./words.ts";

const WITNESSES: Readonly<Record<Witness, string>> = {
  stream: "order stream",
  book: "order book",
};

/** Undefined when it says nothing that a trader would notice. */
export function orderChange(
  known: OrderObservation | undefined,
  order: OrderObservation,
  witness: Witness,
): string | undefined {
  const parts: string[] = [];
  if (known === undefined) {
    parts.push(`${orderWords({ ...order, symbol: symbolOf(order) })}${familyWords(order)}`);
  } else if (!sameTerms(known.terms, order.terms)) {
    parts.push(`now ${quantityAtPrice(order.terms)}, was ${quantityAtPrice(known.terms)}`);
  }
  const group = known === undefined ? "" : groupChange(known, order);
  if (group !== "") parts.push(group);
  const isFilledMore = order.filledQuantity > (known?.filledQuantity ?? 0);
  const isMoved = order.status !== known?.status;
  if (isMoved && isTerminal(order.status)) parts.push(ended(order));
  else if (isFilledMore) parts.push(filledSoFar(order));
  else if (isMoved)
    parts.push(order.status === "transit" ? "in transit to the exchange" : "working");
  if (parts.length === 0) return undefined;
  return `${parts.join("; ")} (${WITNESSES[witness]})`;
}

/**
 * The same of an order that belongs to the one whose story is told: "its stop, order 42: …", "the order
 * that it fired, 42: …".
 */
export function partChange(
  known: OrderObservation | undefined,
  order: OrderObservation,
  witness: Witness,
): string | undefined {
  const { leg, parentId: _parentId, ...bare } = order;
  const change = orderChange(known, bare, witness);
  if (change === undefined) return undefined;
  const { brokerOrderId } = order;
  const name =
    leg === undefined
      ? `the order that it fired, ${brokerOrderId}`
      : `its ${leg}, order ${brokerOrderId}`;
  return `${name}: ${change}`;
}

function filledSoFar({ filledQuantity, terms, averagePrice }: OrderObservation): string {
  return `${filledQuantity} of ${terms.quantity} filled${atAverage(averagePrice)}`;
}

function ended(order: OrderObservation): string {
  switch (order.status) {
    case "filled":
      return filledSoFar(order);
    case "rejected":
      return `rejected: ${quoted(order.reason)}`;
    default: {
      const why = order.reason === "" ? "" : `: ${quoted(order.reason)}`;
      const filled = order.filledQuantity === 0 ? "nothing filled" : filledSoFar(order);
      return `${order.status} with ${filled}${why}`;
    }
  }
}
