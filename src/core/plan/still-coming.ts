/**
 * Units of a difference that orders of the leader's copies may still bring in or take out by
 * themselves: they are under way, rest at the broker, or are sent as soon as the leader changes his.
 */
import type { Drift, DriftPart } from "../model/drift.ts";
import { toCopyId } from "../model/fact.ts";
import { isTerminal } from "../model/order.ts";
import type { FollowerState } from "../order/follower-state.ts";
import type { LeaderState } from "../order/leader.ts";
import { canEntryFill, hasOpenChild, isSkipped } from "./consider.ts";

export interface ComingQuestion {
  readonly state: FollowerState;
  readonly leader: LeaderState;
  readonly drift: Drift;
}

export function stillComing(question: ComingQuestion): number {
  const coming = question.drift.parts.filter((part) => isStillComing(question, part));
  return coming.reduce((sum, { units }) => sum + units, 0);
}

export function isStillComing({ state, leader, drift }: ComingQuestion, part: DriftPart): boolean {
  const { cause, leg, leaderOrderId } = part;
  if (cause === "catching-up") return true;
  if (leaderOrderId === undefined) return false;
  const copy = state.copies.get(toCopyId(drift.linkId, leaderOrderId));
  if (copy === undefined || copy.isClosed) return false;
  if (leg === "entry") return canEntryFill(state, copy);
  if (hasOpenChild(state, copy, "exit")) return true;
  const order = leader.book.orders.get(leaderOrderId);
  const isOver = order === undefined || isTerminal(order.status);
  return leg === "exit" && !isOver && !isSkipped(copy, "exit");
}
