/** The truth: what really happened at the broker, for auditors. Rupees, epoch milliseconds. */
import type { SimAccount } from "./account.ts";
import { alertTruth } from "./alerts/alerts.ts";
import { foreverTruth } from "./forever/forever-rows.ts";
import { groupTruth } from "./group/group-truth.ts";
import type { SimOrder } from "./order-records.ts";
import { holdingRow, orderRow, positionRow, rupees, tradeRow } from "./rows.ts";
import type { Venue } from "./venue.ts";

function orderTruth(order: SimOrder) {
  return {
    orderId: order.orderId,
    correlationId: order.correlationId,
    status: order.status,
    source: order.source,
    parentOrderId: order.parentOrderId ?? null,
    /** Its place in an order group: "entry", "target", "stop". */
    role: order.part?.role ?? null,
    modifications: order.modifications,
    placedAtMs: order.placedAtMs,
    arrivedAtMs: order.arrivedAtMs ?? null,
    firstWorkingFrameAtMs: order.firstWorkingFrameAtMs ?? null,
    row: orderRow(order),
    history: order.history,
    fills: order.fills.map((fill) => ({
      quantity: fill.quantity,
      price: rupees(fill.priceE4),
      atMs: fill.atMs,
      exchangeTradeId: fill.exchangeTradeId,
    })),
  };
}

/** One account's truth. `history` holds every state that the order was in, oldest first. */
export function accountTruth(account: SimAccount) {
  const orders = [...account.orders.values()];
  return {
    clientId: account.clientId,
    name: account.name,
    startOfDay: rupees(account.startOfDayE4),
    orders: orders.map(orderTruth),
    earlierOrders: account.earlierOrders.map(orderTruth),
    isKilled: account.isKilled,
    alerts: [...account.alerts.values()].map(alertTruth),
    forevers: [...account.earlierForevers, ...account.forevers.values()].map(foreverTruth),
    groups: [...account.groups.values()].map(groupTruth),
    earlierGroups: account.earlierGroups.map(groupTruth),
    positions: [...account.positions.values()].map((row) => positionRow(account.clientId, row)),
    holdings: [...account.holdings.values()].map((holding) => holdingRow(holding, 0)),
    trades: orders.flatMap((order) => order.fills.map((fill) => tradeRow(order, fill))),
    requestCounts: Object.fromEntries(account.requestCounts),
    orderRequestsPerSecondMax: account.limits.orderRequestsPerSecondMax,
    throttled: account.throttled,
    requests: account.requests,
    requestsForgotten: account.requestsForgotten,
  };
}

export type AccountTruth = ReturnType<typeof accountTruth>;

/**
 * [clientId, orderId, price in rupees, quantity, arrivedAtMs, firstWorkingFrameAtMs]; epoch
 * milliseconds with fraction, null where it did not happen (by hand, or no socket was open).
 */
export type OrderStamp = readonly [string, string, number, number, number | null, number | null];

export function orderStamps(venue: Venue): OrderStamp[] {
  const stamps: OrderStamp[] = [];
  for (const account of venue.accounts.values()) {
    for (const order of account.orders.values()) {
      stamps.push([
        order.clientId,
        order.orderId,
        rupees(order.terms.priceE4),
        order.terms.quantity,
        order.arrivedAtMs ?? null,
        order.firstWorkingFrameAtMs ?? null,
      ]);
    }
  }
  return stamps;
}
