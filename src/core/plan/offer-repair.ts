/**
 * What a repair of one difference would send, or why nothing: the one account of it that a person is
 * shown, that his yes is held against, and that the link's own rule goes by.
 *
 * Keeps: towards less never takes out more than is copied and really held; what somebody took out
 * himself, and what a group's legs stand for, is left alone. Does not: send (repair-drift.ts).
 */
import { roundToLotDown } from "../desire/quantity.ts";
import { driftsOf } from "../drift/drift.ts";
import type { Drift } from "../model/drift.ts";
import { toPositionKey } from "../order/account-book.ts";
import { isGroup } from "../order/child.ts";
import type { Copy } from "../order/copy.ts";
import { LEGS } from "../order/correlation-id.ts";
import { copiedKeyOf, type FollowerState } from "../order/follower-state.ts";
import { exitLevelsOf, isAlive } from "../order/group.ts";
import { childrenNamed, hasUnknown, openCopiesOf } from "../order/named.ts";
import { isSquaredOff } from "../order/stops.ts";
import { groupInside, hasOpenChild } from "./consider.ts";
import { Draft, type StepContext } from "./draft.ts";
import { entryOffer, type RepairSides } from "./offer-entry.ts";
import { type Refusal, type RepairMeans, type RepairOffer, refusedBy } from "./repair-order.ts";
import { stillComing } from "./still-coming.ts";
import { tradedBy } from "./traded.ts";

/** What a person is shown: each difference of the account's links, and what would be done about it. */
export function repairOffers(state: FollowerState, context: StepContext): readonly RepairOffer[] {
  const draft = new Draft(state, context);
  return [...state.links.entries()].flatMap(([linkId, opened]) => {
    const leader = context.leader(opened.leader);
    if (leader === undefined) return [];
    return driftsOf({ linkId, follower: state, leader })
      .filter(({ difference }) => difference !== 0)
      .map((drift) => offerRepair(draft, drift));
  });
}

export function offerRepair(draft: Draft, drift: Drift): RepairOffer {
  const actual = drift.target + drift.difference;
  return { drift, actual, ...meansFor(draft, drift, actual) };
}

function meansFor(draft: Draft, drift: Drift, actual: number): RepairMeans {
  if (drift.difference === 0) return refusedBy("nothing-differs");
  const sides = sidesOf(draft, drift);
  if (!("link" in sides)) return sides;
  const refused = positionRefusal(draft.state, drift);
  if (refused !== undefined) return refused;
  const isTooMuch = Math.sign(drift.difference) === Math.sign(actual);
  return isTooMuch ? exitOffer(draft, drift, sides) : entryOffer(draft, drift, sides);
}

function sidesOf(draft: Draft, { linkId }: Drift): RepairSides | Refusal {
  const link = draft.link(linkId);
  if (link === undefined) return refusedBy("link-not-set");
  const leader = draft.context.leader(link.leader);
  const isKnown = draft.context.areBooksRead() && draft.state.book.hasPositions;
  return leader && isKnown ? { link, leader } : refusedBy("books-not-read");
}

/** Why nothing at all may be sent for the position now, whichever way. */
function positionRefusal(state: FollowerState, drift: Drift): RepairMeans | undefined {
  const key = toPositionKey(drift.instrument, drift.product);
  if (isSquaredOff(state.stops)) return refusedBy("squared-off");
  if (hasUnknown(state, key)) return refusedBy("unknown-order");
  const { suspended } = state;
  if (suspended !== undefined) return refusedBy("account-suspended", { cause: suspended });
  const name = copiedKeyOf(drift);
  const own = openCopiesOf(state, key).filter((copy) => copiedKeyOf(copy) === name);
  const other = own.find(({ repair }) => repair !== undefined);
  if (other !== undefined) return refusedBy("repair-under-way", { repair: other.leaderOrderId });
  // What was exited twice is being brought back.
  if (own.some((copy) => hasOpenChild(state, copy, "repair"))) return refusedBy("waiting-for-fill");
  const group = own.find((copy) => isGroup(copy) && isStanding(state, copy));
  return group && refusedBy("group-stands", { group: group.leaderOrderId });
}

/** Something of the group may still trade by itself. */
function isStanding(state: FollowerState, group: Copy): boolean {
  if (LEGS.some((leg) => hasOpenChild(state, group, leg))) return true;
  if (groupInside(state, group) <= 0) return false;
  return childrenNamed(state, group.children.entry).some(({ brokerOrderId }) => {
    const levels = brokerOrderId && exitLevelsOf(state.book, brokerOrderId);
    return levels && (isAlive(levels.target) || isAlive(levels.stop));
  });
}

/** Towards less: what is too much, and to flat at the most. */
function exitOffer(draft: Draft, drift: Drift, { leader }: RepairSides): RepairMeans {
  const differs = Math.abs(drift.difference);
  const actual = drift.target + drift.difference;
  const there = Math.abs(actual);
  const lot = tradedBy(draft, drift).lotSize;
  const tooMuch = differs - stillComing({ state: draft.state, leader, drift });
  if (tooMuch <= 0) return refusedBy("waiting-for-fill");
  const units = Math.min(tooMuch, there);
  // All that is left is all of it, whatever rounding has left in it.
  const quantity = units === there ? units : roundToLotDown(units, lot);
  if (quantity === 0) return refusedBy("below-one-lot", { units, lot });
  const order = { leg: "exit", side: actual > 0 ? "SELL" : "BUY", quantity } as const;
  if (quantity === differs) return { order };
  if (quantity === there) return { order, ...refusedBy("other-side-first") };
  if (quantity === tooMuch) return { order, ...refusedBy("waiting-for-fill") };
  return { order, ...refusedBy("below-one-lot", { units: units - quantity, lot }) };
}
