/** One fill, as `GET /trades` lists it. It carries no correlation id: join by order id. */
import { z } from "zod";
import { decimal, decimalOrZero, id, text, word } from "./scalars.ts";

export const tradeRow = z.object({
  dhanClientId: text,
  orderId: id,
  exchangeOrderId: text,
  exchangeTradeId: text,
  transactionType: word,
  exchangeSegment: word,
  productType: word,
  orderType: text,
  tradingSymbol: text,
  customSymbol: text,
  securityId: id,
  /** Units of this fill. */
  tradedQuantity: decimal,
  /** Rupees. */
  tradedPrice: decimal,
  /** IST without zone; trade history may say "NA". */
  createTime: text,
  updateTime: text,
  exchangeTime: text,
  drvExpiryDate: text,
  drvOptionType: text,
  drvStrikePrice: decimalOrZero,
});
export type TradeRow = z.infer<typeof tradeRow>;
