/**
 * One leg of one copy: what should be at the broker against what is, and the one command that brings
 * them together.
 *
 * Keeps: at most one order of a leg is on its way or alive; nothing is sent while an order of the
 * same instrument is unknown, but cancels; a new attempt follows only proof that the one before was
 * not accepted. Does not: choose the quantity (desire/) or the moment (the runtime paces).
 */

import { must } from "../../platform/assert.ts";
import { betweenExits, isAsProtected } from "../desire/protection.ts";
import { atMarket, childTerms } from "../desire/terms.ts";
import type { ModifyCommand, PlaceCommand, Vehicle } from "../model/command.ts";
import type { CorrelationId } from "../model/ids.ts";
import { isTerminal, type OrderTerms, sameTerms, type TriggerTerms } from "../model/order.ts";
import type { HoldCode, Inputs, SkipCode } from "../model/reason.ts";
import { type BookOrder, sameValue } from "../order/account-book.ts";
import { type Child, isGroup } from "../order/child.ts";
import { isOpen } from "../order/child-state.ts";
import { type Copy, sliceKey } from "../order/copy.ts";
import type { ChildIdentity } from "../order/correlation-id.ts";
import type { FollowerState } from "../order/follower-state.ts";
import { childrenNamed, copyNamed } from "../order/named.ts";
import { endsWorkingEntries, stopCause, stopInputs } from "../order/stops.ts";
import { approveChange, approveReducing, isApproved } from "../risk/approve.ts";
import { childNameOf } from "./child-name.ts";
import { hasFired, hasFiredOpen, hasOpenChild } from "./consider.ts";
import type { Draft } from "./draft.ts";
import { approveNew, changeLimit } from "./entry-limits.ts";
import { isHeld, triggerBeside } from "./family.ts";
import { firedLeaves } from "./fired.ts";
import { isQueuedStill } from "./queued.ts";
import { childrenOf, type LegPlan, type SlicePlan, slicesOf } from "./slice.ts";
import { onlyLess } from "./stopped.ts";
import { alarmOnce } from "./watch.ts";

/** Plans the leg; true when it needs nothing more unless something changes. */
export function planLeg(plan: LegPlan): boolean {
  if (refusesCut(plan)) return true;
  const slices = slicesOf(plan);
  // All of them are looked at, also after one that still needs something.
  return slices.map(planSlice).every((isDone) => isDone);
}

/** It must be cut, and the table that says where is past its date: nothing of it is sent. */
function refusesCut(plan: LegPlan): boolean {
  const { freeze } = plan.instrument;
  const most = freeze?.units ?? Number.POSITIVE_INFINITY;
  const hasChildren = plan.copy.children[plan.leg].length > 0;
  if (!freeze?.isStale || plan.leg !== "entry" || hasChildren || plan.total <= most) return false;
  const { copyId } = plan.copy;
  const inputs = { units: plan.total, most };
  plan.draft.record({ kind: "alarmed", code: "freeze-table-stale", copyId, inputs });
  skip({ ...plan, slice: 0, isCut: false }, "freeze-table-stale", inputs);
  return true;
}

function planSlice(plan: SlicePlan): boolean {
  const children = childrenOf(plan);
  const open = children.filter((child) => isOpen(child.state));
  const live = open.at(-1);
  for (const extra of open.slice(0, -1)) endChild(plan, extra);
  const filled = children.reduce((sum, child) => sum + child.filled, 0);
  const isRefused = plan.copy.skippedSlices.includes(sliceKey(plan.leg, plan.slice));
  const total = isRefused ? filled : plan.total;
  if (live !== undefined) {
    converge(plan, live, total - (filled - live.filled));
    return false;
  }
  const remaining = total - filled;
  if (remaining <= 0) {
    hold(plan, plan.awaits?.code, plan.awaits?.inputs);
    return true;
  }
  return placeNext(plan, children, remaining);
}

/** Records that the leg waits, once for each reason; undefined ends the wait. */
export function hold(plan: Ending, code: HoldCode | undefined, inputs: Inputs = {}): void {
  const current = copyNamed(plan.draft.state, plan.copy.copyId).holds[plan.leg];
  if (current === code) return;
  const { copyId } = plan.copy;
  const held = { kind: "held", copyId, leg: plan.leg, inputs } as const;
  plan.draft.record(code === undefined ? held : { ...held, code });
}

function skip(plan: SlicePlan, code: SkipCode, inputs: Inputs): true {
  hold(plan, undefined);
  const { copyId } = plan.copy;
  const { leg, slice, isCut } = plan;
  const part = isCut ? { slice } : {};
  plan.draft.record({ kind: "skipped", copyId, leg, ...part, code, inputs });
  return true;
}

/** Brings a live child to `want` units in all, or to its end. */
function converge(plan: SlicePlan, child: Child, want: number): void {
  if (child.state === "unknown") return hold(plan, "unknown-order");
  if (want <= child.filled) return endChild(plan, child);
  if (child.isPrepared) return releaseWhenDue(plan, child, want);
  if (child.state === "intended" || child.pending !== undefined) return hold(plan, "awaiting-ack");
  // What a trigger has fired is as it is, although no list tells yet that it has.
  if (hasFired(plan.draft.state, child)) return hold(plan, undefined);
  const wanted = termsFor(plan, want);
  if (wanted === undefined) return hold(plan, undefined);
  const isStopped = plan.leg === "entry" && stopCause(plan.draft.state.stops) !== undefined;
  const terms = isStopped ? onlyLess(wanted, child.terms) : wanted;
  if (sameTerms(terms, child.terms) && hasParts(plan, child)) {
    const isFollowed = sameTerms(terms, wanted);
    if (isFollowed) return hold(plan, undefined);
    return hold(plan, "entries-stopped", stopInputs(plan.draft.state.stops));
  }
  if (child.refusedTerms !== undefined && sameTerms(terms, child.refusedTerms)) {
    return hold(plan, "change-refused");
  }
  if (plan.isBlocked) return hold(plan, "unknown-order");
  if (isInTransit(plan, child)) return hold(plan, "awaiting-exchange");
  if (isBeyondLimits(plan, child, terms)) return;
  if (child.modifications >= plan.draft.context.limits.maxModifications) {
    const hasLegs = isGroup(child) && child.filled > 0;
    return hasLegs ? endGroupEntry(plan, child) : cancelChild(plan, child, true);
  }
  modifyChild(plan, child, terms);
}

/** How long a change is not asked again that was refused in transit, unless the order is seen to work. */
const TRANSIT_MS = 1_000;

/** The broker has just said so, and nobody has seen it working since. */
function isInTransit({ draft }: SlicePlan, { state, transitRefusedAtMs }: Child): boolean {
  if (state !== "acked" || transitRefusedAtMs === undefined) return false;
  const dueAtMs = transitRefusedAtMs + TRANSIT_MS;
  if (draft.context.nowMs >= dueAtMs || draft.context.nowMs < transitRefusedAtMs) return false;
  draft.act({ kind: "wake", atMs: dueAtMs });
  return true;
}

/** The child has the levels and the other half that it should have. */
function hasParts(plan: SlicePlan, child: Child): boolean {
  const second = secondOf(plan.order, child.terms.quantity);
  if (!sameValue(second, child.second)) return false;
  return plan.protection === undefined || isAsProtected(child.protection, plan.protection);
}

/** The target half of an OCO Forever order, for `quantity` units. */
function secondOf({ second }: BookOrder, quantity: number): TriggerTerms | undefined {
  return second && { ...second, quantity };
}

/** Holds a change that would make an entry larger or dearer than the link allows a new one to be. */
function isBeyondLimits(plan: SlicePlan, child: Child, terms: OrderTerms): boolean {
  const inputs = plan.leg === "entry" ? changeLimit(plan, child, terms) : undefined;
  if (inputs !== undefined) hold(plan, "change-above-limit", inputs);
  return inputs !== undefined;
}

/**
 * A placement that was prepared while the leader's order was in transit goes once that order is more
 * than that, if it is still what is wanted; otherwise it is taken back, and another may follow.
 */
function releaseWhenDue(plan: SlicePlan, child: Child, want: number): void {
  const { draft, order } = plan;
  const terms = termsFor(plan, want);
  if (terms === undefined || !sameTerms(terms, child.terms)) return endChild(plan, child);
  if (order.status === "transit") return hold(plan, undefined);
  if (plan.isBlocked) return hold(plan, "unknown-order");
  if (refusalBeforePlacing(plan) !== undefined) return endChild(plan, child);
  hold(plan, undefined);
  draft.record({ kind: "released", correlationId: child.correlationId });
  draft.act({ kind: "release", correlationId: child.correlationId });
}

/**
 * Entries that are to end by a stop, of a copy that nothing else can be planned for: its leader cannot be
 * read (yet), or its link is not set any more. To take back what would open needs neither.
 */
export function endStoppedEntries(draft: Draft, copy: Copy): void {
  const cause = stopCause(draft.state.stops);
  if (cause === undefined || !endsWorkingEntries(cause)) return;
  for (const child of childrenNamed(draft.state, copy.children.entry)) {
    if (isOpen(child.state)) endChild({ draft, copy, leg: "entry" }, child);
  }
}

/** What is needed to bring an order to its end; the rest only where more is known. */
type Ending = Pick<LegPlan, "draft" | "copy" | "leg"> &
  Partial<Pick<LegPlan, "order" | "protection">>;

function endChild(plan: Ending, child: Child): void {
  if (child.state === "intended") {
    hold(plan, "awaiting-ack");
    plan.draft.act({ kind: "withdraw", correlationId: child.correlationId });
    return;
  }
  // There is nothing left to cancel of a trigger that has fired.
  if (hasFired(plan.draft.state, child)) return hold(plan, undefined);
  if (child.state === "unknown") return hold(plan, "unknown-order");
  if (child.pending !== undefined) return hold(plan, "awaiting-ack");
  if (isGroup(child) && child.filled > 0) return endGroupEntry(plan, child);
  cancelChild(plan, child, false);
}

/**
 * What the cancelling of a group's entry does to its legs once something of it has filled is not
 * known (never verified), so it is not done: the entry is shrunk to what has filled instead.
 */
function endGroupEntry(plan: Ending, child: Child): void {
  const terms = { ...child.terms, quantity: child.filled };
  if (sameTerms(terms, child.terms)) return hold(plan, undefined);
  const isRefused = child.refusedTerms !== undefined && sameTerms(terms, child.refusedTerms);
  if (isRefused) return hold(plan, "change-refused");
  modifyChild(plan, child, terms);
}

function cancelChild(plan: Ending, child: Child, isReplacing: boolean): void {
  if (plan.draft.state.suspended !== undefined) return hold(plan, "account-suspended");
  // The broker refuses to cancel what has not reached the exchange.
  if (child.state === "acked") return hold(plan, "awaiting-exchange");
  if (child.cancels >= plan.draft.context.limits.maxCancels) return hold(plan, "change-refused");
  const { correlationId } = child;
  const brokerOrderId = must(child.brokerOrderId, "the broker's id of a working order");
  const command = { kind: "cancel", correlationId, brokerOrderId, ...doorOf(child) } as const;
  hold(plan, undefined);
  plan.draft.record({ kind: "cancelIntended", command, isReplacing });
  plan.draft.act({ kind: "send", approved: approveReducing("cancel", command) });
}

function modifyChild(plan: Ending, child: Child, terms: OrderTerms): void {
  if (plan.draft.state.suspended !== undefined) return hold(plan, "account-suspended");
  const { correlationId } = child;
  const brokerOrderId = must(child.brokerOrderId, "the broker's id of a working order");
  const protection = plan.protection ?? child.protection;
  const second = plan.order === undefined ? child.second : secondOf(plan.order, terms.quantity);
  const command: ModifyCommand = {
    kind: "modify",
    correlationId,
    brokerOrderId,
    terms,
    ...doorOf(child),
    ...(protection && { protection }),
    ...(second && { second }),
  };
  hold(plan, undefined);
  plan.draft.record({ kind: "modifyIntended", command });
  const approved = approvedChange(plan, child, command);
  plan.draft.act({ kind: "send", approved });
}

/** A change that leaves an entry no larger and at its price takes exposure away, if anything. */
function approvedChange({ leg }: Ending, child: Child, command: ModifyCommand) {
  if (leg !== "entry") return approveReducing("exit", command);
  if (asksNoMore(command.terms, child.terms)) return approveReducing("cancel", command);
  return approveChange(command);
}

/** Through which door the broker has the child's order. */
function doorOf({ vehicle }: Child): { vehicle?: Vehicle } {
  return vehicle === undefined ? {} : { vehicle };
}

function termsFor(plan: SlicePlan, quantity: number): OrderTerms | undefined {
  if (plan.terms !== undefined) return plan.terms(quantity);
  const { draft, copy, order, instrument } = plan;
  if (copy.vehicle === "forever") return { ...order.terms, quantity, disclosedQuantity: 0 };
  const known = copyNamed(draft.state, copy.copyId).reference;
  const reference = known ?? order.averagePrice ?? order.lastPrice;
  const isAtMarket = order.terms.type === "MARKET" || copy.byFills === true;
  if (isAtMarket && known === undefined && reference !== undefined) {
    draft.record({ kind: "referenceFixed", copyId: copy.copyId, price: reference });
  }
  const terms = childTerms({
    // What has filled already is followed at the market's price, within the band around the leader's.
    leader: copy.byFills ? atMarket(order.terms.quantity) : order.terms,
    side: copy.side,
    quantity,
    // A group begins with a price of its own, whatever the link says of plain orders.
    rule: plan.protection === undefined ? plan.link.marketOrders : "protected-limit",
    instrument,
    ...(reference === undefined ? {} : { reference }),
  });
  // What the leader placed at the market may stand in his book as a limit beyond his own target.
  if (plan.protection === undefined || terms?.price === undefined) return terms;
  return { ...terms, price: betweenExits(copy.side, terms.price, plan.protection, instrument) };
}

/** No child is open and units are missing: place, wait, or say why not. True when it is settled. */
function placeNext(plan: SlicePlan, children: readonly Child[], remaining: number): boolean {
  const last = children.at(-1);
  if (last === undefined) return placeChild(plan, { revision: 0, attempt: 0 }, remaining);
  const { revision, attempt } = last.identity;
  switch (last.state) {
    case "notSent":
    case "absent": {
      // Prepared in vain once: the leader changes his mind before his order is anywhere.
      if (plan.order.status === "transit") return false;
      if (attempt + 1 >= plan.draft.context.limits.maxAttempts) {
        return skip(plan, "gave-up", { attempts: attempt + 1 });
      }
      return placeChild(plan, { revision, attempt: attempt + 1 }, remaining);
    }
    case "rejected":
      return afterRejection(plan, last, remaining);
    case "cancelled":
      if (last.isCancelWanted)
        return placeChild(plan, { revision: revision + 1, attempt: 0 }, remaining);
      if (last.terms.validity === "IOC") return endedShort(plan, last, remaining);
      plan.draft.record({
        kind: "alarmed",
        code: "cancelled-elsewhere",
        copyId: plan.copy.copyId,
        correlationId: last.correlationId,
        inputs: { filled: last.filled, missing: remaining },
      });
      return skip(plan, "cancelled-elsewhere", { filled: last.filled, missing: remaining });
    case "filled":
      if (last.vehicle === "forever") return afterFiring(plan, last, remaining);
      return placeChild(plan, { revision: revision + 1, attempt: 0 }, remaining);
    default:
      return true;
  }
}

/**
 * A trigger has fired: the order that it sent is the broker's now. Units that were copied too late for
 * it stay, and a person must hear of them: while it rests, and again when it has ended.
 */
function afterFiring(plan: SlicePlan, last: Child, missing: number): boolean {
  const { draft, copy, leg } = plan;
  if (leg !== "exit") return true;
  if (hasFired(draft.state, last) && !hasFiredOpen(draft.state, last)) {
    return endedShort(plan, last, missing);
  }
  const beyond = missing - firedLeaves(draft.state, last);
  if (beyond <= 0) hold(plan, undefined);
  else {
    hold(plan, "change-refused", { missing: beyond });
    alarmOnce(draft, copy.copyId, "change-refused", { missing: beyond });
  }
  return true;
}

/** An IOC order is not asked again: the moment that it was meant for is over. */
function endedShort(plan: SlicePlan, last: Child, missing: number): true {
  const { copyId } = plan.copy;
  const inputs = { filled: last.filled, missing };
  if (plan.leg !== "entry") {
    const { correlationId } = last;
    plan.draft.record({ kind: "alarmed", code: "exit-ended-short", copyId, correlationId, inputs });
  }
  return skip(plan, "ended-short", inputs);
}

/**
 * A rejected entry is parked: it is never asked again by itself. A rejected exit is asked again once
 * the account may trade again, or when the leader changes its terms.
 */
function afterRejection(plan: SlicePlan, last: Child, remaining: number): boolean {
  const { reason, text } = must(last.rejection, "why it was rejected");
  if (plan.leg === "entry") return skip(plan, "child-rejected", { reason, text });
  const next = { revision: last.identity.revision, attempt: last.identity.attempt + 1 };
  // Asked only while the account is believed mended, so this is no haste, and it is never given up.
  if (reason === "auth" || reason === "address") return placeChild(plan, next, remaining);
  if (next.attempt >= plan.draft.context.limits.maxAttempts) {
    return skip(plan, "gave-up", { attempts: next.attempt });
  }
  const terms = termsFor(plan, remaining);
  if (terms !== undefined && !asksNoMore(terms, last.terms)) {
    return placeChild(plan, next, remaining);
  }
  hold(plan, "exit-rejected", { reason, text });
  return false;
}

/** The same, or only fewer units: those another exit has taken, which is no news of the leader's. */
function asksNoMore(terms: OrderTerms, refused: OrderTerms): boolean {
  const { quantity, disclosedQuantity } = refused;
  if (terms.quantity > quantity) return false;
  return sameTerms({ ...terms, quantity, disclosedQuantity }, refused);
}

/** A group is one order with its legs; what gets it out, or reduces something else, is a plain one. */
function vehicleOf({ copy, leg }: LegPlan): { vehicle?: Vehicle } {
  const isWhole = leg === "entry" || copy.vehicle === "forever";
  return copy.vehicle !== undefined && isWhole ? { vehicle: copy.vehicle } : {};
}

/** Intends and sends a new child; true when a guard refused it for good. */
function placeChild(
  plan: SlicePlan,
  name: Pick<ChildIdentity, "revision" | "attempt">,
  quantity: number,
): boolean {
  const { draft, copy, leg, order } = plan;
  const refusal = refusalBeforePlacing(plan);
  if (refusal !== undefined) return refusal;
  const terms = termsFor(plan, quantity);
  if (terms === undefined) return withoutPrice(plan);
  const { identity, correlationId } = childNameOf(plan, name);
  const second = secondOf(plan.order, terms.quantity);
  const command: PlaceCommand = {
    kind: "place",
    correlationId,
    instrument: copy.instrument,
    side: plan.side ?? copy.side,
    product: copy.product,
    terms,
    ...vehicleOf(plan),
    ...(plan.protection && { protection: plan.protection }),
    ...(second && { second }),
    ...(isQueuedStill(draft, copy, order) && { isAfterMarket: true }),
  };
  const approved = leg === "entry" ? approveNew(plan, command) : approveReducing("exit", command);
  if (!isApproved(approved)) return skip(plan, approved.code, approved.inputs);
  hold(plan, undefined);
  const standing = standingOrder(draft.state, correlationId);
  if (standing !== undefined) {
    draft.record({ kind: "childAdopted", copyId: copy.copyId, identity, order: standing });
    return false;
  }
  const intended = { kind: "placeIntended", copyId: copy.copyId, identity, command } as const;
  if (order.status === "transit") {
    draft.record({ ...intended, isPrepared: true });
    draft.act({ kind: "prepare", approved });
  } else {
    draft.record(intended);
    draft.act({ kind: "send", approved });
  }
  return false;
}

/**
 * An order under this very name is in the account's book although the journal knows nothing of it: the
 * journal is older than the broker's memory (a copy put back, say). It is taken as it is.
 */
function standingOrder(state: FollowerState, id: CorrelationId): BookOrder | undefined {
  const [first] = state.book.byCorrelation.get(id) ?? [];
  return first && state.book.orders.get(first);
}

/** Nothing is guessed; but an exit must go out as soon as a price is known. */
function withoutPrice(plan: SlicePlan): boolean {
  const inputs = { type: plan.order.terms.type };
  if (plan.leg === "entry" && isTerminal(plan.order.status))
    return skip(plan, "no-reference-price", inputs);
  hold(plan, "no-reference-price", inputs);
  return false;
}

/** When there was last something new to copy, by our clock: where only fills are, when he filled. */
function bidAtMs({ draft, copy, order }: SlicePlan): number {
  if (!copy.byFills) return copy.openedAtMs;
  return Math.max(copy.openedAtMs, order.updatedAtMs - draft.context.brokerAheadMs(copy.leader));
}

/** True: refused for good. False: held. Undefined: go on. */
function refusalBeforePlacing(plan: SlicePlan): boolean | undefined {
  const { draft, leg, link, order } = plan;
  if (plan.isBlocked) {
    hold(plan, "unknown-order");
    return false;
  }
  // The leader's had fired before the broker took it: the order that it fired is what is copied.
  const hasFiredBefore = plan.copy.vehicle === "forever" && order.status === "filled";
  if (hasFiredBefore && !isHeld(draft.state, plan.copy)) return skip(plan, "trigger-fired", {});
  const trigger = triggerBeside(draft.state, plan.copy, order);
  if (trigger === "held") {
    const inputs = { trigger: must(order.parentId, "the trigger that has fired it") };
    return skip(plan, "own-trigger", inputs);
  }
  if (trigger === "asked") {
    hold(plan, "awaiting-ack");
    return false;
  }
  if (draft.state.suspended !== undefined) {
    if (leg === "entry") return skip(plan, "account-suspended", { cause: draft.state.suspended });
    hold(plan, "account-suspended", { cause: draft.state.suspended });
    return false;
  }
  const { stops } = draft.state;
  if (leg === "entry" && stopCause(stops) !== undefined) {
    return skip(plan, "entries-stopped", stopInputs(stops));
  }
  if (leg === "stop" || leg === "repair") return undefined;
  // Two orders of one copy that stand for different parts could both fill.
  if (hasOpenChild(draft.state, plan.copy, leg === "exit" ? "entry" : "exit")) {
    hold(plan, "other-part-first");
    return false;
  }
  if (leg === "exit") return undefined;
  if (link.mode !== "active")
    return skip(plan, link.mode === "paused" ? "link-paused" : "close-only", {});
  // He still offers it himself: as long as that is so, it is not late.
  if (!isTerminal(order.status)) return undefined;
  const wasAccepted = childrenNamed(draft.state, plan.copy.children.entry).some(
    ({ brokerOrderId }) => brokerOrderId !== undefined,
  );
  const ageMs = draft.context.nowMs - bidAtMs(plan);
  if (wasAccepted || plan.copy.split.reduce > 0 || ageMs <= link.maxAgeMs) return undefined;
  return skip(plan, "too-old", { ageMs, maxAgeMs: link.maxAgeMs });
}
