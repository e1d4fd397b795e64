/** The order endpoints. Commands give back the raw reply: what it proves is decided in outcome.ts. */
import { z } from "zod";
import type { HttpReply } from "../../ports/transport.ts";
import { isAbsentOrder } from "../errors.ts";
import { type ModifyRequest, type OrderRow, orderRow, type PlaceRequest } from "../wire/order.ts";
import { oneOrMany } from "../wire/scalars.ts";
import type { Calls } from "./calls.ts";

const rows = z.array(orderRow);
const oneOrManyRows = oneOrMany(orderRow);

/** `POST /orders`. */
export function placeOrder(calls: Calls, request: PlaceRequest): Promise<HttpReply> {
  return calls.send("POST", "/orders", request);
}

/** `POST /orders/slicing`: the broker splits at the freeze quantity into orders of their own. */
export function placeSliced(calls: Calls, request: PlaceRequest): Promise<HttpReply> {
  return calls.send("POST", "/orders/slicing", request);
}

/** `PUT /orders/{id}`. */
export function modifyOrder(calls: Calls, request: ModifyRequest): Promise<HttpReply> {
  return calls.send("PUT", `/orders/${encodeURIComponent(request.orderId)}`, request);
}

/** `DELETE /orders/{id}`, without a body. */
export function cancelOrder(calls: Calls, orderId: string): Promise<HttpReply> {
  return calls.send("DELETE", `/orders/${encodeURIComponent(orderId)}`);
}

/** `GET /orders`: today's whole book. */
export function listOrders(calls: Calls): Promise<OrderRow[]> {
  return calls.read({ what: "order book", method: "GET", path: "/orders" }, rows);
}

/**
 * `GET /orders/{id}`: an array of one or none (captured), an object (official docs). More than one
 * when the legs of a group go by the number of their entry.
 */
export async function ordersById(calls: Calls, orderId: string): Promise<readonly OrderRow[]> {
  const path = `/orders/${encodeURIComponent(orderId)}`;
  const found = await lookUp(calls, "order by id", path);
  return found.filter((row) => row.orderId === orderId);
}

/**
 * `GET /orders/external/{correlation id}`: every row that carries it. None on 404 DH-906, which an
 * order still in transit answers too (measured), so absence proves little.
 */
export async function ordersByCorrelationId(
  calls: Calls,
  correlationId: string,
): Promise<readonly OrderRow[]> {
  const path = `/orders/external/${encodeURIComponent(correlationId)}`;
  const found = await lookUp(calls, "order by correlation id", path);
  return found.filter((row) => row.correlationId === correlationId);
}

async function lookUp(calls: Calls, what: string, path: string): Promise<OrderRow[]> {
  const request = { what, method: "GET", path } as const;
  const reply = await calls.ask(request);
  if (isAbsentOrder(reply)) return [];
  return calls.decode(request, reply, oneOrManyRows);
}
