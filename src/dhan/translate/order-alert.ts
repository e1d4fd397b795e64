/** A frame of the order socket to an observation. */
import { toBrokerOrderId, toInstrumentKey } from "../../core/model/ids.ts";
import type { ExitLeg, OrderFamily, OrderObservation } from "../../core/model/order.ts";
import { WireFault } from "../errors.ts";
import { SEGMENT_OF_LETTERS } from "../wire/enums.ts";
import { type OrderAlertData, parentOrderNoOf } from "../wire/order-alert.ts";
import { classify, isLegFamily, legOfNumber } from "./classify.ts";
import { legIdUnderEntry, parentIdOf } from "./leg-id.ts";
import { lossyPriceFromRupees } from "./money.ts";
import type { ObservationContext } from "./order-row.ts";
import { orderStatus, unitsFilled } from "./status.ts";
import { orderTerms } from "./terms.ts";
import { firstIstTime } from "./time.ts";
import { isSquareOff, ownCorrelationId, reasonOf, toProduct, toSide, toUnits } from "./words.ts";

/** Orders placed by hand in the broker's app (captured in production). */
const APP = "FAST";

/** Throws WireFault, or its UnknownOrderStatus, on an alert that cannot be trusted. */
export function observationOfAlert(
  data: OrderAlertData,
  context: ObservationContext,
): OrderObservation {
  const product = toProduct(data.product);
  const parent = parentOrderNoOf(data);
  const { family, leg } = classify({
    product,
    leg: legOfNumber(data.legNo),
    hasParent: parent !== undefined && parent !== data.orderNo,
    platform: data.orderPlatform.trim().toUpperCase(),
    isSquareOff: isSquareOff(data.correlationId),
    isGroupEntry: data.remarks.trim().toUpperCase() === "SUPER ORDER",
    isAfterMarket: data.offMktFlag === "1",
  });
  const terms = orderTerms({ ...data, disclosedQuantity: data.discQuantity }, family);
  const reported = toUnits(data.tradedQty, "traded quantity");
  const status = orderStatus({
    status: data.status,
    brokerOrderId: data.orderNo,
    quantity: terms.quantity,
    filledQuantity: reported,
  });
  const averagePrice = lossyPriceFromRupees(data.avgTradedPrice);
  const lastPrice = lossyPriceFromRupees(data.refLtp);
  return {
    ...placeInGroup(data, parent, family, leg),
    ...ownCorrelationId(data.correlationId),
    instrument: toInstrumentKey(segmentOfLetters(data.exchange, data.segment), data.securityId),
    // Derivative legs may carry a truncated symbol; the display name is stable then.
    symbol: data.symbol || data.displayName,
    side: toSide(data.txnType),
    product,
    family,
    terms,
    status,
    filledQuantity: unitsFilled(status, terms.quantity, reported),
    ...(averagePrice === undefined ? {} : { averagePrice }),
    ...(lastPrice === undefined ? {} : { lastPrice }),
    ...(data.orderPlatform.trim().toUpperCase() === APP ? { isByHand: true } : {}),
    reason: context.redact(reasonOf(status, data.reasonDescription)),
    placedAtMs: firstIstTime([data.orderDateTime, data.lastUpdatedTime], context.nowMs),
    updatedAtMs: firstIstTime([data.lastUpdatedTime, data.orderDateTime], context.nowMs),
  };
}

/** "NSE" and "D" to "NSE_FNO". Throws WireFault on a pair that names no segment. */
export function segmentOfLetters(exchange: string, segment: string): string {
  const segments: Readonly<Record<string, string>> = SEGMENT_OF_LETTERS;
  const found = segments[`${exchange}:${segment}`.toUpperCase()];
  if (found === undefined) throw new WireFault(`unknown segment "${exchange} ${segment}"`);
  return found;
}

/** Its id, and of a part of a group whose it is and which part. */
function placeInGroup(
  data: OrderAlertData,
  parent: string | undefined,
  family: OrderFamily,
  leg: ExitLeg | undefined,
): Pick<OrderObservation, "brokerOrderId" | "parentId" | "leg"> {
  const { orderNo, algoOrdNo } = data;
  const isLeg = isLegFamily(family);
  const part = leg === undefined ? {} : { leg };
  if (family === "trigger-child" && (parent === undefined || parent === orderNo)) {
    // It may be the Forever order itself, which never fills. The book shows children alone.
    throw new WireFault(`a Forever order's frame that names no parent, on order ${orderNo}`);
  }
  if (parent === undefined || (!isLeg && family !== "trigger-child")) {
    return { brokerOrderId: toBrokerOrderId(orderNo), ...part };
  }
  // A JSON number that has lost digits on its way names some other order.
  if (typeof algoOrdNo === "number" && !Number.isSafeInteger(algoOrdNo)) {
    throw new WireFault(`the parent's number ${algoOrdNo} is not exact, on order ${orderNo}`);
  }
  const parentId = parentIdOf(parent);
  if (!isLeg || parent !== orderNo) {
    return { brokerOrderId: toBrokerOrderId(orderNo), parentId, ...part };
  }
  // To read it as the entry would end the entry with its exit; the book tells more.
  if (leg === undefined) throw new WireFault(`an exit under its entry's number ${orderNo}: which?`);
  return { brokerOrderId: legIdUnderEntry(orderNo, leg), parentId, leg };
}
