/** The Forever calls of the wire; their checks come in the same order as for plain orders. */
import { refusedAddress } from "../exchange/addresses.ts";
import {
  cancelForever,
  listForevers,
  modifyForever,
  placeForever,
} from "../exchange/forever/forever-orders.ts";
import { readForever, readForeverChange } from "../exchange/forever/forever-request.ts";
import { inputRefusal, isReply, type Reply } from "../exchange/replies.ts";
import type { Venue } from "../exchange/venue.ts";
import { isForeign, type WireCall } from "./call.ts";

export function answerForever(venue: Venue, call: WireCall): Reply {
  switch (call.route.kind) {
    case "forever-place":
      return openForever(venue, call);
    case "forever-modify":
      return changeForever(venue, call);
    case "forever-cancel":
      return closeForever(venue, call);
    default:
      return listForevers(venue, call.account);
  }
}

function openForever(venue: Venue, call: WireCall): Reply {
  const { account, body, origin, remoteIp } = call;
  const fields = readForever(body, venue.switches);
  if (isReply(fields)) return fields;
  if (isForeign(call, fields.dhanClientId)) return inputRefusal();
  return refusedAddress(venue, account, remoteIp) ?? placeForever(venue, account, fields, origin);
}

function changeForever(venue: Venue, call: WireCall): Reply {
  const { account, body, route, remoteIp } = call;
  const change = readForeverChange(body, venue.switches);
  if (isReply(change)) return change;
  if (isForeign(call, change.dhanClientId)) return inputRefusal();
  return (
    refusedAddress(venue, account, remoteIp) ?? modifyForever(venue, account, route.arg, change)
  );
}

function closeForever(venue: Venue, { account, route, remoteIp }: WireCall): Reply {
  return refusedAddress(venue, account, remoteIp) ?? cancelForever(venue, account, route.arg);
}
