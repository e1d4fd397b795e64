/**
 * What a lookup or a whole book does not show: orders of unknown outcome, until they are found or
 * proved never to have been taken, and orders queued over the night that are gone.
 *
 * Keeps: nothing is believed absent by age alone, nor while anything at the broker may be it.
 */
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
 * Absence is proved by repeated lookups and a whole book, the last of both begun after the settling
 * delay: an order in transit is invisible to both for some seconds. One "not found" proves nothing.
 */
function proveAbsence(draft: Draft, correlationId: CorrelationId): boolean {
  const child = childNamed(draft.state, correlationId);
  const { absenceSettleMs, absenceLookups } = draft.context.limits;
  const { sinceMs, lookups, lastLookupMs, lastBookMs } = child.absences;
  const settledMs = sinceMs + absenceSettleMs;
  if (lookups < absenceLookups || lastLookupMs < settledMs || lastBookMs < settledMs) return false;
  const other = child.vehicle === "forever" ? findTrace(draft, child) : undefined;
  if (other !== undefined) {
    const { brokerOrderId, filledQuantity } = other;
    alarmOnce(draft, child.copyId, "may-have-fired", { brokerOrderId, filled: filledQuantity });
    return false;
  }
  draft.record({ kind: "absenceProved", correlationId });
  return true;
}

/**
 * Triggers carry no name of ours. One with the very terms that were asked for, that came after they
 * were, and that belongs to no other child, is the one, even when it has fired meanwhile. It is no older
 * than the leader's own: both times are the broker's, wherever the machine's clock was when it asked.
 */
function findTrigger(draft: Draft, child: Child): BookOrder | undefined {
  const { leaderPlacedAtMs = 0 } = copyNamed(draft.state, child.copyId);
  return newcomers(draft, child).find(
    (order) => isSameTrigger(child, order) && order.placedAtMs >= leaderPlacedAtMs,
  );
}

/**
 * What the trigger may have left, and whose it is is more than terms can tell: a trigger that seems too
 * old, or, since a trigger leaves its list some time after it has fired, an order with its terms that
 * has no name, and no parent that is known.
 */
function findTrace(draft: Draft, child: Child): BookOrder | undefined {
  const { book } = draft.state;
  return newcomers(draft, child).find((order) => {
    if (isSameTrigger(child, order)) return true;
    const parentId = parentIdOf(book, order);
    const isOfAnother = parentId !== undefined && book.orders.has(parentId);
    return couldHaveFired(child, order) && !isOfAnother;
  });
}

/** Orders first told of after the child was asked for that are no other child's. */
function newcomers({ state }: Draft, { intendedSeq }: Child): readonly BookOrder[] {
  return [...state.book.orders.values()].filter(
    ({ firstSeq, brokerOrderId }) => firstSeq > intendedSeq && !state.placed.has(brokerOrderId),
  );
}

function isSameTrigger(child: Child, order: BookOrder): boolean {
  if (order.family !== "forever" || order.side !== child.side) return false;
  if (order.instrument !== child.instrument || order.product !== child.product) return false;
  const { quantity, price, triggerPrice } = child.terms;
  if (order.terms.quantity !== quantity || order.terms.price !== price) return false;
  return order.terms.triggerPrice === triggerPrice && sameValue(order.second, child.second);
}
