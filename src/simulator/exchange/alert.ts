/** The order socket's frame of one order, as it goes out (camelCase and Title-case: captured). */
import type { OrderAlertFrame } from "../../dhan/wire/order-alert.ts";
import { isPartOfSuper, shownExits, shownLegNo, shownLegStatus } from "./group/shown.ts";
import { istDate, istTime, NEVER } from "./ist.ts";
import { averageE4, leaves } from "./order.ts";
import type { SimOrder } from "./order-records.ts";
import { rupees } from "./rows.ts";
import { lettersOf } from "./segment.ts";
import type { Switches } from "./switches.ts";

const PRODUCT_LETTER = {
  CNC: "C",
  INTRADAY: "I",
  MARGIN: "M",
  MTF: "F",
  CO: "V",
  BO: "B",
} as const;
const TYPE_WORD = {
  LIMIT: "LMT",
  MARKET: "MKT",
  STOP_LOSS: "SL",
  STOP_LOSS_MARKET: "SLM",
} as const;
const STATUS_WORD = {
  TRANSIT: "Transit",
  PENDING: "Pending",
  TRADED: "Traded",
  CANCELLED: "Cancelled",
  REJECTED: "Rejected",
  EXPIRED: "Expired",
} as const;

export function alertFrame(order: SimOrder, switches: Switches): OrderAlertFrame {
  const { instrument, terms } = order;
  const open = leaves(order);
  const lastFill = order.fills.at(-1);
  const isOption = instrument.option !== undefined;
  const { exchange, letter } = lettersOf(instrument.segment);
  return {
    Data: {
      exchange,
      segment: letter,
      source: order.source,
      securityId: instrument.securityId,
      clientId: order.clientId,
      exchOrderNo: order.exchangeOrderId,
      orderNo: order.shownId ?? order.orderId,
      product: PRODUCT_LETTER[order.product],
      txnType: order.side === "BUY" ? "B" : "S",
      orderType: TYPE_WORD[terms.type],
      validity: terms.validity,
      discQuantity: terms.disclosedQuantity,
      discQtyRem: Math.min(terms.disclosedQuantity, open),
      remainingQuantity: open,
      quantity: terms.quantity,
      tradedQty: order.filled,
      price: rupees(terms.priceE4),
      triggerPrice: rupees(shownExits(order).triggerE4),
      tradedPrice: rupees(lastFill?.priceE4 ?? 0),
      avgTradedPrice: rupees(averageE4(order)),
      algoOrdNo: order.parentOrderId === undefined ? null : Number(order.parentOrderId),
      offMktFlag: order.afterMarket ? "1" : "0",
      orderDateTime: istTime(order.placedAtMs),
      exchOrderTime: order.exchangeAtMs === 0 ? NEVER : istTime(order.exchangeAtMs),
      lastUpdatedTime: istTime(order.updatedAtMs),
      remarks: isPartOfSuper(order) ? "Super Order" : "NR",
      mktType: "NL",
      reasonDescription: order.text,
      legNo: shownLegNo(order),
      instrument: instrument.name,
      symbol: instrument.tradingSymbol,
      productName: order.product,
      status: statusWord(order, switches),
      lotSize: instrument.lotSize,
      strikePrice: rupees(instrument.strikeE4 ?? 0),
      expiryDate: instrument.expiry === undefined ? NEVER : `${instrument.expiry} 14:30:00`,
      optType: isOption ? (instrument.option === "CALL" ? "CE" : "PE") : "XX",
      displayName: instrument.displayName,
      isin: instrument.isin,
      series: instrument.series,
      goodTillDaysDate: istDate(order.placedAtMs),
      refLtp: rupees(instrument.lastE4),
      tickSize: rupees(instrument.tickE4),
      algoId: "0",
      multiplier: 1,
      correlationId: order.platform === "FOVR" ? "NR" : order.correlationId,
      orderPlatform: order.platform,
    },
    Type: "order_alert",
  };
}

function statusWord(order: SimOrder, switches: Switches): string {
  if (order.status === "PART_TRADED") return switches.partialStatus;
  return shownLegStatus(order) ?? STATUS_WORD[order.status];
}

/** The same frame with the inner names as the docs print them. */
export function inPascalCase(frame: OrderAlertFrame): object {
  const entries = Object.entries(frame.Data);
  const inner = entries.map(([key, value]) => [key.charAt(0).toUpperCase() + key.slice(1), value]);
  return { Data: Object.fromEntries(inner), Type: frame.Type };
}
