/**
 * The leader's account: what was seen of it, as a fold over its stream.
 *
 * Keeps: one fact per change, however often and by whichever witness it was reported.
 * Does not: know of followers.
 */
import { unreachable } from "../../platform/assert.ts";
import type { LeaderFact } from "../model/fact.ts";
import type { AccountId } from "../model/ids.ts";
import { isTerminal, type OrderObservation } from "../model/order.ts";
import type { TradingDay } from "../model/time.ts";
import {
  type AccountBook,
  differsFromPositions,
  EMPTY_BOOK,
  mergeObservation,
  type NetUnits,
  type Witness,
  withOrder,
  withPositions,
} from "./account-book.ts";

export interface LeaderState {
  readonly account: AccountId;
  readonly book: AccountBook;
  /** Orders first seen up to this seq were compared with a whole book read begun after them. */
  readonly confirmedSeq: number;
  readonly day?: TradingDay;
}

export function emptyLeader(account: AccountId): LeaderState {
  return { account, book: EMPTY_BOOK, confirmedSeq: 0 };
}

/** The state after the fact with this seq of the leader's stream. */
export function foldLeader(state: LeaderState, fact: LeaderFact, seq: number): LeaderState {
  switch (fact.kind) {
    case "orderObserved":
      return { ...state, book: withOrder(state.book, fact.order, seq) };
    case "positionsObserved":
      return { ...state, book: withPositions(state.book, fact.nets) };
    case "bookConfirmed":
      return { ...state, confirmedSeq: Math.max(state.confirmedSeq, fact.throughSeq) };
    case "dayBegan":
      return foldDayBegan(state, fact.day);
    default:
      return unreachable(fact);
  }
}

/** Day orders do not outlive their day, and the books of the day before cannot be read again. */
function foldDayBegan(state: LeaderState, day: TradingDay): LeaderState {
  if (state.day === undefined || state.day === day) return { ...state, day };
  let orders = state.book.orders;
  for (const order of state.book.orders.values()) {
    if (!isTerminal(order.status) && order.family !== "forever") {
      orders = orders.set(order.brokerOrderId, { ...order, status: "expired" });
    }
  }
  const book = { ...state.book, orders, open: EMPTY_BOOK.open, hasPositions: false };
  return { ...state, book, day };
}

/** The fact that this observation adds; undefined when it is already known. */
export function leaderOrderFact(
  state: LeaderState,
  seen: OrderObservation,
  witness: Witness,
): LeaderFact | undefined {
  const merged = mergeObservation(state.book.orders.get(seen.brokerOrderId), seen);
  return merged === undefined ? undefined : { kind: "orderObserved", order: merged, witness };
}

/** The fact that a snapshot of the positions adds; undefined when it agrees with what is known. */
export function leaderPositionsFact(
  state: LeaderState,
  nets: readonly NetUnits[],
): LeaderFact | undefined {
  if (!differsFromPositions(state.book, nets)) return undefined;
  return { kind: "positionsObserved", nets };
}
