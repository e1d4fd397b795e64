/** How one group of the leader's stands, at him and at a follower: what its plan works on. */
import { must } from "../../platform/assert.ts";
import { type LeaderExits, leaderExits } from "../desire/protection.ts";
import type { Instrument } from "../model/instrument.ts";
import type { Link } from "../model/link.ts";
import { type ExitLeg, type ExitLevels, isTerminal, opposite, signOf } from "../model/order.ts";
import {
  type AccountBook,
  type BookOrder,
  netUnits,
  type PositionKey,
} from "../order/account-book.ts";
import { type Child, isGroup } from "../order/child.ts";
import type { Copy } from "../order/copy.ts";
import {
  exitedUnits,
  exitLevelsOf,
  groupsInside,
  groupUnits,
  hasGivenUp,
  isAlive,
  isAtExchange,
  protectedUnits,
} from "../order/group.ts";
import type { LeaderState } from "../order/leader.ts";
import { childrenNamed } from "../order/named.ts";
import { isSquaredOff } from "../order/stops.ts";
import { legFilled } from "./consider.ts";
import type { Draft } from "./draft.ts";
import { leaderKeyOf } from "./family.ts";
import { copiedForGroup, openExitUnits } from "./share.ts";

export const EXIT_LEGS: readonly ExitLeg[] = ["stop", "target"];

export interface GroupPlan {
  readonly draft: Draft;
  readonly key: PositionKey;
  readonly copy: Copy;
  readonly leader: LeaderState;
  readonly order: BookOrder;
  readonly link: Link;
  readonly instrument: Instrument;
  /** An order of this instrument has an unknown outcome. */
  readonly isBlocked: boolean;
}

/** One order of the follower's with its legs, as the broker has them. */
export interface Held {
  readonly child: Child;
  readonly levels: ExitLevels;
  /** Units of it that are still in by its own account. */
  readonly inside: number;
  /** Units of those that are really left for its legs to take out. */
  readonly share: number;
}

/** How the group stands, at the leader and at the follower. */
export interface Standing {
  readonly exits: LeaderExits | undefined;
  /** Or the account is squared off: then the follower is to get out, wherever the leader is. */
  readonly isLeaderOut: boolean;
  readonly held: readonly Held[];
  /** Units that are still to get out, by all that is known. */
  readonly left: number;
  /** Units of those that an open exit of the leader's stands for at the follower. */
  readonly claimed: number;
  readonly stopFilled: number;
}

export function standingOf({ draft, key, copy, leader, order, instrument }: GroupPlan): Standing {
  const { state } = draft;
  const exits = leaderExits(leader.book, order, instrument);
  const children = childrenNamed(state, copy.children.entry).filter(
    (child) => isGroup(child) && child.filled > 0,
  );
  const stopFilled = legFilled(state, copy, "stop");
  const held = children.reduce((sum, child) => sum + child.filled - child.exited, 0);
  const inside = held - stopFilled + legFilled(state, copy, "repair");
  const left = Math.max(0, Math.min(inside, copiedForGroup(state, leader, copy, key)));
  return {
    exits,
    held: heldBy(state.book, children, left),
    stopFilled,
    left,
    claimed: Math.min(left, openExitUnits(state, copy, key)),
    isLeaderOut: isSquaredOff(state.stops) || hasLeaderLeft(copy, leader, order, exits),
  };
}

/** The oldest order keeps its units first. */
function heldBy(book: AccountBook, children: readonly Child[], left: number): readonly Held[] {
  let rest = left;
  return children.map((child) => {
    const inside = child.filled - child.exited;
    const share = Math.max(0, Math.min(inside, rest));
    rest -= share;
    return {
      child,
      levels: levelsOf(book, child),
      inside,
      share,
    };
  });
}

/** A leg that was asked for and that nobody has told of yet may be alive: it is not taken for gone. */
function levelsOf(book: AccountBook, { protection, ...child }: Child): ExitLevels {
  const brokerOrderId = must(child.brokerOrderId, "the broker's id of what has filled");
  const known = exitLevelsOf(book, brokerOrderId);
  if (book.orders.get(brokerOrderId)?.levels !== undefined) return known;
  const { target, stop } = protection ?? {};
  const unseen = { status: "waiting", filledQuantity: 0 } as const;
  return {
    ...(target === undefined ? {} : { target: { price: target, ...unseen } }),
    ...(stop === undefined ? {} : { stop: { price: stop, ...unseen } }),
    ...known,
  };
}

/** By his legs, because he has nothing of the contract any more, or because he never came in. */
export function hasLeaderLeft(
  copy: Copy,
  leader: LeaderState,
  order: BookOrder,
  exits: LeaderExits | undefined,
): boolean {
  if (!isTerminal(order.status)) return false;
  const inside = order.filledQuantity - exitedUnits(exits?.seen ?? {});
  if (inside <= 0) return true;
  // Groups of the other side stand beside this one: they say nothing of it.
  const key = leaderKeyOf(copy);
  const beside = groupUnits(leader.book, key, opposite(copy.side));
  // What he still has may be other groups' alone: the units of those whose legs have ended went first.
  const isBare = hasGivenUp(leader.book, order.brokerOrderId);
  const others = isBare ? protectedUnits(leader.book, key, copy.side) : 0;
  const net = netUnits(leader.book, key);
  return (
    signOf(copy.side) * net + beside - others <= 0 ||
    (net === 0 && haveAllLegsEnded(leader.book, key))
  );
}

/**
 * Groups on both sides whose legs have all been ended, and nothing is left of them together: he was
 * squared off, and what they hold by their own account is no position.
 */
function haveAllLegsEnded(book: AccountBook, key: PositionKey): boolean {
  return (["BUY", "SELL"] as const).every((side) =>
    groupsInside(book, key, side).every((entry) => {
      const legs = Object.values(exitLevelsOf(book, entry.brokerOrderId));
      return isTerminal(entry.status) && legs.length > 0 && !legs.some(isAlive);
    }),
  );
}

/** The legs stand for more than is left. */
export function isTooMuch({ inside, share }: Held): boolean {
  return inside > share;
}

/** One of its legs is at the exchange. */
export function hasWorkingLeg({ levels }: Held): boolean {
  return EXIT_LEGS.some((leg) => isAtExchange(levels[leg]));
}

/** One of its legs may still take units out. */
export function hasAliveLeg({ levels }: Held): boolean {
  return EXIT_LEGS.some((leg) => isAlive(levels[leg]));
}
