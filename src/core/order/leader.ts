/**
 * The leader's account: what was seen of it, as a fold over its stream.
 *
 * Keeps: one fact per change, however often and by whichever witness it was reported.
 * Does not: know of followers.
 */
import { unreachable } from "../../platform/assert.ts";
import type { LeaderFact } from "../model/fact.ts";
import type { AccountId, BrokerOrderId } from "../model/ids.ts";
import type { MoneyE4 } from "../model/money.ts";
import { isTerminal, type OrderObservation } from "../model/order.ts";
import type { TradingDay } from "../model/time.ts";
import {
  type AccountBook,
  differsFromPositions,
  EMPTY_BOOK,
  mergeObservation,
  type NetUnits,
  type Witness,
  withOpenOrder,
  withOrder,
  withPositions,
} from "./account-book.ts";

export interface LeaderState {
  readonly account: AccountId;
  readonly book: AccountBook;
  /** Orders first seen up to this seq were compared with a whole book read begun after them. */
  readonly confirmedSeq: number;
  /** Orders queued over a night: the book of the day tells whether they are still there. */
  readonly queued: readonly BrokerOrderId[];
  readonly day?: TradingDay;
  /** What the account had at the start of the day; absent until it was read. */
  readonly capital?: MoneyE4;
}

export function emptyLeader(account: AccountId): LeaderState {
  return { account, book: EMPTY_BOOK, confirmedSeq: 0, queued: [] };
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
    case "capitalObserved":
      return { ...state, capital: fact.capital };
    case "dayBegan":
      return foldDayBegan(state, fact.day, seq);
    default:
      return unreachable(fact);
  }
}

/**
 * Day orders do not outlive their day, and the books of the day before cannot be read again. Triggers
 * do, and what is queued for the open, as the book of the new day tells.
 */
function foldDayBegan(state: LeaderState, day: TradingDay, seq: number): LeaderState {
  if (state.day === undefined || state.day === day) return { ...state, day };
  let { orders } = state.book;
  let { open } = EMPTY_BOOK;
  const queued: BrokerOrderId[] = [];
  for (const order of state.book.orders.values()) {
    if (isTerminal(order.status) || order.family === "forever") continue;
    if (order.family === "after-market" && order.filledQuantity === 0) {
      queued.push(order.brokerOrderId);
      open = withOpenOrder(open, order);
    } else orders = orders.set(order.brokerOrderId, { ...order, status: "expired" });
  }
  const book = { ...state.book, orders, open, hasPositions: false, dayFromSeq: seq };
  const { capital: _capital, ...known } = state;
  return { ...known, book, queued, day };
}

/** Orders queued over the night that a whole book of the new day does not show: they are gone. */
export function missingQueued(
  { book, queued }: LeaderState,
  shown: readonly OrderObservation[],
): LeaderFact[] {
  const ids = new Set(shown.map(({ brokerOrderId }) => brokerOrderId));
  return queued
    .map((id) => book.orders.get(id))
    .filter((order) => order !== undefined)
    .filter((order) => !isTerminal(order.status) && !ids.has(order.brokerOrderId))
    .map((order) => expiredUnseen(order));
}

/** A day order that is in no book any more. */
export function expiredUnseen(order: OrderObservation) {
  const expired: OrderObservation = { ...order, status: "expired" };
  return { kind: "orderObserved", order: expired, witness: "book" } as const;
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
