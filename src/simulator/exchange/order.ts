/**
 * An order in the box, with all that ever happened to it, and the instrument that it is for.
 * Prices are in 1/10,000 rupee.
 */
import type { OrderType, Product, Side, Validity } from "../../core/model/order.ts";
import type { InstrumentSpec } from "./instrument.ts";

/** An instrument with its price and the orders that wait for it. */
export interface SimInstrument extends InstrumentSpec {
  readonly key: string;
  lastE4: number;
  /** Circuit limits, inclusive. */
  lowestE4: number;
  highestE4: number;
  /** Units that trade at each price event; Infinity fills everything. */
  liquidity: number;
  /** What is left of it until the next price event. */
  unitsLeft: number;
  /** Working orders of every account, in the order in which they came. */
  readonly working: Set<SimOrder>;
}

export type WireStatus =
  | "TRANSIT"
  | "PENDING"
  | "PART_TRADED"
  | "TRADED"
  | "CANCELLED"
  | "REJECTED"
  | "EXPIRED";

export interface SimFill {
  readonly quantity: number;
  readonly priceE4: number;
  readonly atMs: number;
  readonly exchangeTradeId: string;
}

/** The order as it stood after one change. */
export interface SimOrderMoment {
  readonly atMs: number;
  readonly status: WireStatus;
  readonly quantity: number;
  readonly filledQuantity: number;
  readonly price: number;
  readonly triggerPrice: number;
  readonly text: string;
}

/** The changeable part; 0 stands for an absent price, as on the wire. */
export interface SimTerms {
  type: OrderType;
  validity: Validity;
  quantity: number;
  disclosedQuantity: number;
  priceE4: number;
  triggerE4: number;
}

export interface SimOrder {
  readonly clientId: string;
  readonly orderId: string;
  readonly correlationId: string;
  readonly instrument: SimInstrument;
  readonly side: Side;
  readonly product: Product;
  /** "P": over the API; "N": by hand in the broker's app. */
  readonly source: "P" | "N";
  readonly platform: "API" | "FAST";
  readonly afterMarket: boolean;
  terms: SimTerms;
  status: WireStatus;
  exchangeOrderId: string;
  /** A stop whose trigger was touched: a plain limit order from then on. */
  triggered: boolean;
  /** True until its first chance to match: it takes the market's price, not its own. */
  aggressive: boolean;
  filled: number;
  filledValueE4: number;
  text: string;
  readonly placedAtMs: number;
  updatedAtMs: number;
  exchangeAtMs: number;
  /** Monotonic; row lag and lookup blindness count from it. */
  readonly acceptedMonotonicMs: number;
  blindUntilMonotonicMs: number;
  modifications: number;
  blockedE4: number;
  /** A rejection that a fault has planned for the end of TRANSIT. */
  plannedRejection?: string;
  readonly history: SimOrderMoment[];
  readonly fills: SimFill[];
  /** When the request's body had arrived whole, epoch ms with fraction; absent by hand. */
  readonly arrivedAtMs?: number;
  /** Just before the first frame past TRANSIT was written to a socket, epoch ms with fraction. */
  firstWorkingFrameAtMs?: number;
}

export function isOpen(order: SimOrder): boolean {
  return order.status === "TRANSIT" || isWorking(order);
}

export function isWorking(order: SimOrder): boolean {
  return order.status === "PENDING" || order.status === "PART_TRADED";
}

/** Units that may still trade. */
export function leaves(order: SimOrder): number {
  return isOpen(order) ? order.terms.quantity - order.filled : 0;
}

export function averageE4(order: SimOrder): number {
  return order.filled === 0 ? 0 : order.filledValueE4 / order.filled;
}
