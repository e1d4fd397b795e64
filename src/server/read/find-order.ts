/** From whatever id somebody has in hand to the leader's order that it goes back to. */
import type { AccountId, BrokerOrderId } from "../../core/model/ids.ts";
import type { OrderObservation } from "../../core/model/order.ts";
import { foldFollower, parentChildOf } from "../../core/order/follower.ts";
import { emptyFollower, type FollowerState } from "../../core/order/follower-state.ts";
import type { Journal } from "../../ports/journal.ts";
import { type LeaderOrder, readLeaderOrder } from "./leader-order.ts";
import { accountsOf, followerRecord, leaderRecord } from "./recorded.ts";

export interface FoundOrder {
  readonly leaderOrder: LeaderOrder;
  /** How it was found when it was not asked for by its own id; "" otherwise. */
  readonly remark: string;
}

interface Name {
  readonly leader: AccountId;
  readonly leaderOrderId: BrokerOrderId;
}

export async function findOrder(journal: Journal, id: string): Promise<FoundOrder | undefined> {
  for (const leader of await accountsOf(journal, "leader")) {
    const leaderOrderId = await leaderOrderIdOf(journal, leader, id);
    if (leaderOrderId === undefined) continue;
    const leaderOrder = await readLeaderOrder(journal, leader, leaderOrderId);
    if (leaderOrder !== undefined) return { leaderOrder, remark: partRemark(leaderOrder.order) };
  }
  for (const follower of await accountsOf(journal, "follower")) {
    const name = await copiedOrderOf(journal, follower, id);
    if (name === undefined) continue;
    const leaderOrder = await readLeaderOrder(journal, name.leader, name.leaderOrderId);
    const remark = `${id} is an order of ${follower}, a copy of this one`;
    if (leaderOrder !== undefined) return { leaderOrder, remark };
  }
  return undefined;
}

/** Of what belongs to another order of the leader's: a leg, or what a trigger has fired. */
function partRemark({ brokerOrderId, leg, parentId }: OrderObservation): string {
  if (parentId === undefined) return "";
  const what = leg === undefined ? "was fired by" : `is the ${leg} of`;
  return `${brokerOrderId} ${what} order ${parentId}, which has a story of its own`;
}

/** Compared as text: what was typed is no broker order id until it is found to be one. */
async function leaderOrderIdOf(
  journal: Journal,
  leader: AccountId,
  id: string,
): Promise<BrokerOrderId | undefined> {
  for await (const { fact } of leaderRecord(journal, leader)) {
    if (fact.kind === "orderObserved" && fact.order.brokerOrderId === id) {
      return fact.order.brokerOrderId;
    }
  }
  return undefined;
}

/** The leader order that a child of this follower was placed for. */
async function copiedOrderOf(
  journal: Journal,
  follower: AccountId,
  id: string,
): Promise<Name | undefined> {
  let state: FollowerState = emptyFollower(follower);
  for await (const { fact, seq, atMs } of followerRecord(journal, follower)) {
    state = foldFollower(state, fact, seq, atMs);
  }
  const order = [...state.book.orders.values()].find(({ brokerOrderId }) => brokerOrderId === id);
  const parent = order && parentChildOf(state, order);
  if (parent !== undefined) return parent.identity;
  for (const child of state.children.values()) {
    const isIt = child.correlationId === id || child.brokerOrderId === id;
    const isSecond = (state.book.byCorrelation.get(child.correlationId) ?? []).some(
      (other) => other === id,
    );
    if (isIt || isSecond) return child.identity;
  }
  return undefined;
}
