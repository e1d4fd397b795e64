/**
 * `POST /alerts/multi/orders`: up to fifteen orders in one request (the broker's portal). Each goes
 * its own way; nothing is promised of all. How a refused one is answered was never seen: here its
 * row says REJECTED and has no order id.
 */
import type { SimAccount } from "./account.ts";
import { listOf } from "./alerts/alert-request.ts";
import { BadField, clientOf, objectOf, reading, textOf } from "./body-fields.ts";
import type { PlaceFields } from "./order-fields.ts";
import { readPlace } from "./order-request.ts";
import { type Origin, placeOrder } from "./place.ts";
import { inputRefusal, isReply, ok, type Reply } from "./replies.ts";
import type { Switches } from "./switches.ts";
import type { Venue } from "./venue.ts";

export interface MultiFields {
  readonly dhanClientId?: string;
  readonly orders: readonly { readonly sequence: string; readonly fields: PlaceFields }[];
}

/** This door is documented to take 30 characters. */
const CORRELATION_LIMIT = 30;

export function readMulti(body: unknown, switches: Switches): MultiFields | Reply {
  return reading(() => {
    const asked = objectOf(body, switches);
    const orders = listOf(asked.orders).map((item) => {
      const order = objectOf(item, switches);
      const fields = readPlace(order, { ...switches, correlationLimit: CORRELATION_LIMIT });
      if (isReply(fields)) throw new BadField(fields);
      const isGroup = fields.product === "BO" || fields.product === "CO";
      if (isGroup) throw new BadField(inputRefusal());
      return { sequence: textOf(order.sequence), fields };
    });
    return { ...clientOf(asked), orders };
  });
}

export function placeMulti(
  venue: Venue,
  account: SimAccount,
  { orders }: MultiFields,
  origin: Origin,
): Reply {
  const rows = orders.map(({ sequence, fields }) => {
    const placed = placeOrder(venue, account, fields, origin);
    if (isReply(placed)) return { orderId: "", sequence, orderStatus: "REJECTED" };
    return { orderId: placed.order.orderId, sequence, orderStatus: "TRANSIT" };
  });
  return ok({ orders: rows });
}
