/** A row of the order book to an observation. */
import { toBrokerOrderId, toInstrumentKey } from "../../core/model/ids.ts";
import type { OrderFamily, OrderObservation } from "../../core/model/order.ts";
import type { EpochMs } from "../../core/model/time.ts";
import type { Redact } from "../redact.ts";
import type { OrderRow } from "../wire/order.ts";
import { lossyPriceFromRupees } from "./money.ts";
import { orderStatus } from "./status.ts";
import { orderTerms } from "./terms.ts";
import { firstIstTime } from "./time.ts";
import { isSquareOff, ownCorrelationId, reasonOf, toProduct, toSide, toUnits } from "./words.ts";

export interface ObservationContext {
  /** Stands in for times that the broker did not tell. */
  readonly nowMs: EpochMs;
  readonly redact: Redact;
}

/** Throws WireFault, or its UnknownOrderStatus, on a row that cannot be trusted. */
export function observationOfRow(row: OrderRow, context: ObservationContext): OrderObservation {
  const family = familyOfRow(row);
  const terms = orderTerms(row, family);
  const reported = toUnits(row.filledQty, "filled quantity");
  const status = orderStatus({
    status: row.orderStatus,
    brokerOrderId: row.orderId,
    quantity: terms.quantity,
    filledQuantity: reported,
  });
  const averagePrice = lossyPriceFromRupees(row.averageTradedPrice);
  return {
    brokerOrderId: toBrokerOrderId(row.orderId),
    ...ownCorrelationId(row.correlationId),
    instrument: toInstrumentKey(row.exchangeSegment, row.securityId),
    symbol: row.tradingSymbol,
    side: toSide(row.transactionType),
    product: toProduct(row.productType),
    family,
    terms,
    status,
    // Older rows have no fill fields; TRADED alone still means all of it.
    filledQuantity: status === "filled" ? Math.max(reported, terms.quantity) : reported,
    ...(averagePrice === undefined ? {} : { averagePrice }),
    reason: context.redact(reasonOf(status, row.omsErrorDescription)),
    placedAtMs: firstIstTime([row.createTime, row.updateTime], context.nowMs),
    updatedAtMs: firstIstTime([row.updateTime, row.createTime], context.nowMs),
  };
}

/**
 * The product decides first. Rows have no parent field; a leg name on a plain product means a part of
 * a Super Order (official docs), and plain orders say "NA".
 */
function familyOfRow(row: OrderRow): OrderFamily {
  const product = row.productType.trim().toUpperCase();
  if (product === "BO") return "bracket";
  if (product === "CO") return "cover";
  if (row.legName === "TARGET_LEG" || row.legName === "STOP_LOSS_LEG") return "super-leg";
  if (isSquareOff(row.correlationId)) return "super-leg";
  if (row.legName === "ENTRY_LEG") return "super-entry";
  return row.afterMarketOrder ? "after-market" : "plain";
}
