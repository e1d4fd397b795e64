/** One order of a leader: what was observed of it, from his stream. */
import type { LeaderFact } from "../../core/model/fact.ts";
import type { AccountId, BrokerOrderId } from "../../core/model/ids.ts";
import { isTerminal, type OrderObservation } from "../../core/model/order.ts";
import type { EpochMs } from "../../core/model/time.ts";
import type { BookOrder } from "../../core/order/account-book.ts";
import { emptyLeader, foldLeader, type LeaderState } from "../../core/order/leader.ts";
import type { Journal } from "../../ports/journal.ts";
import type { Told } from "./copy-story.ts";
import { familyWords } from "./group-words.ts";
import { orderChange, partChange } from "./order-change.ts";
import { leaderRecord, type Recorded } from "./recorded.ts";
import { atAverage, orderWords, symbolOf } from "./words.ts";

export interface LeaderOrder {
  readonly account: AccountId;
  readonly state: LeaderState;
  readonly order: BookOrder;
  readonly told: readonly Told[];
  readonly facts: readonly Recorded<LeaderFact>[];
  readonly seenAtMs: EpochMs;
  /** When it was first seen beyond transit: before that nothing is copied. */
  readonly actedOnAtMs: EpochMs | undefined;
}

/** The order as this leader's stream tells it; undefined when it is not one of his. */
export async function readLeaderOrder(
  journal: Journal,
  account: AccountId,
  id: BrokerOrderId,
): Promise<LeaderOrder | undefined> {
  let state = emptyLeader(account);
  const told: Told[] = [];
  const facts: Recorded<LeaderFact>[] = [];
  let actedOnAtMs: EpochMs | undefined;
  for await (const entry of leaderRecord(journal, account)) {
    const before = state;
    const known = before.book.orders.get(id);
    state = foldLeader(state, entry.fact, entry.seq);
    const { fact, atMs } = entry;
    if (fact.kind === "dayBegan" && known !== undefined && isDayOrder(known)) {
      told.push({ atMs, text: `a new trading day (${fact.day}): the order is gone` });
      facts.push(entry);
    }
    if (fact.kind !== "orderObserved") continue;
    if (isPartOf(state, id, fact.order)) {
      const knownPart = before.book.orders.get(fact.order.brokerOrderId);
      const text = partChange(knownPart, fact.order, fact.witness);
      facts.push(entry);
      if (text !== undefined) told.push({ atMs, text });
    }
    if (fact.order.brokerOrderId !== id) continue;
    facts.push(entry);
    if (fact.order.status !== "transit") actedOnAtMs ??= atMs;
    const text = orderChange(known, fact.order, fact.witness);
    if (text !== undefined) told.push({ atMs, text });
  }
  const order = state.book.orders.get(id);
  const [first] = facts;
  if (order === undefined || first === undefined) return undefined;
  return { account, state, order, told, facts, seenAtMs: first.atMs, actedOnAtMs };
}

/** It ends with its day; a Forever order rests on. */
function isDayOrder({ family, status }: BookOrder): boolean {
  return family !== "forever" && !isTerminal(status);
}

/** A leg of this order, or an order that it has fired. */
function isPartOf({ book }: LeaderState, id: BrokerOrderId, order: OrderObservation): boolean {
  return book.byParent.get(id)?.includes(order.brokerOrderId) ?? false;
}

/** "BUY 50 HDFCBANK LIMIT 1650.00 INTRADAY DAY: filled, 50 of 50 at 1650.00". */
export function leaderOrderLine(order: BookOrder): string {
  const { filledQuantity, terms, averagePrice, status } = order;
  const filled =
    filledQuantity === 0
      ? ""
      : `, ${filledQuantity} of ${terms.quantity}${atAverage(averagePrice)}`;
  return `${orderWords({ ...order, symbol: symbolOf(order) })}${familyWords(order)}: ${status}${filled}`;
}
