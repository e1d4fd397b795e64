/** What witnesses say of the follower's own orders, recorded, with the alarms that it raises. */
import { must } from "../../platform/assert.ts";
import type { Protection } from "../model/command.ts";
import type { CorrelationId, LinkId } from "../model/ids.ts";
import { isTerminal, type OrderObservation, type OrderTerms, signOf } from "../model/order.ts";
import {
  mergeObservation,
  netUnits,
  type PositionKey,
  sameValue,
  toPositionKey,
  type Witness,
} from "../order/account-book.ts";
import { CHANGE_TRIES_MAX, type Child, isGroup } from "../order/child.ts";
import { isOpen, nextChildState } from "../order/child-state.ts";
import type { Copy } from "../order/copy.ts";
import { childOf, parentChildOf } from "../order/follower.ts";
import { copiedUnits } from "../order/follower-state.ts";
import { exitLevelsOf, isAlive, protectionOf } from "../order/group.ts";
import { childNamed, childrenNamed, copyNamed } from "../order/named.ts";
import { watchCrossing } from "./crossed.ts";
import type { Draft } from "./draft.ts";
import { leaderKeyOf } from "./family.ts";
import { Scope } from "./scope.ts";

interface Observed {
  readonly orders: readonly OrderObservation[];
  readonly witness: Witness;
  readonly startedAtMs: number;
}

/** Records what is new; returns what it touches. */
export function observed(draft: Draft, input: Observed): Scope {
  const scope = new Scope();
  for (const seen of input.orders) {
    observeOne(draft, seen, input.witness, scope);
    if (input.witness === "book" && settleFromBook(draft, seen, input.startedAtMs)) {
      scope.addPosition(toPositionKey(seen.instrument, seen.product));
    }
  }
  return scope;
}

function observeOne(draft: Draft, seen: OrderObservation, witness: Witness, scope: Scope): void {
  const known = draft.state.book.orders.get(seen.brokerOrderId);
  const merged =
    mergeObservation(known, seen) ?? (hasLeftTransit(draft, known, seen) ? known : undefined);
  if (merged === undefined) return;
  const before = childOf(draft.state, merged);
  draft.record({ kind: "orderObserved", order: merged, witness });
  const key = toPositionKey(merged.instrument, merged.product);
  if (merged.filledQuantity !== (known?.filledQuantity ?? 0)) watchCrossing(draft, merged);
  const parent = parentChildOf(draft.state, merged);
  if (parent !== undefined) {
    scope.addPosition(toPositionKey(parent.instrument, parent.product));
    partMoved(draft, parent, merged, known);
    return;
  }
  if (!before) {
    if (merged.filledQuantity !== (known?.filledQuantity ?? 0)) scope.addPosition(key);
    return;
  }
  raiseAlarms(draft, before, merged);
  reopenIfAlive(draft, before);
  const after = childNamed(draft.state, before.correlationId);
  const hasMoved = after.filled !== before.filled || after.exited !== before.exited;
  if (hasMoved || hasLegs(draft, after)) reopenGroup(draft, before, after);
  const isShared = before.state === "unknown" || !isOpen(before.state) || hasMoved;
  if (isShared || isTerminal(merged.status)) scope.addPosition(key);
  else scope.addCopy(key, before.copyId);
}

/** A leg or a fired order of one of ours has changed: its copy may need something again. */
function partMoved(
  draft: Draft,
  parent: Child,
  order: OrderObservation,
  known: OrderObservation | undefined,
): void {
  const { copyId, correlationId } = parent;
  const hasFilled = order.filledQuantity !== (known?.filledQuantity ?? 0);
  const isNews = hasFilled || (order.leg !== undefined && !isTerminal(order.status));
  if (isNews && copyNamed(draft.state, copyId).isClosed) {
    draft.record({ kind: "copyReopened", copyId });
  }
  const isRefused = order.status === "rejected" && known?.status !== "rejected";
  if (!isRefused) return;
  const code = parent.identity.leg === "entry" ? "entry-rejected" : "exit-rejected";
  draft.record({ kind: "alarmed", code, copyId, correlationId, inputs: { text: order.reason } });
}

/** A change was refused because of transit; the book never showed that, so working is news. */
function hasLeftTransit(
  draft: Draft,
  known: OrderObservation | undefined,
  seen: OrderObservation,
): boolean {
  const child = known && childOf(draft.state, known);
  if (!child || child.brokerOrderId !== seen.brokerOrderId) return false;
  return child.state === "acked" && known?.status === "working" && seen.status === "working";
}

/** Only open copies are planned: one whose order is alive after all must be open. */
function reopenIfAlive(draft: Draft, before: Child): void {
  const after = childNamed(draft.state, before.correlationId);
  if (!isOpen(after.state) || !copyNamed(draft.state, after.copyId).isClosed) return;
  draft.record({ kind: "copyReopened", copyId: after.copyId });
}

/**
 * Units of a group have moved, or an exit has taken out more than there was: a group whose plan had
 * ended watches over it again.
 */
function reopenGroup(draft: Draft, before: Child, child: Child): void {
  const own = copyNamed(draft.state, child.copyId);
  const isOverrun = child.identity.leg === "exit" && isBeyond(draft, own, child);
  const group = isGroup(own) ? own : isOverrun ? overrunGroup(draft, own.linkId, child) : undefined;
  if (isOverrun && group === undefined) {
    if (own.isClosed) draft.record({ kind: "copyReopened", copyId: own.copyId });
    tellOverrun(draft, own, child, child.filled - before.filled);
  }
  if (group?.isClosed) draft.record({ kind: "copyReopened", copyId: group.copyId });
}

/** The exit has turned what was copied round. */
function isBeyond({ state }: Draft, copy: Copy, child: Child): boolean {
  return signOf(child.side) * copiedUnits(state, copy) > 0;
}

/**
 * Exits that rest side by side have filled together. Another order may be there by chance that takes out
 * what they have opened, at a price of its own: whether it ever fills is not known, so a person is told.
 */
function tellOverrun(draft: Draft, copy: Copy, child: Child, units: number): void {
  const sign = signOf(child.side);
  const leader = draft.context.leader(copy.leader);
  const leaderNet = leader === undefined ? 0 : netUnits(leader.book, leaderKeyOf(copy));
  if (sign * leaderNet > 0) return;
  const over = Math.min(units, sign * copiedUnits(draft.state, copy));
  const { copyId, correlationId } = child;
  draft.record({ kind: "alarmed", code: "double-exit", copyId, correlationId, inputs: { over } });
}

/** The group that was opened last, of those that had their units sold by an exit once more. */
function overrunGroup(draft: Draft, linkId: LinkId, child: Child): Copy | undefined {
  const { copies } = draft.state;
  let last: Copy | undefined;
  for (const copy of copies.values()) {
    if (copy.linkId !== linkId || copy.side === child.side || !isGroup(copy)) continue;
    if (copy.instrument !== child.instrument || copy.product !== child.product) continue;
    const parts = childrenNamed(draft.state, [...copy.children.entry, ...copy.children.stop]);
    const hasExited = parts.some((part) => part.exited > 0 || isFilledStop(part));
    if (!hasExited) continue;
    if (last === undefined || copy.openedAtMs >= last.openedAtMs) last = copy;
  }
  return last;
}

/** A group that is over has none: where a list shows one, its end is still to be seen to. */
function hasLegs({ state }: Draft, child: Child): boolean {
  if (!isGroup(child) || child.brokerOrderId === undefined) return false;
  if (!copyNamed(state, child.copyId).isClosed) return false;
  const { target, stop } = exitLevelsOf(state.book, child.brokerOrderId);
  return child.filled > 0 && (isAlive(target) || isAlive(stop));
}

function isFilledStop({ identity, filled }: Child): boolean {
  return identity.leg === "stop" && filled > 0;
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
  const after = childNamed(draft.state, before.correlationId);
  if (after.filled > before.filled) raiseFillAlarms(draft, before, after);
  if (after.state === before.state) return;
  const risen = riseOf(before, order);
  if (risen !== undefined) draft.record({ ...about, code: risen, inputs: { was: before.state } });
  if (after.state === "rejected") {
    const code = before.identity.leg === "entry" ? "entry-rejected" : "exit-rejected";
    draft.record({ ...about, code, inputs: { text: order.reason } });
  }
}

/** Fills that nobody expects any more. */
function raiseFillAlarms(draft: Draft, before: Child, after: Child): void {
  const { copyId, correlationId } = after;
  const inputs = { filled: after.filled };
  const hasEnded = after.state === "cancelled" || after.state === "expired";
  if (hasEnded && after.state === before.state) {
    draft.record({ kind: "alarmed", code: "filled-after-cancel", copyId, correlationId, inputs });
  }
  const isWithdrawn = copyNamed(draft.state, copyId).withdrawn === "leader-rejected";
  if (isWithdrawn && after.identity.leg === "entry") {
    draft.record({ kind: "alarmed", code: "withdrawn-after-fill", copyId, correlationId, inputs });
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
  const group = groupOf(draft, seen);
  if (group !== undefined && settleGroup(draft, group, startedAtMs)) return true;
  const child = childOf(draft.state, seen);
  if (!child || child.brokerOrderId !== seen.brokerOrderId || isTerminal(seen.status)) return false;
  if (child.pending?.leg !== undefined) return false;
  const { changeSettleMs } = draft.context.limits;
  const pending = child.pending;
  const order = must(draft.state.book.orders.get(seen.brokerOrderId), "what was seen just now");
  const { correlationId } = child;
  if (pending !== undefined) {
    // A trigger can be read in its list alone, so that also tells what an unknown change came to.
    const isTold = pending.phase === "answered" || isUnknownOfTrigger(child);
    const hasFailed = isTold && startedAtMs >= pending.atMs + changeSettleMs;
    if (!hasFailed) return false;
    settleChange(draft, correlationId, order);
    return true;
  }
  const hasTaken = startedAtMs < child.termsAtMs + changeSettleMs || hasTerms(seen, child.terms);
  if (hasTaken || child.state !== "working") return false;
  settleChange(draft, correlationId, { ...order, terms: seen.terms });
  return true;
}

function isUnknownOfTrigger({ vehicle, pending }: Child): boolean {
  return vehicle === "forever" && pending?.phase === "unknown";
}

/** How the order stands after a change; one that was not taken again and again is given up. */
function settleChange(
  draft: Draft,
  correlationId: CorrelationId,
  order: OrderObservation,
  protection?: Protection,
): void {
  const before = childNamed(draft.state, correlationId);
  const settled = { kind: "changeSettled", correlationId, order } as const;
  draft.record(protection === undefined ? settled : { ...settled, protection });
  const { copyId, refusedTerms } = childNamed(draft.state, correlationId);
  if (refusedTerms === undefined || refusedTerms === before.refusedTerms) return;
  const inputs = { tries: CHANGE_TRIES_MAX, quantity: refusedTerms.quantity };
  draft.record({ kind: "alarmed", code: "change-refused", copyId, correlationId, inputs });
}

/** The group that this row tells the levels of: its entry in the list of groups, or a leg's own row. */
function groupOf(draft: Draft, seen: OrderObservation): Child | undefined {
  const child = seen.levels ? childOf(draft.state, seen) : parentChildOf(draft.state, seen);
  return child && isGroup(child) ? child : undefined;
}

/**
 * A list that began well after a leg was changed shows where its levels are. A stop that the broker
 * trails moves by itself; what was asked for and did not take is planned again.
 */
function settleGroup(draft: Draft, child: Child, startedAtMs: number): boolean {
  const { brokerOrderId, correlationId, pending } = child;
  const order = brokerOrderId && draft.state.book.orders.get(brokerOrderId);
  if (!order) return false;
  const { changeSettleMs } = draft.context.limits;
  const levels = exitLevelsOf(draft.state.book, order.brokerOrderId);
  const protection = protectionOf(levels);
  if (pending !== undefined) {
    if (pending.phase === "asked" || startedAtMs < pending.atMs + changeSettleMs) return false;
    if (pending.leg === undefined) return false;
  } else {
    const isYoung = startedAtMs < child.termsAtMs + changeSettleMs;
    if (isYoung || sameValue(protection, child.protection)) return false;
    if (levels.stop === undefined && levels.target === undefined) return false;
  }
  settleChange(draft, correlationId, order, protection);
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
  const { pending } = childNamed(draft.state, correlationId);
  if (pending?.phase === "unknown" && startedAtMs >= pending.atMs) {
    const known = must(draft.state.book.orders.get(order.brokerOrderId), "what was read just now");
    settleChange(draft, correlationId, { ...known, terms: order.terms });
  }
  return [toPositionKey(child.instrument, child.product)];
}
