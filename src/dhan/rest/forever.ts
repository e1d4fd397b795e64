/** The Forever order endpoints. Commands give back the raw reply. */
import { z } from "zod";
import type { HttpReply } from "../../ports/transport.ts";
import { isAbsentRoute } from "../errors.ts";
import {
  type ForeverModifyRequest,
  type ForeverPlaceRequest,
  type ForeverRow,
  foreverRow,
} from "../wire/forever-order.ts";
import type { Calls } from "./calls.ts";

const rows = z.array(foreverRow);

/** `POST /forever/orders`. */
export function placeForever(calls: Calls, request: ForeverPlaceRequest): Promise<HttpReply> {
  return calls.send("POST", "/forever/orders", request);
}

/** `PUT /forever/orders/{id}`: one leg. */
export function modifyForever(calls: Calls, request: ForeverModifyRequest): Promise<HttpReply> {
  return calls.send("PUT", `/forever/orders/${encodeURIComponent(request.orderId)}`, request);
}

/** `DELETE /forever/orders/{id}`: all of it. */
export function cancelForever(calls: Calls, orderId: string): Promise<HttpReply> {
  return calls.send("DELETE", `/forever/orders/${encodeURIComponent(orderId)}`);
}

/**
 * `GET /forever/orders`, one row a leg. The documents' sample asks /forever/all, which was answered
 * with 404 or nothing (captured). A broker without the route has no Forever orders.
 */
export async function listForever(calls: Calls): Promise<ForeverRow[]> {
  const request = { what: "forever orders", method: "GET", path: "/forever/orders" } as const;
  const reply = await calls.ask(request);
  return isAbsentRoute(reply) ? [] : calls.decode(request, reply, rows);
}
