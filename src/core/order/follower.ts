/**
 * A follower's account: copies, child orders and copied positions, as a fold over its stream.
 *
 * Keeps: copied positions grow and shrink by child fills only, whatever else the account trades;
 * every child's filled quantity is the broker's. Does not: decide (plan/) or size (desire/).
 */
import { must, unreachable } from "../../platform/assert.ts";
import type { DriftPosition } from "../model/drift.ts";
import {
  type CopyId,
  type CopyOpened,
  type FollowerFact,
  type RepairAsked,
  toCopyId,
} from "../model/fact.ts";
import type { CorrelationId } from "../model/ids.ts";
import { type OrderObservation, signOf } from "../model/order.ts";
import type { AlarmCode } from "../model/reason.ts";
import type { TradingDay } from "../model/time.ts";
import {
  type AccountBook,
  parentIdOf,
  toPositionKey,
  withOrder,
  withPositions,
} from "./account-book.ts";
import {
  type Child,
  cancelIntended,
  changeAnswered,
  changeSettled,
  childSeen,
  lookedForAnew,
  lost,
  modifyIntended,
  moved,
  newChild,
  notFound,
  type PendingChange,
  placeAnswered,
  vehicleOf,
  withoutPending,
} from "./child.ts";
import { isOpen } from "./child-state.ts";
import { type Copy, changedCopy, newCopy, turned, withAlarm } from "./copy.ts";
import {
  carriedKeyOf,
  copiedKeyOf,
  type FollowerState,
  type RepairRequest,
} from "./follower-state.ts";
import { exitedUnits, exitLevelsOf, firedUnits, isAlive, protectionOf } from "./group.ts";
import { knownDrift } from "./known-drift.ts";
import { movedMode } from "./link-modes.ts";
import { childNamed, childrenNamed, openIdsOf } from "./named.ts";
import { withNewDay } from "./new-day.ts";
import { changedStops, withEntryChange } from "./stops.ts";

const RECENT_MAX = 20;
/** A request that is older is judged anew, by what was seen then. */
const REQUESTS_MAX = 50;

/** The state after the fact with this seq of the follower's stream, recorded at `atMs`. */
export function foldFollower(
  state: FollowerState,
  fact: FollowerFact,
  seq: number,
  atMs: number,
): FollowerState {
  const next = countedEntries(foldFact(state, fact, seq, atMs), fact);
  const id = touchedChild(next, fact);
  if (id === undefined) return next;
  const stops = withEntryChange(next.stops, state.children.get(id), next.children.get(id), atMs);
  return stops === next.stops ? next : { ...next, stops };
}

/** An entry counts from its intent on, and no more once no byte of it has left. */
function countedEntries(state: FollowerState, fact: FollowerFact): FollowerState {
  if (fact.kind === "placeIntended") {
    return fact.identity.leg === "entry" ? withEntries(state, fact.copyId, 1) : state;
  }
  if (fact.kind !== "commandAnswered" || fact.outcome.kind !== "notSent") return state;
  const child = childNamed(state, fact.correlationId);
  const isEntry = fact.command === "place" && child.identity.leg === "entry";
  return isEntry ? withEntries(state, child.copyId, -1) : state;
}

function withEntries(state: FollowerState, id: CopyId, more: number): FollowerState {
  const { linkId } = must(state.copies.get(id), `copy ${id}`);
  const count = Math.max(0, (state.entriesToday.get(linkId) ?? 0) + more);
  return { ...state, entriesToday: state.entriesToday.set(linkId, count) };
}

/** The child whose state the fact may have changed by what the broker said of it. */
function touchedChild(state: FollowerState, fact: FollowerFact): CorrelationId | undefined {
  if (fact.kind === "commandAnswered") return fact.correlationId;
  return fact.kind === "orderObserved" ? childOf(state, fact.order)?.correlationId : undefined;
}

function foldFact(
  state: FollowerState,
  fact: FollowerFact,
  seq: number,
  atMs: number,
): FollowerState {
  switch (fact.kind) {
    case "orderObserved":
      return foldObserved(state, fact.order, seq);
    case "positionsObserved":
      return { ...state, book: withPositions(state.book, fact.nets) };
    case "capitalObserved":
      return { ...state, capital: fact.capital };
    case "linkOpened":
      return {
        ...state,
        links: state.links.set(fact.linkId, { leader: fact.leader, leaderSeq: fact.leaderSeq }),
      };
    case "copyOpened":
      return foldCopyOpened(state, fact, atMs);
    case "copyResized":
      return withCopy(state, fact.copyId, (copy) => {
        const resized = changedCopy(copy, fact, atMs);
        return fact.isTurned ? turned(resized, (id) => cameToNothing(state, id)) : resized;
      });
    case "skipped":
    case "held":
    case "graceBegan":
    case "graceEnded":
    case "referenceFixed":
    case "entryWithdrawn":
      return withCopy(state, fact.copyId, (copy) => changedCopy(copy, fact, atMs));
    case "copyClosed":
      return foldCopyClosed(state, fact.copyId, fact.leaderFilled);
    case "copyReopened":
      return withOpen(
        withCopy(state, fact.copyId, (copy) => ({ ...copy, isClosed: false })),
        fact.copyId,
      );
    case "restarted":
      return foldRestarted(state, atMs);
    case "clockPutForward":
      return foldLookedForAnew(state, atMs);
    case "suspended":
      return { ...state, suspended: fact.reason };
    case "resumed": {
      const { suspended: _suspended, ...rest } = state;
      return rest;
    }
    case "entriesStopped":
    case "entriesAllowed":
      return { ...state, stops: changedStops(state.stops, fact, atMs) };
    case "linkModeSet":
      return { ...state, modes: state.modes.set(fact.linkId, movedMode(fact, atMs)) };
    case "repairAsked":
      return { ...state, repairs: [...state.repairs.slice(1 - REQUESTS_MAX), requestOf(fact)] };
    case "dayBegan":
      return foldDayBegan(state, fact.day);
    case "driftBegan":
      return withDrift(state, fact, atMs);
    case "driftEnded":
      return { ...state, drifts: state.drifts.delete(copiedKeyOf(fact)) };
    case "alarmed":
      if (fact.position !== undefined) return withDriftAlarm(state, fact.position, fact.code);
      if (fact.copyId === undefined || !state.copies.has(fact.copyId)) return state;
      return withCopy(state, fact.copyId, (copy) => withAlarm(copy, fact.code));
    default:
      return foldChildFact(state, fact, seq, atMs);
  }
}

function requestOf({ requestId, answers }: RepairAsked): RepairRequest {
  return { requestId, answers };
}

function withDrift(
  state: FollowerState,
  fact: Extract<FollowerFact, { kind: "driftBegan" }>,
  atMs: number,
): FollowerState {
  const key = copiedKeyOf(fact);
  const drift = knownDrift(state.drifts.get(key), fact, atMs);
  return { ...state, drifts: state.drifts.set(key, drift) };
}

function withDriftAlarm(
  state: FollowerState,
  position: DriftPosition,
  code: AlarmCode,
): FollowerState {
  const key = copiedKeyOf(position);
  const drift = state.drifts.get(key);
  if (drift === undefined) return state;
  const told = code === "left-in" ? { isLeftTold: true } : { isAlarmed: true };
  return { ...state, drifts: state.drifts.set(key, { ...drift, ...told }) };
}

function withCopy(state: FollowerState, id: CopyId, change: (copy: Copy) => Copy): FollowerState {
  const copy = must(state.copies.get(id), `copy ${id}`);
  return { ...state, copies: state.copies.set(id, change(copy)) };
}

function withOpen(state: FollowerState, id: CopyId): FollowerState {
  const copy = must(state.copies.get(id), `copy ${id}`);
  const key = toPositionKey(copy.instrument, copy.product);
  const open = openIdsOf(state, key);
  if (open.includes(id)) return state;
  return { ...state, openCopies: state.openCopies.set(key, [...open, id]) };
}

function foldCopyOpened(state: FollowerState, fact: CopyOpened, atMs: number): FollowerState {
  const id = toCopyId(fact.linkId, fact.leaderOrderId);
  const copies = state.copies.set(id, newCopy(fact, atMs));
  const recent = [...state.recent.slice(1 - RECENT_MAX), id];
  const carried =
    fact.carries === undefined
      ? state.carried
      : state.carried.set(carriedKeyOf(fact), fact.carries);
  return withOpen({ ...state, copies, recent, carried }, id);
}

function foldCopyClosed(state: FollowerState, id: CopyId, leaderFilled: number): FollowerState {
  const closed = withCopy(state, id, (copy) => ({
    ...copy,
    isClosed: true,
    leaderFilled,
    holds: {},
  }));
  const copy = must(closed.copies.get(id), `copy ${id}`);
  const key = toPositionKey(copy.instrument, copy.product);
  const open = openIdsOf(closed, key).filter((other) => other !== id);
  const openCopies =
    open.length === 0 ? closed.openCopies.delete(key) : closed.openCopies.set(key, open);
  return { ...closed, openCopies };
}

/** The order has ended without having filled anything. */
function cameToNothing(state: FollowerState, id: CorrelationId): boolean {
  const child = childNamed(state, id);
  return !isOpen(child.state) && child.filled === 0;
}

/** What kinds of fact speak of one child. */
type ChildRelated = Extract<
  FollowerFact,
  {
    kind:
      | "placeIntended"
      | "released"
      | "modifyIntended"
      | "cancelIntended"
      | "commandAnswered"
      | "absenceSeen"
      | "absenceProved"
      | "changeSettled"
      | "childAdopted"
      | "childFound";
  }
>;

function foldChildFact(
  state: FollowerState,
  fact: ChildRelated,
  seq: number,
  atMs: number,
): FollowerState {
  switch (fact.kind) {
    case "placeIntended":
      return withNewChild(state, {
        ...newChild(fact.identity, fact.copyId, fact.command.correlationId, { seq, atMs }),
        instrument: fact.command.instrument,
        product: fact.command.product,
        side: fact.command.side,
        terms: fact.command.terms,
        ...(fact.command.vehicle && { vehicle: fact.command.vehicle }),
        ...(fact.command.protection && { protection: fact.command.protection }),
        ...(fact.command.second && { second: fact.command.second }),
        ...(fact.command.isAfterMarket && { isAfterMarket: true }),
        isPrepared: fact.isPrepared ?? false,
      });
    case "released":
      return withChild(state, fact.correlationId, (child) => ({ ...child, isPrepared: false }));
    case "childAdopted": {
      const id = must(fact.order.correlationId, "correlation id of an adopted order");
      const adopted = withNewChild(state, {
        ...newChild(fact.identity, fact.copyId, id, { seq, atMs }),
        instrument: fact.order.instrument,
        product: fact.order.product,
        side: fact.order.side,
        terms: fact.order.terms,
        ...vehicleOf(fact.order.family),
        ...(fact.order.family === "after-market" && { isAfterMarket: true }),
        ...(fact.order.levels && { protection: protectionOf(fact.order.levels) }),
      });
      return foldObserved(adopted, fact.order, seq);
    }
    case "childFound": {
      const found = withChild(state, fact.correlationId, (child) => ({
        ...child,
        brokerOrderId: fact.order.brokerOrderId,
      }));
      return foldObserved(found, fact.order, seq);
    }
    case "modifyIntended":
      return withChild(state, fact.command.correlationId, (child) =>
        modifyIntended(child, fact.command, atMs),
      );
    case "cancelIntended":
      return withChild(state, fact.command.correlationId, (child) =>
        cancelIntended(child, fact.command, atMs),
      );
    case "commandAnswered":
      return withChild(state, fact.correlationId, (child) =>
        fact.command === "place"
          ? placeAnswered(child, fact.outcome, atMs)
          : changeAnswered(child, fact.command, fact.outcome, atMs),
      );
    case "absenceSeen":
      return withChild(state, fact.correlationId, (child) => notFound(child, fact));
    case "absenceProved":
      return withChild(state, fact.correlationId, (child) => moved(child, "absenceProved"));
    case "changeSettled":
      return withChild(foldObserved(state, fact.order, seq), fact.correlationId, (child) => ({
        ...changeSettled(child, fact.order.terms, atMs),
        ...(fact.protection && { protection: fact.protection }),
      }));
    default:
      return unreachable(fact);
  }
}

function withNewChild(state: FollowerState, child: Child): FollowerState {
  const leg = child.identity.leg;
  const named = withCopy(state, child.copyId, (copy) => ({
    ...copy,
    children: { ...copy.children, [leg]: [...copy.children[leg], child.correlationId] },
  }));
  return { ...named, children: named.children.set(child.correlationId, child) };
}

function withChild(
  state: FollowerState,
  id: CorrelationId,
  change: (child: Child) => Child,
): FollowerState {
  const child = must(state.children.get(id), `child ${id}`);
  return withChanged(state, child, change(child));
}

/**
 * The state with a child as it is now. What it and its legs have filled moves the copied position; its
 * broker id, once known, is what its legs and lists are found by.
 */
function withChanged(state: FollowerState, before: Child, changed: Child): FollowerState {
  const after = withDerived(state.book, changed);
  const children = state.children.set(after.correlationId, after);
  const placed =
    after.brokerOrderId === undefined || after.brokerOrderId === before.brokerOrderId
      ? state.placed
      : state.placed.set(after.brokerOrderId, after.correlationId);
  const copied = withCopiedUnits(state, before, after);
  const isUnknown = after.state === "unknown";
  if (isUnknown === (before.state === "unknown")) return { ...state, children, placed, copied };
  const others = state.unknown.filter((id) => id !== after.correlationId);
  const unknown = isUnknown ? [...others, after.correlationId] : others;
  return { ...state, children, placed, copied, unknown };
}

/** What follows for the child from orders that belong to it: a group's legs, a trigger's own orders. */
function withDerived(book: AccountBook, child: Child): Child {
  const { vehicle, brokerOrderId } = child;
  if (vehicle === undefined || brokerOrderId === undefined) return child;
  if (vehicle === "forever") {
    return { ...child, filled: Math.max(child.filled, firedUnits(book, brokerOrderId)) };
  }
  const levels = exitLevelsOf(book, brokerOrderId);
  const exited = exitedUnits(levels);
  const leg = child.pending?.kind === "cancel" ? child.pending.leg : undefined;
  const hasEnded = leg !== undefined && levels[leg] !== undefined && !isAlive(levels[leg]);
  // News of a leg may overtake that of its entry, which has filled at least as much.
  const seen = [child.filled, levels.target?.filledQuantity ?? 0, levels.stop?.filledQuantity ?? 0];
  return { ...(hasEnded ? withoutPending(child) : child), exited, filled: Math.max(...seen) };
}

function withCopiedUnits(state: FollowerState, before: Child, after: Child) {
  const delta = after.filled - after.exited - (before.filled - before.exited);
  if (delta === 0) return state.copied;
  const copy = must(state.copies.get(after.copyId), `copy ${after.copyId}`);
  const key = copiedKeyOf(copy);
  return state.copied.set(key, (state.copied.get(key) ?? 0) + signOf(after.side) * delta);
}

/** The child that this order is, by our name for it or by the broker's. */
export function childOf(state: FollowerState, order: OrderObservation): Child | undefined {
  const id = order.correlationId ?? state.placed.get(order.brokerOrderId);
  return id && state.children.get(id);
}

/** The child whose leg or fired order this is. */
export function parentChildOf(state: FollowerState, order: OrderObservation): Child | undefined {
  // An order of our own belongs to none that only a book could claim it for.
  const isNobodys = order.correlationId === undefined;
  const parentId = isNobodys ? parentIdOf(state.book, order) : order.parentId;
  const id = parentId && state.placed.get(parentId);
  return id && state.children.get(id);
}

function foldObserved(state: FollowerState, order: OrderObservation, seq: number): FollowerState {
  const seen = { ...state, book: withOrder(state.book, order, seq) };
  const parent = parentChildOf(seen, order);
  if (parent !== undefined) return withChanged(seen, parent, parent);
  const child = childOf(seen, order);
  if (!child) return seen;
  // A second order under the same id is not this child's: its fills must not be counted twice.
  if (child.brokerOrderId !== undefined && child.brokerOrderId !== order.brokerOrderId) return seen;
  return withChanged(seen, child, childSeen(child, order));
}

function foldRestarted(state: FollowerState, atMs: number): FollowerState {
  let next = foldLookedForAnew(state, atMs);
  for (const child of state.children.values()) {
    if (child.state === "intended") {
      next = withChanged(next, child, { ...lost(child, atMs), isPrepared: false });
    } else if (child.pending !== undefined) {
      const pending: PendingChange = { ...child.pending, phase: "unknown" };
      next = withChanged(next, child, { ...child, pending });
    }
  }
  return next;
}

/** The time that an order in transit may stay hidden is this process's, and by a clock that did not step. */
function foldLookedForAnew(state: FollowerState, atMs: number): FollowerState {
  return childrenNamed(state, state.unknown).reduce(
    (next, child) => withChanged(next, child, lookedForAnew(child, atMs)),
    state,
  );
}

function foldDayBegan(state: FollowerState, day: TradingDay): FollowerState {
  if (state.day === undefined || state.day === day) return { ...state, day };
  const { state: next, ended } = withNewDay(state, day);
  return ended.reduce((after, id) => foldCopyClosed(after, id, Number.MAX_SAFE_INTEGER), next);
}
