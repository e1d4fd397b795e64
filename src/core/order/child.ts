/**
 * One child order: an order of a follower that stands for a part of a leader's order, and how facts
 * about it change what is known of it.
 */
import { unreachable } from "../../platform/assert.ts";
import type {
  CancelCommand,
  CommandOutcome,
  ModifyCommand,
  Protection,
  Vehicle,
} from "../model/command.ts";
import type { CopyId } from "../model/fact.ts";
import type { BrokerOrderId, CorrelationId, InstrumentKey } from "../model/ids.ts";
import {
  type ExitLeg,
  isTerminal,
  type OrderFamily,
  type OrderObservation,
  type OrderTerms,
  type Product,
  type Side,
  sameTerms,
  type TriggerTerms,
} from "../model/order.ts";
import { type ChildFact, type ChildState, nextChildState } from "./child-state.ts";
import type { ChildIdentity } from "./correlation-id.ts";

/** A modify or cancel that was sent and whose end is not known yet. */
export interface PendingChange {
  readonly kind: "modify" | "cancel";
  readonly terms?: OrderTerms;
  /** Of a group: the exit leg that is changed, and the levels that were asked for. */
  readonly leg?: ExitLeg;
  readonly protection?: Protection;
  /** Of an OCO Forever order: its target as it was asked for. */
  readonly second?: TriggerTerms;
  /** asked: sent, no answer. answered: accepted, not seen in a book. unknown: read the order. */
  readonly phase: "asked" | "answered" | "unknown";
  readonly atMs: number;
}

export interface Child {
  readonly correlationId: CorrelationId;
  readonly identity: ChildIdentity;
  readonly copyId: CopyId;
  readonly instrument: InstrumentKey;
  readonly product: Product;
  readonly side: Side;
  readonly state: ChildState;
  readonly brokerOrderId?: BrokerOrderId;
  /** The terms that we last knew the broker to hold. */
  readonly terms: OrderTerms;
  readonly vehicle?: Vehicle;
  /** Of a group: the exit levels that we last knew the broker to hold. */
  readonly protection?: Protection;
  /** Levels that the broker refused to change to; they are not asked for again. */
  readonly refusedProtection?: Protection;
  /** Of an OCO Forever order: its target, as the broker has it. */
  readonly second?: TriggerTerms;
  readonly filled: number;
  /** Of a group: units that its own legs have taken out again. */
  readonly exited: number;
  /** Seq of the fact that asked for it: what was told of before is not this order. */
  readonly intendedSeq: number;
  /** It is queued until the market opens. */
  readonly isAfterMarket?: true;
  /** Intended while the leader's order was in transit, and kept back until it is more than that. */
  readonly isPrepared: boolean;
  readonly modifications: number;
  readonly pending?: PendingChange;
  /** We asked for its end, so its cancellation is no surprise. */
  readonly isCancelWanted: boolean;
  /** Since when `terms` stand: a book read begun soon after may still show the old ones. */
  readonly termsAtMs: number;
  /** Terms that the broker refused to change to; they are not asked for again. */
  readonly refusedTerms?: OrderTerms;
  /** When the broker last refused a change because the order was in transit. */
  readonly transitRefusedAtMs?: number;
  /** Changes in a row of which a read of the order has shown that they were not taken. */
  readonly failedChanges?: number;
  readonly cancels: number;
  readonly rejection?: { readonly reason: string; readonly text: string };
  /** Since when its outcome is unknown. */
  readonly unknownAtMs?: number;
  /** Looks for an unknown order that found nothing: how many lookups, and when the last began. */
  readonly absences: {
    /** What it takes to settle counts from here: a restart and a step of the clock begin it anew. */
    readonly sinceMs: number;
    readonly lookups: number;
    readonly lastLookupMs: number;
    readonly lastBookMs: number;
  };
}

/** The order has exit legs at the broker that go with it. */
export function isGroup({ vehicle }: { readonly vehicle?: Vehicle }): boolean {
  return vehicle === "super" || vehicle === "bracket" || vehicle === "cover";
}

/** The door that an order of this family came through. */
export function vehicleOf(family: OrderFamily): { vehicle?: Vehicle } {
  if (family === "super-entry") return { vehicle: "super" };
  if (family === "bracket" || family === "cover" || family === "forever")
    return { vehicle: family };
  return {};
}

export type BareChild = Omit<Child, "instrument" | "product" | "side" | "terms">;

export function newChild(
  identity: ChildIdentity,
  copyId: CopyId,
  correlationId: CorrelationId,
  { seq, atMs }: { readonly seq: number; readonly atMs: number },
): BareChild {
  return {
    correlationId,
    identity,
    copyId,
    state: "intended",
    filled: 0,
    exited: 0,
    intendedSeq: seq,
    isPrepared: false,
    modifications: 0,
    isCancelWanted: false,
    termsAtMs: atMs,
    cancels: 0,
    absences: noAbsences(atMs),
  };
}

function noAbsences(sinceMs: number): Child["absences"] {
  return { sinceMs, lookups: 0, lastLookupMs: 0, lastBookMs: 0 };
}

/** What did not find it until now counts no more. */
export function lookedForAnew(child: Child, atMs: number): Child {
  return { ...child, absences: noAbsences(atMs) };
}

/** Nobody knows whether the broker has it. */
export function lost(child: Child, atMs: number): Child {
  return { ...lookedForAnew(moved(child, "lost"), atMs), unknownAtMs: atMs };
}

/** The change that was under way is over. */
export function withoutPending({ pending: _pending, ...child }: Child): Child {
  return child;
}

/** The child after a fact; unchanged where the table has no row. */
export function moved(child: Child, fact: ChildFact): Child {
  const transition = nextChildState(child.state, fact);
  return transition === undefined ? child : { ...child, state: transition.to };
}

const PLACE_FACTS: Readonly<Record<CommandOutcome["kind"], ChildFact>> = {
  accepted: "accepted",
  rejected: "rejected",
  notSent: "unsent",
  unknown: "lost",
};

export function placeAnswered(child: Child, outcome: CommandOutcome, atMs: number): Child {
  const next = moved(child, PLACE_FACTS[outcome.kind]);
  if (next.state === "unknown") return lost(child, atMs);
  if (outcome.kind === "accepted") return { ...next, brokerOrderId: outcome.brokerOrderId };
  if (outcome.kind === "rejected" && next.state === "rejected") {
    return { ...next, rejection: { reason: outcome.reason, text: outcome.text } };
  }
  return next;
}

export function modifyIntended(
  child: Child,
  { terms, leg, protection, second }: ModifyCommand,
  atMs: number,
): Child {
  const pending: PendingChange = {
    kind: "modify",
    terms,
    phase: "asked",
    atMs,
    ...(leg && { leg }),
    ...(protection && { protection }),
    ...(second && { second }),
  };
  return { ...child, modifications: child.modifications + 1, pending };
}

/** The end of one exit leg is not the end of its entry, nor is that of an order that it has fired. */
export function cancelIntended(
  child: Child,
  { leg, brokerOrderId }: CancelCommand,
  atMs: number,
): Child {
  if (brokerOrderId !== child.brokerOrderId) return { ...child, cancels: child.cancels + 1 };
  return {
    ...child,
    isCancelWanted: child.isCancelWanted || leg === undefined,
    cancels: child.cancels + 1,
    pending: { kind: "cancel", phase: "asked", atMs, ...(leg && { leg }) },
  };
}

export function changeAnswered(
  child: Child,
  command: "modify" | "cancel",
  outcome: CommandOutcome,
  atMs: number,
): Child {
  const pending = child.pending;
  // The order ended, or was read, before the answer came: the answer says nothing any more.
  if (pending === undefined || pending.kind !== command) return child;
  switch (outcome.kind) {
    case "accepted": {
      const answered: PendingChange = { ...pending, phase: "answered", atMs };
      if (command === "cancel") return { ...child, pending: answered };
      const changed = { ...withoutPending(child), ...changedTo(child, pending), termsAtMs: atMs };
      return { ...changed, failedChanges: 0 };
    }
    case "notSent":
      return withoutPending(child);
    case "unknown":
      return { ...child, pending: { ...pending, phase: "unknown", atMs } };
    case "rejected": {
      const settled = withoutPending(child);
      // A leg in transit says nothing of its entry; a list that is read later tells how it stands.
      if (outcome.reason === "transit" && pending.leg !== undefined) {
        return { ...child, pending: { ...pending, phase: "answered", atMs } };
      }
      if (outcome.reason === "transit") {
        return { ...settled, state: "acked", transitRefusedAtMs: atMs };
      }
      if (outcome.reason === "auth" || outcome.reason === "address") return settled;
      // Why a cancel is refused is read off the order itself: it may have filled.
      if (command === "cancel")
        return { ...child, pending: { ...pending, phase: "unknown", atMs } };
      if (pending.leg === undefined && pending.terms !== undefined) {
        return { ...settled, refusedTerms: pending.terms };
      }
      return { ...settled, ...(pending.protection && { refusedProtection: pending.protection }) };
    }
    default:
      return unreachable(outcome);
  }
}

/** What the broker holds after an accepted modification: of one leg, or of the entry with all levels. */
function changedTo(child: Child, pending: PendingChange): Partial<Child> {
  const { leg, protection, second, terms = child.terms } = pending;
  if (leg !== undefined) return { protection: { ...child.protection, ...protection } };
  return { terms, ...(protection && { protection }), ...(second && { second }) };
}

/** Changes of one order in a row that a read shows as not taken; then the same is not asked again. */
export const CHANGE_TRIES_MAX = 3;

/** The child after a read has shown how it stands; `terms` are what the broker holds. */
export function changeSettled(child: Child, terms: OrderTerms, atMs: number): Child {
  const settled = { ...withoutPending(child), terms, termsAtMs: atMs };
  const { pending } = child;
  const asked = pending?.kind === "modify" && pending.leg === undefined ? pending.terms : undefined;
  if (asked === undefined) return settled;
  if (sameTerms(asked, terms)) return { ...settled, failedChanges: 0 };
  const failedChanges = (child.failedChanges ?? 0) + 1;
  if (failedChanges < CHANGE_TRIES_MAX) return { ...settled, failedChanges };
  return { ...settled, failedChanges: 0, refusedTerms: asked };
}

const SEEN_FACTS: Readonly<Record<OrderObservation["status"], ChildFact>> = {
  transit: "seenTransit",
  working: "seenWorking",
  filled: "seenFilled",
  cancelled: "seenCancelled",
  rejected: "seenRejected",
  expired: "seenExpired",
};

/** The child as a witness shows it. */
export function childSeen(child: Child, order: OrderObservation): Child {
  const next: Child = {
    ...moved(child, SEEN_FACTS[order.status]),
    brokerOrderId: order.brokerOrderId,
    filled: Math.max(child.filled, order.filledQuantity),
  };
  // What is under way for a leg goes on when its entry has filled.
  if (!isTerminal(order.status) || next.pending?.leg !== undefined) return next;
  const ended = withoutPending(next);
  if (order.status !== "rejected") return ended;
  return { ...ended, rejection: { reason: "later", text: order.reason } };
}

/** The child after one more look for it that found nothing. */
export function notFound(
  child: Child,
  { by, startedAtMs }: { readonly by: "lookup" | "book"; readonly startedAtMs: number },
): Child {
  const { absences } = child;
  const looked =
    by === "book"
      ? { lastBookMs: Math.max(absences.lastBookMs, startedAtMs) }
      : {
          lookups: absences.lookups + 1,
          lastLookupMs: Math.max(absences.lastLookupMs, startedAtMs),
        };
  return { ...child, absences: { ...absences, ...looked } };
}
