/**
 * Where an order crosses the leader's position: the part that reduces it and the part that opens a
 * new one. Entries are sized by the rule, exits by what was copied, so the two never mix.
 */
import type { Split } from "../model/fact.ts";
import { opposite, signOf } from "../model/order.ts";
import { type BookOrder, isGroupEntry, netUnits, toPositionKey } from "../order/account-book.ts";
import { exitedUnits, exitLevelsOf, groupUnits } from "../order/group.ts";
import type { LeaderState } from "../order/leader.ts";

/**
 * The split of the order's whole quantity against the position as it is without its own fills, and
 * without those of `later` orders of the same position.
 */
export function splitAtZero(
  leader: LeaderState,
  order: BookOrder,
  later: readonly BookOrder[] = [],
): Split {
  const sign = signOf(order.side);
  const leaderQuantity = order.terms.quantity;
  const key = toPositionKey(order.instrument, order.product);
  // What the order has brought in by now: of a group, what its own legs have not taken out again.
  const netOf = ({ brokerOrderId, family, filledQuantity, parentId }: BookOrder) => {
    if (isGroupEntry(family)) {
      return filledQuantity - exitedUnits(exitLevelsOf(leader.book, brokerOrderId));
    }
    const isCounted = later.some((other) => other.brokerOrderId === parentId);
    return isCounted ? 0 : filledQuantity;
  };
  // A group is taken out by its own legs: beside one of the other side it is no exit of that one.
  const isGroup = isGroupEntry(order.family);
  const beside = isGroup ? sign * groupUnits(leader.book, key, opposite(order.side)) : 0;
  const net = netUnits(leader.book, key) + beside;
  const after = later.reduce((sum, other) => sum + signOf(other.side) * netOf(other), 0);
  const leaderNet = net - sign * netOf(order) - after;
  const isReducing = Math.sign(leaderNet) === -sign;
  const reduce = isReducing ? Math.min(leaderQuantity, Math.abs(leaderNet)) : 0;
  const isDelivery = order.product === "CNC" || order.product === "MTF";
  if (order.side === "SELL" && isDelivery && reduce < leaderQuantity) {
    // Delivered shares cannot be sold short: what the books do not show is still an exit, of all.
    return { leaderQuantity, leaderNet: leaderQuantity, reduce: leaderQuantity, open: 0 };
  }
  if (order.leg !== undefined && reduce < leaderQuantity) {
    // A leg takes its own group out, whatever groups of the other side make of his net.
    const whole = Math.max(leaderQuantity, -sign * leaderNet);
    return { leaderQuantity, leaderNet: -sign * whole, reduce: leaderQuantity, open: 0 };
  }
  return { leaderQuantity, leaderNet, reduce, open: leaderQuantity - reduce };
}

/** How many of the order's filled units belong to each part: the reducing part fills first. */
export function filledParts(split: Split, filled: number): { reduce: number; open: number } {
  const reduce = Math.min(filled, split.reduce);
  return { reduce, open: Math.min(filled - reduce, split.open) };
}
