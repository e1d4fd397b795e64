/** Rows of `GET /positions` and `GET /holdings`. */
import { z } from "zod";
import { EXCHANGE_SEGMENTS, PRODUCT_TYPES } from "./enums.ts";
import { decimal, decimalOrZero, flag, id, text, word } from "./scalars.ts";

/** Quantities in units, prices and values in rupees. */
export const positionRow = z.object({
  dhanClientId: text,
  tradingSymbol: text,
  securityId: id,
  positionType: text,
  exchangeSegment: word,
  productType: word,
  buyAvg: decimalOrZero,
  costPrice: decimalOrZero,
  buyQty: decimalOrZero,
  sellAvg: decimalOrZero,
  sellQty: decimalOrZero,
  /** Bought minus sold; 0 on a row that was closed today. */
  netQty: decimal,
  realizedProfit: decimalOrZero,
  unrealizedProfit: decimalOrZero,
  rbiReferenceRate: decimalOrZero,
  multiplier: decimalOrZero,
  carryForwardBuyQty: decimalOrZero,
  carryForwardSellQty: decimalOrZero,
  carryForwardBuyValue: decimalOrZero,
  carryForwardSellValue: decimalOrZero,
  dayBuyQty: decimalOrZero,
  daySellQty: decimalOrZero,
  dayBuyValue: decimalOrZero,
  daySellValue: decimalOrZero,
  drvExpiryDate: text,
  drvOptionType: text,
  drvStrikePrice: decimalOrZero,
  crossCurrency: flag,
});
export type PositionRow = z.infer<typeof positionRow>;

/** An empty portfolio is not an empty array: live answers HTTP 500 DH-1111. */
export const holdingRow = z.object({
  /** "ALL" on the wire. */
  exchange: text,
  tradingSymbol: text,
  securityId: id,
  isin: text,
  totalQty: decimal,
  dpQty: decimalOrZero,
  t1Qty: decimalOrZero,
  mtf_t1_qty: decimalOrZero,
  mtf_qty: decimalOrZero,
  availableQty: decimalOrZero,
  collateralQty: decimalOrZero,
  avgCostPrice: decimalOrZero,
  lastTradedPrice: decimalOrZero,
});
export type HoldingRow = z.infer<typeof holdingRow>;

/** `POST /positions/convert`, answered with 202 and no body. */
export const convertRequest = z.object({
  dhanClientId: id,
  fromProductType: z.enum(PRODUCT_TYPES),
  exchangeSegment: z.enum(EXCHANGE_SEGMENTS),
  positionType: z.enum(["LONG", "SHORT"]),
  securityId: id,
  tradingSymbol: text,
  convertQty: decimal,
  toProductType: z.enum(PRODUCT_TYPES),
});
export type ConvertRequest = z.infer<typeof convertRequest>;
