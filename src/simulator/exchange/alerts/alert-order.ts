/** A conditional alert: a condition on a price, and the orders that go out when it is met. */

import type { PlaceFields } from "../order-fields.ts";
import type { SimInstrument } from "../order-records.ts";

export const OPERATORS = [
  "CROSSING_UP",
  "CROSSING_DOWN",
  "CROSSING_ANY_SIDE",
  "GREATER_THAN",
  "LESS_THAN",
  "GREATER_THAN_EQUAL",
  "LESS_THAN_EQUAL",
  "EQUAL",
  "NOT_EQUAL",
] as const;
export type Operator = (typeof OPERATORS)[number];

/** The price condition; those on indicators have none and never fire. */
export interface PriceCondition {
  readonly instrument: SimInstrument;
  readonly operator: Operator;
  readonly valueE4: number;
}

export type AlertStatus = "ACTIVE" | "TRIGGERED" | "EXPIRED" | "CANCELLED";

export interface SimAlert {
  readonly clientId: string;
  readonly alertId: string;
  /** As it came: the broker gives it back. */
  condition: Readonly<Record<string, unknown>>;
  orders: readonly Readonly<Record<string, unknown>>[];
  price: PriceCondition | undefined;
  fields: readonly PlaceFields[];
  /** "2027-08-05", inclusive. */
  expDate: string;
  status: AlertStatus;
  readonly createdAtMs: number;
  triggeredAtMs?: number;
  /** The price before the next one: crossings are told from it. */
  seenE4: number;
  /** Of the orders that went out, and the texts of those that were refused at once. */
  readonly placed: { readonly orderId?: string; readonly refusal?: string }[];
  unwatch?: () => void;
}

/** Whether the step from one last price to the next meets the condition. */
export function isMet(operator: Operator, valueE4: number, fromE4: number, toE4: number): boolean {
  const up = fromE4 < valueE4 && toE4 >= valueE4;
  const down = fromE4 > valueE4 && toE4 <= valueE4;
  switch (operator) {
    case "CROSSING_UP":
      return up;
    case "CROSSING_DOWN":
      return down;
    case "CROSSING_ANY_SIDE":
      return up || down;
    case "GREATER_THAN":
      return toE4 > valueE4;
    case "LESS_THAN":
      return toE4 < valueE4;
    case "GREATER_THAN_EQUAL":
      return toE4 >= valueE4;
    case "LESS_THAN_EQUAL":
      return toE4 <= valueE4;
    case "EQUAL":
      return toE4 === valueE4;
    case "NOT_EQUAL":
      return toE4 !== valueE4;
  }
}
