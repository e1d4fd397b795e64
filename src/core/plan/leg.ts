/**
 * One leg of one copy: what should be at the broker against what is, and the one command that brings
 * them together.
 *
 * Keeps: at most one order of a leg is on its way or alive; nothing is sent while an order of the
 * same instrument is unknown, but cancels; a new attempt follows only proof that the one before was
 * not accepted. Does not: choose the quantity (desire/) or the moment (the runtime paces).
 */
import { childTerms } from "../desire/terms.ts";
import type { PlaceCommand } from "../model/command.ts";
import type { CorrelationId } from "../model/ids.ts";
import type { Instrument } from "../model/instrument.ts";
import type { Link } from "../model/link.ts";
import { isTerminal, type OrderTerms, sameTerms } from "../model/order.ts";
import type { HoldCode, Inputs, SkipCode } from "../model/reason.ts";
import type { BookOrder } from "../order/account-book.ts";
import type { Child } from "../order/child.ts";
import { isOpen } from "../order/child-state.ts";
import { type ChildIdentity, correlationIdOf, type Leg } from "../order/correlation-id.ts";
import type { Copy, FollowerState } from "../order/follower.ts";
import {
  approveChange,
  approveEntry,
  approveReducing,
  isApproved,
  type Market,
  refusalOf,
} from "../risk/approve.ts";
import { hasOpenChild, legFilled } from "./consider.ts";
import type { Draft } from "./draft.ts";

export interface LegPlan {
  readonly draft: Draft;
  readonly copy: Copy;
  readonly leg: Leg;
  readonly link: Link;
  readonly order: BookOrder;
  readonly instrument: Instrument;
  /** Units that the leg should come to, filled ones included. */
  readonly total: number;
  /** An order of this instrument has an unknown outcome. */
  readonly isBlocked: boolean;
  /** What the leg waits for when it has all that it can have by now. */
  readonly awaits?: { readonly code: HoldCode; readonly inputs: Inputs };
}

/** Plans the leg; true when it needs nothing more unless something changes. */
export function planLeg(plan: LegPlan): boolean {
  const children = plan.copy.children[plan.leg]
    .map((id) => plan.draft.state.children.get(id))
    .filter((child) => child !== undefined);
  const open = children.filter((child) => isOpen(child.state));
  const live = open.at(-1);
  for (const extra of open.slice(0, -1)) endChild(plan, extra);
  const filled = legFilled(plan.draft.state, plan.copy, plan.leg);
  if (live !== undefined) {
    converge(plan, live, plan.total - (filled - live.filled));
    return false;
  }
  const remaining = plan.total - filled;
  if (remaining <= 0) {
    hold(plan, plan.awaits?.code, plan.awaits?.inputs);
    return true;
  }
  return placeNext(plan, children, remaining);
}

/** Records that the leg waits, once for each reason; undefined ends the wait. */
export function hold(plan: LegPlan, code: HoldCode | undefined, inputs: Inputs = {}): void {
  const current = plan.draft.state.copies.get(plan.copy.copyId)?.holds[plan.leg];
  if (current === code) return;
  const { copyId } = plan.copy;
  const held = { kind: "held", copyId, leg: plan.leg, inputs } as const;
  plan.draft.record(code === undefined ? held : { ...held, code });
}

function skip(plan: LegPlan, code: SkipCode, inputs: Inputs): true {
  hold(plan, undefined);
  const { copyId } = plan.copy;
  plan.draft.record({ kind: "skipped", copyId, leg: plan.leg, code, inputs });
  return true;
}

/** Brings a live child to `want` units in all, or to its end. */
function converge(plan: LegPlan, child: Child, want: number): void {
  if (child.state === "unknown") return hold(plan, "unknown-order");
  if (want <= child.filled) return endChild(plan, child);
  if (child.isPrepared) return releaseWhenDue(plan, child, want);
  if (child.state === "intended" || child.pending !== undefined) return hold(plan, "awaiting-ack");
  const terms = termsFor(plan, want);
  if (terms === undefined || sameTerms(terms, child.terms)) return hold(plan, undefined);
  if (child.refusedTerms !== undefined && sameTerms(terms, child.refusedTerms)) {
    return hold(plan, "change-refused");
  }
  if (plan.isBlocked) return hold(plan, "unknown-order");
  if (isBeyondLimits(plan, child, terms)) return;
  if (child.modifications >= plan.draft.context.limits.maxModifications) {
    return cancelChild(plan, child, true);
  }
  modifyChild(plan, child, terms);
}

/** Holds a change that would make an entry larger or dearer than the link allows a new one to be. */
function isBeyondLimits(plan: LegPlan, child: Child, terms: OrderTerms): boolean {
  const { leg, link, copy } = plan;
  const isMore =
    terms.quantity > child.terms.quantity || (terms.price ?? 0) > (child.terms.price ?? 0);
  if (leg === "exit" || !isMore) return false;
  if (link.mode !== "active") {
    hold(plan, "change-above-limit", { mode: link.mode });
    return true;
  }
  const refusal = refusalOf({ ...terms, side: copy.side }, link.guards, marketOf(plan));
  if (refusal === undefined) return false;
  hold(plan, "change-above-limit", { ...refusal.inputs, limit: refusal.code });
  return true;
}

function marketOf({ order }: LegPlan): Market {
  return {
    ...(order.averagePrice === undefined ? {} : { leaderAverage: order.averagePrice }),
    ...(order.lastPrice === undefined ? {} : { lastPrice: order.lastPrice }),
  };
}

/**
 * A placement that was prepared while the leader's order was in transit goes once that order is more
 * than that, if it is still what is wanted; otherwise it is taken back, and another may follow.
 */
function releaseWhenDue(plan: LegPlan, child: Child, want: number): void {
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

function endChild(plan: LegPlan, child: Child): void {
  if (child.state === "intended") {
    hold(plan, "awaiting-ack");
    plan.draft.act({ kind: "withdraw", correlationId: child.correlationId });
    return;
  }
  if (child.state === "unknown") return hold(plan, "unknown-order");
  if (child.pending !== undefined) return hold(plan, "awaiting-ack");
  cancelChild(plan, child, false);
}

function cancelChild(plan: LegPlan, child: Child, isReplacing: boolean): void {
  if (child.brokerOrderId === undefined) return hold(plan, "awaiting-ack");
  if (plan.draft.state.suspended !== undefined) return hold(plan, "account-suspended");
  // The broker refuses to cancel what has not reached the exchange.
  if (child.state === "acked") return hold(plan, "awaiting-exchange");
  if (child.cancels >= plan.draft.context.limits.maxCancels) return hold(plan, "change-refused");
  const { correlationId, brokerOrderId } = child;
  const command = { kind: "cancel", correlationId, brokerOrderId } as const;
  hold(plan, undefined);
  plan.draft.record({ kind: "cancelIntended", command, isReplacing });
  plan.draft.act({ kind: "send", approved: approveReducing("cancel", command) });
}

function modifyChild(plan: LegPlan, child: Child, terms: OrderTerms): void {
  if (child.brokerOrderId === undefined) return hold(plan, "awaiting-ack");
  if (plan.draft.state.suspended !== undefined) return hold(plan, "account-suspended");
  const { correlationId, brokerOrderId } = child;
  const command = { kind: "modify", correlationId, brokerOrderId, terms } as const;
  hold(plan, undefined);
  plan.draft.record({ kind: "modifyIntended", command });
  const approved = plan.leg === "exit" ? approveReducing("exit", command) : approveChange(command);
  plan.draft.act({ kind: "send", approved });
}

function termsFor(plan: LegPlan, quantity: number): OrderTerms | undefined {
  const { draft, copy, order, instrument } = plan;
  const known = draft.state.copies.get(copy.copyId)?.reference;
  const reference = known ?? order.averagePrice ?? order.lastPrice;
  if (order.terms.type === "MARKET" && known === undefined && reference !== undefined) {
    draft.record({ kind: "referenceFixed", copyId: copy.copyId, price: reference });
  }
  return childTerms({
    leader: order.terms,
    side: copy.side,
    quantity,
    rule: plan.link.marketOrders,
    instrument,
    ...(reference === undefined ? {} : { reference }),
  });
}

/** No child is open and units are missing: place, wait, or say why not. True when it is settled. */
function placeNext(plan: LegPlan, children: readonly Child[], remaining: number): boolean {
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
      return placeChild(plan, { revision: revision + 1, attempt: 0 }, remaining);
    default:
      return true;
  }
}

/** An IOC order is not asked again: the moment that it was meant for is over. */
function endedShort(plan: LegPlan, last: Child, missing: number): true {
  const { copyId } = plan.copy;
  const inputs = { filled: last.filled, missing };
  if (plan.leg === "exit") {
    const { correlationId } = last;
    plan.draft.record({ kind: "alarmed", code: "exit-ended-short", copyId, correlationId, inputs });
  }
  return skip(plan, "ended-short", inputs);
}

/**
 * A rejected entry is parked: it is never asked again by itself. A rejected exit is asked again once
 * the account may trade again, or when the leader changes its terms.
 */
function afterRejection(plan: LegPlan, last: Child, remaining: number): boolean {
  const { reason = "other", text = "" } = last.rejection ?? {};
  if (plan.leg === "entry") return skip(plan, "child-rejected", { reason, text });
  const next = { revision: last.identity.revision, attempt: last.identity.attempt + 1 };
  if (next.attempt >= plan.draft.context.limits.maxAttempts) {
    return skip(plan, "gave-up", { attempts: next.attempt });
  }
  if (reason === "auth" || reason === "address") return placeChild(plan, next, remaining);
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

/** The child's name, at the next revision that no order ever had: a turned order keeps its old one. */
function nameOf(
  { draft, copy, leg }: LegPlan,
  name: Pick<ChildIdentity, "revision" | "attempt">,
): { identity: ChildIdentity; correlationId: CorrelationId } {
  let identity: ChildIdentity = {
    leader: copy.leader,
    leaderOrderId: copy.leaderOrderId,
    follower: draft.state.account,
    leg,
    slice: 0,
    ...name,
  };
  let correlationId = correlationIdOf(identity, draft.context.sha256);
  while (draft.state.children.has(correlationId)) {
    identity = { ...identity, revision: identity.revision + 1 };
    correlationId = correlationIdOf(identity, draft.context.sha256);
  }
  return { identity, correlationId };
}

/** Intends and sends a new child; true when a guard refused it for good. */
function placeChild(
  plan: LegPlan,
  name: Pick<ChildIdentity, "revision" | "attempt">,
  quantity: number,
): boolean {
  const { draft, copy, leg, link, order } = plan;
  const refusal = refusalBeforePlacing(plan);
  if (refusal !== undefined) return refusal;
  const terms = termsFor(plan, quantity);
  if (terms === undefined) return withoutPrice(plan);
  const { identity, correlationId } = nameOf(plan, name);
  const command: PlaceCommand = {
    kind: "place",
    correlationId,
    instrument: copy.instrument,
    side: copy.side,
    product: copy.product,
    terms,
  };
  const approved =
    leg === "exit"
      ? approveReducing("exit", command)
      : approveEntry(command, link.guards, marketOf(plan));
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
function withoutPrice(plan: LegPlan): boolean {
  const inputs = { type: plan.order.terms.type };
  if (plan.leg === "entry" && isTerminal(plan.order.status))
    return skip(plan, "no-reference-price", inputs);
  hold(plan, "no-reference-price", inputs);
  return false;
}

/** True: refused for good. False: held. Undefined: go on. */
function refusalBeforePlacing(plan: LegPlan): boolean | undefined {
  const { draft, leg, link, order } = plan;
  if (plan.isBlocked) {
    hold(plan, "unknown-order");
    return false;
  }
  if (draft.state.suspended !== undefined) {
    if (leg === "entry") return skip(plan, "account-suspended", { cause: draft.state.suspended });
    hold(plan, "account-suspended", { cause: draft.state.suspended });
    return false;
  }
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
  const wasAccepted = plan.copy.children.entry.some(
    (id) => draft.state.children.get(id)?.brokerOrderId !== undefined,
  );
  const ageMs = draft.context.nowMs - plan.copy.openedAtMs;
  if (wasAccepted || plan.copy.split.reduce > 0 || ageMs <= link.maxAgeMs) return undefined;
  return skip(plan, "too-old", { ageMs, maxAgeMs: link.maxAgeMs });
}
