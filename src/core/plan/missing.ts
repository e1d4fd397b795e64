/**
 * What a lookup or a whole book does not show: orders of unknown outcome, until they are found or
 * proved never to have been taken, and orders queued over the night that are gone.
 *
 * Keeps: nothing is believed absent by age alone, nor while anything at the broker may be it.
 */
import { must } from "../../platform/assert.ts";
import type { CorrelationId } from "../model/ids.ts";
import type { OrderObservation } from "../model/order.ts";
import {
  type BookOrder,
  couldHaveFired,
  type PositionKey,
  parentIdOf,
  sameValue,
  toPositionKey,
} from "../order/account-book.ts";
import type { Child } from "../order/child.ts";
import { isOpen } from "../order/child-state.ts";
import { expiredUnseen } from "../order/leader.ts";
import { childNamed, childrenNamed, copyNamed } from "../order/named.ts";
import type { Draft } from "./draft.ts";
import { observed } from "./observe.ts";
import type { Scope } from "./scope.ts";
import { alarmOnce } from "./watch.ts";

/** Orders queued over the night that a whole book of the new day does not show: they are gone. */
function missingQueued(draft: Draft, shown: readonly OrderObservation[], scope: Scope): void {
  const ids = new Set(shown.map(({ brokerOrderId }) => brokerOrderId));
  for (const correlationId of draft.state.queued) {
    const { brokerOrderId, state } = childNamed(draft.state, correlationId);
    if (brokerOrderId === undefined || !isOpen(state)) continue;
    const order = draft.state.book.orders.get(brokerOrderId);
    if (order === undefined || ids.has(brokerOrderId)) continue;
    draft.record(expiredUnseen(order));
    scope.addPosition(toPositionKey(order.instrument, order.product));
  }
}

/** A whole book was read: unknown orders are found in it, or missing once more. */
export function missingFromBook(
  draft: Draft,
  orders: readonly OrderObservation[],
  startedAtMs: number,
  scope: Scope,
): void {
  missingQueued(draft, orders, scope);
  const shown = new Set(orders.map((order) => order.correlationId));
  for (const child of childrenNamed(draft.state, draft.state.unknown)) {
    if (shown.has(child.correlationId)) continue;
    const { correlationId } = child;
    const found = child.vehicle === "forever" ? findTrigger(draft, child) : undefined;
    if (found !== undefined) {
      draft.record({ kind: "childFound", correlationId, order: found });
      scope.addPosition(toPositionKey(child.instrument, child.product));
      continue;
    }
    draft.record({ kind: "absenceSeen", correlationId, by: "book", startedAtMs });
    if (proveAbsence(draft, correlationId)) {
      scope.addPosition(toPositionKey(child.instrument, child.product));
    }
  }
}

/** A lookup by correlation id: the order, or one more look that found nothing. */
export function lookedUp(
  draft: Draft,
  correlationId: CorrelationId,
  startedAtMs: number,
  order: OrderObservation | undefined,
): PositionKey[] {
  const child = draft.state.children.get(correlationId);
  if (child === undefined) return [];
  const key = toPositionKey(child.instrument, child.product);
  if (order !== undefined) {
    observed(draft, { orders: [order], witness: "book", startedAtMs });
    return [key];
  }
  if (child.state !== "unknown") return [];
  draft.record({ kind: "absenceSeen", correlationId, by: "lookup", startedAtMs });
  return proveAbsence(draft, correlationId) ? [key] : [];
}

/**
 * Absence is proved by repeated lookups and a whole book, all begun after the settling delay: an
 * order in transit is invisible to both for some seconds. One "not found" proves nothing.
 */
function proveAbsence(draft: Draft, correlationId: CorrelationId): boolean {
  const child = childNamed(draft.state, correlationId);
  const { absenceSettleMs, absenceLookups } = draft.context.limits;
  const { lookups, lastLookupMs, lastBookMs } = child.absences;
  const settledMs = must(child.unknownAtMs, "since when it is unknown") + absenceSettleMs;
  if (lookups < absenceLookups || lastLookupMs < settledMs || lastBookMs < settledMs) return false;
  const fired = child.vehicle === "forever" ? findFired(draft, child) : undefined;
  if (fired !== undefined) {
    const { brokerOrderId } = fired;
    alarmOnce(draft, child.copyId, "may-have-fired", {
      brokerOrderId,
      filled: fired.filledQuantity,
    });
    return false;
  }
  draft.record({ kind: "absenceProved", correlationId });
  return true;
}

/**
 * Triggers carry no name of ours. One with the very terms that were asked for, that came after they
 * were, and that belongs to no other child, is the one, even when it has fired meanwhile.
 */
function findTrigger(draft: Draft, child: Child): BookOrder | undefined {
  for (const order of draft.state.book.orders.values()) {
    if (order.family !== "forever" || !mayBeOf(draft, child, order)) continue;
    if (order.instrument !== child.instrument || order.product !== child.product) continue;
    if (order.side === child.side && isSameTrigger(order, child)) return order;
  }
  return undefined;
}

function isSameTrigger({ terms, second }: BookOrder, child: Child): boolean {
  const { quantity, price, triggerPrice } = child.terms;
  if (terms.quantity !== quantity || terms.price !== price) return false;
  return terms.triggerPrice === triggerPrice && sameValue(second, child.second);
}

/**
 * A trigger leaves its list some time after it has fired: then only what it has fired is left of it, an
 * order without a name, of no trigger that is known. Whose it is is more than terms can tell.
 */
function findFired(draft: Draft, child: Child): BookOrder | undefined {
  const { book } = draft.state;
  for (const order of book.orders.values()) {
    if (!couldHaveFired(child, order) || !mayBeOf(draft, child, order)) continue;
    const parentId = parentIdOf(book, order);
    if (parentId === undefined || !book.orders.has(parentId)) return order;
  }
  return undefined;
}

/**
 * It was first told of after the child was asked for, and placed after the leader's order that the child
 * copies. Both times are the broker's: the machine's clock may have been elsewhere when it asked.
 */
function mayBeOf({ state, context }: Draft, child: Child, order: BookOrder): boolean {
  if (order.firstSeq < child.intendedSeq || state.placed.has(order.brokerOrderId)) return false;
  const { leader, leaderOrderId } = copyNamed(state, child.copyId);
  const copied = context.leader(leader)?.book.orders.get(leaderOrderId);
  return copied === undefined || order.placedAtMs >= copied.placedAtMs;
}
