/** What an account really holds of what was copied into it. */
import { must } from "../../platform/assert.ts";
import { opposite, type Side, signOf } from "../model/order.ts";
import { netUnits, type PositionKey, toPositionKey } from "../order/account-book.ts";
import { isGroup } from "../order/child.ts";
import type { Copy } from "../order/copy.ts";
import { childOf, parentChildOf } from "../order/follower.ts";
import {
  type Copied,
  contractOfCopied,
  copiedKeyOf,
  type FollowerState,
  linkOfCopied,
} from "../order/follower-state.ts";
import { exitLevelsOf, isAlive } from "../order/group.ts";
import { childrenNamed, openCopiesOf } from "../order/named.ts";
import { groupInside } from "./consider.ts";

/**
 * What of this link's copied position the account really holds. Whatever the account lacks of all
 * that was copied into it (because somebody sold by hand) is missing to its links in the order of
 * their names, last first: together they never sell more than there is. `copy` is what exits.
 */
export function heldShare(
  state: FollowerState,
  copy: Copied & Pick<Copy, "side">,
  key: PositionKey,
): number {
  const sign = -signOf(copy.side);
  const shares = state.copied
    .entries()
    .filter(([name]) => contractOfCopied(name) === key)
    .map(([name, units]) => ({ name, units: sign * units }))
    .sort((a, b) => (a.name < b.name ? 1 : -1));
  const copied = shares.reduce((sum, { units }) => sum + units, 0);
  let lacking = Math.max(0, copied - sign * netUnits(state.book, key));
  const ownName = copiedKeyOf(copy);
  for (const { name, units } of shares) {
    const own = Math.max(0, units);
    if (name === ownName) return Math.max(0, own - lacking);
    lacking = Math.max(0, lacking - own);
  }
  return 0;
}

/**
 * What of a group's units the account really holds; it must have some in by its own account. Groups stand beside each other, also on both sides
 * of one contract, so what somebody else has taken out is laid to those whose legs are gone, the oldest
 * first: a group whose legs work takes its own units out, and what came later was not there yet.
 */
export function heldOfGroup(state: FollowerState, group: Copy, key: PositionKey): number {
  const own = holdersOf(state, key, group.side);
  const others = holdersOf(state, key, opposite(group.side));
  const lacking = lackingUnits(state, key, group.side, [unitsOf(own), unitsOf(others)]);
  const place = own.findIndex(({ copyId }) => copyId === group.copyId);
  const { units } = must(own[place], "a group that has units in");
  const lostBefore = Math.min(lacking, unitsOf(own.slice(0, place)));
  return units - Math.min(units, lacking - lostBefore);
}

interface Holder {
  readonly copyId?: Copy["copyId"];
  readonly units: number;
}

/** Who has brought in what on that side, those first that lose units first. */
function holdersOf(state: FollowerState, key: PositionKey, side: Side): Holder[] {
  const groups = openCopiesOf(state, key)
    .filter(isGroup)
    .map((copy) => ({ copy, units: groupInside(state, copy) }));
  const plain = state.copied
    .entries()
    .filter(([name]) => contractOfCopied(name) === key)
    .map(([name, copied]) => {
      const own = groups.filter(({ copy }) => copiedKeyOf(copy) === name);
      const inGroups = own.reduce((sum, { copy, units }) => sum + signOf(copy.side) * units, 0);
      return { name, units: signOf(side) * (copied - inGroups), rank: 2 };
    });
  const ofSide = groups
    .filter(({ copy }) => copy.side === side)
    .map(({ copy, units }) => {
      const rank = hasLegs(state, copy) ? 1 : 0;
      return { name: copiedKeyOf(copy), copyId: copy.copyId, units, rank };
    });
  // Sorting keeps the older of equals first; of several links the last by name lacks first.
  return [...ofSide, ...plain]
    .filter(({ units }) => units > 0)
    .sort((a, b) => a.rank - b.rank)
    .sort(
      (a, b) =>
        Number(linkOfCopied(a.name) < linkOfCopied(b.name)) -
        Number(linkOfCopied(b.name) < linkOfCopied(a.name)),
    );
}

function hasLegs(state: FollowerState, copy: Copy): boolean {
  return childrenNamed(state, copy.children.entry)
    .filter(({ filled }) => filled > 0)
    .some(({ brokerOrderId }) => {
      const id = must(brokerOrderId, "the broker's id of what has filled");
      const { target, stop } = exitLevelsOf(state.book, id);
      return isAlive(target) || isAlive(stop);
    });
}

function unitsOf(holders: readonly Holder[]): number {
  return holders.reduce((sum, { units }) => sum + units, 0);
}

/**
 * Units that the side lacks. The account's net shows what is missing of the two sides together; where
 * others have bought and sold, as much may be gone of both, and nothing of that shows in the net.
 */
function lackingUnits(
  state: FollowerState,
  key: PositionKey,
  side: Side,
  [own, others]: readonly [number, number],
): number {
  const traded = tradedByOthers(state, key);
  // Somebody has netted the two sides against each other: the account holds nothing of either.
  if (traded.BUY + traded.SELL > 0 && netUnits(state.book, key) === 0) return own;
  const net = own - others - signOf(side) * netUnits(state.book, key);
  const [lacking, lackingThere] = [Math.max(0, net), Math.max(0, -net)];
  const both = Math.min(own - lacking, others - lackingThere);
  if (both <= 0) return lacking;
  return lacking + Math.min(both, traded.BUY, traded.SELL);
}

/** Units that orders which are none of ours have bought and sold. */
function tradedByOthers(state: FollowerState, key: PositionKey): Readonly<Record<Side, number>> {
  const filled = { BUY: 0, SELL: 0 };
  for (const order of state.book.orders.values()) {
    if (order.filledQuantity === 0 || order.family === "forever") continue;
    if (toPositionKey(order.instrument, order.product) !== key) continue;
    if (childOf(state, order) || parentChildOf(state, order)) continue;
    filled[order.side] += order.filledQuantity;
  }
  return filled;
}
