/**
 * A Forever order: a trigger, or two of which the first to fire ends the other, that rest at the
 * broker beyond the day. Prices are in 1/10,000 rupee.
 */
import type { Product, Side, Validity } from "../../../core/model/order.ts";
import type { SimInstrument } from "../order-records.ts";

export type ForeverFlag = "SINGLE" | "OCO";
export type ForeverLegName = "ENTRY_LEG" | "STOP_LOSS_LEG" | "TARGET_LEG";
/** active: waits for its price. fired: its order was sent, whatever became of that. */
export type ForeverLegStatus =
  | "transit"
  | "active"
  | "fired"
  | "cancelled"
  | "rejected"
  | "expired";

/** The changeable part of a leg; a market order has price 0. */
export interface ForeverLegTerms {
  readonly type: "LIMIT" | "MARKET";
  readonly validity: Validity;
  readonly quantity: number;
  readonly disclosedQuantity: number;
  readonly priceE4: number;
  readonly triggerE4: number;
}

export interface SimForeverLeg {
  readonly name: ForeverLegName;
  terms: ForeverLegTerms;
  /** The side from which the last price must come to the trigger. */
  firesAt: "or-above" | "or-below";
  status: ForeverLegStatus;
  /** The order that it has fired. */
  childOrderId?: string;
  /** Why its order was refused outright. */
  refusal?: string;
}

/** A leg as it stood after one change of its order. */
export interface ForeverLegMoment {
  readonly name: ForeverLegName;
  readonly status: ForeverLegStatus;
  readonly quantity: number;
  readonly price: number;
  readonly triggerPrice: number;
}

export interface ForeverMoment {
  readonly atMs: number;
  readonly legs: readonly ForeverLegMoment[];
}

export interface SimForever {
  readonly clientId: string;
  readonly orderId: string;
  /** As it was given; the broker shows it nowhere. */
  readonly correlationId: string;
  readonly flag: ForeverFlag;
  readonly instrument: SimInstrument;
  readonly side: Side;
  readonly product: Product;
  readonly source: "P" | "N";
  /** One, or of an OCO the stop and then the target. */
  readonly legs: readonly SimForeverLeg[];
  text: string;
  readonly placedAtMs: number;
  updatedAtMs: number;
  modifications: number;
  /** Monotonic; absent while a leg is alive. */
  endedMonotonicMs?: number;
  readonly plannedRejection?: string;
  readonly arrivedAtMs?: number;
  readonly history: ForeverMoment[];
  /** Takes it off its instrument's watchers. */
  unwatch?: () => void;
}

export function isActive(forever: SimForever): boolean {
  return forever.legs.some(({ status }) => status === "active");
}

export function isAlive(forever: SimForever): boolean {
  return forever.legs.some(({ status }) => status === "active" || status === "transit");
}

/**
 * The lower trigger of an OCO fires at or below its price and the higher one at or above. A single
 * one fires from the side on which the last price is when its terms are set; where the last price
 * is its trigger, it fires at once.
 */
export function aim(forever: Pick<SimForever, "legs" | "instrument">): void {
  const [first, second] = forever.legs;
  if (first === undefined) return;
  const other = second?.terms.triggerE4 ?? forever.instrument.lastE4;
  first.firesAt = first.terms.triggerE4 > other ? "or-above" : "or-below";
  if (second !== undefined) second.firesAt = opposite(first.firesAt);
}

function opposite(from: SimForeverLeg["firesAt"]): SimForeverLeg["firesAt"] {
  return from === "or-above" ? "or-below" : "or-above";
}

export function isTouched({ firesAt, terms }: SimForeverLeg, lastE4: number): boolean {
  return firesAt === "or-above" ? lastE4 >= terms.triggerE4 : lastE4 <= terms.triggerE4;
}
