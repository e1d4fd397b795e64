/** Alerts (orders that wait for a condition) and many orders in one call. Writes give the raw reply. */
import { z } from "zod";
import type { HttpReply } from "../../ports/transport.ts";
import {
  type AlertCondition,
  type AlertModifyRequest,
  type AlertOrder,
  type AlertPlaceRequest,
  type AlertRow,
  alertRow,
  type MultiOrder,
  type MultiOrdersRequest,
} from "../wire/conditional.ts";
import { oneOrMany } from "../wire/scalars.ts";
import type { Calls } from "./calls.ts";

const PATH = "/alerts/orders";
const rows = z.array(alertRow);
const oneOrManyRows = oneOrMany(alertRow);

/** `POST /alerts/orders`. */
export function placeAlert(
  calls: Calls,
  condition: AlertCondition,
  orders: readonly AlertOrder[],
): Promise<HttpReply> {
  const body: AlertPlaceRequest = {
    dhanClientId: calls.clientId,
    condition,
    orders: [...orders],
  };
  return calls.send("POST", PATH, body);
}

/** `PUT /alerts/orders/{id}`. */
export function modifyAlert(
  calls: Calls,
  alertId: string,
  condition: AlertCondition,
  orders?: readonly AlertOrder[],
): Promise<HttpReply> {
  const body: AlertModifyRequest = {
    dhanClientId: calls.clientId,
    alertId,
    condition,
    ...(orders === undefined ? {} : { orders: [...orders] }),
  };
  return calls.send("PUT", `${PATH}/${encodeURIComponent(alertId)}`, body);
}

/** `DELETE /alerts/orders/{id}`. */
export function cancelAlert(calls: Calls, alertId: string): Promise<HttpReply> {
  return calls.send("DELETE", `${PATH}/${encodeURIComponent(alertId)}`);
}

/** `GET /alerts/orders`. */
export function listAlerts(calls: Calls): Promise<AlertRow[]> {
  return calls.read({ what: "alerts", method: "GET", path: PATH }, rows);
}

/** `GET /alerts/orders/{id}`. One that is not there is a BrokerFault (DH-907). */
export async function alertById(calls: Calls, alertId: string): Promise<AlertRow | undefined> {
  const path = `${PATH}/${encodeURIComponent(alertId)}`;
  const found = await calls.read({ what: "alert", method: "GET", path }, oneOrManyRows);
  return found.find((row) => row.alertId === alertId);
}

/** `POST /alerts/multi/orders`: up to 15 orders at once, without any promise of all or none. */
export function placeMulti(calls: Calls, orders: readonly MultiOrder[]): Promise<HttpReply> {
  const body: MultiOrdersRequest = { dhanClientId: calls.clientId, orders: [...orders] };
  return calls.send("POST", "/alerts/multi/orders", body);
}
