/** Commands to bodies of the Forever routes. */
import type { ModifyCommand, PlaceCommand } from "../../core/model/command.ts";
import type { OrderTerms, TriggerTerms } from "../../core/model/order.ts";
import { assert, must } from "../../platform/assert.ts";
import { WireFault } from "../errors.ts";
import { LEG_NAMES } from "../wire/enums.ts";
import {
  FOREVER_PRODUCT_TYPES,
  type ForeverModifyRequest,
  type ForeverPlaceRequest,
  type ForeverRow,
  type OrderFlag,
} from "../wire/forever-order.ts";
import { wireNumberOf } from "./leg-id.ts";
import { rupeesFromPrice } from "./money.ts";
import { instrumentOf, rupeesOrZero } from "./request.ts";

/** The body of `POST /forever/orders`: the stop in the primary fields, the target in those with 1. */
export function foreverPlaceRequestOf(
  command: PlaceCommand,
  clientId: string,
): ForeverPlaceRequest {
  const { terms, second, product } = command;
  assert(isForeverProduct(product), () => `no Forever orders with product ${product}`);
  assert(command.isAfterMarket !== true, "a Forever order waits anyway");
  return {
    dhanClientId: clientId,
    correlationId: command.correlationId,
    orderFlag: second === undefined ? "SINGLE" : "OCO",
    transactionType: command.side,
    ...instrumentOf(command),
    productType: product,
    orderType: typeOf(terms),
    validity: terms.validity,
    quantity: terms.quantity,
    disclosedQuantity: terms.disclosedQuantity,
    ...pricesOf(triggerTermsOf(terms)),
    ...(second === undefined
      ? {}
      : {
          price1: rupeesOrZero(second.price),
          triggerPrice1: rupeesFromPrice(second.triggerPrice),
          quantity1: second.quantity,
        }),
  };
}

/** The body of `PUT /forever/orders/{id}` for the leg of `row`, under the name it is stored by. */
export function foreverModifyRequestOf(
  command: ModifyCommand,
  flag: OrderFlag,
  row: ForeverRow,
  half: TriggerTerms,
  clientId: string,
): ForeverModifyRequest {
  const { terms } = command;
  return {
    dhanClientId: clientId,
    orderId: wireNumberOf(command.brokerOrderId).orderNo,
    orderFlag: flag,
    orderType: half.price === undefined ? "MARKET" : "LIMIT",
    legName: storedLegName(row),
    quantity: half.quantity,
    ...pricesOf(half),
    disclosedQuantity: terms.disclosedQuantity,
    validity: terms.validity,
  };
}

/** The stop half of a Forever command, or all of a single one. */
export function triggerTermsOf(terms: OrderTerms): TriggerTerms {
  const { quantity, price } = terms;
  const triggerPrice = must(terms.triggerPrice, "the trigger of a Forever order");
  const isLimit = typeOf(terms) === "LIMIT";
  return {
    quantity,
    triggerPrice,
    ...(isLimit ? { price: must(price, "a limit price") } : {}),
  };
}

function typeOf({ type }: OrderTerms): "LIMIT" | "MARKET" {
  assert(type === "LIMIT" || type === "MARKET", () => `no Forever order of type ${type}`);
  return type;
}

function pricesOf(half: TriggerTerms) {
  return {
    price: rupeesOrZero(half.price),
    triggerPrice: rupeesFromPrice(half.triggerPrice),
  };
}

function storedLegName(row: ForeverRow): (typeof LEG_NAMES)[number] {
  const name = LEG_NAMES.find((known) => known === row.legName.trim().toUpperCase());
  if (name === undefined) throw new WireFault(`unknown leg name "${row.legName}"`);
  return name;
}

function isForeverProduct(product: string): product is ForeverPlaceRequest["productType"] {
  return (FOREVER_PRODUCT_TYPES as readonly string[]).includes(product);
}
