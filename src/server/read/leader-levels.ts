/** A leader's account as the status needs it: what he holds, and since when he holds it. */

import type { LeaderFact } from "../../core/model/fact.ts";
import type { AccountId, BrokerOrderId } from "../../core/model/ids.ts";
import { netUnits, type PositionKey, toPositionKey } from "../../core/order/account-book.ts";
import { emptyLeader, foldLeader, type LeaderState } from "../../core/order/leader.ts";
import type { Journal } from "../../ports/journal.ts";
import { leaderRecord } from "./recorded.ts";

export interface LeaderLevels {
  readonly state: LeaderState;
  /** Seq of the entry after which his net was last zero or on the other side. */
  readonly flatAtSeq: ReadonlyMap<PositionKey, number>;
  /** Seq of the entry that last told of a fill of the order. */
  readonly filledAtSeq: ReadonlyMap<BrokerOrderId, number>;
}

export async function readLeaderLevels(
  journal: Journal,
  account: AccountId,
): Promise<LeaderLevels> {
  let state = emptyLeader(account);
  const flatAtSeq = new Map<PositionKey, number>();
  const filledAtSeq = new Map<BrokerOrderId, number>();
  for await (const { fact, seq } of leaderRecord(journal, account)) {
    const before = state;
    state = foldLeader(before, fact, seq);
    for (const key of touchedBy(fact, state)) {
      const [was, is] = [netUnits(before.book, key), netUnits(state.book, key)];
      if (is === 0) flatAtSeq.set(key, seq);
      // The order that crosses zero is the first of the new position.
      else if (Math.sign(was) === -Math.sign(is)) flatAtSeq.set(key, seq - 1);
    }
    if (fact.kind !== "orderObserved") continue;
    const { brokerOrderId, filledQuantity } = fact.order;
    const known = before.book.orders.get(brokerOrderId)?.filledQuantity ?? 0;
    if (filledQuantity > known) filledAtSeq.set(brokerOrderId, seq);
  }
  return { state, flatAtSeq, filledAtSeq };
}

function touchedBy(fact: LeaderFact, state: LeaderState): Iterable<PositionKey> {
  if (fact.kind === "orderObserved") {
    return [toPositionKey(fact.order.instrument, fact.order.product)];
  }
  if (fact.kind !== "positionsObserved") return [];
  return [...state.book.nets.entries()].map(([key]) => key);
}
