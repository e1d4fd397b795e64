/** Orders by hand, as in the broker's own app: correlation id "NA", platform "FAST", source "N". */
import { cancelOrder, modifyOrder } from "../exchange/change.ts";
import type { SimTerms } from "../exchange/order-records.ts";
import { readModify, readPlace } from "../exchange/order-request.ts";
import { placeOrder } from "../exchange/place.ts";
import { isReply, ok, type Reply } from "../exchange/replies.ts";
import { rupees } from "../exchange/rows.ts";
import type { Simulation } from "../simulation.ts";
import { accountOf } from "./acts.ts";
import {
  cancelPartByHand,
  type LegName,
  modifyPartByHand,
  partOf,
  readSuperByHand,
} from "./group-by-hand.ts";
import type { WireFields } from "./wire-fields.ts";

/** Fields of the wire's place body; those left out take these. */
const DEFAULTS = {
  transactionType: "BUY",
  exchangeSegment: "NSE_EQ",
  productType: "INTRADAY",
  orderType: "LIMIT",
  validity: "DAY",
  amoTime: "OPEN",
};

/** The same reply as over the wire; no rate limit, no address rule, no fault stands in between. */
export function placeByHand(simulation: Simulation, clientId: string, order: WireFields): Reply {
  const { venue } = simulation;
  const account = accountOf(simulation, clientId);
  const { correlationId: _, dhanClientId: __, ...given } = order;
  const body = { ...DEFAULTS, ...given };
  // Whether the API takes a BO or CO says nothing about the app.
  const switches = { ...venue.switches, brackets: "legacy" } as const;
  const fields = readSuperByHand(simulation, body) ?? readPlace(body, switches);
  if (isReply(fields)) return fields;
  const placed = placeOrder(venue, account, fields, { source: "N" });
  if (isReply(placed)) return placed;
  return ok({ orderId: placed.order.orderId, orderStatus: "TRANSIT" });
}

export interface HandChange {
  readonly orderId: string;
  /** Of a group, with its entry's id; absent is the order itself. */
  readonly leg?: LegName | undefined;
  readonly changes: WireFields;
}

/** Terms that are left out stay as they are. */
export function modifyByHand(simulation: Simulation, clientId: string, change: HandChange): Reply {
  const { venue } = simulation;
  const account = accountOf(simulation, clientId);
  const part = partOf(account, change.orderId, change.leg);
  if (part !== undefined) return modifyPartByHand(simulation, account, part, change.changes);
  const terms = account.orders.get(change.orderId)?.terms;
  const fields = readModify({ ...presentTerms(terms), ...change.changes }, venue.switches);
  if (isReply(fields)) return fields;
  return modifyOrder(venue, account, change.orderId, fields);
}

/** `leg` as in `HandChange`. */
export function cancelByHand(
  simulation: Simulation,
  clientId: string,
  orderId: string,
  leg?: LegName,
): Reply {
  const account = accountOf(simulation, clientId);
  const part = partOf(account, orderId, leg);
  if (part !== undefined) return cancelPartByHand(simulation, part);
  return cancelOrder(simulation.venue, account, orderId);
}

/** An unknown order still needs terms, so that its refusal is the one for an unknown order. */
function presentTerms(terms: SimTerms | undefined): WireFields {
  if (terms === undefined) return { orderType: "LIMIT", validity: "DAY", quantity: 1, price: 1 };
  return {
    orderType: terms.type,
    validity: terms.validity,
    quantity: terms.quantity,
    disclosedQuantity: terms.disclosedQuantity,
    price: rupees(terms.priceE4),
    triggerPrice: rupees(terms.triggerE4),
  };
}
