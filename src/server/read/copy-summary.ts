/** How one copy stands, in one word, one code and one sentence. */
import { isLoudHold } from "../../core/drift/under-way.ts";
import type { CopyOutcome } from "../../core/model/explanation.ts";
import type { CopyId, FollowerFact } from "../../core/model/fact.ts";
import { type PriceE4, toPriceE4 } from "../../core/model/money.ts";
import type { OrderObservation } from "../../core/model/order.ts";
import { ALARM_CODES, type HoldCode, type Inputs, type SkipCode } from "../../core/model/reason.ts";
import type { EpochMs } from "../../core/model/time.ts";
import type { Child } from "../../core/order/child.ts";
import { isOpen } from "../../core/order/child-state.ts";
import type { Copy } from "../../core/order/copy.ts";
import { LEGS, type Leg } from "../../core/order/correlation-id.ts";
import type { FollowerState } from "../../core/order/follower-state.ts";
import { levelsOfChild } from "./copied-groups.ts";
import { levelsWords, protectionWords } from "./group-words.ts";
import { isOverdue, OVERDUE_CODES, unprotectedUnits } from "./overdue.ts";
import { holdSentence, skipSentence } from "./reasons.ts";
import type { Recorded } from "./recorded.ts";
import { atAverage, duration, quoted } from "./words.ts";

export interface CopySummary {
  readonly outcome: CopyOutcome;
  /** Code of the refusal, the hold or the rejection; "" when there is none. */
  readonly code: string;
  readonly sentence: string;
}

export interface SummaryQuestion {
  readonly state: FollowerState;
  readonly copyId: CopyId;
  /** The facts of this copy, oldest first. */
  readonly facts: readonly Recorded<FollowerFact>[];
  /** Absent: it stands for none. */
  readonly leaderOrder?: OrderObservation;
  /** When the leader's order was first seen. */
  readonly leaderSeenAtMs?: EpochMs;
  /** When it was first seen beyond transit, and could be acted on. */
  readonly leaderLeftTransitAtMs?: EpochMs | undefined;
}

/** What a person should hear first stands first. */
const LOUDEST: readonly CopyOutcome[] = [
  "unknown",
  "held",
  "rejected",
  "pending",
  "copied",
  "skipped",
];

/** Undefined when the follower's state has no such copy. */
export function copySummary(question: SummaryQuestion): CopySummary | undefined {
  const copy = question.state.copies.get(question.copyId);
  if (copy === undefined) return undefined;
  if (copy.skips.all !== undefined) {
    const sentence = skipSentence(copy.skips.all, lastInputs(question, "all", "skipped"));
    return { outcome: "skipped", code: copy.skips.all, sentence };
  }
  const legs = legsOf(copy);
  const told = legs.map((leg) => ({
    label: legs.length > 1 ? `${labelOf(copy, leg)}: ` : "",
    ...legSummary(question, copy, leg),
  }));
  const overdue = overdueSummary(question, copy);
  if (overdue !== undefined) told.push({ label: "", ...overdue });
  const loudest = LOUDEST.find((outcome) => told.some((leg) => leg.outcome === outcome));
  const first = told.find((leg) => leg.outcome === loudest);
  const sentence = told.map((leg) => leg.label + leg.sentence).join("; ");
  return {
    outcome: loudest ?? "pending",
    code: first?.code ?? "",
    sentence: loudest === "copied" ? sentence + latency(question) : sentence,
  };
}

function labelOf({ split }: Copy, leg: Leg): string {
  if (leg === "stop") return "exit of our own";
  if (leg === "repair") return "repair of what was exited twice";
  const crosses = split.reduce > 0 && split.open > 0;
  if (leg === "exit") return crosses ? "closing part" : "exit";
  return crosses ? "opening part" : "entry";
}

/** The parts of the leader's order, and what became necessary beside them. */
function legsOf({ split, children, holds, skips }: Copy): readonly Leg[] {
  const isNeeded = (leg: Leg) =>
    children[leg].length > 0 || holds[leg] !== undefined || skips[leg] !== undefined;
  return LEGS.filter((leg) => {
    if (leg === "exit") return split.reduce > 0;
    if (leg === "entry") return split.open > 0;
    return isNeeded(leg);
  });
}

/** What must not last and has lasted: an alarm was raised for it, and it still stands. */
function overdueSummary({ state }: SummaryQuestion, copy: Copy): CopySummary | undefined {
  for (const grace of ["unprotected", "leader-out"] as const) {
    if (!isOverdue(copy, grace)) continue;
    if (grace === "unprotected" && unprotectedUnits(state, copy) === 0) continue;
    const code = OVERDUE_CODES[grace];
    return { outcome: "held", code, sentence: `ALARM: ${ALARM_CODES[code]}` };
  }
  return undefined;
}

function legSummary(question: SummaryQuestion, copy: Copy, leg: Leg): CopySummary {
  const { state } = question;
  const children = copy.children[leg]
    .map((id) => state.children.get(id))
    .filter((child) => child !== undefined);
  const last = children.at(-1);
  const skip = copy.skips[leg];
  const hold = copy.holds[leg];
  if (children.some((child) => child.state === "unknown" || child.pending?.phase === "unknown")) {
    const sentence = `${filledOf(state, children)}; whether the broker took the last command is not known`;
    return {
      outcome: "unknown",
      code: "unknown-order",
      sentence: `${sentence}, and it is looked up`,
    };
  }
  if (last === undefined || last.state === "notSent" || last.state === "absent") {
    return withoutOrder(question, leg, skip, hold);
  }
  if (last.isPrepared) {
    const sentence = `${last.terms.quantity} are sent as soon as the leader's order has left transit`;
    return { outcome: "pending", code: "in-transit", sentence };
  }
  const filled = children.reduce((sum, child) => sum + child.filled, 0);
  if (hold !== undefined && isLoudHold(hold)) {
    const waits = holdSentence(hold, lastInputs(question, leg, "held"));
    return { outcome: "held", code: hold, sentence: `${filledOf(state, children)}; ${waits}` };
  }
  if (last.state === "rejected" && filled === 0) {
    const sentence = `the broker or the exchange said no: ${quoted(last.rejection?.text ?? "")}`;
    return { outcome: "rejected", code: skip ?? "child-rejected", sentence };
  }
  const isUnderWay = last.state === "intended" || last.state === "acked";
  return {
    outcome: isUnderWay && filled === 0 ? "pending" : "copied",
    code: skip ?? "",
    sentence: `${filledOf(state, children)}${ending(question, copy, leg, { last, filled })}${exitsOf(state, last)}`,
  };
}

function withoutOrder(
  question: SummaryQuestion,
  leg: Leg,
  skip: SkipCode | undefined,
  hold: HoldCode | undefined,
): CopySummary {
  if (skip !== undefined) {
    const sentence = skipSentence(skip, lastInputs(question, leg, "skipped"));
    return { outcome: "skipped", code: skip, sentence };
  }
  if (hold !== undefined) {
    const outcome = isLoudHold(hold) ? "held" : "pending";
    return { outcome, code: hold, sentence: holdSentence(hold, lastInputs(question, leg, "held")) };
  }
  const copy = question.state.copies.get(question.copyId);
  if (copy?.isClosed === true) {
    const code = copy.withdrawn === "leader-rejected" ? copy.withdrawn : "";
    return { outcome: "skipped", code, sentence: withdrawnSentence(copy, question.leaderOrder) };
  }
  return { outcome: "pending", code: "", sentence: "no order is placed yet" };
}

/** "; stop 1640.00 works, target 1670.00 works", of an entry that has exits of its own. */
function exitsOf(state: FollowerState, child: Child): string {
  const seen = levelsWords(levelsOfChild(state, child));
  if (seen !== "") return `; ${seen}`;
  const asked = child.protection === undefined ? "" : protectionWords(child.protection);
  const isGone = child.filled === 0 && !isOpen(child.state);
  return asked === "" || isGone ? "" : `; ${asked} asked for, not seen yet`;
}

function withdrawnSentence({ withdrawn }: Copy, leaderOrder?: OrderObservation): string {
  if (withdrawn === "leader-flat") return "the leader had left the position again";
  if (leaderOrder === undefined) return "nothing was sent";
  const { status, filledQuantity, reason } = leaderOrder;
  const why = reason === "" ? "" : `: ${quoted(reason)}`;
  if (filledQuantity === 0)
    return `the leader's order was ${status} before anything was sent${why}`;
  return "nothing of it was left to copy";
}

/** "50 of 50 filled at 1650.25" over all orders of a leg, replaced ones by what they filled. */
function filledOf(state: FollowerState, children: readonly Child[]): string {
  const last = children.at(-1);
  const filled = children.reduce((sum, child) => sum + child.filled, 0);
  const asked = filled - (last?.filled ?? 0) + (last?.terms.quantity ?? 0);
  if (filled === 0) return `none of ${asked} filled`;
  return `${filled} of ${asked} filled${atAverage(averageOf(state, children))}`;
}

function averageOf(state: FollowerState, children: readonly Child[]): PriceE4 | undefined {
  let units = 0;
  let value = 0;
  for (const { brokerOrderId, filled } of children) {
    const order = brokerOrderId === undefined ? undefined : state.book.orders.get(brokerOrderId);
    if (order?.averagePrice === undefined) continue;
    units += filled;
    value += filled * order.averagePrice;
  }
  return units === 0 ? undefined : toPriceE4(Math.round(value / units));
}

function ending(
  question: SummaryQuestion,
  copy: Copy,
  leg: Leg,
  { last, filled }: { last: Child; filled: number },
): string {
  const skip = copy.skips[leg];
  if (skip !== undefined) {
    return `; ${skipSentence(skip, lastInputs(question, leg, "skipped"))}`;
  }
  if (last.state === "filled") return "";
  if (last.state === "rejected")
    return `, the rest rejected: ${quoted(last.rejection?.text ?? "")}`;
  if (last.state === "working" && last.vehicle === "forever")
    return filled === 0 ? " yet, it waits for its trigger" : ", the rest waits for its trigger";
  if (last.state === "working")
    return filled === 0 ? " yet, it is working" : ", the rest is working";
  if (isOpen(last.state))
    return filled === 0 ? " yet, it is on its way" : ", the rest is on its way";
  const status = question.leaderOrder?.status;
  const withLeader = last.isCancelWanted && (status === "cancelled" || status === "rejected");
  return `, ${filled === 0 ? "it was" : "the rest"} ${last.state}${withLeader ? ` when the leader's order was ${status}` : ""}`;
}

/** "; accepted by the broker 3 ms after the leader's order was seen": counted from when it could be. */
function latency({
  facts,
  leaderSeenAtMs: seenAtMs,
  leaderLeftTransitAtMs: leftAtMs,
}: SummaryQuestion): string {
  const accepted = facts.find(
    ({ fact }) =>
      fact.kind === "commandAnswered" &&
      fact.command === "place" &&
      fact.outcome.kind === "accepted",
  );
  if (accepted === undefined || leftAtMs === undefined || accepted.atMs < leftAtMs) return "";
  const told = `; accepted by the broker ${duration(accepted.atMs - leftAtMs)} after the leader's order was seen`;
  if (seenAtMs === undefined || seenAtMs === leftAtMs) return told;
  const whole = duration(accepted.atMs - seenAtMs);
  return `${told} to have left transit, ${whole} after it was first seen`;
}

/** The inputs of the last skip or hold of this leg. */
function lastInputs(
  { facts }: SummaryQuestion,
  leg: Leg | "all",
  kind: "skipped" | "held",
): Inputs {
  const last = facts.findLast(
    ({ fact }) => fact.kind === kind && fact.leg === leg && fact.code !== undefined,
  );
  return last?.fact.kind === kind ? last.fact.inputs : {};
}
