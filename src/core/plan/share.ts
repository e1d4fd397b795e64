/**
 * Who of several takes which units out: groups and exits of one link and contract share one copied
 * position, and together never stand for more than it.
 */
import { opposite, signOf } from "../model/order.ts";
import type { PositionKey } from "../order/account-book.ts";
import { type Child, isGroup } from "../order/child.ts";
import { isOpen } from "../order/child-state.ts";
import type { Copy } from "../order/copy.ts";
import type { Leg } from "../order/correlation-id.ts";
import { copiedUnits, type FollowerState } from "../order/follower-state.ts";
import { hasGivenUp } from "../order/group.ts";
import type { LeaderState } from "../order/leader.ts";
import { childrenNamed, openCopiesOf } from "../order/named.ts";
import { groupInside, isSameCopied } from "./consider.ts";

/**
 * Copied units on the copy's side, as if groups of the other side were not there: they stand beside
 * this one and are taken out by legs of their own. Negative when more was taken out than was there.
 */
export function copiedBeside(state: FollowerState, copy: Copy, key: PositionKey): number {
  const opposing = openCopiesOf(state, key)
    .filter((other) => isGroup(other) && isSameCopied(other, copy) && other.side !== copy.side)
    .reduce((sum, other) => sum + Math.max(0, groupInside(state, other)), 0);
  return signOf(copy.side) * copiedUnits(state, copy) + opposing;
}

/**
 * Copied units on the copy's side that other groups have no claim on. The older one keeps its units
 * first; but what an exit of the leader's took out was of the groups whose legs he has given up.
 */
export function copiedForGroup(
  state: FollowerState,
  leader: LeaderState,
  copy: Copy,
  key: PositionKey,
): number {
  const beside = openCopiesOf(state, key).filter(
    (other) => isGroup(other) && isSameCopied(other, copy) && other.side === copy.side,
  );
  const inOrder = [
    ...beside.filter((other) => !hasGivenUp(leader.book, other.leaderOrderId)),
    ...beside.filter((other) => hasGivenUp(leader.book, other.leaderOrderId)),
  ];
  const own = inOrder.findIndex(({ copyId }) => copyId === copy.copyId);
  const theirs = inOrder
    .slice(0, Math.max(0, own))
    .reduce((sum, other) => sum + Math.max(0, groupInside(state, other)), 0);
  return Math.max(0, copiedBeside(state, copy, key) - theirs);
}

/** Units that open exits of this link's are about to take out of the copy's position. */
export function openExitUnits(state: FollowerState, copy: Copy, key: PositionKey): number {
  return openUnits(state, copy, key, "exit", (child) => child.side === opposite(copy.side));
}

/**
 * Units that open orders of groups of the link's take out or bring back already; `copy` is an exit. One
 * that is sent stays beside what gets a group out, which gives way to it; a repair does not.
 */
export function openWayOutUnits(
  state: FollowerState,
  copy: Copy,
  key: PositionKey,
  isSent: boolean,
): number {
  const isOfSide = (child: Child) => child.side === copy.side;
  const repairs = openUnits(state, copy, key, "repair", isOfSide);
  if (isSent) return repairs;
  const isWayOut = (child: Child) => isOfSide(child) && child.terms.type === "LIMIT";
  return repairs + openUnits(state, copy, key, "stop", isWayOut);
}

/** Units that other open orders of the link's are about to bring back beside the group's own repair. */
export function openRepairUnits(state: FollowerState, copy: Copy, key: PositionKey): number {
  const repairs = openUnits(state, copy, key, "repair", (child) => child.copyId !== copy.copyId);
  return repairs + openUnits(state, copy, key, "exit", (child) => child.side === copy.side);
}

function openUnits(
  state: FollowerState,
  copy: Copy,
  key: PositionKey,
  leg: Leg,
  isMeant: (child: Child) => boolean,
): number {
  return openCopiesOf(state, key)
    .filter((other) => isSameCopied(other, copy))
    .flatMap((other) => childrenNamed(state, other.children[leg]))
    .filter((child) => isOpen(child.state) && isMeant(child))
    .reduce((sum, child) => sum + child.terms.quantity - child.filled, 0);
}
