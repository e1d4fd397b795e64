/** Super Orders, BO and CO by hand: placed, changed leg by leg, closed as a whole. */
import type { SimAccount } from "../exchange/account.ts";
import { cancelEntry, cancelLeg } from "../exchange/group/change-leg.ts";
import { exitGroup } from "../exchange/group/exit-group.ts";
import { LEG_NAMES, ROLE_OF } from "../exchange/group/role.ts";
import { modifyGroup } from "../exchange/group/super-change.ts";
import { readSuperModify, readSuperPlace } from "../exchange/group/super-request.ts";
import type { PlaceFields } from "../exchange/order-fields.ts";
import type { SimGroup } from "../exchange/order-records.ts";
import { isReply, ok, type Reply } from "../exchange/replies.ts";
import { rupees } from "../exchange/rows.ts";
import type { Simulation } from "../simulation.ts";
import { ControlFault } from "./control-fault.ts";
import type { WireFields } from "./wire-fields.ts";

export type LegName = (typeof LEG_NAMES)[number];

/** Undefined for fields that are no Super Order's. */
export function readSuperByHand(
  simulation: Simulation,
  order: WireFields,
): PlaceFields | Reply | undefined {
  const isSuper = "targetPrice" in order || "stopLossPrice" in order;
  return isSuper ? readSuperPlace(order, simulation.venue.switches) : undefined;
}

interface Part {
  readonly group: SimGroup;
  readonly leg: LegName;
}

/** The part that is meant: by a leg's own id, or by the entry's and a leg name. */
export function partOf(account: SimAccount, orderId: string, leg?: LegName): Part | undefined {
  const part = account.orders.get(orderId)?.part;
  if (part === undefined) return undefined;
  const own = LEG_NAMES.find((name) => ROLE_OF[name] === part.role) ?? "ENTRY_LEG";
  return { group: part.group, leg: own === "ENTRY_LEG" ? (leg ?? own) : own };
}

/** What is left out stays. Levels are `targetPrice` and `stopLossPrice`, of a BO or CO too. */
export function modifyPartByHand(
  simulation: Simulation,
  account: SimAccount,
  { group, leg }: Part,
  changes: WireFields,
): Reply {
  const { venue } = simulation;
  const body = { ...presentTerms(group), ...changes, legName: leg };
  const fields = readSuperModify(body, venue.switches);
  return isReply(fields) ? fields : modifyGroup(venue, account, group, fields);
}

function presentTerms({ entry, target, stop }: SimGroup): WireFields {
  return {
    orderType: entry.terms.type === "MARKET" ? "MARKET" : "LIMIT",
    quantity: entry.terms.quantity,
    price: rupees(entry.terms.priceE4),
    targetPrice: rupees(target?.levelE4 ?? 0),
    stopLossPrice: rupees(stop?.levelE4 ?? 0),
    trailingJump: rupees(stop?.trailE4 ?? 0),
  };
}

export function cancelPartByHand(simulation: Simulation, { group, leg }: Part): Reply {
  const { venue } = simulation;
  const role = ROLE_OF[leg];
  return role === "entry" ? cancelEntry(venue, group) : cancelLeg(venue, group, group[role]);
}

/** The target is cancelled, and the stop goes to the market under its own id. */
export function exitGroupByHand(
  simulation: Simulation,
  account: SimAccount,
  orderId: string,
): Reply {
  const part = partOf(account, orderId);
  if (part === undefined) throw new ControlFault(`order ${orderId} is in no group`);
  const order = exitGroup(simulation.venue, part.group);
  if (order === undefined) throw new ControlFault(`the group of ${orderId} has nothing to exit`);
  return ok({ orderId: order.orderId, orderStatus: order.status });
}
