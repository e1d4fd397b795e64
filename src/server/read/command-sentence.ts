/** What was asked of the broker and what he answered, as sentences. */
import type { CommandOutcome, ModifyCommand, Protection } from "../../core/model/command.ts";
import type { FollowerFact } from "../../core/model/fact.ts";
import type { BrokerOrderId, CorrelationId } from "../../core/model/ids.ts";
import { type ExitLeg, isTerminal } from "../../core/model/order.ts";
import type { Leg } from "../../core/order/correlation-id.ts";
import type { FollowerState } from "../../core/order/follower-state.ts";
import { unreachable } from "../../platform/assert.ts";
import type { FactContext } from "./fact-context.ts";
import { changedProtectionWords, placementWords, protectionWords } from "./group-words.ts";
import { cutExitReason } from "./sizes.ts";
import { duration, orderWords, quantityAtPrice, quoted } from "./words.ts";

type PlaceIntended = Extract<FollowerFact, { kind: "placeIntended" }>;

export function placing(
  { identity, command, isPrepared }: PlaceIntended,
  context: FactContext,
): string {
  const { after, copyId, symbol } = context;
  const copy = after.copies.get(copyId);
  const what = PURPOSES[identity.leg] ?? "";
  const order = `${what}${orderWords({ ...command, symbol })}${placementWords(command)}`;
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

/** What an order is for that is no copy of an order of the leader's. */
const PURPOSES: Readonly<Partial<Record<Leg, string>>> = {
  stop: "an exit of our own, ",
  repair: "a repair of what was exited twice, ",
};

export function changing(command: ModifyCommand, { before }: FactContext): string {
  const child = before.children.get(command.correlationId);
  const levels = changedProtectionWords(command);
  if (command.leg !== undefined) {
    const known = child?.protection === undefined ? "" : ownLevel(child.protection, command.leg);
    return `changing its ${command.leg}${known === "" ? "" : ` from ${known}`} to ${levels}`;
  }
  const was = child === undefined ? "" : ` from ${quantityAtPrice(child.terms)}`;
  const wanted = quantityAtPrice(command.terms);
  return `changing it${was} to ${wanted}${levels === "" ? "" : `, ${levels}`}`;
}

function ownLevel({ stop, target, trail }: Protection, leg: ExitLeg): string {
  if (leg === "target") return protectionWords({ ...(target && { target }) });
  return protectionWords({ ...(stop && { stop }), ...(trail && { trail }) });
}

export function cancelling(fact: Extract<FollowerFact, { kind: "cancelIntended" }>): string {
  const { leg } = fact.command;
  const what = leg === undefined ? "it" : `its ${leg}`;
  return fact.isReplacing
    ? `cancelling ${what} to place it anew: the broker allows no more changes of one order`
    : `cancelling ${what}`;
}

const ASKED = { place: "the order", modify: "the change", cancel: "the cancel" } as const;

export function answered(
  command: "place" | "modify" | "cancel",
  id: CorrelationId,
  outcome: CommandOutcome,
  { after, sentAtMs, atMs }: FactContext,
): string {
  const what = ASKED[command];
  switch (outcome.kind) {
    case "accepted": {
      if (command !== "place") return `the broker accepted ${what}`;
      const sent = sentAtMs.get(id);
      const delay = sent === undefined ? "" : `, ${duration(atMs - sent)} later`;
      return `the broker accepted ${what}${delay}: broker order ${outcome.brokerOrderId}`;
    }
    case "rejected":
      if (outcome.reason === "transit") return `${what} came too early: it is still in transit`;
      return `the broker rejected ${what}: ${quoted(outcome.text)} (${outcome.reason}${outcome.code === "" ? "" : `, ${outcome.code}`})`;
    case "notSent":
      return `${what} was not sent: ${quoted(outcome.text)}`;
    case "unknown": {
      const shown = command === "place" ? shownAs(id, after) : undefined;
      if (shown !== undefined) {
        return `the reply to ${what} was lost: ${quoted(outcome.text)}; the broker had shown it as order ${shown} by then, so it was taken`;
      }
      return `whether the broker took ${what} is unknown: ${quoted(outcome.text)}; it is looked up, never sent again`;
    }
    default:
      return unreachable(outcome);
  }
}

/** The broker's id of an order that a witness has shown: its own reply is not needed any more. */
function shownAs(id: CorrelationId, { children }: FollowerState): BrokerOrderId | undefined {
  const child = children.get(id);
  return child?.state === "unknown" ? undefined : child?.brokerOrderId;
}

export function settled(
  { correlationId, order, protection }: Extract<FollowerFact, { kind: "changeSettled" }>,
  { before }: FactContext,
): string | undefined {
  const child = before.children.get(correlationId);
  const levels = protection === undefined ? "" : protectionWords(protection);
  const terms = `${quantityAtPrice(order.terms)}${levels === "" ? "" : `, ${levels}`}`;
  if (child?.pending === undefined) {
    return `the order book shows ${terms}: it was changed elsewhere`;
  }
  const stands = isTerminal(order.status) ? `it is ${order.status}` : terms;
  const what = child.pending.kind === "cancel" ? "the cancel did not end it" : "it was read";
  return `${what}: ${stands}, ${order.filledQuantity} filled`;
}
