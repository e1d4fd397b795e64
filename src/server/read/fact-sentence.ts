/** One fact of a follower's stream as a sentence; undefined where it would tell nobody anything. */
import type { CommandOutcome } from "../../core/model/command.ts";
import type { CopyId, FollowerFact } from "../../core/model/fact.ts";
import type { CorrelationId } from "../../core/model/ids.ts";
import { formatE4 } from "../../core/model/money.ts";
import type { OrderObservation } from "../../core/model/order.ts";
import { isTerminal } from "../../core/model/order.ts";
import type { EpochMs } from "../../core/model/time.ts";
import type { Witness } from "../../core/order/account-book.ts";
import type { FollowerState } from "../../core/order/follower.ts";
import { unreachable } from "../../platform/assert.ts";
import { orderChange } from "./order-change.ts";
import { alarmSentence, holdSentence, skipSentence } from "./reasons.ts";
import { cutExitReason, sizeSentences } from "./sizes.ts";
import { duration, orderWords, quantityAtPrice, quoted } from "./words.ts";

export interface FactContext {
  /** The follower before and after the fact. */
  readonly before: FollowerState;
  readonly after: FollowerState;
  readonly copyId: CopyId;
  readonly symbol: string;
  readonly atMs: EpochMs;
  /** When the bytes of each placement were free to leave. */
  readonly sentAtMs: ReadonlyMap<CorrelationId, EpochMs>;
}

export function factSentence(fact: FollowerFact, context: FactContext): string | undefined {
  switch (fact.kind) {
    case "copyOpened":
    case "copyResized":
      return sized(fact.kind, context);
    case "skipped": {
      const part = fact.leg === "all" ? undefined : partOf(fact.leg, context);
      return `${part === undefined ? "" : `${part} is `}not copied: ${skipSentence(fact.code, fact.inputs)} [${fact.code}]`;
    }
    case "held": {
      // That a command is answered after it was sent goes without saying.
      if (fact.code === undefined || fact.code === "awaiting-ack") return undefined;
      const part = partOf(fact.leg, context);
      return `${part === undefined ? "" : `${part} `}waits: ${holdSentence(fact.code, fact.inputs)} [${fact.code}]`;
    }
    case "referenceFixed":
      return `a market order is copied as a limit order: its limit is made from ${formatE4(fact.price)}`;
    case "entryWithdrawn":
      return fact.code === "leader-flat"
        ? "the leader has left the position again: what rests of the entry is cancelled"
        : "the leader's order was rejected: what rests of the entry is cancelled";
    case "placeIntended":
      return placing(fact, context);
    case "released":
      return "the leader's order has left transit: what was prepared is sent";
    case "modifyIntended":
      return changing(fact.command.correlationId, quantityAtPrice(fact.command.terms), context);
    case "cancelIntended":
      return fact.isReplacing
        ? "cancelling it to place it anew: the broker allows no more changes of one order"
        : "cancelling it";
    case "commandAnswered":
      return answered(fact.command, fact.correlationId, fact.outcome, context);
    case "absenceProved":
      return "proved by lookups and the whole order book: the broker never took it";
    case "changeSettled":
      return settled(fact.correlationId, fact.order, context);
    case "childAdopted":
      return `found at the broker under an id of ours that the journal did not hold: ${orderWords({ ...fact.order, symbol: context.symbol })}`;
    case "orderObserved":
      return observed(fact.order, fact.witness, context);
    case "restarted":
      return "Tandem started again: what was on its way is looked up before anything else is done";
    case "suspended":
      return `the broker refuses orders of this account: ${quoted(fact.text)}`;
    case "resumed":
      return "the broker takes orders of this account again";
    case "dayBegan":
      return `a new trading day (${fact.day}): day orders are gone`;
    case "alarmed":
      return `ALARM: ${alarmSentence(fact.code, fact.inputs)} [${fact.code}]`;
    case "copyReopened":
    case "copyClosed":
    case "absenceSeen":
    case "linkOpened":
    case "positionsObserved":
      return undefined;
    default:
      return unreachable(fact);
  }
}

type PlaceIntended = Extract<FollowerFact, { kind: "placeIntended" }>;

/** "the opening part", where the leader's order has two parts and it must be said which. */
function partOf(leg: "entry" | "exit", { after, copyId }: FactContext): string | undefined {
  const split = after.copies.get(copyId)?.split;
  const hasBoth = split !== undefined && split.reduce > 0 && split.open > 0;
  if (!hasBoth) return undefined;
  return leg === "exit" ? "the closing part" : "the opening part";
}

function sized(kind: "copyOpened" | "copyResized", { after, copyId }: FactContext) {
  const copy = after.copies.get(copyId);
  if (copy === undefined) return undefined;
  const sentence = sizeSentences(copy, after);
  return kind === "copyOpened" ? sentence : `the leader changed his quantity: ${sentence}`;
}

function placing({ identity, command, isPrepared }: PlaceIntended, context: FactContext): string {
  const { after, copyId, symbol } = context;
  const copy = after.copies.get(copyId);
  const order = orderWords({ ...command, symbol });
  const again =
    identity.attempt > 0
      ? ` (attempt ${identity.attempt + 1})`
      : identity.revision > 0
        ? " (a new order for what is missing)"
        : "";
  const isFirstExit = identity.leg === "exit" && again === "" && copy !== undefined;
  const cut = isFirstExit ? cutExitReason(copy, after, command.terms.quantity) : "";
  if (isPrepared) {
    return `preparing ${order}${cut}${again}, to be sent once the leader's order has left transit, id ${command.correlationId}`;
  }
  return `placing ${order}${cut}${again}, id ${command.correlationId}`;
}

function changing(id: CorrelationId, wanted: string, { before }: FactContext): string {
  const child = before.children.get(id);
  const was = child === undefined ? "" : ` from ${quantityAtPrice(child.terms)}`;
  return `changing it${was} to ${wanted}`;
}

const ASKED = { place: "the order", modify: "the change", cancel: "the cancel" } as const;

function answered(
  command: "place" | "modify" | "cancel",
  id: CorrelationId,
  outcome: CommandOutcome,
  { sentAtMs, atMs }: FactContext,
): string {
  const what = ASKED[command];
  switch (outcome.kind) {
    case "accepted": {
      if (command !== "place") return `the broker accepted ${what}`;
      const sent = sentAtMs.get(id);
      const after = sent === undefined ? "" : `, ${duration(atMs - sent)} later`;
      return `the broker accepted ${what}${after}: broker order ${outcome.brokerOrderId}`;
    }
    case "rejected":
      if (outcome.reason === "transit") return `${what} came too early: it is still in transit`;
      return `the broker rejected ${what}: ${quoted(outcome.text)} (${outcome.reason}${outcome.code === "" ? "" : `, ${outcome.code}`})`;
    case "notSent":
      return `${what} was not sent: ${quoted(outcome.text)}`;
    case "unknown":
      return `whether the broker took ${what} is unknown: ${quoted(outcome.text)}; it is looked up, never sent again`;
    default:
      return unreachable(outcome);
  }
}

function observed(
  order: OrderObservation,
  witness: Witness,
  { before, symbol }: FactContext,
): string | undefined {
  const id = order.correlationId;
  const child = id === undefined ? undefined : before.children.get(id);
  const known = before.book.orders.get(order.brokerOrderId) ?? placedAs(order, child?.terms);
  const change = orderChange(known, { ...order, symbol }, witness);
  if (child?.state !== "unknown") return change;
  const found = `found at the broker as order ${order.brokerOrderId}: it was taken`;
  return change === undefined ? found : `${found}; ${change}`;
}

/** A first sight of an order that we placed ourselves tells its fate, not its terms. */
function placedAs(order: OrderObservation, terms: OrderObservation["terms"] | undefined) {
  if (terms === undefined) return undefined;
  const status = order.status === "transit" ? "working" : "transit";
  const { averagePrice: _average, ...bare } = order;
  return { ...bare, terms, filledQuantity: 0, status } as const;
}

function settled(
  id: CorrelationId,
  order: OrderObservation,
  { before }: FactContext,
): string | undefined {
  const child = before.children.get(id);
  if (child?.pending === undefined) {
    return `the order book shows ${quantityAtPrice(order.terms)}: it was changed elsewhere`;
  }
  const stands = isTerminal(order.status) ? `it is ${order.status}` : quantityAtPrice(order.terms);
  const what = child.pending.kind === "cancel" ? "the cancel did not end it" : "it was read";
  return `${what}: ${stands}, ${order.filledQuantity} filled`;
}
