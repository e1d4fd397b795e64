/** Order requests, replies and book rows, with the names of the wire. */
import { z } from "zod";
import {
  AMO_TIMES,
  EXCHANGE_SEGMENTS,
  LEG_NAMES,
  ORDER_TYPES,
  PRODUCT_TYPES,
  TRANSACTION_TYPES,
  VALIDITIES,
} from "./enums.ts";
import { decimal, decimalOrZero, flag, id, oneOrMany, text, word } from "./scalars.ts";

/** `POST /orders`. An inapplicable field is left out: "" is refused with DH-905 (measured). */
export const placeRequest = z.object({
  dhanClientId: id,
  correlationId: z.string().min(1).nullish(),
  transactionType: z.enum(TRANSACTION_TYPES),
  exchangeSegment: z.enum(EXCHANGE_SEGMENTS),
  productType: z.enum(PRODUCT_TYPES),
  orderType: z.enum(ORDER_TYPES),
  validity: z.enum(VALIDITIES),
  securityId: id,
  /** Units, not lots. */
  quantity: decimal,
  /** One live account was refused until this and afterMarketOrder were sent. */
  disclosedQuantity: decimal.nullish(),
  /** Rupees; 0 on MARKET. */
  price: decimal.nullish(),
  triggerPrice: decimal.nullish(),
  afterMarketOrder: z.boolean().nullish(),
  amoTime: z.enum(AMO_TIMES).nullish(),
  boProfitValue: decimal.nullish(),
  boStopLossValue: decimal.nullish(),
});
export type PlaceRequest = z.infer<typeof placeRequest>;

/** `PUT /orders/{id}`. Replaces all terms; `quantity` is the order's total (official docs). */
export const modifyRequest = z.object({
  dhanClientId: id,
  orderId: id,
  orderType: z.enum(ORDER_TYPES),
  legName: z.enum(LEG_NAMES).nullish(),
  quantity: decimal.nullish(),
  price: decimal.nullish(),
  disclosedQuantity: decimal.nullish(),
  triggerPrice: decimal.nullish(),
  validity: z.enum(VALIDITIES),
});
export type ModifyRequest = z.infer<typeof modifyRequest>;

/** Reply to place, modify and cancel. A reply without an order id proves nothing. */
export const orderReply = z.object({ orderId: id, orderStatus: text });
export type OrderReply = z.infer<typeof orderReply>;

/** Reply to `POST /orders/slicing`: one a slice; a small order may come as one. */
export const slicingReply = oneOrMany(orderReply);

export const orderRowFields = z.object({
  dhanClientId: text,
  orderId: id,
  /** "0" before the exchange has it. */
  exchangeOrderId: text,
  /** Ours, "NA" for orders from the app, or made by the broker as "<client id>-<epoch ms>". */
  correlationId: text,
  orderStatus: word,
  transactionType: word,
  exchangeSegment: word,
  productType: word,
  orderType: word,
  validity: text,
  tradingSymbol: text,
  securityId: id,
  /** Total units. */
  quantity: decimal,
  disclosedQuantity: decimalOrZero,
  /** Rupees. */
  price: decimalOrZero,
  triggerPrice: decimalOrZero,
  afterMarketOrder: flag,
  boProfitValue: decimalOrZero,
  boStopLossValue: decimalOrZero,
  legName: text,
  /** IST without zone. Not stable: equals updateTime in captures. */
  createTime: text,
  updateTime: text,
  /** 0001-01-01 00:00:00 until the exchange has accepted it. */
  exchangeTime: text,
  drvExpiryDate: text,
  drvOptionType: text,
  drvStrikePrice: decimalOrZero,
  /** "0" for healthy and rejected orders alike. */
  omsErrorCode: text,
  /** "", "CONFIRMED", "TRADE CONFIRMED", or the reason of a rejection. */
  omsErrorDescription: text,
  algoId: text,
  /** Open units; 0 after a cancel. */
  remainingQuantity: decimalOrZero,
  /** Mean fill price in rupees, lossy; 0 before the first fill. */
  averageTradedPrice: decimalOrZero,
  /** Cumulative units. */
  filledQty: decimalOrZero,
});

/** A row of `GET /orders`. Older rows and postbacks spell `filledQty` as `filled_qty`. */
export const orderRow = z.preprocess(withFilledQty, orderRowFields);
export type OrderRow = z.infer<typeof orderRowFields>;

export function withFilledQty(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (!("filled_qty" in value) || "filledQty" in value) return value;
  return { ...value, filledQty: value.filled_qty };
}
