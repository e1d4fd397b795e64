/** The books as the broker prints them: rupees, sentinels and all (captured in production). */
import type { FundLimit } from "../../dhan/wire/funds.ts";
import type { OrderRow } from "../../dhan/wire/order.ts";
import type { HoldingRow, PositionRow } from "../../dhan/wire/portfolio.ts";
import type { TradeRow } from "../../dhan/wire/trade.ts";
import type { SimAccount, SimHolding, SimPosition } from "./account.ts";
import { shownExits, shownLegName } from "./group/shown.ts";
import { istTime, NEVER, NO_DATE } from "./ist.ts";
import { availableE4, netOf, utilizedE4 } from "./margin.ts";
import { averageE4, leaves } from "./order.ts";
import type { SimFill, SimInstrument, SimOrder } from "./order-records.ts";

/** 1/10,000 rupee to rupees, at most four decimals. */
export function rupees(valueE4: number): number {
  return Math.round(valueE4) / 10_000;
}

/** Two decimals: money sums, not prices. */
function paise(valueE4: number): number {
  return Math.round(valueE4 / 100) / 100;
}

export function derivative(instrument: SimInstrument) {
  return {
    drvExpiryDate: instrument.expiry ?? NO_DATE,
    drvOptionType: instrument.option ?? "NA",
    drvStrikePrice: rupees(instrument.strikeE4 ?? 0),
  };
}

/** createTime equals updateTime and moves with it, as in captures. */
export function orderRow(order: SimOrder): OrderRow {
  const { instrument, terms } = order;
  const exits = shownExits(order);
  const updateTime = istTime(order.updatedAtMs);
  return {
    dhanClientId: order.clientId,
    orderId: order.shownId ?? order.orderId,
    exchangeOrderId: order.exchangeOrderId,
    correlationId: order.correlationId,
    orderStatus: order.status,
    transactionType: order.side,
    exchangeSegment: instrument.segment,
    productType: order.product,
    orderType: terms.type,
    validity: terms.validity,
    tradingSymbol: instrument.tradingSymbol,
    securityId: instrument.securityId,
    quantity: terms.quantity,
    disclosedQuantity: terms.disclosedQuantity,
    price: rupees(terms.priceE4),
    triggerPrice: rupees(exits.triggerE4),
    afterMarketOrder: order.afterMarket,
    boProfitValue: rupees(exits.profitE4),
    boStopLossValue: rupees(exits.stopLossE4),
    legName: shownLegName(order),
    createTime: updateTime,
    updateTime,
    exchangeTime: order.exchangeAtMs === 0 ? NEVER : istTime(order.exchangeAtMs),
    ...derivative(instrument),
    omsErrorCode: "0",
    omsErrorDescription: order.text,
    algoId: "0",
    remainingQuantity: leaves(order),
    averageTradedPrice: rupees(averageE4(order)),
    filledQty: order.filled,
  };
}

/** One row for each fill; no correlation id, as on the wire. */
export function tradeRow(order: SimOrder, fill: SimFill): TradeRow {
  const { instrument } = order;
  const atTime = istTime(fill.atMs);
  return {
    dhanClientId: order.clientId,
    orderId: order.shownId ?? order.orderId,
    exchangeOrderId: order.exchangeOrderId,
    exchangeTradeId: fill.exchangeTradeId,
    transactionType: order.side,
    exchangeSegment: instrument.segment,
    productType: order.product,
    orderType: order.terms.type,
    tradingSymbol: instrument.tradingSymbol,
    customSymbol: instrument.displayName,
    securityId: instrument.securityId,
    tradedQuantity: fill.quantity,
    tradedPrice: rupees(fill.priceE4),
    createTime: atTime,
    updateTime: atTime,
    exchangeTime: atTime,
    ...derivative(instrument),
  };
}

function typeOfNet(net: number): "LONG" | "SHORT" | "CLOSED" {
  if (net === 0) return "CLOSED";
  return net > 0 ? "LONG" : "SHORT";
}

export function positionRow(clientId: string, position: SimPosition): PositionRow {
  const { instrument, buyQuantity, sellQuantity, carriedQuantity, carriedValueE4 } = position;
  const carriedBuy = Math.max(0, carriedQuantity);
  const carriedSell = Math.max(0, -carriedQuantity);
  const carriedBuyValueE4 = carriedQuantity > 0 ? carriedValueE4 : 0;
  const carriedSellValueE4 = carriedQuantity < 0 ? carriedValueE4 : 0;
  const bought = buyQuantity + carriedBuy;
  const sold = sellQuantity + carriedSell;
  const net = netOf(position);
  return {
    dhanClientId: clientId,
    tradingSymbol: instrument.tradingSymbol,
    securityId: instrument.securityId,
    positionType: typeOfNet(net),
    exchangeSegment: instrument.segment,
    productType: position.product,
    buyAvg: rupees((position.buyValueE4 + carriedBuyValueE4) / Math.max(1, bought)),
    costPrice: rupees(position.costE4),
    buyQty: bought,
    sellAvg: rupees((position.sellValueE4 + carriedSellValueE4) / Math.max(1, sold)),
    sellQty: sold,
    netQty: net,
    realizedProfit: paise(position.realizedE4),
    unrealizedProfit: net === 0 ? 0 : paise((instrument.lastE4 - position.costE4) * net),
    rbiReferenceRate: 1,
    multiplier: 1,
    carryForwardBuyQty: carriedBuy,
    carryForwardSellQty: carriedSell,
    carryForwardBuyValue: paise(carriedBuyValueE4),
    carryForwardSellValue: paise(carriedSellValueE4),
    dayBuyQty: buyQuantity,
    daySellQty: sellQuantity,
    dayBuyValue: paise(position.buyValueE4),
    daySellValue: paise(position.sellValueE4),
    ...derivative(instrument),
    crossCurrency: false,
  };
}

/** `soldToday` leaves the available units at once, the total only overnight. */
export function holdingRow(holding: SimHolding, soldToday: number): HoldingRow {
  const { instrument, quantity } = holding;
  return {
    exchange: instrument.segment === "BSE_EQ" ? "BSE" : "ALL",
    tradingSymbol: instrument.tradingSymbol,
    securityId: instrument.securityId,
    isin: instrument.isin,
    totalQty: quantity,
    dpQty: quantity,
    t1Qty: 0,
    mtf_t1_qty: 0,
    mtf_qty: holding.fundedQuantity,
    availableQty: Math.max(0, quantity - soldToday),
    collateralQty: 0,
    avgCostPrice: rupees(holding.costE4),
    lastTradedPrice: rupees(instrument.lastE4),
  };
}

/** The misspelt names are the wire's. */
export function fundsRow(account: SimAccount): FundLimit {
  const available = paise(availableE4(account));
  return {
    dhanClientId: account.clientId,
    availabelBalance: available,
    sodLimit: paise(account.startOfDayE4),
    collateralAmount: 0,
    receiveableAmount: 0,
    utilizedAmount: paise(utilizedE4(account)),
    blockedPayoutAmount: 0,
    withdrawableBalance: Math.max(0, available),
  };
}
