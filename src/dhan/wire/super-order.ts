/** Super Orders: an entry with a target and a stop in one request. Prices are absolute, in rupees. */
import { z } from "zod";
import { EXCHANGE_SEGMENTS, LEG_NAMES, TRANSACTION_TYPES } from "./enums.ts";
import { orderRowFields, withFilledQty } from "./order.ts";
import { decimal, decimalOrZero, id, text, word } from "./scalars.ts";

/** The route takes no CO and BO (official docs). */
export const SUPER_PRODUCT_TYPES = ["CNC", "INTRADAY", "MARGIN", "MTF"] as const;
export const SUPER_ORDER_TYPES = ["LIMIT", "MARKET"] as const;

/** `POST /super/orders`. No validity, trigger, disclosed or after-market fields. */
export const superPlaceRequest = z.object({
  dhanClientId: id,
  correlationId: z.string().min(1).nullish(),
  transactionType: z.enum(TRANSACTION_TYPES),
  exchangeSegment: z.enum(EXCHANGE_SEGMENTS),
  productType: z.enum(SUPER_PRODUCT_TYPES),
  orderType: z.enum(SUPER_ORDER_TYPES),
  securityId: id,
  quantity: decimal,
  /** 0 on MARKET. */
  price: decimal,
  /** 0: no target. Documented as required; the broker's own client asks for one of the two. */
  targetPrice: decimal.nullish(),
  stopLossPrice: decimal.nullish(),
  /** 0: the stop stands still. */
  trailingJump: decimal.nullish(),
});
export type SuperPlaceRequest = z.infer<typeof superPlaceRequest>;

/**
 * `PUT /super/orders/{id}`. ENTRY_LEG restates all; TARGET_LEG its price; STOP_LOSS_LEG its price and
 * trail, and a trail that is left out ends (official docs).
 */
export const superModifyRequest = z.object({
  dhanClientId: id,
  orderId: id,
  legName: z.enum(LEG_NAMES),
  orderType: z.enum(SUPER_ORDER_TYPES).nullish(),
  quantity: decimal.nullish(),
  price: decimal.nullish(),
  targetPrice: decimal.nullish(),
  stopLossPrice: decimal.nullish(),
  trailingJump: decimal.nullish(),
});
export type SuperModifyRequest = z.infer<typeof superModifyRequest>;

const legDetailFields = z.object({
  /** The entry's own in the documents' sample; a leg is told by its name. */
  orderId: id,
  legName: word,
  transactionType: text,
  /** [sic] Units of the entry that have filled. Absent in the server's schema. */
  totalQuatity: decimal.nullish(),
  remainingQuantity: decimalOrZero,
  triggeredQuantity: decimalOrZero,
  /** A target's limit, a stop's trigger. */
  price: decimalOrZero,
  orderStatus: word,
  trailingJump: decimalOrZero,
});
export type SuperLegDetail = z.infer<typeof legDetailFields>;

/** One exit leg. `totalQuantity` is read as well as the documents' spelling. */
export const superLegDetail = z.preprocess(withTotalQuatity, legDetailFields);

const superOrderFields = orderRowFields
  .omit({
    disclosedQuantity: true,
    triggerPrice: true,
    boProfitValue: true,
    boStopLossValue: true,
    drvExpiryDate: true,
    drvOptionType: true,
    drvStrikePrice: true,
    omsErrorCode: true,
  })
  .extend({
    ltp: decimalOrZero,
    legDetails: z.array(superLegDetail).nullish(),
  });

/** A row of `GET /super/orders`: an entry. */
export const superOrderRow = z.preprocess(withFilledQty, superOrderFields);
export type SuperOrderRow = z.infer<typeof superOrderFields>;

function withTotalQuatity(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (!("totalQuantity" in value) || "totalQuatity" in value) return value;
  return { ...value, totalQuatity: value.totalQuantity };
}
