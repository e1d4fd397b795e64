/**
 * A person's request for repairs: each position is held against what he saw, offered anew, and begun.
 *
 * Keeps: what has changed since he saw it is refused, and changes nothing; the same request twice is
 * one. Does not: choose an order that he was not shown.
 */
import { driftsOf } from "../drift/drift.ts";
import type { Drift } from "../model/drift.ts";
import type { RepairAnswer, RepairOrder, RepairRefused, SeenPosition } from "../model/repair.ts";
import { toPositionKey } from "../order/account-book.ts";
import { copiedKeyOf } from "../order/follower-state.ts";
import type { Draft } from "./draft.ts";
import { offerRepair } from "./offer-repair.ts";
import { beginRepair } from "./repair-drift.ts";
import { Scope } from "./scope.ts";

export interface RepairRequested {
  readonly requestId: string;
  readonly by: string;
  readonly positions: readonly SeenPosition[];
}

export function takeRepair(draft: Draft, requested: RepairRequested): Scope {
  const { requestId, by, positions } = requested;
  const scope = new Scope();
  if (draft.state.repairs.some((request) => request.requestId === requestId)) return scope;
  const answers = positions.map((seen): RepairAnswer => {
    const answer = begin(draft, seen, { requestId, by });
    if ("name" in answer) scope.addPosition(toPositionKey(seen.instrument, seen.product));
    return answer;
  });
  draft.record({ kind: "repairAsked", requestId, by, answers });
  return scope;
}

function begin(
  draft: Draft,
  seen: SeenPosition,
  asked: Pick<RepairRequested, "requestId" | "by">,
): RepairAnswer {
  const refuse = (refused: RepairRefused): RepairAnswer => ({ ...seen, refused });
  const refuseStale = (inputs: RepairRefused["inputs"]) => refuse({ code: "repair-stale", inputs });
  const link = draft.link(seen.linkId);
  if (link === undefined) return refuse({ code: "link-not-set", inputs: {} });
  const leader = draft.context.leader(link.leader);
  if (leader === undefined) return refuse({ code: "books-not-read", inputs: {} });
  const { linkId } = seen;
  const only = copiedKeyOf(seen);
  const [drift = nothing(seen)] = driftsOf({ linkId, follower: draft.state, leader, only });
  const actual = drift.target + drift.difference;
  if (drift.target !== seen.target || actual !== seen.actual) {
    const { target: seenTarget, actual: seenActual } = seen;
    return refuseStale({ seenTarget, seenActual, target: drift.target, actual });
  }
  const { order, refused } = offerRepair(draft, drift);
  if (order === undefined) return refuse(refused);
  if (!isSameOrder(order, seen.order)) return refuseStale(orderInputs(order));
  return { ...seen, name: beginRepair(draft, { drift, actual, order }, asked, leader) };
}

function isSameOrder(order: RepairOrder, seen: RepairOrder | undefined): boolean {
  const { leg, side, quantity, price } = order;
  const isSameWay = seen?.leg === leg && seen.side === side;
  return isSameWay && seen.quantity === quantity && seen.price === price;
}

/** What would be sent now. */
function orderInputs({ side, quantity, price }: RepairOrder): RepairRefused["inputs"] {
  return { side, quantity, ...(price && { priceE4: price }) };
}

/** Nothing is copied there, and nothing should be. */
function nothing({ linkId, instrument, product, of }: SeenPosition): Drift {
  const position = { linkId, instrument, product, ...(of && { of }) };
  return { ...position, target: 0, copied: 0, held: 0, difference: 0, parts: [] };
}
