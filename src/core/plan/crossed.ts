/**
 * An exit of ours and an order that is not ours (by hand, or the broker's square-off) may take the same
 * units out at the same moment. Nobody could have prevented it, and what to do about it is a person's
 * to say; but he must hear at once that the account stands on the other side.
 */
import { type OrderObservation, type Side, signOf } from "../model/order.ts";
import {
  type BookOrder,
  netUnits,
  type PositionKey,
  toPositionKey,
} from "../order/account-book.ts";
import type { Child } from "../order/child.ts";
import { childOf, parentChildOf } from "../order/follower.ts";
import type { FollowerState } from "../order/follower-state.ts";
import type { Draft } from "./draft.ts";

/** Fills further apart (by the broker's clock) did not cross: the later one knew of the other. */
const CROSSING_MS = 60_000;

/** After a fill of an order of the account: has it, with another, gone too far? */
export function watchCrossing(draft: Draft, order: OrderObservation): void {
  const { state } = draft;
  const key = toPositionKey(order.instrument, order.product);
  const net = state.book.hasPositions ? netUnits(state.book, key) : 0;
  const sign = signOf(order.side);
  const beyond = sign * net - unitsOn(state, key, sign);
  if (sign * net <= 0 || beyond <= 0) return;
  const exit = crossedExit(state, filledBeside(state, key, order.side));
  if (exit === undefined) return;
  // Each fill makes it more: the last alarm says how much it has come to.
  const { copyId, correlationId } = exit;
  const inputs = { net, beyond };
  draft.record({ kind: "alarmed", code: "exit-crossed", copyId, correlationId, inputs });
}

/** Units that links have copied on that side. */
function unitsOn(state: FollowerState, key: PositionKey, sign: number): number {
  let sum = 0;
  for (const [name, units] of state.copied.entries()) {
    if (name.endsWith(`|${key}`)) sum += Math.max(0, sign * units);
  }
  return sum;
}

function filledBeside(state: FollowerState, key: PositionKey, side: Side): BookOrder[] {
  return [...state.book.orders.values()].filter(
    (order) =>
      order.side === side &&
      order.filledQuantity > 0 &&
      order.family !== "forever" &&
      toPositionKey(order.instrument, order.product) === key,
  );
}

/** The exit of ours that a foreign order crossed, the newest of several. */
function crossedExit(state: FollowerState, orders: readonly BookOrder[]): Child | undefined {
  const foreign = orders.filter((order) => !parentChildOf(state, order) && !childOf(state, order));
  return orders
    .filter(({ updatedAtMs }) =>
      foreign.some((other) => Math.abs(other.updatedAtMs - updatedAtMs) <= CROSSING_MS),
    )
    .map((order) => exitOf(state, order))
    .findLast((child) => child !== undefined);
}

/** The child of ours that this order takes units out for. */
function exitOf(state: FollowerState, order: BookOrder): Child | undefined {
  const child = parentChildOf(state, order) ?? (childOf(state, order) || undefined);
  // A leg of a group goes the other way than its entry.
  const isEntry = child?.identity.leg === "entry" && child.side === order.side;
  return isEntry ? undefined : child;
}
