/**
 * A follower's account: copies, child orders and copied positions, as a fold over its stream.
 *
 * Keeps: copied positions grow and shrink by child fills only, whatever else the account trades;
 * every child's filled quantity is the broker's. Does not: decide (plan/) or size (desire/).
 */
import { must, unreachable } from "../../platform/assert.ts";
import { type CopyId, type CopyOpened, type FollowerFact, toCopyId } from "../model/fact.ts";
import type { AccountId, CorrelationId, LinkId } from "../model/ids.ts";
import type { PriceE4 } from "../model/money.ts";
import { type OrderObservation, signOf } from "../model/order.ts";
import { PersistentMap } from "../model/persistent-map.ts";
import type { HoldCode, SkipCode } from "../model/reason.ts";
import type { TradingDay } from "../model/time.ts";
import {
  type AccountBook,
  EMPTY_BOOK,
  type PositionKey,
  toPositionKey,
  withOrder,
  withPositions,
} from "./account-book.ts";
import {
  type Child,
  changeAnswered,
  childSeen,
  moved,
  newChild,
  notFound,
  type PendingChange,
  placeAnswered,
  withoutPending,
} from "./child.ts";
import { isOpen } from "./child-state.ts";
import type { Leg } from "./correlation-id.ts";

export interface Copy extends Omit<CopyOpened, "kind"> {
  readonly children: {
    readonly entry: readonly CorrelationId[];
    readonly exit: readonly CorrelationId[];
  };
  readonly skips: Readonly<Partial<Record<Leg | "all", SkipCode>>>;
  readonly holds: Readonly<Partial<Record<Leg, HoldCode>>>;
  readonly reference?: PriceE4;
  readonly withdrawn?: "leader-rejected" | "leader-flat";
  readonly isClosed: boolean;
  /** What the leader's order had filled when the copy was closed. */
  readonly leaderFilled: number;
  readonly openedAtMs: number;
}

export interface OpenedLink {
  readonly leader: AccountId;
  readonly leaderSeq: number;
}

declare const copiedKey: unique symbol;
/** One link's share of one instrument and product. */
export type CopiedKey = string & { readonly [copiedKey]: true };

export function toCopiedKey(linkId: LinkId, key: PositionKey): CopiedKey {
  return `${linkId}|${key}` as CopiedKey;
}

export interface FollowerState {
  readonly account: AccountId;
  readonly book: AccountBook;
  readonly links: PersistentMap<LinkId, OpenedLink>;
  readonly copies: PersistentMap<CopyId, Copy>;
  readonly children: PersistentMap<CorrelationId, Child>;
  /** Children whose outcome is unknown; as a rule none. */
  readonly unknown: readonly CorrelationId[];
  /** Copies that may still need something, by instrument and product, oldest first. */
  readonly openCopies: PersistentMap<PositionKey, readonly CopyId[]>;
  /** Signed units that copying opened and has not closed. */
  readonly copied: PersistentMap<CopiedKey, number>;
  readonly day?: TradingDay;
  readonly suspended?: "auth" | "address";
}

export function emptyFollower(account: AccountId): FollowerState {
  return {
    account,
    book: EMPTY_BOOK,
    links: PersistentMap.empty(),
    copies: PersistentMap.empty(),
    children: PersistentMap.empty(),
    unknown: [],
    openCopies: PersistentMap.empty(),
    copied: PersistentMap.empty(),
  };
}

/** The state after the fact with this seq of the follower's stream, recorded at `atMs`. */
export function foldFollower(
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
    case "linkOpened":
      return {
        ...state,
        links: state.links.set(fact.linkId, { leader: fact.leader, leaderSeq: fact.leaderSeq }),
      };
    case "copyOpened":
      return foldCopyOpened(state, fact, atMs);
    case "copyResized":
      return withCopy(state, fact.copyId, ({ exit: _exit, ...copy }) => ({
        ...copy,
        split: fact.split,
        entryQuantity: fact.entryQuantity,
        skips: {},
        ...(fact.exit === undefined ? {} : { exit: fact.exit }),
        ...(fact.isTurned ? { children: turned(copy.children) } : {}),
      }));
    case "skipped":
      return withCopy(state, fact.copyId, (copy) => ({
        ...copy,
        skips: { ...copy.skips, [fact.leg]: fact.code },
      }));
    case "held":
      return withCopy(state, fact.copyId, (copy) => {
        const { [fact.leg]: _ended, ...others } = copy.holds;
        return { ...copy, holds: fact.code ? { ...others, [fact.leg]: fact.code } : others };
      });
    case "referenceFixed":
      return withCopy(state, fact.copyId, (copy) => ({ ...copy, reference: fact.price }));
    case "entryWithdrawn":
      return withCopy(state, fact.copyId, (copy) => ({ ...copy, withdrawn: fact.code }));
    case "copyClosed":
      return foldCopyClosed(state, fact.copyId, fact.leaderFilled);
    case "copyReopened":
      return withOpen(withCopy(state, fact.copyId, reopened), fact.copyId);
    case "placeIntended":
    case "released":
    case "modifyIntended":
    case "cancelIntended":
    case "commandAnswered":
    case "absenceSeen":
    case "absenceProved":
    case "changeSettled":
    case "childAdopted":
      return foldChildFact(state, fact, seq, atMs);
    case "restarted":
      return foldRestarted(state, atMs);
    case "suspended":
      return { ...state, suspended: fact.reason };
    case "resumed": {
      const { suspended: _suspended, ...rest } = state;
      return rest;
    }
    case "dayBegan":
      return foldDayBegan(state, fact.day);
    case "alarmed":
      return state;
    default:
      return unreachable(fact);
  }
}

const turned = ({ entry, exit }: Copy["children"]): Copy["children"] => ({
  entry: [],
  exit: [...exit, ...entry],
});

const reopened = (copy: Copy): Copy => ({ ...copy, isClosed: false });

function withCopy(state: FollowerState, id: CopyId, change: (copy: Copy) => Copy): FollowerState {
  const copy = must(state.copies.get(id), `copy ${id}`);
  return { ...state, copies: state.copies.set(id, change(copy)) };
}

function withOpen(state: FollowerState, id: CopyId): FollowerState {
  const copy = must(state.copies.get(id), `copy ${id}`);
  const key = toPositionKey(copy.instrument, copy.product);
  const open = state.openCopies.get(key) ?? [];
  if (open.includes(id)) return state;
  return { ...state, openCopies: state.openCopies.set(key, [...open, id]) };
}

function foldCopyOpened(state: FollowerState, fact: CopyOpened, atMs: number): FollowerState {
  const { kind: _kind, ...opened } = fact;
  const id = toCopyId(fact.linkId, fact.leaderOrderId);
  const copy: Copy = {
    ...opened,
    children: { entry: [], exit: [] },
    skips: {},
    holds: {},
    isClosed: false,
    leaderFilled: 0,
    openedAtMs: atMs,
  };
  return withOpen({ ...state, copies: state.copies.set(id, copy) }, id);
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
  const open = (closed.openCopies.get(key) ?? []).filter((other) => other !== id);
  const openCopies =
    open.length === 0 ? closed.openCopies.delete(key) : closed.openCopies.set(key, open);
  return { ...closed, openCopies };
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
      | "childAdopted";
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
        ...newChild(fact.identity, fact.copyId, fact.command.correlationId, atMs),
        instrument: fact.command.instrument,
        product: fact.command.product,
        side: fact.command.side,
        terms: fact.command.terms,
        isPrepared: fact.isPrepared ?? false,
      });
    case "released":
      return withChild(state, fact.correlationId, (child) => ({ ...child, isPrepared: false }));
    case "childAdopted": {
      const id = must(fact.order.correlationId, "correlation id of an adopted order");
      const adopted = withNewChild(state, {
        ...newChild(fact.identity, fact.copyId, id, atMs),
        instrument: fact.order.instrument,
        product: fact.order.product,
        side: fact.order.side,
        terms: fact.order.terms,
      });
      return foldObserved(adopted, fact.order, seq);
    }
    case "modifyIntended":
      return withChild(state, fact.command.correlationId, (child) => ({
        ...child,
        modifications: child.modifications + 1,
        pending: { kind: "modify", terms: fact.command.terms, phase: "asked", atMs },
      }));
    case "cancelIntended":
      return withChild(state, fact.command.correlationId, (child) => ({
        ...child,
        isCancelWanted: true,
        cancels: child.cancels + 1,
        pending: { kind: "cancel", phase: "asked", atMs },
      }));
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
        ...withoutPending(child),
        terms: fact.order.terms,
        termsAtMs: atMs,
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

function withChanged(state: FollowerState, before: Child, after: Child): FollowerState {
  const children = state.children.set(after.correlationId, after);
  const isUnknown = after.state === "unknown";
  if (isUnknown === (before.state === "unknown")) return { ...state, children };
  const others = state.unknown.filter((id) => id !== after.correlationId);
  const unknown = isUnknown ? [...others, after.correlationId] : others;
  return { ...state, children, unknown };
}

function foldObserved(state: FollowerState, order: OrderObservation, seq: number): FollowerState {
  const seen = { ...state, book: withOrder(state.book, order, seq) };
  const child = order.correlationId && state.children.get(order.correlationId);
  if (!child) return seen;
  // A second order under the same id is not this child's: its fills must not be counted twice.
  if (child.brokerOrderId !== undefined && child.brokerOrderId !== order.brokerOrderId) return seen;
  const next = childSeen(child, order);
  const changed = withChanged(seen, child, next);
  const delta = next.filled - child.filled;
  if (delta === 0) return changed;
  const copy = must(state.copies.get(child.copyId), `copy ${child.copyId}`);
  const key = toCopiedKey(copy.linkId, toPositionKey(child.instrument, child.product));
  const units = (state.copied.get(key) ?? 0) + signOf(child.side) * delta;
  return { ...changed, copied: state.copied.set(key, units) };
}

function foldRestarted(state: FollowerState, atMs: number): FollowerState {
  let next = state;
  for (const child of state.children.values()) {
    if (child.state === "intended") {
      next = withChanged(next, child, {
        ...moved(child, "lost"),
        isPrepared: false,
        unknownAtMs: atMs,
      });
    } else if (child.pending !== undefined) {
      const pending: PendingChange = { ...child.pending, phase: "unknown" };
      next = withChanged(next, child, { ...child, pending });
    }
  }
  return next;
}

function foldDayBegan(state: FollowerState, day: TradingDay): FollowerState {
  if (state.day === undefined || state.day === day) return { ...state, day };
  let copied = state.copied;
  for (const [key] of state.copied.entries()) {
    if (key.endsWith("|INTRADAY")) copied = copied.set(key, 0);
  }
  let children = state.children;
  for (const child of state.children.values()) {
    if (isOpen(child.state)) {
      const ended: Child = { ...withoutPending(child), state: "expired" };
      children = children.set(child.correlationId, ended);
    }
  }
  let closed: FollowerState = { ...state, copied, children, unknown: [], day };
  closed = { ...closed, book: { ...closed.book, hasPositions: false } };
  for (const ids of state.openCopies.values()) {
    for (const id of ids) closed = foldCopyClosed(closed, id, Number.MAX_SAFE_INTEGER);
  }
  return closed;
}
