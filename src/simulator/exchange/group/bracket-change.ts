/** Changes parts of BO and CO through the doors of plain orders, as documented; never seen lately. */
import type { ModifyFields } from "../order-fields.ts";
import type { SimOrder } from "../order-records.ts";
import { orderRefusal, type Reply } from "../replies.ts";
import type { Venue } from "../venue.ts";
import { cancelEntry, cancelLeg, changeLeg } from "./change-leg.ts";

/**
 * `PUT /orders/{id}` on a part of a group: a leg by its own id or by the entry's with a leg name.
 * Undefined when it is an entry that changes like any order. Super Orders have doors of their own.
 */
export function modifyPart(
  venue: Venue,
  order: SimOrder,
  { role: asked, priceE4, triggerE4 }: ModifyFields,
): Reply | undefined {
  const { part } = order;
  if (part === undefined) return undefined;
  const { group } = part;
  if (group.kind === "super") return orderRefusal();
  const role = part.role === "entry" ? (asked ?? "entry") : part.role;
  if (role === "entry") return undefined;
  const exit = group[role];
  const levelE4 = role === "target" ? priceE4 : triggerE4 || priceE4;
  return changeLeg(venue, group, exit, { levelE4, trailE4: exit?.trailE4 ?? 0 });
}

/** `DELETE /orders/{id}` on a part of a group; undefined when the order is in none. */
export function cancelPart(venue: Venue, order: SimOrder): Reply | undefined {
  const { part } = order;
  if (part === undefined) return undefined;
  const { group, role } = part;
  if (group.kind === "super") return orderRefusal();
  return role === "entry" ? cancelEntry(venue, group) : cancelLeg(venue, group, group[role]);
}
