/**
 * The decision: one input, one follower, what follows from it.
 *
 * `step` is a pure function. It reads no clock, draws nothing, waits for nothing and writes nothing:
 * the time is in its context, and what it wants of the world are actions in its result. It works on
 * levels, so losing, repeating or reordering inputs does not change where it ends.
 *
 * The runtime journals the facts of a step before it performs its actions; a replay folds the same
 * facts without deciding anything again.
 */
import { unreachable } from "../platform/assert.ts";
import { watchDrift } from "./drift/watch-drift.ts";
import type { CommandOutcome } from "./model/command.ts";
import {
  type EntriesAllowed,
  type EntriesStopped,
  type FollowerFact,
  type LinkModeSet,
  toCopyId,
} from "./model/fact.ts";
import type { AccountId, BrokerOrderId, CorrelationId, LinkId } from "./model/ids.ts";
import type { MoneyE4 } from "./model/money.ts";
import { isTerminal, type OrderObservation } from "./model/order.ts";
import type { SeenPosition } from "./model/repair.ts";
import type { TradingDay } from "./model/time.ts";
import {
  type BookOrder,
  differsFromPositions,
  type NetUnits,
  type PositionKey,
  toPositionKey,
  type Witness,
} from "./order/account-book.ts";
import type { Child } from "./order/child.ts";
import { contractOfCopied, type FollowerState } from "./order/follower-state.ts";
import { childNamed } from "./order/named.ts";
import { isSquaredOff } from "./order/stops.ts";
import { adoptChildren } from "./plan/adopt.ts";
import { considerOrder } from "./plan/consider.ts";
import { Draft, type StepContext } from "./plan/draft.ts";
import { contractOf } from "./plan/family.ts";
import { lookedUp, missingFromBook } from "./plan/missing.ts";
import { observed, orderRead } from "./plan/observe.ts";
import { planScope } from "./plan/plan.ts";
import { repairByRule } from "./plan/repair-by-rule.ts";
import { Scope } from "./plan/scope.ts";
import {
  allowEntries,
  endOverruledModes,
  setMode,
  stopEntries,
  watchBreaker,
} from "./plan/stopped.ts";
import { takeRepair } from "./plan/take-repair.ts";
import type { Action } from "./risk/approve.ts";

export type FollowerInput =
  /** A leader's order is new or has changed, or is confirmed by a read of his books. */
  | {
      readonly kind: "leaderOrders";
      readonly leader: AccountId;
      readonly ids: readonly BrokerOrderId[];
    }
  /** What a witness says of the follower's own orders. */
  | {
      readonly kind: "observed";
      readonly orders: readonly OrderObservation[];
      readonly witness: Witness;
      /** When the read began; for the drop copy, when the frame came. */
      readonly startedAtMs: number;
      /** `orders` is the whole book: what is not in it is not there. */
      readonly isWhole: boolean;
    }
  | {
      readonly kind: "answered";
      readonly correlationId: CorrelationId;
      readonly command: "place" | "modify" | "cancel";
      readonly outcome: CommandOutcome;
    }
  /** A lookup by correlation id of an unknown order. */
  | {
      readonly kind: "lookedUp";
      readonly correlationId: CorrelationId;
      readonly startedAtMs: number;
      readonly order?: OrderObservation;
    }
  /** A read of one order, to settle a modify or cancel of unknown outcome. */
  | {
      readonly kind: "orderRead";
      readonly correlationId: CorrelationId;
      readonly startedAtMs: number;
      readonly order: OrderObservation;
    }
  | { readonly kind: "positions"; readonly nets: readonly NetUnits[] }
  | {
      readonly kind: "linkOpened";
      readonly linkId: LinkId;
      readonly leader: AccountId;
      readonly leaderSeq: number;
    }
  /** The account's capital at the start of the day was read. */
  | { readonly kind: "capital"; readonly capital: MoneyE4 }
  | { readonly kind: "restarted" }
  /** The wall clock has gone further than time, by so much: it was put forward, or the machine slept. */
  | { readonly kind: "clockPutForward"; readonly byMs: number }
  | { readonly kind: "dayBegan"; readonly day: TradingDay }
  | { readonly kind: "suspended"; readonly reason: "auth" | "address"; readonly text: string }
  | { readonly kind: "resumed" }
  /** No more entries are sent, and by most causes those that work end, until the cause is taken away. */
  | ({ readonly kind: "stopEntries" } & Omit<EntriesStopped, "kind">)
  | ({ readonly kind: "allowEntries" } & Omit<EntriesAllowed, "kind">)
  /** A person asks for differences to be brought to zero, each as he saw it. */
  | {
      readonly kind: "repair";
      readonly requestId: string;
      readonly by: string;
      readonly positions: readonly SeenPosition[];
    }
  /** A person puts a link into a mode; what was not copied meanwhile is not copied later. */
  | ({ readonly kind: "setMode" } & Omit<LinkModeSet, "kind" | "over">)
  /** Look at everything again: time has passed or settings have changed. */
  | { readonly kind: "tick" };

export interface StepResult {
  readonly state: FollowerState;
  readonly facts: readonly FollowerFact[];
  readonly actions: readonly Action[];
}

/** What follows from `input`. Same state, input and context: same result, always. */
export function step(state: FollowerState, input: FollowerInput, context: StepContext): StepResult {
  const draft = new Draft(state, context);
  endOverruledModes(draft);
  const scope = take(draft, input);
  planScope(draft, watchBreaker(draft) ? allPositions(draft) : scope);
  if (isSettling(input)) {
    watchDrift(draft);
    planScope(draft, repairByRule(draft));
  }
  return { state: draft.state, facts: draft.facts, actions: draft.actions };
}

/** The books were read whole: what differs now differs for longer than news is under way. */
function isSettling(input: FollowerInput): boolean {
  return input.kind === "positions" || (input.kind === "observed" && input.isWhole);
}

/** Records what the input tells; returns what must be planned because of it. */
function take(draft: Draft, input: FollowerInput): Scope {
  switch (input.kind) {
    case "leaderOrders":
      return takeLeaderOrders(draft, input.leader, input.ids);
    case "observed": {
      const scope = observed(draft, input);
      if (input.isWhole) missingFromBook(draft, input.orders, input.startedAtMs, scope);
      return scope;
    }
    case "answered":
      return takeAnswer(draft, input.correlationId, input.command, input.outcome);
    case "lookedUp":
      return Scope.of(lookedUp(draft, input.correlationId, input.startedAtMs, input.order));
    case "orderRead":
      return Scope.of(orderRead(draft, input.correlationId, input.startedAtMs, input.order));
    case "positions":
      if (!differsFromPositions(draft.state.book, input.nets)) return new Scope();
      draft.record({ kind: "positionsObserved", nets: input.nets });
      return allPositions(draft);
    case "linkOpened":
      return Scope.of(takeLink(draft, input.linkId, input.leader, input.leaderSeq));
    case "capital":
      if (draft.state.capital !== input.capital) {
        draft.record({ kind: "capitalObserved", capital: input.capital });
      }
      return new Scope();
    case "clockPutForward":
      // It matters to nothing but the waits for what is unknown.
      if (draft.state.unknown.length > 0) draft.record({ kind: input.kind, byMs: input.byMs });
      return new Scope();
    case "restarted":
      return takeRestart(draft);
    case "dayBegan":
      return takeDay(draft, input.day);
    case "suspended":
      suspend(draft, input.reason, input.text);
      return new Scope();
    case "resumed":
      if (draft.state.suspended === undefined) return new Scope();
      draft.record({ kind: "resumed" });
      return allPositions(draft);
    case "stopEntries": {
      const { kind: _kind, ...stop } = input;
      return stopEntries(draft, stop) ? allPositions(draft) : new Scope();
    }
    case "allowEntries": {
      const { kind: _kind, ...allowed } = input;
      return allowEntries(draft, allowed) ? allPositions(draft) : new Scope();
    }
    case "setMode": {
      const { kind: _kind, ...set } = input;
      return setMode(draft, set) ? allPositions(draft) : new Scope();
    }
    case "repair":
      return takeRepair(draft, input);
    case "tick":
      return allPositions(draft);
    default:
      return unreachable(input);
  }
}

/** What was rejected yesterday says little of today. */
function takeDay(draft: Draft, day: TradingDay): Scope {
  if (draft.state.day === day) return new Scope();
  draft.record({ kind: "dayBegan", day });
  allowEntries(draft, { cause: "breaker", by: "the new day" });
  return new Scope();
}

function takeRestart(draft: Draft): Scope {
  draft.record({ kind: "restarted" });
  for (const correlationId of draft.state.unknown) {
    const { copyId } = childNamed(draft.state, correlationId);
    const inputs = { since: "the restart" };
    draft.record({ kind: "alarmed", code: "unknown-order", copyId, correlationId, inputs });
  }
  return new Scope();
}

function suspend(draft: Draft, reason: "auth" | "address", text: string): void {
  if (draft.state.suspended !== undefined) return;
  draft.record({ kind: "suspended", reason, text });
  draft.record({ kind: "alarmed", code: "account-suspended", inputs: { cause: reason, text } });
}

function allPositions(draft: Draft): Scope {
  const scope = Scope.of([...draft.state.openCopies.entries()].map(([key]) => key));
  if (!isSquaredOff(draft.state.stops)) return scope;
  // What was carried here from other days has no copy that is open.
  for (const [name] of draft.state.copied.entries()) scope.addPosition(contractOfCopied(name));
  return scope;
}

function takeLeaderOrders(draft: Draft, leaderId: AccountId, ids: readonly BrokerOrderId[]): Scope {
  const scope = new Scope();
  const leader = draft.context.leader(leaderId);
  if (leader === undefined) return scope;
  for (const [linkId, opened] of draft.state.links.entries()) {
    const link = draft.link(linkId);
    if (opened.leader !== leaderId || link === undefined) continue;
    const orders = ids
      .map((id) => leader.book.orders.get(id))
      .filter((order) => order !== undefined)
      .sort((a, b) => a.firstSeq - b.firstSeq);
    for (const [index, order] of orders.entries()) {
      const id = toCopyId(linkId, order.brokerOrderId);
      considerOrder(
        draft,
        link,
        leader,
        order,
        laterOf(draft, linkId, orders.slice(index + 1), order),
      );
      const { instrument, product } = draft.state.copies.get(id) ?? contractOf(link, order);
      const key = toPositionKey(instrument, product);
      // His fills move his position, which every copy of it is measured by; so do his legs. What one
      // of his triggers fired matters to the copy of that trigger when it ends.
      const isShared = order.filledQuantity > 0 || order.leg !== undefined;
      if (isShared || isTerminal(order.status)) scope.addPosition(key);
      else scope.addCopy(key, id);
    }
  }
  return scope;
}

/** Orders of the same position told of together with this one, that came after it and are new. */
function laterOf(
  draft: Draft,
  linkId: LinkId,
  rest: readonly BookOrder[],
  order: BookOrder,
): readonly BookOrder[] {
  return rest.filter(
    (other) =>
      other.instrument === order.instrument &&
      other.product === order.product &&
      !draft.state.copies.has(toCopyId(linkId, other.brokerOrderId)),
  );
}

function takeAnswer(
  draft: Draft,
  correlationId: CorrelationId,
  command: "place" | "modify" | "cancel",
  outcome: CommandOutcome,
): Scope {
  const scope = new Scope();
  const child = draft.state.children.get(correlationId);
  if (child === undefined) return scope;
  draft.record({ kind: "commandAnswered", correlationId, command, outcome });
  const now = childNamed(draft.state, correlationId);
  const alarm = answerAlarm(now, command, outcome);
  if (alarm !== undefined && outcome.kind !== "accepted") {
    const { text } = outcome;
    draft.record({
      kind: "alarmed",
      code: alarm,
      copyId: child.copyId,
      correlationId,
      inputs: { command, text },
    });
  }
  // Known before anything is planned again: the same command would be refused again at once.
  if (outcome.kind === "rejected" && (outcome.reason === "auth" || outcome.reason === "address")) {
    suspend(draft, outcome.reason, outcome.text);
  }
  const key = toPositionKey(child.instrument, child.product);
  // What the leader's trigger has fired may wait for the answer to the follower's.
  const isShared = child.state === "unknown" || child.vehicle === "forever";
  if (outcome.kind === "accepted" && !isShared) scope.addCopy(key, child.copyId);
  else scope.addPosition(key);
  return scope;
}

function answerAlarm({ identity, state }: Child, command: string, outcome: CommandOutcome) {
  if (outcome.kind === "unknown") {
    // The broker may have shown the order before its reply was lost: then there is nothing to find out.
    return command === "place" && state !== "unknown" ? undefined : ("unknown-order" as const);
  }
  if (outcome.kind !== "rejected" || outcome.reason === "transit") return undefined;
  if (command === "place")
    return identity.leg === "entry" ? ("entry-rejected" as const) : ("exit-rejected" as const);
  return "change-refused" as const;
}

function takeLink(
  draft: Draft,
  linkId: LinkId,
  leaderId: AccountId,
  leaderSeq: number,
): PositionKey[] {
  if (draft.state.links.has(linkId)) return [];
  draft.record({ kind: "linkOpened", linkId, leader: leaderId, leaderSeq });
  const link = draft.link(linkId);
  const leader = draft.context.leader(leaderId);
  if (link === undefined || leader === undefined) return [];
  return adoptChildren(draft, link, leader);
}
