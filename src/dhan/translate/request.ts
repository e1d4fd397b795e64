/**
 * Commands to request bodies. An inapplicable field is never "" (refused with DH-905, measured);
 * disclosedQuantity and afterMarketOrder are always there (a live account was refused without them).
 */
import type { ModifyCommand, PlaceCommand } from "../../core/model/command.ts";
import { splitInstrumentKey } from "../../core/model/ids.ts";
import type { OrderTerms } from "../../core/model/order.ts";
import { assert, must } from "../../platform/assert.ts";
import { EXCHANGE_SEGMENTS, type ExchangeSegment } from "../wire/enums.ts";
import type { ModifyRequest, PlaceRequest } from "../wire/order.ts";
import { rupeesFromPrice } from "./money.ts";

/** The body of `POST /orders`. */
export function placeRequestOf(command: PlaceCommand, clientId: string): PlaceRequest {
  const { terms } = command;
  const { segment, securityId } = splitInstrumentKey(command.instrument);
  assert(isSegment(segment), () => `no orders in segment ${segment}`);
  return {
    dhanClientId: clientId,
    correlationId: command.correlationId,
    transactionType: command.side,
    exchangeSegment: segment,
    productType: command.product,
    orderType: terms.type,
    validity: terms.validity,
    securityId,
    quantity: terms.quantity,
    disclosedQuantity: terms.disclosedQuantity,
    ...pricesOf(terms),
    afterMarketOrder: false,
  };
}

/** The body of `PUT /orders/{id}`: all terms restated, the quantity being the order's total. */
export function modifyRequestOf(command: ModifyCommand, clientId: string): ModifyRequest {
  const { terms } = command;
  return {
    dhanClientId: clientId,
    orderId: command.brokerOrderId,
    orderType: terms.type,
    quantity: terms.quantity,
    ...pricesOf(terms),
    disclosedQuantity: terms.disclosedQuantity,
    validity: terms.validity,
  };
}

/** Rupees; 0 stands for a price that the order type has no use for. */
function pricesOf(terms: OrderTerms): { price: number; triggerPrice: number } {
  const { type } = terms;
  const hasLimit = type === "LIMIT" || type === "STOP_LOSS";
  const hasTrigger = type === "STOP_LOSS" || type === "STOP_LOSS_MARKET";
  return {
    price: hasLimit ? rupeesFromPrice(must(terms.price, `a limit price on ${type}`)) : 0,
    triggerPrice: hasTrigger
      ? rupeesFromPrice(must(terms.triggerPrice, `a trigger price on ${type}`))
      : 0,
  };
}

function isSegment(segment: string): segment is ExchangeSegment {
  return (EXCHANGE_SEGMENTS as readonly string[]).includes(segment);
}
