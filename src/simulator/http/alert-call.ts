/** The calls of the wire under `/alerts`; their checks come in the same order as for plain orders. */
import { refusedAddress } from "../exchange/addresses.ts";
import { readAlert } from "../exchange/alerts/alert-request.ts";
import { cancelAlert, listAlerts, modifyAlert, placeAlert } from "../exchange/alerts/alerts.ts";
import { refusedByKillSwitch } from "../exchange/kill-switch.ts";
import { placeMulti, readMulti } from "../exchange/multi-orders.ts";
import { inputRefusal, isReply, type Reply } from "../exchange/replies.ts";
import type { Venue } from "../exchange/venue.ts";
import { isForeign, type WireCall } from "./call.ts";

export function answerAlert(venue: Venue, call: WireCall): Reply {
  switch (call.route.kind) {
    case "alert-place":
    case "alert-modify":
      return openAlert(venue, call);
    case "alert-cancel":
      return closeAlert(venue, call);
    default:
      return listAlerts(call.account, call.route.arg);
  }
}

function openAlert(venue: Venue, call: WireCall): Reply {
  const { account, body, remoteIp, route } = call;
  const asked = readAlert(venue, body, route.kind === "alert-place" ? "place" : "modify");
  if (isReply(asked)) return asked;
  if (isForeign(call, asked.dhanClientId)) return inputRefusal();
  const refused = refusedAddress(venue, account, remoteIp) ?? refusedByKillSwitch(venue, account);
  if (refused !== undefined) return refused;
  if (route.kind === "alert-place") return placeAlert(venue, account, asked);
  return modifyAlert(venue, account, route.arg, asked);
}

function closeAlert(venue: Venue, { account, route, remoteIp }: WireCall): Reply {
  return refusedAddress(venue, account, remoteIp) ?? cancelAlert(account, route.arg);
}

export function openMulti(venue: Venue, call: WireCall): Reply {
  const { account, body, origin, remoteIp } = call;
  const asked = readMulti(body, venue.switches);
  if (isReply(asked)) return asked;
  if (isForeign(call, asked.dhanClientId)) return inputRefusal();
  return refusedAddress(venue, account, remoteIp) ?? placeMulti(venue, account, asked, origin);
}
