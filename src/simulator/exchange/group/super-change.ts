/** `PUT` and `DELETE /super/orders/{id}`: one part of a Super Order at a time. */
import type { SimAccount } from "../account.ts";
import { replaceTerms } from "../change.ts";
import { reblock } from "../margin.ts";
import { isWorking } from "../order.ts";
import type { SimExit, SimGroup, SimOrder } from "../order-records.ts";
import { refusedTerms } from "../order-rules.ts";
import { termsOf } from "../place.ts";
import { inputRefusal, ok, orderRefusal, type Reply, TEXT } from "../replies.ts";
import { changed, type Venue } from "../venue.ts";
import { cancelEntry, cancelLeg, changeLeg, refusedChange, setLevel } from "./change-leg.ts";
import { settleGroup } from "./follow.ts";
import { isChangeable } from "./group.ts";
import type { GroupRole } from "./role.ts";
import { isInOrder, type SuperModifyFields } from "./super-request.ts";

/** The group of a Super Order's entry; others, and legs' own ids, are unknown here. */
export function superGroupOf(account: SimAccount, orderId: string): SimGroup | undefined {
  const group = account.groups.get(orderId);
  return group?.kind === "super" ? group : undefined;
}

export function modifySuper(
  venue: Venue,
  account: SimAccount,
  orderId: string,
  fields: SuperModifyFields,
): Reply {
  const group = superGroupOf(account, orderId);
  if (group === undefined) return orderRefusal();
  return modifyGroup(venue, account, group, fields);
}

/** The same for a group of any kind. */
export function modifyGroup(
  venue: Venue,
  account: SimAccount,
  group: SimGroup,
  fields: SuperModifyFields,
): Reply {
  const { targetE4, stopE4, trailE4 } = fields;
  switch (fields.role) {
    case "entry":
      return modifyEntry(venue, account, group, fields);
    case "target":
      return changeLeg(venue, group, group.target, { levelE4: targetE4, trailE4: 0 });
    case "stop":
      return changeLeg(venue, group, group.stop, { levelE4: stopE4, trailE4 });
  }
}

export function cancelSuper(
  venue: Venue,
  account: SimAccount,
  orderId: string,
  role: GroupRole,
): Reply {
  const group = superGroupOf(account, orderId);
  if (group === undefined) return orderRefusal();
  return role === "entry" ? cancelEntry(venue, group) : cancelLeg(venue, group, group[role]);
}

/** Restates the entry and both levels. A quantity equal to what has filled ends the entry there. */
function modifyEntry(
  venue: Venue,
  account: SimAccount,
  group: SimGroup,
  fields: SuperModifyFields,
): Reply {
  const { entry } = group;
  const refused = refusedChange(venue, group) ?? refusedEntry(group, fields);
  if (refused !== undefined) return refused;
  entry.modifications += 1;
  venue.agenda.after(venue.switches.changeMs, () => {
    if (isWorking(entry)) replaceEntry(venue, account, group, fields);
    settleGroup(venue, group);
  });
  return ok({ orderId: entry.orderId, orderStatus: "TRANSIT" });
}

function refusedEntry(group: SimGroup, fields: SuperModifyFields): Reply | undefined {
  const { entry } = group;
  if (entry.status === "TRANSIT") return orderRefusal(TEXT.transit);
  if (!isWorking(entry)) return orderRefusal();
  if (fields.quantity < entry.filled) return orderRefusal(TEXT.belowFilled);
  const { tickE4 } = entry.instrument;
  const levels = [fields.targetE4, fields.stopE4, fields.trailE4];
  if (levels.some((level) => level % tickE4 !== 0)) return inputRefusal();
  if (!isInOrder(entry.side, fields.priceE4, fields)) return inputRefusal();
  return refusedTerms(entry.instrument, asTerms(entry, fields));
}

function asTerms(entry: SimOrder, { type, quantity, priceE4 }: SuperModifyFields) {
  const price = type === "LIMIT" ? priceE4 : 0;
  const rest = { side: entry.side, validity: "DAY" as const, disclosedQuantity: 0, triggerE4: 0 };
  return { ...rest, type, quantity, priceE4: price };
}

/** Levels first: what fills at the new price is to be protected at the new levels. */
function replaceEntry(
  venue: Venue,
  account: SimAccount,
  group: SimGroup,
  fields: SuperModifyFields,
): void {
  const { entry } = group;
  restate(venue, group, group.target, { levelE4: fields.targetE4, trailE4: 0 });
  restate(venue, group, group.stop, { levelE4: fields.stopE4, trailE4: fields.trailE4 });
  if (!isWorking(entry)) return;
  if (entry.filled > 0 && fields.quantity <= entry.filled) endAtFilled(venue, account, entry);
  else
    replaceTerms(venue, account, entry, termsOf(venue, entry.instrument, asTerms(entry, fields)));
}

/** A level that is left out stays; a trail that is left out ends. Dead legs stay dead. */
function restate(
  venue: Venue,
  group: SimGroup,
  exit: SimExit | undefined,
  change: { readonly levelE4: number; readonly trailE4: number },
): void {
  if (!isChangeable(exit)) return;
  const levelE4 = change.levelE4 || exit.levelE4;
  if (levelE4 === exit.levelE4 && change.trailE4 === exit.trailE4) return;
  setLevel(venue, group, exit, { levelE4, trailE4: change.trailE4 });
}

function endAtFilled(venue: Venue, account: SimAccount, entry: SimOrder): void {
  entry.terms = { ...entry.terms, quantity: entry.filled };
  entry.status = "TRADED";
  entry.text = "TRADE CONFIRMED";
  entry.instrument.working.delete(entry);
  reblock(account, entry, 0);
  changed(venue, entry);
}
