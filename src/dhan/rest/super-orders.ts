/** The Super Order endpoints. Commands give back the raw reply: what it proves is decided in outcome.ts. */
import { z } from "zod";
import type { HttpReply } from "../../ports/transport.ts";
import { isAbsentRoute } from "../errors.ts";
import type { LegName } from "../wire/enums.ts";
import {
  type SuperModifyRequest,
  type SuperOrderRow,
  type SuperPlaceRequest,
  superOrderRow,
} from "../wire/super-order.ts";
import type { Calls } from "./calls.ts";

const rows = z.array(superOrderRow);

/** `POST /super/orders`. */
export function placeSuperOrder(calls: Calls, request: SuperPlaceRequest): Promise<HttpReply> {
  return calls.send("POST", "/super/orders", request);
}

/** `PUT /super/orders/{entry id}`. */
export function modifySuperOrder(calls: Calls, request: SuperModifyRequest): Promise<HttpReply> {
  return calls.send("PUT", `/super/orders/${encodeURIComponent(request.orderId)}`, request);
}

/** `DELETE /super/orders/{entry id}/{leg}`. ENTRY_LEG cancels all; a leg never comes back. */
export function cancelSuperOrder(
  calls: Calls,
  orderId: string,
  leg: Exclude<LegName, "NA">,
): Promise<HttpReply> {
  return calls.send("DELETE", `/super/orders/${encodeURIComponent(orderId)}/${leg}`);
}

/**
 * `GET /super/orders`: today's entries with their legs. A broker without the route (its sandbox
 * answers 404, measured) has no Super Orders.
 */
export async function listSuperOrders(calls: Calls): Promise<SuperOrderRow[]> {
  const request = { what: "super orders", method: "GET", path: "/super/orders" } as const;
  const reply = await calls.ask(request);
  return isAbsentRoute(reply) ? [] : calls.decode(request, reply, rows);
}
