/** `POST /orders/slicing`: the order cut at the freeze quantity, all slices with one correlation id. */
import type { SimAccount } from "./account.ts";
import type { PlaceFields } from "./order-fields.ts";
import { type Accepted, type Origin, placeOrder } from "./place.ts";
import { inputRefusal, isReply, ok, type Reply, TEXT } from "./replies.ts";
import type { Venue } from "./venue.ts";

/** One reply row for each slice. The first refusal ends the cutting; what was taken stays. */
export function placeSlices(
  venue: Venue,
  account: SimAccount,
  fields: PlaceFields,
  origin: Origin,
): Reply {
  const instrument = venue.instruments.get(`${fields.segment}:${fields.securityId}`);
  if (instrument === undefined) return inputRefusal(TEXT.badInstrument);
  const { freezeQuantity, lotSize } = instrument;
  const most = Math.max(1, Math.floor(freezeQuantity / lotSize)) * lotSize;
  const taken: Accepted[] = [];
  for (let left = fields.quantity; left > 0; left -= most) {
    const slice = { ...fields, quantity: Math.min(left, most), disclosedQuantity: 0 };
    const placed = placeOrder(venue, account, slice, originOf(origin, taken.length + 1));
    if (isReply(placed)) {
      if (taken.length === 0) return placed;
      break;
    }
    taken.push(placed);
  }
  return ok(taken.map(({ order }) => ({ orderId: order.orderId, orderStatus: "TRANSIT" })));
}

/** A planned rejection may be meant for one slice alone. */
function originOf(origin: Origin, slice: number): Origin {
  const { rejectLater, ...plain } = origin;
  const isMeant = rejectLater?.slice === undefined || rejectLater.slice === slice;
  return isMeant ? origin : plain;
}
