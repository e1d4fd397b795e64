/**
 * Orders in a follower's book that are not ours: neither by our name for them, nor as a child that is
 * known by the broker's id, nor as a part of one. Tandem reads them and never touches them.
 */
import { type OrderObservation, signOf } from "../model/order.ts";
import { type BookOrder, type PositionKey, toPositionKey } from "../order/account-book.ts";
import { childOf, parentChildOf } from "../order/follower.ts";
import type { FollowerState } from "../order/follower-state.ts";

/**
 * by hand: the drop copy says that it came from the broker's own app (captured in production). Nothing
 * is known of how the broker's risk desk marks its orders, so any other may be his or a program's.
 */
export type ForeignOrigin = "by hand" | "by hand, by another program or by the broker";

export function originOf({ isByHand }: OrderObservation): ForeignOrigin {
  return isByHand ? "by hand" : "by hand, by another program or by the broker";
}

/** Oldest first. */
export function foreignOrders(follower: FollowerState): readonly BookOrder[] {
  return [...follower.book.orders.values()]
    .filter((order) => isForeign(follower, order))
    .sort((a, b) => a.firstSeq - b.firstSeq);
}

function isForeign(follower: FollowerState, order: BookOrder): boolean {
  return childOf(follower, order) === undefined && parentChildOf(follower, order) === undefined;
}

/** What of a position others have taken out. */
export interface TakenOut {
  readonly units: number;
  /** All that was copied was taken out at once, and not from the broker's app. */
  readonly isSquareOff: boolean;
  readonly last: BookOrder | undefined;
}

/** `copied` are signed units of the position, which these orders are against. */
export function takenOut(orders: readonly BookOrder[], key: PositionKey, copied: number): TakenOut {
  const against = orders.filter((order) => {
    const isHere = toPositionKey(order.instrument, order.product) === key;
    return isHere && order.filledQuantity > 0 && signOf(order.side) === -Math.sign(copied);
  });
  const unitsOf = (some: readonly BookOrder[]) =>
    some.reduce((sum, order) => sum + order.filledQuantity, 0);
  const unmarked = against.filter((order) => !order.isByHand);
  return {
    units: unitsOf(against),
    isSquareOff: unitsOf(unmarked) >= Math.abs(copied),
    last: against.at(-1),
  };
}
