/** `POST /margincalculator`, in rupees. */
import { z } from "zod";
import { EXCHANGE_SEGMENTS, PRODUCT_TYPES, TRANSACTION_TYPES } from "./enums.ts";
import { decimal, decimalOrZero, id, text } from "./scalars.ts";

export const marginRequest = z.object({
  dhanClientId: id,
  exchangeSegment: z.enum(EXCHANGE_SEGMENTS),
  transactionType: z.enum(TRANSACTION_TYPES),
  quantity: decimal,
  productType: z.enum(PRODUCT_TYPES),
  securityId: id,
  price: decimal,
  triggerPrice: decimal.nullish(),
});
export type MarginRequest = z.infer<typeof marginRequest>;

export const marginReply = z.object({
  totalMargin: decimal,
  spanMargin: decimalOrZero,
  exposureMargin: decimalOrZero,
  availableBalance: decimalOrZero,
  variableMargin: decimalOrZero,
  insufficientBalance: decimalOrZero,
  brokerage: decimalOrZero,
  /** "1X" on the wire, "4.00" in the docs. */
  leverage: text,
});
export type MarginReply = z.infer<typeof marginReply>;
