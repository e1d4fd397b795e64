/**
 * What an order is, in the trade's words. The wire's letters and sentinels never come this far.
 */
import type { BrokerOrderId, CorrelationId, InstrumentKey } from "./ids.ts";
import type { PriceE4 } from "./money.ts";
import type { EpochMs } from "./time.ts";

export type Side = "BUY" | "SELL";
export type OrderType = "LIMIT" | "MARKET" | "STOP_LOSS" | "STOP_LOSS_MARKET";
export type Validity = "DAY" | "IOC";
/** Products that a plain order may carry, and the two that make it a group. */
export type Product = "CNC" | "INTRADAY" | "MARGIN" | "MTF" | "CO" | "BO";

/** The changeable part of an order: a modification restates all of it. */
export interface OrderTerms {
  readonly type: OrderType;
  readonly validity: Validity;
  /** Total units, filled ones included; a multiple of the lot. */
  readonly quantity: number;
  /** Units shown to the market; 0 shows all. */
  readonly disclosedQuantity: number;
  /** Limit price; absent on MARKET and STOP_LOSS_MARKET. */
  readonly price?: PriceE4;
  /** Present on STOP_LOSS and STOP_LOSS_MARKET, and on Forever orders of any type. */
  readonly triggerPrice?: PriceE4;
}

/**
 * Where an order stands at the broker.
 * transit: the broker has it, the exchange not yet, and its risk check may still refuse it.
 * working: resting at the exchange, partly filled or not.
 */
export type OrderStatus = "transit" | "working" | "filled" | "cancelled" | "rejected" | "expired";

/**
 * What kind of thing an order is. A leg belongs to its group and is never an order of its own: to copy
 * it as one would exit twice.
 * after-market: queued until the open. trigger-child: the order that a Forever order has fired.
 * super-entry, bracket, cover: the entry of a group, which names the group. super-leg, bracket-leg,
 * cover-leg: an exit leg of it, or the order by which the broker closed it. forever: the trigger
 * itself, which rests at the broker and never fills.
 */
export type OrderFamily =
  | "plain"
  | "after-market"
  | "trigger-child"
  | "super-entry"
  | "super-leg"
  | "bracket"
  | "bracket-leg"
  | "cover"
  | "cover-leg"
  | "forever";

/** The two ways out of a group. */
export type ExitLeg = "target" | "stop";

/**
 * waiting: its entry has not filled, so nothing of it is at the exchange. working: it would fire.
 * triggered: it has fired, and its order is out. The others are ends.
 */
export type ExitLegStatus = "waiting" | "working" | "triggered" | "filled" | "cancelled";

/** One exit leg of a group, as the broker's list of groups tells it. */
export interface ExitLevel {
  /** Absolute: a target's limit, a stop's trigger. */
  readonly price: PriceE4;
  /** The step in which the broker trails a stop; absent: it stands still. */
  readonly trail?: PriceE4;
  readonly status: ExitLegStatus;
  /** Cumulative units that the leg has taken out. */
  readonly filledQuantity: number;
  /** A stop that has lost its trigger: the broker has sent it to the market, and its price is no level. */
  readonly isSent?: true;
}

/** The exit legs of a group. One that is absent was never part of it. */
export interface ExitLevels {
  readonly target?: ExitLevel;
  readonly stop?: ExitLevel;
}

/** How far a BO's or CO's exits are from its entry; the legs themselves, once seen, are nearer the truth. */
export interface ExitDistances {
  readonly target?: PriceE4;
  readonly stop?: PriceE4;
}

/** The other half of an OCO Forever order. */
export interface TriggerTerms {
  readonly quantity: number;
  readonly triggerPrice: PriceE4;
  /** Absent: a market order is fired. */
  readonly price?: PriceE4;
}

/** What one witness (drop copy or book) said about one order, normalised. */
export interface OrderObservation {
  readonly brokerOrderId: BrokerOrderId;
  /** Only when it has the shape of ours; foreign and broker-made ids are dropped at the edge. */
  readonly correlationId?: CorrelationId;
  readonly instrument: InstrumentKey;
  /** For people. */
  readonly symbol: string;
  readonly side: Side;
  readonly product: Product;
  readonly family: OrderFamily;
  /** Of a leg or a trigger's child: whose. Books do not say it; the drop copy does. */
  readonly parentId?: BrokerOrderId;
  /** Which leg of its group it is. */
  readonly leg?: ExitLeg;
  /** Of a Super Order's entry, and only from the list of Super Orders. */
  readonly levels?: ExitLevels;
  /** Of a BO's or CO's entry, and only from books. */
  readonly distances?: ExitDistances;
  /** Of an OCO Forever order: its target. `terms` are its stop. */
  readonly second?: TriggerTerms;
  readonly terms: OrderTerms;
  readonly status: OrderStatus;
  /** Cumulative units. */
  readonly filledQuantity: number;
  /** Mean fill price, lossy; absent before the first fill. */
  readonly averagePrice?: PriceE4;
  /** The instrument's last price as the frame carried it; books do not. */
  readonly lastPrice?: PriceE4;
  /** Placed in the broker's own app. The drop copy says so; books do not. */
  readonly isByHand?: true;
  /** The broker's words on a rejection or cancellation; "" otherwise. */
  readonly reason: string;
  /** The broker's clock, one-second resolution. Never used to order events across orders. */
  readonly placedAtMs: EpochMs;
  readonly updatedAtMs: EpochMs;
}

export function isTerminal(status: OrderStatus): boolean {
  return status !== "transit" && status !== "working";
}

export function opposite(side: Side): Side {
  return side === "BUY" ? "SELL" : "BUY";
}

/** +1 for BUY, -1 for SELL. */
export function signOf(side: Side): 1 | -1 {
  return side === "BUY" ? 1 : -1;
}

/** Terms are equal when a modification from one to the other would change nothing. */
export function sameTerms(a: OrderTerms, b: OrderTerms): boolean {
  return (
    a.type === b.type &&
    a.validity === b.validity &&
    a.quantity === b.quantity &&
    a.disclosedQuantity === b.disclosedQuantity &&
    a.price === b.price &&
    a.triggerPrice === b.triggerPrice
  );
}
