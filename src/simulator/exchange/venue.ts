/** All that the simulated broker knows, and the two ways in which it tells the world. */
import type { Random } from "../../ports/random.ts";
import type { Agenda } from "../agenda.ts";
import type { SimAccount, SimToken } from "./account.ts";
import { istDate } from "./ist.ts";
import type { SimInstrument, SimOrder, SimOrderMoment } from "./order-records.ts";
import type { Switches } from "./switches.ts";

export type SessionMode = "open" | "closed" | "market-hours";

export interface Venue {
  readonly agenda: Agenda;
  readonly random: Random;
  readonly switches: Switches;
  readonly accounts: Map<string, SimAccount>;
  readonly tokens: Map<string, SimToken>;
  /** By key, "NSE_EQ:1333". */
  readonly instruments: Map<string, SimInstrument>;
  session: SessionMode;
  /** What the session was when it was last looked at. */
  wasOpen: boolean;
  /** What every order number begins with: its route. */
  readonly orderRoute: string;
  orderCount: number;
  exchangeOrderCount: number;
  tradeCount: number;
  tokenCount: number;
  /** Called after every change of an order, once. */
  onOrder: (order: SimOrder) => void;
}

/** "342260805000001": route, date, sequence. Restarts daily, as the broker's do. */
export function nextOrderId(venue: Venue): string {
  venue.orderCount += 1;
  const day = istDate(venue.agenda.nowMs()).slice(2).replaceAll("-", "");
  return `${venue.orderRoute}${day}${String(venue.orderCount).padStart(6, "0")}`;
}

export function nextExchangeOrderId(venue: Venue): string {
  venue.exchangeOrderCount += 1;
  return `11000000${String(venue.exchangeOrderCount).padStart(8, "0")}`;
}

export function nextTradeId(venue: Venue): string {
  venue.tradeCount += 1;
  return String(10_000_000 + venue.tradeCount);
}

/** Moves the order's clock, writes its history and tells the sockets. */
export function changed(venue: Venue, order: SimOrder): void {
  order.updatedAtMs = venue.agenda.nowMs();
  order.history.push(momentOf(order));
  venue.onOrder(order);
}

function momentOf(order: SimOrder): SimOrderMoment {
  return {
    atMs: order.updatedAtMs,
    status: order.status,
    quantity: order.terms.quantity,
    filledQuantity: order.filled,
    price: order.terms.priceE4 / 10_000,
    triggerPrice: order.terms.triggerE4 / 10_000,
    text: order.text,
  };
}
