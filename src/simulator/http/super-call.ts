/** The Super Order calls of the wire; their checks come in the same order as for plain orders. */
import { refusedAddress } from "../exchange/addresses.ts";
import { roleOf } from "../exchange/group/role.ts";
import { cancelSuper, modifySuper } from "../exchange/group/super-change.ts";
import { readSuperModify, readSuperPlace } from "../exchange/group/super-request.ts";
import { placeOrder } from "../exchange/place.ts";
import { inputRefusal, isReply, ok, type Reply } from "../exchange/replies.ts";
import type { Venue } from "../exchange/venue.ts";
import { isForeign, type WireCall } from "./call.ts";

export function placeSuper(venue: Venue, call: WireCall): Reply {
  const { account, body, origin } = call;
  const fields = readSuperPlace(body, venue.switches);
  if (isReply(fields)) return fields;
  if (isForeign(call, fields.dhanClientId)) return inputRefusal();
  const refused = refusedAddress(venue, account, call.remoteIp);
  if (refused !== undefined) return refused;
  const placed = placeOrder(venue, account, fields, origin);
  if (isReply(placed)) return placed;
  return ok({ orderId: placed.order.orderId, orderStatus: "TRANSIT" });
}

export function changeSuper(venue: Venue, call: WireCall): Reply {
  const { account, body, route } = call;
  const fields = readSuperModify(body, venue.switches);
  if (isReply(fields)) return fields;
  if (isForeign(call, fields.dhanClientId)) return inputRefusal();
  return (
    refusedAddress(venue, account, call.remoteIp) ?? modifySuper(venue, account, route.arg, fields)
  );
}

export function endSuper(venue: Venue, call: WireCall): Reply {
  const { account, route } = call;
  const role = roleOf(route.leg);
  if (role === undefined) return inputRefusal();
  return (
    refusedAddress(venue, account, call.remoteIp) ?? cancelSuper(venue, account, route.arg, role)
  );
}
