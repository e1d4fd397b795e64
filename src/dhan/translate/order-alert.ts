/** A frame of the order socket to an observation. */
import { toBrokerOrderId, toInstrumentKey } from "../../core/model/ids.ts";
import type { OrderFamily, OrderObservation } from "../../core/model/order.ts";
import { WireFault } from "../errors.ts";
import { SEGMENT_OF_LETTERS } from "../wire/enums.ts";
import { type OrderAlertData, parentOrderNoOf } from "../wire/order-alert.ts";
import { lossyPriceFromRupees } from "./money.ts";
import type { ObservationContext } from "./order-row.ts";
import { orderStatus } from "./status.ts";
import { orderTerms } from "./terms.ts";
import { firstIstTime } from "./time.ts";
import { isSquareOff, ownCorrelationId, reasonOf, toProduct, toSide, toUnits } from "./words.ts";

/** Throws WireFault, or its UnknownOrderStatus, on an alert that cannot be trusted. */
export function observationOfAlert(
  data: OrderAlertData,
  context: ObservationContext,
): OrderObservation {
  const family = familyOfAlert(data);
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
    brokerOrderId: toBrokerOrderId(data.orderNo),
    ...ownCorrelationId(data.correlationId),
    instrument: toInstrumentKey(segmentOfLetters(data.exchange, data.segment), data.securityId),
    // Derivative legs may carry a truncated symbol; the display name is stable then.
    symbol: data.symbol || data.displayName,
    side: toSide(data.txnType),
    product: toProduct(data.product),
    family,
    terms,
    status,
    filledQuantity: status === "filled" ? Math.max(reported, terms.quantity) : reported,
    ...(averagePrice === undefined ? {} : { averagePrice }),
    ...(lastPrice === undefined ? {} : { lastPrice }),
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

/**
 * Whose part an order is. The order of the questions matters: legNo is 1 on plain orders too, and an
 * exit that the broker made for a Super Order must never pass for an order of its own.
 */
function familyOfAlert(data: OrderAlertData): OrderFamily {
  const product = data.product.trim().toUpperCase();
  if (product === "B" || product === "BO") return "bracket";
  if (product === "V" || product === "CO") return "cover";
  const parent = parentOrderNoOf(data);
  const isChild = parent !== undefined && parent !== data.orderNo;
  const isSuper = data.remarks.trim().toUpperCase() === "SUPER ORDER";
  const platform = data.orderPlatform.trim().toUpperCase();
  if ((data.legNo === 2 || data.legNo === 3) && (isChild || isSuper)) return "super-leg";
  if (isSquareOff(data.correlationId) || platform.startsWith("VTT")) return "super-leg";
  if (platform === "FOVR" || isChild) return "trigger-child";
  if (isSuper) return "super-entry";
  return data.offMktFlag === "1" ? "after-market" : "plain";
}
