/** Which of the broker's doors a call is for. */
import { changeAddress, readAddresses, refusedAddress } from "../exchange/addresses.ts";
import { cancelOrder, modifyOrder } from "../exchange/change.ts";
import { convertPosition, exitAll } from "../exchange/exits.ts";
import { listSuperOrders } from "../exchange/group/super-rows.ts";
import { readModify, readPlace } from "../exchange/order-request.ts";
import { placeOrder } from "../exchange/place.ts";
import {
  funds,
  listHoldings,
  listOrders,
  listPositions,
  listTrades,
  marginFor,
  marginForMany,
  orderByCorrelation,
  orderById,
  profile,
} from "../exchange/portfolio.ts";
import { inputRefusal, isReply, ok, type Reply } from "../exchange/replies.ts";
import { placeSlices } from "../exchange/slicing.ts";
import { issueToken, tokenReply } from "../exchange/tokens.ts";
import type { Venue } from "../exchange/venue.ts";
import { answerAlert, openMulti } from "./alert-call.ts";
import { isForeign, type WireCall } from "./call.ts";
import { answerForever } from "./forever-call.ts";
import { changeSuper, endSuper, placeSuper } from "./super-call.ts";
import { answerKillSwitch, answerPnlExit } from "./trader-control-call.ts";

export function answerCall(venue: Venue, call: WireCall): Reply {
  const { account, body, route } = call;
  switch (route.kind) {
    case "place":
    case "slice":
      return place(venue, call);
    case "modify":
      return modify(venue, call);
    case "cancel":
      return (
        refusedAddress(venue, account, call.remoteIp) ?? cancelOrder(venue, account, route.arg)
      );
    case "super-place":
      return placeSuper(venue, call);
    case "super-modify":
      return changeSuper(venue, call);
    case "super-cancel":
      return endSuper(venue, call);
    case "super-orders":
      return listSuperOrders(venue, account);
    case "forever-place":
    case "forever-modify":
    case "forever-cancel":
    case "forever-orders":
      return answerForever(venue, call);
    case "alert-place":
    case "alert-modify":
    case "alert-cancel":
    case "alerts":
      return answerAlert(venue, call);
    case "multi":
      return openMulti(venue, call);
    case "kill-switch":
      return answerKillSwitch(call);
    case "pnl-exit":
      return answerPnlExit(venue, call);
    case "orders":
      return listOrders(venue, account);
    case "order-by-id":
      return orderById(venue, account, route.arg);
    case "order-by-correlation":
      return orderByCorrelation(venue, account, route.arg);
    case "trades":
      return listTrades(account, route.arg === "" ? undefined : route.arg);
    case "positions":
      return listPositions(account);
    case "convert":
      return convertPosition(venue, account, body);
    case "exit-all":
      return exitAll(venue, account);
    case "holdings":
      return listHoldings(venue, account);
    case "funds":
      return funds(account);
    case "margin":
      if (route.arg === "many") return marginForMany(venue, account, body);
      return marginFor(venue, account, body);
    case "profile":
      return profile(account);
    case "renew-token":
      account.token = issueToken(venue, account.clientId, account.token);
      return ok(tokenReply(account));
    case "ip":
      if (route.arg === "get") return readAddresses(venue, account, call.remoteIp);
      return changeAddress(venue, account, body);
  }
}

/** Checks in the broker's order: fields, then address, then instrument (measured). */
function place(venue: Venue, call: WireCall): Reply {
  const { account, route, origin } = call;
  const fields = readPlace(call.body, venue.switches);
  if (isReply(fields)) return fields;
  if (isForeign(call, fields.dhanClientId)) return inputRefusal();
  const refused = refusedAddress(venue, account, call.remoteIp);
  if (refused !== undefined) return refused;
  if (route.kind === "slice") return placeSlices(venue, account, fields, origin);
  const placed = placeOrder(venue, account, fields, origin);
  if (isReply(placed)) return placed;
  return ok({ orderId: placed.order.orderId, orderStatus: "TRANSIT" });
}

function modify(venue: Venue, call: WireCall): Reply {
  const { account, route } = call;
  const fields = readModify(call.body, venue.switches);
  if (isReply(fields)) return fields;
  if (isForeign(call, fields.dhanClientId)) return inputRefusal();
  return (
    refusedAddress(venue, account, call.remoteIp) ?? modifyOrder(venue, account, route.arg, fields)
  );
}
