/** Forever orders: a trigger, or two of which one cancels the other, that rests at the broker. */
import { z } from "zod";
import { EXCHANGE_SEGMENTS, LEG_NAMES, TRANSACTION_TYPES, VALIDITIES } from "./enums.ts";
import { decimal, decimalOrZero, id, text, word } from "./scalars.ts";

export const ORDER_FLAGS = ["SINGLE", "OCO"] as const;
export type OrderFlag = (typeof ORDER_FLAGS)[number];

export const FOREVER_PRODUCT_TYPES = ["CNC", "MTF", "MARGIN"] as const;
export const FOREVER_ORDER_TYPES = ["LIMIT", "MARKET"] as const;

/** `POST /forever/orders`. On an OCO the fields that end in 1 are the target (official docs). */
export const foreverPlaceRequest = z.object({
  dhanClientId: id,
  correlationId: z.string().min(1).nullish(),
  orderFlag: z.enum(ORDER_FLAGS),
  transactionType: z.enum(TRANSACTION_TYPES),
  exchangeSegment: z.enum(EXCHANGE_SEGMENTS),
  /** MARGIN stands in the server's schema alone. */
  productType: z.enum(FOREVER_PRODUCT_TYPES),
  orderType: z.enum(FOREVER_ORDER_TYPES),
  validity: z.enum(VALIDITIES),
  securityId: id,
  quantity: decimal,
  disclosedQuantity: decimal.nullish(),
  /** Rupees; 0 on MARKET. */
  price: decimal,
  triggerPrice: decimal,
  price1: decimal.nullish(),
  triggerPrice1: decimal.nullish(),
  quantity1: decimal.nullish(),
});
export type ForeverPlaceRequest = z.infer<typeof foreverPlaceRequest>;

/** `PUT /forever/orders/{id}`: one leg a call, under the name that the list shows for it. */
export const foreverModifyRequest = z.object({
  dhanClientId: id,
  orderId: id,
  orderFlag: z.enum(ORDER_FLAGS),
  orderType: z.enum(FOREVER_ORDER_TYPES),
  legName: z.enum(LEG_NAMES),
  quantity: decimal,
  price: decimal,
  disclosedQuantity: decimal.nullish(),
  triggerPrice: decimal,
  validity: z.enum(VALIDITIES),
});
export type ForeverModifyRequest = z.infer<typeof foreverModifyRequest>;

/**
 * A row of `GET /forever/orders`: one leg. The legs of an OCO share `orderId`. No correlation id, no
 * validity, and neither LIMIT nor MARKET: a price of 0 means MARKET (seen in integrations).
 */
export const foreverRow = z.object({
  dhanClientId: text,
  orderId: id,
  orderStatus: word,
  transactionType: word,
  exchangeSegment: word,
  productType: word,
  /** Carries the flag: SINGLE or OCO. */
  orderType: word,
  tradingSymbol: text,
  securityId: id,
  quantity: decimal,
  price: decimalOrZero,
  triggerPrice: decimalOrZero,
  /** Which name a leg goes by differs between the documents and what was seen: it is echoed. */
  legName: text,
  createTime: text,
  updateTime: text,
  exchangeTime: text,
  drvExpiryDate: text,
  drvOptionType: text,
  drvStrikePrice: decimalOrZero,
});
export type ForeverRow = z.infer<typeof foreverRow>;
