/**
 * Conditional triggers (alerts) and multi orders. Alerts' orders name their fields in their own way:
 * strings for prices, and `discQuantity`.
 */
import { z } from "zod";
import {
  AMO_TIMES,
  EXCHANGE_SEGMENTS,
  ORDER_TYPES,
  TRANSACTION_TYPES,
  VALIDITIES,
} from "./enums.ts";
import { decimal, id, text, word } from "./scalars.ts";

const PRODUCTS = ["CNC", "INTRADAY", "MARGIN", "MTF"] as const;

export const COMPARISON_TYPES = [
  "TECHNICAL_WITH_VALUE",
  "TECHNICAL_WITH_INDICATOR",
  "TECHNICAL_WITH_CLOSE",
  "PRICE_WITH_VALUE",
] as const;

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

/** What has to become true. Equities and indices only (official docs). */
export const alertCondition = z.object({
  comparisonType: z.enum(COMPARISON_TYPES),
  exchangeSegment: z.enum(["NSE_EQ", "BSE_EQ", "IDX_I"]),
  securityId: id,
  /** "SMA_5", "RSI_14"; not with PRICE_WITH_VALUE. */
  indicatorName: z.string().nullish(),
  timeFrame: z.enum(["DAY", "ONE_MIN", "FIVE_MIN", "FIFTEEN_MIN"]).nullish(),
  operator: z.enum(OPERATORS),
  comparingValue: decimal.nullish(),
  comparingIndicatorName: z.string().nullish(),
  /** "YYYY-MM-DD"; a year from now when left out. */
  expDate: z.string().nullish(),
  frequency: z.enum(["ONCE", "ALWAYS"]).nullish(),
  userNote: z.string().nullish(),
});
export type AlertCondition = z.infer<typeof alertCondition>;

export const alertOrder = z.object({
  transactionType: z.enum(TRANSACTION_TYPES),
  exchangeSegment: z.enum(EXCHANGE_SEGMENTS),
  productType: z.enum(PRODUCTS),
  orderType: z.enum(ORDER_TYPES),
  securityId: id,
  quantity: decimal,
  validity: z.enum(VALIDITIES),
  /** Rupees, as a string. */
  price: z.string().nullish(),
  discQuantity: z.string().nullish(),
  triggerPrice: z.string().nullish(),
});
export type AlertOrder = z.infer<typeof alertOrder>;

/** Orders that one alert, or one call for many, may carry (official docs). */
export const MAX_ORDERS_TOGETHER = 15;

/** `POST /alerts/orders`. */
export const alertPlaceRequest = z.object({
  dhanClientId: id,
  condition: alertCondition,
  orders: z.array(alertOrder).min(1).max(MAX_ORDERS_TOGETHER),
});
export type AlertPlaceRequest = z.infer<typeof alertPlaceRequest>;

/** `PUT /alerts/orders/{alert id}`. */
export const alertModifyRequest = z.object({
  dhanClientId: id,
  alertId: id,
  condition: alertCondition,
  orders: z.array(alertOrder).min(1).max(MAX_ORDERS_TOGETHER).nullish(),
});
export type AlertModifyRequest = z.infer<typeof alertModifyRequest>;

/** ACTIVE, TRIGGERED, EXPIRED or CANCELLED. */
export const alertReply = z.object({ alertId: id, alertStatus: word });
export type AlertReply = z.infer<typeof alertReply>;

/** An alert as it is listed. Times are UTC here, unlike everywhere else; read as open words. */
export const alertRow = z.object({
  alertId: id,
  alertStatus: word,
  createdTime: text,
  /** "" until it fires. */
  triggeredTime: text,
  /** A number in one sample, a string in another. */
  lastPrice: decimal.nullish(),
  condition: z.record(z.string(), z.unknown()).nullish(),
  orders: z.array(z.record(z.string(), z.unknown())).nullish(),
});
export type AlertRow = z.infer<typeof alertRow>;

/** One order of `POST /alerts/multi/orders`; prices are numbers here. */
export const multiOrder = z.object({
  /** Ours to choose; the reply repeats it. */
  sequence: z.string().min(1),
  correlationId: z.string().min(1).nullish(),
  transactionType: z.enum(TRANSACTION_TYPES),
  exchangeSegment: z.enum(EXCHANGE_SEGMENTS),
  productType: z.enum(PRODUCTS),
  orderType: z.enum(ORDER_TYPES),
  validity: z.enum(VALIDITIES),
  securityId: id,
  quantity: decimal,
  disclosedQuantity: decimal.nullish(),
  price: decimal.nullish(),
  triggerPrice: decimal.nullish(),
  afterMarketOrder: z.boolean().nullish(),
  amoTime: z.enum(AMO_TIMES).nullish(),
});
export type MultiOrder = z.infer<typeof multiOrder>;

export const multiOrdersRequest = z.object({
  dhanClientId: id,
  orders: z.array(multiOrder).min(1).max(MAX_ORDERS_TOGETHER),
});
export type MultiOrdersRequest = z.infer<typeof multiOrdersRequest>;

/** Nothing promises that all are taken or none. */
export const multiOrdersReply = z.object({
  orders: z.array(z.object({ orderId: id, sequence: text, orderStatus: text })),
});
export type MultiOrdersReply = z.infer<typeof multiOrdersReply>;
