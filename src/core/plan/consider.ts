/**
 * A leader's order meets a link: is there a copy, of how much, and if not, why not.
 *
 * Keeps: the split at zero and the exit's share are fixed when the order is first seen and again
 * when the leader changes its quantity; whatever fills elsewhere later does not move them.
 * Does not: send anything (leg.ts).
 */
import { must } from "../../platform/assert.ts";
import { basisUnits, exitUnits, scaleDown } from "../desire/quantity.ts";
import { filledParts, splitAtZero } from "../desire/split.ts";
import { type CopyId, type ExitBasis, type Split, toCopyId } from "../model/fact.ts";
import type { CorrelationId } from "../model/ids.ts";
import type { Link } from "../model/link.ts";
import { isTerminal, opposite, signOf } from "../model/order.ts";
import type { Refused } from "../model/reason.ts";
import type { SizingBasis } from "../model/sizing.ts";
import { type BookOrder, type PositionKey, toPositionKey } from "../order/account-book.ts";
import { type Child, isGroup } from "../order/child.ts";
import { isOpen } from "../order/child-state.ts";
import type { Copy } from "../order/copy.ts";
import type { Leg } from "../order/correlation-id.ts";
import {
  type Copied,
  copiedKeyOf,
  copiedUnits,
  type FollowerState,
} from "../order/follower-state.ts";
import { exitedUnits, exitLevelsOf, firedOrders } from "../order/group.ts";
import type { LeaderState } from "../order/leader.ts";
import { childrenNamed, copyNamed, openCopiesOf, openIdsOf } from "../order/named.ts";
import { stopCause, stopInputs } from "../order/stops.ts";
import { filterRefusal } from "../risk/filters.ts";
import { copyRefusal } from "../risk/session.ts";
import { brokerNowMs, type Draft } from "./draft.ts";
import { exitsToJoin } from "./exits-to-join.ts";
import { type Contract, contractOf, type Treatment, tradedFor, treatmentOf } from "./family.ts";
import { openEntry } from "./open-entry.ts";
import { claimedByRepairs } from "./repair-claim.ts";
import { awaitsPrice, type EntrySize, sizeEntry } from "./size-entry.ts";

/** No child has this name: a lookup of it finds nothing. */
const NO_CHILD = "" as CorrelationId;

/**
 * Opens, resizes or reopens the copy of `order` under `link`; records why there is none. `later`
 * are orders told of at the same moment (after a gap) that came after it: their fills are in the
 * leader's position already, and were not when he placed this one.
 */
export function considerOrder(
  draft: Draft,
  link: Link,
  leader: LeaderState,
  order: BookOrder,
  later: readonly BookOrder[] = [],
): void {
  const opened = must(draft.state.links.get(link.id), `link ${link.id}`);
  const id = toCopyId(link.id, order.brokerOrderId);
  const copy = draft.state.copies.get(id);
  if (copy !== undefined) {
    reconsider(draft, copy, link, leader, order);
    return;
  }
  if (order.firstSeq <= opened.leaderSeq) return;
  const treatment = treatmentOf(draft, link, leader, order);
  if (treatment.kind === "wait") return;
  const split = splitAtZero(leader, order, later);
  const refusal = wholeRefusal(link, order, treatment);
  if (refusal === undefined && needsConfirmation(leader, order, split)) return;
  if (refusal === undefined && split.open > 0 && awaitsPrice(link.sizing, order)) return;
  // The broker may still refuse the order: until then it is prepared for, and nothing is refused.
  if (refusal !== undefined && order.status === "transit") return;
  const considered = { draft, link, leader, order, contract: contractOf(link, order) };
  const isEntry = split.reduce === 0;
  if (order.status === "transit" && isEntry && closedRefusal(considered) !== undefined) return;
  const size = sizeEntry({ ...considered, linkId: link.id, sizing: link.sizing }, split);
  openCopy(considered, split, treatment, size);
  if (refusal !== undefined) {
    refuse(draft, id, "all", refusal);
    draft.record({ kind: "copyClosed", copyId: id, leaderFilled: order.filledQuantity });
    return;
  }
  skipEntry(considered, size, id);
  for (const exit of exitsToJoin(draft.state, leader, order, id)) {
    const exitOrder = leader.book.orders.get(exit.leaderOrderId);
    if (exitOrder !== undefined) resize(draft, exit, link, leader, exitOrder);
  }
}

/** A leader's order, and what the follower trades for it. */
interface Considered {
  readonly draft: Draft;
  readonly link: Link;
  readonly leader: LeaderState;
  readonly order: BookOrder;
  readonly contract: Contract;
}

/** Why nothing at all of the order is copied. */
function wholeRefusal(link: Link, order: BookOrder, treatment: Treatment): Refused | undefined {
  const isTrigger = order.family === "forever" && order.status === "filled";
  if (isTerminal(order.status) && order.filledQuantity === 0 && !isTrigger) {
    const code = order.status === "rejected" ? "leader-rejected" : "leader-cancelled";
    return { code, inputs: { status: order.status, reason: order.reason } };
  }
  if (treatment.kind === "refuse") return treatment;
  // It had fired before it could be copied: the order that it fired is what is copied.
  if (isTrigger) return { code: "trigger-fired", inputs: {} };
  if (link.mode === "paused") return { code: "link-paused", inputs: {} };
  return undefined;
}

/**
 * A sale that would open a short, or an exit while an entry of the leader's is still filling, waits
 * for a read of the leader's books that began after it was seen: a frame of the leader's own entry
 * may be late, and taking his exit for an entry would sell what nobody holds.
 */
export function needsConfirmation(leader: LeaderState, order: BookOrder, split: Split): boolean {
  if (order.firstSeq <= leader.confirmedSeq) return false;
  if (order.side === "SELL" && split.open > 0) return true;
  return split.reduce > 0 && hasWorkingOrder(leader, order);
}

function hasWorkingOrder(leader: LeaderState, exit: BookOrder): boolean {
  const open = leader.book.open.get(toPositionKey(exit.instrument, exit.product));
  return open?.entries().some(([, side]) => side === opposite(exit.side)) ?? false;
}

function openCopy(
  considered: Considered,
  split: Split,
  treatment: Treatment,
  { entryQuantity, basis, carries }: EntrySize,
): void {
  const { draft, link, order, contract } = considered;
  const exit = split.reduce > 0 ? exitBasis(considered, split, 0) : undefined;
  const lot = draft.context.instrument(contract.instrument)?.lotSize;
  draft.record({
    kind: "copyOpened",
    copyId: toCopyId(link.id, order.brokerOrderId),
    linkId: link.id,
    leader: link.leader,
    leaderOrderId: order.brokerOrderId,
    leaderPlacedAtMs: order.placedAtMs,
    ...tradedFor(order, contract),
    side: order.side,
    split,
    sizing: link.sizing,
    ...basisPart(basis),
    ...(carries === undefined ? {} : { carries }),
    entryQuantity,
    ...(lot === undefined ? {} : { lot }),
    ...(exit === undefined ? {} : { exit }),
    ...(treatment.kind === "copy" && treatment.vehicle ? { vehicle: treatment.vehicle } : {}),
    ...(treatment.kind === "copy" && treatment.byFills ? { byFills: true } : {}),
    ...(order.family === "after-market" && order.filledQuantity === 0 && { isAfterMarket: true }),
  });
}

/** A rule that needs nothing but his quantity is applied to nothing else. */
function basisPart(basis: SizingBasis | undefined): { basis?: SizingBasis } {
  return basis === undefined || Object.keys(basis).length === 0 ? {} : { basis };
}

/** Copied units that an order on `side` could exit; 0 when the copied position is on that side. */
export function exitableUnits(state: FollowerState, copy: Copied & Pick<Copy, "side">): number {
  return Math.max(0, -signOf(copy.side) * copiedUnits(state, copy));
}

function exitBasis(considered: Considered, split: Split, ownFilled: number): ExitBasis {
  const { draft, link, leader, order, contract } = considered;
  const { state } = draft;
  const key = toPositionKey(contract.instrument, contract.product);
  const own = { linkId: link.id, side: order.side, ...contract, of: order };
  // Without what it has filled itself: beyond the exit that has opened units, which it is no exit of.
  const exitable = -signOf(own.side) * copiedUnits(state, own) + ownFilled;
  const owed =
    owedUnits(considered) +
    legsOwe(draft.state, leader, { ...own, key }) +
    claimedByRepairs(state, own);
  const units = Math.max(0, exitable - owed);
  const openEntries = openCopiesOf(state, key)
    .filter((copy) => isSameCopied(copy, own) && copy.side === opposite(order.side))
    .filter((copy) => canEntryFill(state, copy))
    .map((copy) => openEntry(leader, copy, legFilled(state, copy, "entry")))
    .filter(({ filled, most = Infinity }) => filled < most);
  const takesRest = closesRest(considered, split);
  return { units, openEntries, ...(takesRest ? { takesRest } : {}) };
}

/**
 * Several partial exits that rest together may close all that the leader has. Each rounded down to the
 * lot by itself would leave a lot behind, so the one that completes them is rounded up. (A target
 * beside a stop is no such thing: each of them is all of it.)
 */
function closesRest({ draft, link, leader, order, contract }: Considered, split: Split): boolean {
  const id = toCopyId(link.id, order.brokerOrderId);
  const whole = Math.abs(split.leaderNet);
  if (split.reduce >= whole) return false;
  const own = { copyId: id, linkId: link.id, side: order.side, ...contract, of: order };
  const others = otherExits(draft.state, own)
    .filter((copy) => copy.exit !== undefined)
    .map((copy) => {
      const other = leader.book.orders.get(copy.leaderOrderId);
      if (other === undefined || isTerminal(other.status)) return 0;
      return copy.split.reduce - filledParts(copy.split, other.filledQuantity).reduce;
    });
  return split.reduce + others.reduce((sum, leaves) => sum + leaves, 0) >= whole;
}

/** Whether the copy's entry may still fill: an order of it is open, or one is still to come. */
export function canEntryFill(state: FollowerState, copy: Copy): boolean {
  if (copy.split.open === 0 || copy.isClosed) return false;
  const last = state.children.get(copy.children.entry.at(-1) ?? NO_CHILD);
  if (last !== undefined && isOpen(last.state)) return true;
  if (triggersOf(state, copy).some((child) => hasFiredOpen(state, child))) return true;
  if (isSkipped(copy, "entry") || copy.withdrawn !== undefined) return false;
  return last === undefined || last.state === "notSent" || last.state === "absent";
}

/** The triggers that were placed for the copy. */
export function triggersOf(state: FollowerState, copy: Copy): Child[] {
  if (copy.vehicle !== "forever") return [];
  return childrenNamed(state, [...copy.children.entry, ...copy.children.exit]);
}

/** The trigger has sent an order. */
export function hasFired({ book }: FollowerState, child: Child): boolean {
  const { vehicle, brokerOrderId } = child;
  if (vehicle !== "forever" || brokerOrderId === undefined) return false;
  return child.filled > 0 || firedOrders(book, brokerOrderId).length > 0;
}

/** The trigger has sent an order that still rests, or that nobody has told of yet. */
export function hasFiredOpen({ book }: FollowerState, child: Child): boolean {
  if (child.vehicle !== "forever" || child.brokerOrderId === undefined) return false;
  const fired = firedOrders(book, child.brokerOrderId);
  if (fired.length === 0) return child.state === "filled" && child.filled === 0;
  return fired.some(({ status }) => !isTerminal(status));
}

/** Units that the entries of an exit's basis have filled by now. */
export function basisNow(state: FollowerState, basis: ExitBasis): number {
  return basisUnits(basis, ({ copyId }) => legFilled(state, copyNamed(state, copyId), "entry"));
}

/**
 * Units that other exits are still to take although the leader's have filled already: his net is
 * without them, so the copied position must be too, or they would be sold twice.
 */
function owedUnits({ draft, link, leader, order, contract }: Considered): number {
  const id = toCopyId(link.id, order.brokerOrderId);
  const own = { copyId: id, linkId: link.id, side: order.side, ...contract, of: order };
  const others = otherExits(draft.state, own);
  return others.reduce((sum, other) => sum + dueUnits(draft, leader, other), 0);
}

/**
 * Units of groups that their legs are still to take out although the leader's have done so already: his
 * net is without them, and no other exit is to take them as well.
 */
function legsOwe(
  state: FollowerState,
  leader: LeaderState,
  exit: Copied & Pick<Copy, "side"> & { readonly key: PositionKey },
): number {
  return (state.openCopies.get(exit.key) ?? [])
    .map((id) => state.copies.get(id))
    .filter((copy) => copy !== undefined)
    .filter((copy) => isGroup(copy) && isSameCopied(copy, exit) && copy.side !== exit.side)
    .reduce((sum, copy) => sum + owedByLegs(state, leader, copy), 0);
}

function owedByLegs(state: FollowerState, leader: LeaderState, copy: Copy): number {
  const order = leader.book.orders.get(copy.leaderOrderId);
  if (order === undefined || order.filledQuantity === 0) return 0;
  const exited = exitedUnits(exitLevelsOf(leader.book, order.brokerOrderId));
  const inside = groupInside(state, copy);
  const entered = legFilled(state, copy, "entry");
  const theirs = scaleDown(entered, order.filledQuantity - exited, order.filledQuantity);
  return Math.max(0, inside - theirs);
}

/** Units of a group that are in by the account of its own orders. */
export function groupInside(state: FollowerState, copy: Copy): number {
  const held = childrenNamed(state, copy.children.entry).reduce(
    (sum, child) => sum + child.filled - child.exited,
    0,
  );
  return held - legFilled(state, copy, "stop") + legFilled(state, copy, "repair");
}

/** The same of older exits alone: of what the leader has completed, the oldest is served first. */
export function owedToOlder(draft: Draft, leader: LeaderState, copy: Copy): number {
  const open = openIdsOf(draft.state, toPositionKey(copy.instrument, copy.product));
  const older = otherExits(draft.state, copy).filter(
    (other) => open.indexOf(other.copyId) < open.indexOf(copy.copyId),
  );
  return older.reduce((sum, other) => sum + dueUnits(draft, leader, other), 0);
}

/** No younger exit that the leader has completed is still open. */
export function isNewestExit(draft: Draft, leader: LeaderState, copy: Copy): boolean {
  const open = openIdsOf(draft.state, toPositionKey(copy.instrument, copy.product));
  return !otherExits(draft.state, copy).some((other) => {
    const isYounger = open.indexOf(other.copyId) > open.indexOf(copy.copyId);
    const order = leader.book.orders.get(other.leaderOrderId);
    return isYounger && other.exit !== undefined && order?.status === "filled";
  });
}

/** The same of all other exits. */
export function owedToOthers(draft: Draft, leader: LeaderState, copy: Copy): number {
  const others = otherExits(draft.state, copy);
  return others.reduce((sum, other) => sum + dueUnits(draft, leader, other), 0);
}

/** Both stand for the same contract of the leader's. */
export function isSameCopied(a: Copied, b: Copied): boolean {
  return copiedKeyOf(a) === copiedKeyOf(b);
}

function otherExits(state: FollowerState, own: Copied & Pick<Copy, "copyId" | "side">): Copy[] {
  return openCopiesOf(state, toPositionKey(own.instrument, own.product))
    .filter((copy) => copy.copyId !== own.copyId)
    .filter((copy) => isSameCopied(copy, own) && copy.side === own.side);
}

/** Units of the same position are a trigger's or a group's to take out, whose own fills tell how many. */
export function isRestClaimed(state: FollowerState, copy: Copy): boolean {
  return openCopiesOf(state, toPositionKey(copy.instrument, copy.product))
    .filter((other) => isSameCopied(other, copy))
    .some((other) =>
      other.side === copy.side
        ? triggersOf(state, other).some(
            (child) => isOpen(child.state) || hasFiredOpen(state, child),
          )
        : isGroup(other) && groupInside(state, other) > 0,
    );
}

/** What an exit must still fill because the leader's order has filled; 0 when it will not. */
function dueUnits(draft: Draft, leader: LeaderState, copy: Copy): number {
  const { state } = draft;
  if (copy.exit === undefined || copy.skips.exit !== undefined) return 0;
  if (copy.holds.exit === "exit-rejected") return 0;
  const lot = draft.context.instrument(copy.instrument)?.lotSize ?? 1;
  const leaderFilled = leader.book.orders.get(copy.leaderOrderId)?.filledQuantity ?? 0;
  const { reduce } = filledParts(copy.split, leaderFilled);
  const basis = { copiedUnits: basisNow(state, copy.exit), takesRest: copy.exit.takesRest };
  const share = exitUnits(basis, { ...copy.split, reduce }, lot);
  return Math.max(0, share - legFilled(state, copy, "exit"));
}

/** Records why the opening part is not sent at all, where that is known from the start. */
function skipEntry(considered: Considered, size: EntrySize, id: CopyId): void {
  const copy = copyNamed(considered.draft.state, id);
  if (copy.split.open === 0) return;
  const refusal = entryRefusal(considered) ?? size.refusal;
  if (refusal !== undefined) refuse(considered.draft, id, "entry", refusal);
}

function refuse(draft: Draft, copyId: CopyId, leg: "entry" | "all", refusal: Refused): void {
  const { alarm, code, inputs } = refusal;
  draft.record({ kind: "skipped", copyId, leg, code, inputs });
  if (alarm !== undefined) draft.record({ kind: "alarmed", code: alarm, copyId, inputs });
}

/** The segment of what is traded takes no orders now. */
function closedRefusal({ draft, link, order, contract }: Considered): Refused | undefined {
  const nowMs = brokerNowMs(draft.context, link.leader, order);
  return copyRefusal(draft.context.calendar, order, contract.instrument, nowMs);
}

function entryRefusal(considered: Considered): Refused | undefined {
  const { draft, link, order, contract } = considered;
  if (link.mode === "close-only") return { code: "close-only", inputs: {} };
  const { stops } = draft.state;
  if (stopCause(stops) !== undefined) return { code: "entries-stopped", inputs: stopInputs(stops) };
  const nowMs = brokerNowMs(draft.context, link.leader, order);
  const ageMs = nowMs - order.placedAtMs;
  if (ageMs > link.maxAgeMs) {
    return { code: "too-old", inputs: { ageMs, maxAgeMs: link.maxAgeMs } };
  }
  const instrument = draft.context.instrument(contract.instrument);
  const filtered = filterRefusal(link.guards, { order, instrument, nowMs });
  if (filtered !== undefined) return filtered;
  const closed = closedRefusal(considered);
  if (closed !== undefined) return closed;
  if (draft.state.suspended !== undefined) {
    return { code: "account-suspended", inputs: { cause: draft.state.suspended } };
  }
  return undefined;
}

function reconsider(
  draft: Draft,
  copy: Copy,
  link: Link,
  leader: LeaderState,
  order: BookOrder,
): void {
  const isResized = !isTerminal(order.status) && order.terms.quantity !== copy.split.leaderQuantity;
  if (copy.skips.all !== undefined) return;
  if (isResized) resize(draft, copy, link, leader, order);
  else if (
    copy.isClosed &&
    (!isTerminal(order.status) || order.filledQuantity > copy.leaderFilled)
  ) {
    draft.record({ kind: "copyReopened", copyId: copy.copyId });
  }
}

/**
 * An order that opened something when it was placed may reduce by now: the leader's entry beside it
 * has filled, and his stop protects. From then on it is an exit, of what was copied and no more, or a
 * follower whose entry was missed would be sold short by it. The other way round nothing changes:
 * what an exit loses to other exits is capped, not split anew.
 */
export function turnIntoExit(
  draft: Draft,
  copy: Copy,
  link: Link,
  leader: LeaderState,
  order: BookOrder,
): void {
  if (copy.split.open === 0 || copy.skips.all !== undefined) return;
  // A group's exits are its own legs: as an exit itself nobody would watch over them.
  if (copy.isClosed || copy.isAdopted || isGroup(copy)) return;
  if (order.status !== "working" || order.filledQuantity > 0) return;
  if (splitAtZero(leader, order).reduce <= copy.split.reduce) return;
  // Beside an exit that is live already it cannot become one too: then it ends as an entry.
  const isTurned = !hasOpenChild(draft.state, copy, "exit");
  resize(draft, copy, link, leader, order, isTurned);
}

export function resize(
  draft: Draft,
  copy: Copy,
  link: Link,
  leader: LeaderState,
  order: BookOrder,
  isTurned = false,
): void {
  const split = splitAtZero(leader, order);
  const ownFilled = legFilled(draft.state, copy, "exit");
  const considered = { draft, link, leader, order, contract: copy };
  const exit = split.reduce > 0 ? exitBasis(considered, split, ownFilled) : undefined;
  if (copy.isClosed) draft.record({ kind: "copyReopened", copyId: copy.copyId });
  const entrySkip = copy.skips.entry;
  const { linkId, sizing, basis } = copy;
  const size = sizeEntry({ draft, leader, order, contract: copy, linkId, sizing, basis }, split);
  // What the instrument file does not know any more keeps its size.
  const isKnown = size.refusal?.code !== "unknown-instrument";
  draft.record({
    kind: "copyResized",
    copyId: copy.copyId,
    split,
    ...basisPart(size.basis),
    entryQuantity: isKnown ? size.entryQuantity : copy.entryQuantity,
    ...(isTurned ? { isTurned: true } : {}),
    ...(exit === undefined ? {} : { exit }),
  });
  if (split.open === 0) return;
  // A refused or parked entry stays so: more of the same is not a new order.
  if (entrySkip !== undefined && entrySkip !== "below-one-lot") {
    draft.record({
      kind: "skipped",
      copyId: copy.copyId,
      leg: "entry",
      code: entrySkip,
      inputs: { since: "before the leader changed his quantity" },
    });
  } else if (isKnown && size.refusal !== undefined) {
    // Only its size can refuse it now: the order is neither new nor old.
    refuse(draft, copy.copyId, "entry", size.refusal);
  }
}

/** The leg, or all of the copy, was refused for good. */
export function isSkipped(copy: Copy, leg: Leg): boolean {
  return copy.skips.all !== undefined || copy.skips[leg] !== undefined;
}

/** A resize may leave a leg without purpose while its order still lives: that must be ended. */
export function hasOpenChild(state: FollowerState, copy: Copy, leg: Leg): boolean {
  return childrenNamed(state, copy.children[leg]).some((child) => isOpen(child.state));
}

/** Units that all children of one leg have filled together. */
export function legFilled(state: FollowerState, copy: Copy, leg: Leg): number {
  return childrenNamed(state, copy.children[leg]).reduce((sum, { filled }) => sum + filled, 0);
}
