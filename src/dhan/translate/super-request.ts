/** Commands to bodies of the Super Order routes. Levels are absolute; 0 stands for none. */
import type { ModifyCommand, PlaceCommand, Protection } from "../../core/model/command.ts";
import type { OrderTerms } from "../../core/model/order.ts";
import { assert, must } from "../../platform/assert.ts";
import {
  SUPER_PRODUCT_TYPES,
  type SuperModifyRequest,
  type SuperPlaceRequest,
} from "../wire/super-order.ts";
import { wireNumberOf } from "./leg-id.ts";
import { rupeesFromPrice } from "./money.ts";
import { instrumentOf, legNameOf, rupeesOrZero } from "./request.ts";

/** The body of `POST /super/orders`. */
export function superPlaceRequestOf(command: PlaceCommand, clientId: string): SuperPlaceRequest {
  const { terms, product } = command;
  assert(isSuperProduct(product), () => `no Super Orders with product ${product}`);
  assert(command.isAfterMarket !== true, "a Super Order cannot be queued for the open");
  return {
    dhanClientId: clientId,
    correlationId: command.correlationId,
    transactionType: command.side,
    ...instrumentOf(command),
    productType: product,
    quantity: terms.quantity,
    ...entryPriceOf(terms),
    ...levelsOf(command.protection),
  };
}

/** The body of `PUT /super/orders/{entry id}`, for the entry with its levels or for one leg. */
export function superModifyRequestOf(command: ModifyCommand, clientId: string): SuperModifyRequest {
  const { leg, protection, terms } = command;
  const part = {
    dhanClientId: clientId,
    orderId: wireNumberOf(command.brokerOrderId).orderNo,
    legName: legNameOf(command),
  };
  if (leg === "target") {
    const target = must(protection?.target, "the target's new price");
    return { ...part, targetPrice: rupeesFromPrice(target) };
  }
  if (leg === "stop") {
    const stopLossPrice = rupeesFromPrice(must(protection?.stop, "the stop's new price"));
    // Always said: a trail that is left out ends, and that should be somebody's decision.
    return { ...part, stopLossPrice, trailingJump: rupeesOrZero(protection?.trail) };
  }
  return {
    ...part,
    quantity: terms.quantity,
    ...entryPriceOf(terms),
    ...levelsOf(protection),
  };
}

/** Without levels it would be no Super Order, and a restated entry would lose them. */
function levelsOf(protection: Protection | undefined) {
  const { target, stop, trail } = protection ?? {};
  assert(target !== undefined || stop !== undefined, "a Super Order has a target or a stop");
  return {
    targetPrice: rupeesOrZero(target),
    stopLossPrice: rupeesOrZero(stop),
    trailingJump: rupeesOrZero(trail),
  };
}

function entryPriceOf(terms: OrderTerms): { orderType: "LIMIT" | "MARKET"; price: number } {
  const { type } = terms;
  assert(type === "LIMIT" || type === "MARKET", () => `no Super Order of type ${type}`);
  if (type === "MARKET") return { orderType: type, price: 0 };
  return { orderType: type, price: rupeesFromPrice(must(terms.price, "a limit price")) };
}

function isSuperProduct(product: string): product is SuperPlaceRequest["productType"] {
  return (SUPER_PRODUCT_TYPES as readonly string[]).includes(product);
}
