/**
 * Modifies a Forever order. The broker changes one leg a call, under a name that only its list tells
 * (documents and captures differ), so the list is read first and the stored name echoed.
 */
import type { CommandOutcome, ModifyCommand } from "../core/model/command.ts";
import { toBrokerOrderId } from "../core/model/ids.ts";
import type { TriggerTerms } from "../core/model/order.ts";
import { must } from "../platform/assert.ts";
import { BrokerFault } from "../ports/broker.ts";
import { conclude } from "./conclude.ts";
import { WireFault } from "./errors.ts";
import type { Calls } from "./rest/calls.ts";
import { listForever, modifyForever } from "./rest/forever.ts";
import { foreverModifyRequestOf, triggerTermsOf } from "./translate/forever-request.ts";
import { halvesOf } from "./translate/forever-row.ts";
import type { ForeverModifyRequest, ForeverRow } from "./wire/forever-order.ts";

/**
 * Sends one change, or two for an OCO whose halves both differ from what is stored. Before the first
 * all is notSent; after one was taken, anything but success is unknown, because half of it is done.
 */
export async function changeForever(calls: Calls, command: ModifyCommand): Promise<CommandOutcome> {
  let requests: readonly ForeverModifyRequest[];
  try {
    const rows = await listForever(calls);
    requests = requestsOf(calls, command, rows);
  } catch (error) {
    if (!(error instanceof BrokerFault || error instanceof WireFault)) throw error;
    return { kind: "notSent", text: calls.redact(error.message) };
  }
  let last: CommandOutcome | undefined;
  for (const request of requests) {
    const sent = { kind: "modify", brokerOrderId: toBrokerOrderId(request.orderId) } as const;
    const outcome = await conclude(calls, sent, () => modifyForever(calls, request));
    if (outcome.kind !== "accepted") {
      if (last === undefined) return outcome;
      return { kind: "unknown", text: `one of two halves was changed; ${outcome.text}` };
    }
    last = outcome;
  }
  return must(last, "a change to a Forever order");
}

function requestsOf(
  calls: Calls,
  command: ModifyCommand,
  rows: readonly ForeverRow[],
): readonly ForeverModifyRequest[] {
  const orderId = command.brokerOrderId;
  const own = rows.filter((row) => row.orderId === orderId);
  if (own.length === 0) throw new WireFault(`Forever order ${orderId} is not on the list`);
  const { flag, stop, target } = halvesOf(own);
  const requestFor = (row: ForeverRow, half: TriggerTerms) =>
    foreverModifyRequestOf(command, flag, row, half, calls.clientId);
  const toTarget = command.second;
  if (command.leg === "target") {
    if (target === undefined) throw new WireFault(`Forever order ${orderId} has no target`);
    return [requestFor(target, must(toTarget, "the target's terms"))];
  }
  const first = requestFor(stop, triggerTermsOf(command.terms));
  if (command.leg === "stop" || target === undefined || toTarget === undefined) return [first];
  const second = requestFor(target, toTarget);
  const changed = [
    ...(differs(stop, first) ? [first] : []),
    ...(differs(target, second) ? [second] : []),
  ];
  // A repeated change is answered like any other, and what the broker says then is the outcome.
  return changed.length === 0 ? [first] : changed;
}

function differs(row: ForeverRow, request: ForeverModifyRequest): boolean {
  return (
    row.quantity !== request.quantity ||
    row.price !== request.price ||
    row.triggerPrice !== request.triggerPrice
  );
}
