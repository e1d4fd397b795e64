/** One fact of a follower's stream as a sentence; undefined where it would tell nobody anything. */
import type { FollowerFact, Grace } from "../../core/model/fact.ts";
import { formatE4, type PriceE4 } from "../../core/model/money.ts";
import type { OrderObservation } from "../../core/model/order.ts";
import type { RepairAim } from "../../core/model/repair.ts";
import type { Witness } from "../../core/order/account-book.ts";
import type { Copy } from "../../core/order/copy.ts";
import type { Leg } from "../../core/order/correlation-id.ts";
import { childOf, parentChildOf } from "../../core/order/follower.ts";
import { unreachable } from "../../platform/assert.ts";
import { answered, cancelling, changing, placing, settled } from "./command-sentence.ts";
import type { FactContext } from "./fact-context.ts";
import { vehicleWords } from "./group-words.ts";
import { orderChange, partChange } from "./order-change.ts";
import { alarmSentence, holdSentence, skipSentence } from "./reasons.ts";
import { sizeSentences } from "./sizes.ts";
import { byWords, stopSentence } from "./stop-words.ts";
import { absentWords, foundWords } from "./unknown-words.ts";
import { duration, orderWords, quoted } from "./words.ts";

export function factSentence(fact: FollowerFact, context: FactContext): string | undefined {
  switch (fact.kind) {
    case "copyOpened":
    case "copyResized":
      return sized(fact.kind, context);
    case "skipped":
      return `${refusedPart(fact, context)}: ${skipSentence(fact.code, fact.inputs)} [${fact.code}]`;
    case "held":
      return waits(fact, context);
    case "graceBegan":
      return GRACES[fact.grace].began;
    case "graceEnded":
      return GRACES[fact.grace].ended;
    case "referenceFixed":
      return reference(fact.price, context);
    case "entryWithdrawn":
      return `${WITHDRAWN[fact.code]}: what rests of the entry is cancelled`;
    case "placeIntended":
      return placing(fact, context);
    case "released":
      return "the leader's order has left transit: what was prepared is sent";
    case "modifyIntended":
      return changing(fact.command, context);
    case "cancelIntended":
      return cancelling(fact);
    case "commandAnswered":
      return answered(fact.command, fact.correlationId, fact.outcome, context);
    case "absenceProved":
      return absentWords(context.before.children.get(fact.correlationId));
    case "changeSettled":
      return settled(fact, context);
    case "childAdopted":
      return `found at the broker under an id of ours that the journal did not hold: ${orderWords({ ...fact.order, symbol: context.symbol })}`;
    case "childFound":
      return `found at the broker by its terms, under order ${fact.order.brokerOrderId}: it was taken`;
    case "orderObserved":
      return observed(fact.order, fact.witness, context);
    case "restarted":
    case "clockPutForward":
      return anew(fact);
    case "suspended":
      return `the broker refuses orders of this account: ${quoted(fact.text)}`;
    case "resumed":
      return "the broker takes orders of this account again";
    case "entriesStopped":
    case "entriesAllowed":
      return stopSentence(fact);
    case "linkModeSet":
      return `the link ${fact.linkId} is ${fact.mode} from now on (${byWords(fact)})`;
    case "dayBegan":
      return `a new trading day (${fact.day}): day orders are gone`;
    case "alarmed":
      return `ALARM: ${alarmSentence(fact.code, fact.inputs)} [${fact.code}]`;
    case "copyReopened":
    case "copyClosed":
    case "repairAsked":
    case "absenceSeen":
    case "linkOpened":
    case "capitalObserved":
    case "driftBegan":
    case "driftEnded":
    case "positionsObserved":
      return undefined;
    default:
      return unreachable(fact);
  }
}

function waits(
  { code, leg, inputs }: Extract<FollowerFact, { kind: "held" }>,
  context: FactContext,
): string | undefined {
  // That a command is answered after it was sent goes without saying.
  if (code === undefined || code === "awaiting-ack") return undefined;
  const part = partOf(leg, context);
  return `${part === undefined ? "" : `${part} `}waits: ${holdSentence(code, inputs)} [${code}]`;
}

const WITHDRAWN = {
  "leader-flat": "the leader has left the position again",
  "leader-rejected": "the leader's order was rejected",
} as const;

function anew(fact: Extract<FollowerFact, { kind: "restarted" | "clockPutForward" }>): string {
  if (fact.kind === "restarted") {
    return "Tandem started again: what was on its way is looked up before anything else is done";
  }
  const by = duration(fact.byMs);
  return `the machine's clock went forward by ${by}: what is unknown is looked for anew`;
}

const GRACES: Readonly<Record<Grace, { readonly began: string; readonly ended: string }>> = {
  unprotected: {
    began: "units have filled and no stop of theirs is seen working yet",
    ended: "no filled units are without a working stop any more",
  },
  "leader-out": {
    began: "the leader has left the position and the follower has not yet",
    ended: "the follower does not hold what the leader has left any more",
  },
  "leg-cancelled": {
    began: "an exit leg of the leader's is gone without having filled: what it means is awaited",
    ended: "what became of the leader's exit leg is known",
  },
  "leader-filled": {
    began: "the leader's order has filled and the copy rests",
    ended: "the copy does not rest behind the leader's filled order any more",
  },
  "leg-left": {
    began: "all of a group is out and one of its exit legs still stands: the broker should end it",
    ended: "no exit leg of a group that is out stands any more",
  },
  "fired-unseen": {
    began: "the follower's trigger has fired: its order is awaited",
    ended: "the order that the follower's trigger fired is known",
  },
  "fired-left": {
    began: "what the leader's trigger fired is over: what rests of the follower's is cancelled",
    ended: "no order that the follower's trigger fired rests any more",
  },
  "fired-alone": {
    began: "the follower's trigger has fired and the leader's has not",
    ended: "the follower's trigger is not the only one that has fired any more",
  },
  "rest-left": {
    began:
      "the leader is out: all that is left is for this exit to take, once it has had its moment",
    ended: "nothing is left that this exit is to take beyond its part",
  },
  "square-off-rests": {
    began: "the order that closes what was copied is at the broker and has not filled yet",
    ended: "no order that closes what was copied rests any more",
  },
  "not-flat": {
    began: "the account is squared off and units are still in",
    ended: "nothing of it is in any more",
  },
  "repair-open": {
    began: "a repair is under way: its order may rest for a short while",
    ended: "no repair of it is under way any more",
  },
  "double-exit": {
    began: "exits have taken out more than was copied: whether an entry is told of late is awaited",
    ended: "no more is out than was copied",
  },
};

function reference(price: PriceE4, { after, copyId }: FactContext): string {
  const what = after.copies.get(copyId)?.byFills
    ? "what the leader has filled is copied with a limit order"
    : "a market order is copied as a limit order";
  return `${what}: its limit is made from ${formatE4(price)}`;
}

function refusedPart(
  { leg, slice }: Extract<FollowerFact, { kind: "skipped" }>,
  context: FactContext,
): string {
  if (context.after.copies.get(context.copyId)?.repair) return "the repair goes no further";
  const part = leg === "all" ? undefined : partOf(leg, context);
  const subject = slice === undefined ? part : `slice ${slice + 1} of ${part ?? "it"}`;
  return subject === undefined ? "not copied" : `${subject} is not copied`;
}

/** The part in words, where the leader's order has several and it must be said which. */
function partOf(leg: Leg, { after, copyId }: FactContext): string | undefined {
  if (leg === "stop") return "the exit of our own";
  if (leg === "repair") return "the repair of what was exited twice";
  const split = after.copies.get(copyId)?.split;
  const hasBoth = split !== undefined && split.reduce > 0 && split.open > 0;
  if (!hasBoth) return undefined;
  return leg === "exit" ? "the closing part" : "the opening part";
}

function sized(kind: "copyOpened" | "copyResized", { after, copyId }: FactContext) {
  const copy = after.copies.get(copyId);
  if (copy === undefined) return undefined;
  if (copy.repair !== undefined) return repairBegun(copy.repair);
  const sentence = sizeSentences(copy, after);
  if (kind === "copyResized") return `the leader changed his quantity: ${sentence}`;
  return [sentence, ...mannerOf(copy)].filter((part) => part !== "").join("; ");
}

function repairBegun({ target, actual, by }: RepairAim): string {
  return `a repair is begun by ${by}: ${actual} were in and ${target} should be`;
}

/** How it is copied, where that is not as a plain order of the same contract. */
function mannerOf({ vehicle, of, byFills, isAfterMarket, instrument, product }: Copy): string[] {
  const isOther = of !== undefined && of.instrument !== instrument;
  return [
    ...(vehicle === undefined ? [] : [`it is copied as ${vehicleWords(vehicle)}`]),
    ...(isOther ? [`${of.instrument} is traded as ${instrument}`] : []),
    ...(of !== undefined && of.product !== product ? [`product ${of.product} as ${product}`] : []),
    ...(byFills ? ["only what of it fills is copied"] : []),
    ...(isAfterMarket ? ["it is queued for the open, as the leader's is"] : []),
  ];
}

function observed(
  order: OrderObservation,
  witness: Witness,
  { before, after, symbol, atMs }: FactContext,
): string | undefined {
  const child = childOf(before, order);
  const known = before.book.orders.get(order.brokerOrderId) ?? placedAs(order, child?.terms);
  const named = { ...order, symbol };
  const isPart = child === undefined && parentChildOf(after, order) !== undefined;
  if (isPart) return partChange(known, named, witness);
  const change = orderChange(known, named, witness);
  if (child?.state !== "unknown") return change;
  const found = foundWords(child, order, { witness, atMs });
  return change === undefined ? found : `${found}; ${change}`;
}

/** A first sight of an order that we placed ourselves tells its fate, not its terms. */
function placedAs(order: OrderObservation, terms: OrderObservation["terms"] | undefined) {
  if (terms === undefined) return undefined;
  const status = order.status === "transit" ? "working" : "transit";
  const { averagePrice: _average, ...bare } = order;
  return { ...bare, terms, filledQuantity: 0, status } as const;
}
