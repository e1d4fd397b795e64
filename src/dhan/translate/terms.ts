/** The changeable part of an order, from either witness. */
import type { OrderFamily, OrderTerms } from "../../core/model/order.ts";
import { WireFault } from "../errors.ts";
import { priceFromRupees } from "./money.ts";
import { toOrderType, toUnits, toValidity } from "./words.ts";

export interface WireTerms {
  readonly orderType: string;
  readonly validity: string;
  readonly quantity: number;
  readonly disclosedQuantity: number;
  /** Rupees; 0 is none. */
  readonly price: number;
  readonly triggerPrice: number;
}

/**
 * Prices that the type has no use for are dropped, so that two witnesses of one order agree: a MARKET
 * order may carry a price after the broker's conversion. A cover order keeps its trigger, which is
 * its stop. Throws WireFault.
 */
export function orderTerms(wire: WireTerms, family: OrderFamily): OrderTerms {
  const type = toOrderType(wire.orderType);
  const quantity = toUnits(wire.quantity, "quantity");
  if (quantity === 0) throw new WireFault("quantity is 0");
  const hasLimit = type === "LIMIT" || type === "STOP_LOSS";
  const hasTrigger = type === "STOP_LOSS" || type === "STOP_LOSS_MARKET" || family === "cover";
  const price = hasLimit ? priceFromRupees(wire.price) : undefined;
  const triggerPrice = hasTrigger ? priceFromRupees(wire.triggerPrice) : undefined;
  return {
    type,
    validity: toValidity(wire.validity),
    quantity,
    disclosedQuantity: toUnits(wire.disclosedQuantity, "disclosed quantity"),
    ...(price === undefined ? {} : { price }),
    ...(triggerPrice === undefined ? {} : { triggerPrice }),
  };
}
