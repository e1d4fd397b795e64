/** What witnesses say of the follower's own orders, recorded, with the alarms that it raises. */
import type { CorrelationId } from "../model/ids.ts";
import { isTerminal, type OrderObservation, type OrderTerms } from "../model/order.ts";
import {
  mergeObservation,
  type PositionKey,
  toPositionKey,
  type Witness,
} from "../order/account-book.ts";
import { nextChildState } from "../order/child-state.ts";
import type { Child } from "../order/follower.ts";
import type { Draft } from "./draft.ts";

interface Observed {
  readonly orders: readonly OrderObservation[];
  readonly witness: Witness;
  readonly startedAtMs: number;
}

/** Records what is new; returns the positions that it touches. */
export function observed(draft: Draft, input: Observed): Set<PositionKey> {
  const keys = new Set<PositionKey>();
  for (const seen of input.orders) {
    if (observeOne(draft, seen, input.witness))
      keys.add(toPositionKey(seen.instrument, seen.product));
    if (input.witness === "book" && settleFromBook(draft, seen, input.startedAtMs)) {
      keys.add(toPositionKey(seen.instrument, seen.product));
    }
  }
  return keys;
}

function observeOne(draft: Draft, seen: OrderObservation, witness: Witness): boolean {
  const merged = mergeObservation(draft.state.book.orders.get(seen.brokerOrderId), seen);
  if (merged === undefined) return false;
  const before = merged.correlationId && draft.state.children.get(merged.correlationId);
  draft.record({ kind: "orderObserved", order: merged, witness });
  if (before) raiseAlarms(draft, before, merged);
  return true;
}

function raiseAlarms(draft: Draft, before: Child, order: OrderObservation): void {
  const about = {
    kind: "alarmed",
    copyId: before.copyId,
    correlationId: before.correlationId,
  } as const;
  if (before.brokerOrderId !== undefined && before.brokerOrderId !== order.brokerOrderId) {
    const inputs = { first: before.brokerOrderId, second: order.brokerOrderId };
    draft.record({ ...about, code: "two-live-children", inputs });
    return;
  }
  const after = draft.state.children.get(before.correlationId);
  if (after === undefined || after.state === before.state) return;
  const risen = riseOf(before, order);
  if (risen !== undefined) draft.record({ ...about, code: risen, inputs: { was: before.state } });
  if (after.state === "rejected") {
    const code = before.identity.leg === "exit" ? "exit-rejected" : "entry-rejected";
    draft.record({ ...about, code, inputs: { text: order.reason } });
  }
}

function riseOf(before: Child, order: OrderObservation) {
  const fact = {
    transit: "seenTransit",
    working: "seenWorking",
    filled: "seenFilled",
    cancelled: "seenCancelled",
    rejected: "seenRejected",
    expired: "seenExpired",
  } as const;
  const alarm = nextChildState(before.state, fact[order.status])?.alarm;
  return alarm === "order-rose-again" || alarm === "filled-after-cancel" ? alarm : undefined;
}

/**
 * A read of the book that began well after a change was accepted shows whether it took: a cancel
 * that did not end the order, or terms that are not the ones asked for, are planned again.
 */
function settleFromBook(draft: Draft, seen: OrderObservation, startedAtMs: number): boolean {
  const child = seen.correlationId && draft.state.children.get(seen.correlationId);
  if (!child || child.brokerOrderId !== seen.brokerOrderId || isTerminal(seen.status)) return false;
  const { changeSettleMs } = draft.context.limits;
  const pending = child.pending;
  const order = draft.state.book.orders.get(seen.brokerOrderId) ?? seen;
  const { correlationId } = child;
  if (pending !== undefined) {
    const hasFailed = pending.phase === "answered" && startedAtMs >= pending.atMs + changeSettleMs;
    if (!hasFailed) return false;
    draft.record({ kind: "changeSettled", correlationId, order });
    return true;
  }
  const hasTaken = startedAtMs < child.termsAtMs + changeSettleMs || hasTerms(seen, child.terms);
  if (hasTaken || child.state !== "working") return false;
  draft.record({ kind: "changeSettled", correlationId, order: { ...order, terms: seen.terms } });
  return true;
}

/** A market order may stand in the book as the limit that the broker made of it. */
function hasTerms(seen: OrderObservation, terms: OrderTerms): boolean {
  if (terms.type === "MARKET") return true;
  return (
    seen.terms.quantity === terms.quantity &&
    seen.terms.price === terms.price &&
    seen.terms.triggerPrice === terms.triggerPrice
  );
}

/** Unknown orders that a whole book does not show. */
export function missingFromBook(
  draft: Draft,
  orders: readonly OrderObservation[],
  startedAtMs: number,
  keys: Set<PositionKey>,
): void {
  const shown = new Set(orders.map((order) => order.correlationId));
  for (const child of unknownChildren(draft)) {
    if (shown.has(child.correlationId)) continue;
    const { correlationId } = child;
    draft.record({ kind: "absenceSeen", correlationId, by: "book", startedAtMs });
    if (proveAbsence(draft, correlationId))
      keys.add(toPositionKey(child.instrument, child.product));
  }
}

function unknownChildren(draft: Draft): Child[] {
  const unknown: Child[] = [];
  for (const ids of draft.state.openCopies.values()) {
    for (const id of ids) {
      const copy = draft.state.copies.get(id);
      for (const name of [...(copy?.children.entry ?? []), ...(copy?.children.exit ?? [])]) {
        const child = draft.state.children.get(name);
        if (child?.state === "unknown") unknown.push(child);
      }
    }
  }
  return unknown;
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
  const child = draft.state.children.get(correlationId);
  if (child?.state !== "unknown" || child.unknownAtMs === undefined) return false;
  const { absenceSettleMs, absenceLookups } = draft.context.limits;
  const { lookups, lastLookupMs, lastBookMs } = child.absences;
  const settledMs = child.unknownAtMs + absenceSettleMs;
  if (lookups < absenceLookups || lastLookupMs < settledMs || lastBookMs < settledMs) return false;
  draft.record({ kind: "absenceProved", correlationId });
  return true;
}

/** A read of one order settles a modify or cancel of unknown outcome. */
export function orderRead(
  draft: Draft,
  correlationId: CorrelationId,
  startedAtMs: number,
  order: OrderObservation,
): PositionKey[] {
  const child = draft.state.children.get(correlationId);
  if (child === undefined) return [];
  observed(draft, { orders: [order], witness: "book", startedAtMs });
  const now = draft.state.children.get(correlationId);
  if (now?.pending?.phase === "unknown" && startedAtMs >= now.pending.atMs) {
    const known = draft.state.book.orders.get(order.brokerOrderId) ?? order;
    draft.record({ kind: "changeSettled", correlationId, order: { ...known, terms: order.terms } });
  }
  return [toPositionKey(child.instrument, child.product)];
}
