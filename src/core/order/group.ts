/**
 * A group's exit legs as everything that is known of the account tells them: the broker's list of
 * groups where there is one, and the legs' own orders.
 *
 * Keeps: of two witnesses of one leg the one that is further on counts; units are never counted twice
 * because both have told of them. Does not: decide anything.
 */
import type { Protection } from "../model/command.ts";
import type { BrokerOrderId } from "../model/ids.ts";
import type { ExitLeg, ExitLegStatus, ExitLevel, ExitLevels, Side } from "../model/order.ts";
import { isTerminal } from "../model/order.ts";
import {
  type AccountBook,
  type BookOrder,
  isGroupEntry,
  type PositionKey,
  toPositionKey,
} from "./account-book.ts";

const EXIT_LEGS: readonly ExitLeg[] = ["stop", "target"];

/** A leg that ends as cancelled may have been seen triggered before, never the other way round. */
const FURTHER: Readonly<Record<ExitLegStatus, number>> = {
  waiting: 0,
  working: 1,
  triggered: 2,
  cancelled: 3,
  filled: 4,
};

/** The legs of the group whose entry this is; none are known yet where both are absent. */
export function exitLevelsOf(book: AccountBook, entryId: BrokerOrderId): ExitLevels {
  const listed = book.orders.get(entryId)?.levels;
  const legs = (book.byParent.get(entryId) ?? [])
    .map((id) => book.orders.get(id))
    .filter((order) => order?.leg !== undefined);
  if (legs.length === 0) return listed ?? {};
  const levels: { target?: ExitLevel; stop?: ExitLevel } = {};
  for (const leg of EXIT_LEGS) {
    const level = mergedLevel(
      listed?.[leg],
      legs.filter((order) => order?.leg === leg) as BookOrder[],
    );
    if (level !== undefined) levels[leg] = level;
  }
  return levels;
}

function mergedLevel(
  listed: ExitLevel | undefined,
  orders: readonly BookOrder[],
): ExitLevel | undefined {
  const filledQuantity = orders.reduce((sum, order) => sum + order.filledQuantity, 0);
  const newest = orders.at(-1);
  const price = newest && (newest.terms.triggerPrice ?? newest.terms.price);
  if (newest === undefined) return listed;
  if (listed === undefined) {
    if (price === undefined) return undefined;
    const isSent = newest.leg === "stop" && newest.terms.triggerPrice === undefined;
    const status = statusOfLeg(newest);
    if (!isSent) return { price, status, filledQuantity };
    return { price, status: status === "working" ? "triggered" : status, filledQuantity, isSent };
  }
  const own = statusOfLeg(newest);
  // A leg that took out all there was is alive again when more of its entry has filled.
  const hasGrown =
    own === "filled" && filledQuantity > 0 && listed.filledQuantity >= filledQuantity;
  const isOwn = FURTHER[own] > FURTHER[listed.status] && !hasGrown;
  return {
    ...listed,
    status: isOwn ? own : listed.status,
    filledQuantity: Math.max(filledQuantity, listed.filledQuantity),
  };
}

function statusOfLeg({ status, filledQuantity }: BookOrder): ExitLegStatus {
  if (status === "filled") return "filled";
  if (isTerminal(status)) return "cancelled";
  return filledQuantity > 0 ? "triggered" : "working";
}

/** Levels in the form in which they are asked for. */
export function protectionOf({ target, stop }: ExitLevels): Protection {
  return {
    ...(target && { target: target.price }),
    ...(stop && { stop: stop.price }),
    ...(stop?.trail && { trail: stop.trail }),
  };
}

/** Units that the legs have taken out, both together. */
export function exitedUnits({ target, stop }: ExitLevels): number {
  return (target?.filledQuantity ?? 0) + (stop?.filledQuantity ?? 0);
}

/** The leg may still take units out. */
export function isAlive(level: ExitLevel | undefined): level is ExitLevel {
  return level !== undefined && level.status !== "filled" && level.status !== "cancelled";
}

/** The leg is at the exchange: what has filled is protected by it, or sold by it. */
export function isAtExchange(level: ExitLevel | undefined): level is ExitLevel {
  return level?.status === "working" || level?.status === "triggered";
}

/** Units that groups of one contract and side still hold by their own account. */
export function groupUnits(book: AccountBook, key: PositionKey, side: Side): number {
  return groupsInside(book, key, side).reduce((sum, entry) => sum + insideOf(book, entry), 0);
}

/**
 * Entries of the groups of one contract and side that hold units by their own account. Legs do not
 * outlive their day: what is left of a former day's group is a position like any other.
 */
export function groupsInside(book: AccountBook, key: PositionKey, side: Side): BookOrder[] {
  return [...book.orders.values()].filter(
    (order) =>
      isGroupEntry(order.family) &&
      order.firstSeq >= book.dayFromSeq &&
      order.side === side &&
      toPositionKey(order.instrument, order.product) === key &&
      insideOf(book, order) > 0,
  );
}

function insideOf(book: AccountBook, { brokerOrderId, filledQuantity }: BookOrder): number {
  return filledQuantity - exitedUnits(exitLevelsOf(book, brokerOrderId));
}

/** All legs of the group have ended, and none has filled anything: what it brought in is bare, or gone. */
export function hasGivenUp(book: AccountBook, entryId: BrokerOrderId): boolean {
  const levels = exitLevelsOf(book, entryId);
  const legs = Object.values(levels);
  return legs.length > 0 && !legs.some(isAlive) && exitedUnits(levels) === 0;
}

/** Units of groups of one contract and side that have their legs. */
export function protectedUnits(book: AccountBook, key: PositionKey, side: Side): number {
  return groupsInside(book, key, side)
    .filter(({ brokerOrderId }) => !hasGivenUp(book, brokerOrderId))
    .reduce((sum, entry) => sum + insideOf(book, entry), 0);
}

/** Units that a trigger's own orders have filled: what a Forever order has come to. */
export function firedUnits(book: AccountBook, triggerId: BrokerOrderId): number {
  return firedOrders(book, triggerId).reduce((sum, order) => sum + order.filledQuantity, 0);
}

/** The orders that a trigger has fired. */
export function firedOrders(book: AccountBook, triggerId: BrokerOrderId): BookOrder[] {
  return (book.byParent.get(triggerId) ?? [])
    .map((id) => book.orders.get(id))
    .filter((order) => order !== undefined)
    .filter((order) => order.leg === undefined);
}
