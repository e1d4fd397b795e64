/** Reads the body of a conditional alert as the broker does (official docs). */
import {
  BadField,
  type Body,
  clientOf,
  money,
  objectOf,
  oneOf,
  reading,
  textOf,
} from "../body-fields.ts";
import { istDate } from "../ist.ts";
import type { PlaceFields } from "../order-fields.ts";
import type { SimInstrument } from "../order-records.ts";
import { readPlace } from "../order-request.ts";
import { inputRefusal, isReply, type Reply, TEXT } from "../replies.ts";
import type { Switches } from "../switches.ts";
import type { Venue } from "../venue.ts";
import { OPERATORS, type PriceCondition } from "./alert-order.ts";

export interface AlertFields {
  readonly dhanClientId?: string;
  readonly condition: Body;
  readonly price: PriceCondition | undefined;
  readonly expDate: string;
  readonly orders: readonly Body[];
  readonly fields: readonly PlaceFields[];
}

/** What each kind of comparison needs besides `operator`. */
const NEEDS: Readonly<Record<string, readonly string[]>> = {
  TECHNICAL_WITH_VALUE: ["indicatorName", "timeFrame", "comparingValue"],
  TECHNICAL_WITH_INDICATOR: ["indicatorName", "timeFrame", "comparingIndicatorName"],
  TECHNICAL_WITH_CLOSE: ["indicatorName", "timeFrame"],
  PRICE_WITH_VALUE: ["comparingValue"],
};
const SEGMENTS = ["NSE_EQ", "BSE_EQ", "IDX_I"] as const;
const TIME_FRAMES = ["DAY", "ONE_MIN", "FIVE_MIN", "FIFTEEN_MIN"] as const;
const DATE = /^\d{4}-\d{2}-\d{2}$/;
export const ORDERS_MAX = 15;
const YEAR_MS = 365 * 86_400_000;

/** A change may leave its orders out: none then stand in the fields. */
export function readAlert(
  venue: Venue,
  body: unknown,
  use: "place" | "modify",
): AlertFields | Reply {
  const { switches } = venue;
  return reading(() => {
    const fields = objectOf(body, switches);
    const condition = objectOf(fields.condition, switches);
    const isKept = use === "modify" && fields.orders == null;
    const orders = (isKept ? [] : listOf(fields.orders)).map((order) => objectOf(order, switches));
    return {
      ...clientOf(fields),
      condition,
      price: priceOf(venue, condition),
      expDate: expiryOf(venue, condition),
      orders,
      fields: orders.map((order) => placeFieldsOf(order, switches)),
    };
  });
}

/** 1 to 15 of them. */
export function listOf(value: unknown): readonly unknown[] {
  const isRight = Array.isArray(value) && value.length > 0 && value.length <= ORDERS_MAX;
  if (!isRight) throw new BadField(inputRefusal());
  return value;
}

/** Undefined for a condition that is only kept: on an indicator, or on something not listed here. */
function priceOf(venue: Venue, condition: Body): PriceCondition | undefined {
  const needs = NEEDS[textOf(condition.comparisonType)];
  if (needs === undefined || needs.some((key) => condition[key] == null)) {
    throw new BadField(inputRefusal());
  }
  const operator = oneOf(OPERATORS, condition.operator);
  const segment = oneOf(SEGMENTS, condition.exchangeSegment);
  const securityId = textOf(condition.securityId);
  if (condition.timeFrame != null) oneOf(TIME_FRAMES, condition.timeFrame);
  if (condition.frequency != null) oneOf(["ONCE"], condition.frequency);
  if (condition.comparisonType !== "PRICE_WITH_VALUE") return undefined;
  const valueE4 = money(condition.comparingValue);
  const instrument = instrumentOf(venue, segment, securityId);
  return instrument === undefined ? undefined : { instrument, operator, valueE4 };
}

/** Only NSE's equities are listed here; for the others any security id will do. */
function instrumentOf(
  venue: Venue,
  segment: string,
  securityId: string,
): SimInstrument | undefined {
  const instrument = venue.instruments.get(`${segment}:${securityId}`);
  if (instrument === undefined && segment === "NSE_EQ") {
    throw new BadField(inputRefusal(TEXT.badInstrument));
  }
  return instrument;
}

function expiryOf(venue: Venue, { expDate }: Body): string {
  if (expDate == null) return istDate(venue.agenda.nowMs() + YEAR_MS);
  const date = textOf(expDate);
  if (!DATE.test(date)) throw new BadField(inputRefusal());
  return date;
}

/** Here the disclosed quantity has another name, and prices are texts. */
function placeFieldsOf(order: Body, switches: Switches): PlaceFields {
  const { discQuantity, ...rest } = order;
  const read = readPlace({ ...rest, disclosedQuantity: discQuantity ?? 0 }, switches);
  if (isReply(read)) throw new BadField(read);
  return read;
}
