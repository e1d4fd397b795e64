/** Repairs as a person gives them: he looks, and what he saw goes with his yes. */
import assert from "node:assert/strict";
import { driftsOf } from "../../src/core/drift/drift.ts";
import type { RepairAnswer, RepairOrder, SeenPosition } from "../../src/core/model/repair.ts";
import type { Child } from "../../src/core/order/child.ts";
import { repairOffers } from "../../src/core/plan/offer-repair.ts";
import type { RepairOffer } from "../../src/core/plan/repair-order.ts";
import { LINK } from "./builders.ts";
import type { Desk } from "./desk.ts";

export function offersAt(desk: Desk): readonly RepairOffer[] {
  return repairOffers(desk.follower, desk.context());
}

export function seenOf({ drift, actual, order }: RepairOffer): SeenPosition {
  const { linkId, instrument, product, of, target } = drift;
  const position = { linkId, instrument, product, ...(of && { of }) };
  return { ...position, target, actual, ...(order && { order }) };
}

/** "SELL 50", "BUY 50 at 1658.00 (other-side-first)", "(by-rule)"; one for each difference. */
export function offerWords(desk: Desk): readonly string[] {
  return offersAt(desk).map(({ order, refused }) =>
    [...(order ? [orderWords(order)] : []), ...(refused ? [`(${refused.code})`] : [])].join(" "),
  );
}

function orderWords({ side, quantity, price }: RepairOrder): string {
  const limit = price === undefined ? "" : ` at ${(price / 10_000).toFixed(2)}`;
  return `${side} ${quantity}${limit}`;
}

/** He says yes to what he saw; to all that differs now, where nothing is given. */
export function repairs(
  desk: Desk,
  positions: readonly SeenPosition[] = offersAt(desk).map(seenOf),
  requestId = `request-${desk.recorded.length}`,
): readonly string[] {
  desk.input({ kind: "repair", requestId, by: "asha", positions });
  const answers = desk.follower.repairs.find((request) => request.requestId === requestId)?.answers;
  return (answers ?? []).map(answerWords);
}

/** "RP7", or the code of the refusal. */
function answerWords(answer: RepairAnswer): string {
  return "name" in answer ? answer.name : answer.refused.code;
}

export function repairOrders(desk: Desk): Child[] {
  return desk.children().filter(({ identity }) => identity.leaderOrderId.startsWith("RP"));
}

export function lastRepair(desk: Desk): Child {
  const child = repairOrders(desk).at(-1);
  assert.ok(child, "no repair has sent anything");
  return child;
}

export function openRepairs(desk: Desk): number {
  const copies = [...desk.follower.copies.values()];
  return copies.filter(({ repair, isClosed }) => repair !== undefined && !isClosed).length;
}

export function differences(desk: Desk): readonly number[] {
  const { follower, leader } = desk;
  return driftsOf({ linkId: LINK, follower, leader }).map(({ difference }) => difference);
}
