/** The rows of one Forever order to one observation. */
import { toBrokerOrderId, toInstrumentKey } from "../../core/model/ids.ts";
import type {
  ExitLeg,
  OrderObservation,
  OrderStatus,
  OrderTerms,
  TriggerTerms,
} from "../../core/model/order.ts";
import { isTerminal } from "../../core/model/order.ts";
import { UnknownOrderStatus, WireFault } from "../errors.ts";
import { type ForeverRow, ORDER_FLAGS, type OrderFlag } from "../wire/forever-order.ts";
import { priceFromRupees } from "./money.ts";
import type { ObservationContext } from "./order-row.ts";
import { normalised } from "./status.ts";
import { firstIstTime } from "./time.ts";
import { toProduct, toSegment, toSide, toUnits } from "./words.ts";

/** A Forever order's rows, told apart. One that stands alone is a stop, whatever it is called. */
export interface ForeverHalves {
  readonly flag: OrderFlag;
  readonly stop: ForeverRow;
  readonly target?: ForeverRow;
}

/** One observation an order, in the order of the list. Throws WireFault on what cannot be trusted. */
export function observationsOfForever(
  rows: readonly ForeverRow[],
  context: ObservationContext,
): OrderObservation[] {
  const ids = new Set(rows.map((row) => row.orderId));
  return [...ids].map((orderId) =>
    observationOf(halvesOf(rows.filter((row) => row.orderId === orderId)), context),
  );
}

/**
 * Which half is which is told by the levels, because the legs' names were seen in more than one use:
 * a seller's stop is the lower trigger, a buyer's the higher. Throws WireFault.
 */
export function halvesOf(rows: readonly ForeverRow[]): ForeverHalves {
  const [first, second, ...more] = rows;
  if (first === undefined || more.length > 0) {
    throw new WireFault(`${rows.length} legs on Forever order ${first?.orderId}`);
  }
  const flag = flagOf(first);
  if (flag === "SINGLE" && second !== undefined) {
    throw new WireFault(`two legs on Forever order ${first.orderId} of flag SINGLE`);
  }
  if (second === undefined) return { flag, stop: first };
  const isLowerStop = toSide(first.transactionType) === "SELL";
  const isFirstLower = first.triggerPrice < second.triggerPrice;
  return isLowerStop === isFirstLower
    ? { flag, stop: first, target: second }
    : { flag, stop: second, target: first };
}

/** A fired half says nothing of whether its child has filled (seen: unsold for days). */
export function foreverStatus(row: ForeverRow): OrderStatus {
  const status = STATUSES.get(normalised(row.orderStatus));
  if (status === undefined) throw new UnknownOrderStatus(row.orderStatus, row.orderId);
  return status;
}

const STATUSES: ReadonlyMap<string, OrderStatus> = new Map([
  ["TRANSIT", "transit"],
  ["PENDING", "working"],
  ["CONFIRM", "working"],
  ["MODIFIED", "working"],
  ["TRIGGERED", "filled"],
  ["TRADED", "filled"],
  ["CANCELLED", "cancelled"],
  ["REJECTED", "rejected"],
  ["EXPIRED", "expired"],
]);

function flagOf(row: ForeverRow): OrderFlag {
  const word = row.orderType.trim().toUpperCase();
  const flag = ORDER_FLAGS.find((known) => known === word);
  if (flag === undefined) throw new WireFault(`unknown order flag "${row.orderType}"`);
  return flag;
}

function observationOf(halves: ForeverHalves, context: ObservationContext): OrderObservation {
  const { stop, target } = alive(halves);
  const statuses = [halves.stop, ...(halves.target ? [halves.target] : [])].map(foreverStatus);
  return {
    brokerOrderId: toBrokerOrderId(stop.orderId),
    instrument: toInstrumentKey(toSegment(stop.exchangeSegment), stop.securityId),
    symbol: stop.tradingSymbol,
    side: toSide(stop.transactionType),
    product: toProduct(stop.productType),
    family: "forever",
    terms: termsOf(stop),
    ...(target === undefined ? {} : { second: triggerTermsOf(target) }),
    status: statusOf(statuses),
    filledQuantity: 0,
    reason: "",
    placedAtMs: firstIstTime([stop.createTime, stop.updateTime], context.nowMs),
    updatedAtMs: firstIstTime([stop.updateTime, stop.createTime], context.nowMs),
  };
}

/** Of an OCO that goes on with one half, that half alone is left. */
function alive(halves: ForeverHalves): Partial<Record<ExitLeg, ForeverRow>> & { stop: ForeverRow } {
  const { stop, target } = halves;
  if (target === undefined) return { stop };
  const isStopDead = isTerminal(foreverStatus(stop));
  const isTargetDead = isTerminal(foreverStatus(target));
  if (isStopDead === isTargetDead) return { stop, target };
  const isFired = foreverStatus(stop) === "filled" || foreverStatus(target) === "filled";
  if (isFired) return { stop, target };
  return { stop: isStopDead ? target : stop };
}

/** One half that fired ends the order; otherwise it lives as long as a half of it does. */
function statusOf(statuses: readonly OrderStatus[]): OrderStatus {
  for (const status of ["filled", "working", "transit"] as const) {
    if (statuses.includes(status)) return status;
  }
  return statuses[0] ?? "cancelled";
}

function termsOf(row: ForeverRow): OrderTerms {
  const { quantity, triggerPrice, price } = triggerTermsOf(row);
  return {
    type: price === undefined ? "MARKET" : "LIMIT",
    // The list does not say; the trigger outlives the day in either case.
    validity: "DAY",
    quantity,
    disclosedQuantity: 0,
    ...(price === undefined ? {} : { price }),
    triggerPrice,
  };
}

function triggerTermsOf(row: ForeverRow): TriggerTerms {
  const quantity = toUnits(row.quantity, "quantity");
  if (quantity === 0) throw new WireFault(`quantity is 0 on Forever order ${row.orderId}`);
  const triggerPrice = priceFromRupees(row.triggerPrice);
  if (triggerPrice === undefined) throw new WireFault(`no trigger on Forever order ${row.orderId}`);
  const price = priceFromRupees(row.price);
  return { quantity, triggerPrice, ...(price === undefined ? {} : { price }) };
}
