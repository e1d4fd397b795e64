/** A row of the order book to an observation. */
import { toBrokerOrderId, toInstrumentKey } from "../../core/model/ids.ts";
import type {
  ExitDistances,
  OrderFamily,
  OrderObservation,
  Product,
} from "../../core/model/order.ts";
import type { EpochMs } from "../../core/model/time.ts";
import type { Redact } from "../redact.ts";
import type { OrderRow } from "../wire/order.ts";
import { type Classification, classify, legOfName } from "./classify.ts";
import { legIdUnderEntry } from "./leg-id.ts";
import { lossyPriceFromRupees, priceFromRupees } from "./money.ts";
import { orderStatus, unitsFilled } from "./status.ts";
import { orderTerms } from "./terms.ts";
import { firstIstTime } from "./time.ts";
import {
  isSquareOff,
  ownCorrelationId,
  reasonOf,
  toProduct,
  toSegment,
  toSide,
  toUnits,
} from "./words.ts";

export interface ObservationContext {
  /** Stands in for times that the broker did not tell. */
  readonly nowMs: EpochMs;
  readonly redact: Redact;
}

/**
 * All rows of one answer. A leg under the number of an entry in the same answer becomes an order with
 * an id of its own. Throws WireFault, or its UnknownOrderStatus, on a row that cannot be trusted.
 */
export function observationsOfRows(
  rows: readonly OrderRow[],
  context: ObservationContext,
): OrderObservation[] {
  const observations = rows.map((row) => observationOfRow(row, context));
  if (!observations.some((order) => order.leg !== undefined)) return observations;
  const entries = new Set(
    observations.filter((order) => order.leg === undefined).map((order) => order.brokerOrderId),
  );
  return observations.map((order) => {
    const { leg, brokerOrderId } = order;
    if (leg === undefined || !entries.has(brokerOrderId)) return order;
    return {
      ...order,
      brokerOrderId: legIdUnderEntry(brokerOrderId, leg),
      parentId: brokerOrderId,
    };
  });
}

/** One row by itself. Throws like the above. */
export function observationOfRow(row: OrderRow, context: ObservationContext): OrderObservation {
  const product = toProduct(row.productType);
  const { family, leg } = classifyRow(row, product);
  const terms = orderTerms(row, family);
  const reported = toUnits(row.filledQty, "filled quantity");
  const status = orderStatus({
    status: row.orderStatus,
    brokerOrderId: row.orderId,
    quantity: terms.quantity,
    filledQuantity: reported,
  });
  const distances = distancesOf(row, family);
  const averagePrice = lossyPriceFromRupees(row.averageTradedPrice);
  return {
    brokerOrderId: toBrokerOrderId(row.orderId),
    ...ownCorrelationId(row.correlationId),
    instrument: toInstrumentKey(toSegment(row.exchangeSegment), row.securityId),
    symbol: row.tradingSymbol,
    side: toSide(row.transactionType),
    product,
    family,
    ...(leg === undefined ? {} : { leg }),
    ...(distances === undefined ? {} : { distances }),
    terms,
    status,
    filledQuantity: unitsFilled(status, terms.quantity, reported),
    ...(averagePrice === undefined ? {} : { averagePrice }),
    reason: context.redact(reasonOf(status, row.omsErrorDescription)),
    placedAtMs: firstIstTime([row.createTime, row.updateTime], context.nowMs),
    updatedAtMs: firstIstTime([row.updateTime, row.createTime], context.nowMs),
  };
}

/** Rows have no parent and no platform field; plain orders have the leg name "NA" (captured). */
function classifyRow(row: OrderRow, product: Product): Classification {
  const name = legOfName(row.legName);
  return classify({
    product,
    leg: name === "entry" ? undefined : name,
    hasParent: false,
    platform: "",
    isSquareOff: isSquareOff(row.correlationId),
    isGroupEntry: name === "entry",
    isAfterMarket: row.afterMarketOrder,
  });
}

/** Only the entry's row carries them (official docs: a change of price, in rupees). */
function distancesOf(row: OrderRow, family: OrderFamily): ExitDistances | undefined {
  if (family !== "bracket" && family !== "cover") return undefined;
  const target = priceFromRupees(row.boProfitValue);
  const stop = priceFromRupees(row.boStopLossValue);
  if (target === undefined && stop === undefined) return undefined;
  return {
    ...(target === undefined ? {} : { target }),
    ...(stop === undefined ? {} : { stop }),
  };
}
