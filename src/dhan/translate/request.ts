/**
 * Commands to bodies of the plain order routes, which bracket and cover orders share. An inapplicable
 * field is never "" (refused with DH-905, measured); disclosedQuantity and afterMarketOrder are always
 * there (a live account was refused without them).
 */
import type { ModifyCommand, PlaceCommand } from "../../core/model/command.ts";
import { splitInstrumentKey } from "../../core/model/ids.ts";
import { E4_PER_RUPEE, type PriceE4 } from "../../core/model/money.ts";
import type { OrderTerms, Product } from "../../core/model/order.ts";
import { assert, must } from "../../platform/assert.ts";
import { EXCHANGE_SEGMENTS, type ExchangeSegment, type LegName } from "../wire/enums.ts";
import type { ModifyRequest, PlaceRequest } from "../wire/order.ts";
import { wireNumberOf } from "./leg-id.ts";
import { rupeesFromPrice } from "./money.ts";

/** The body of `POST /orders`, and of its slicing kin. */
export function placeRequestOf(command: PlaceCommand, clientId: string): PlaceRequest {
  const { terms, isAfterMarket } = command;
  return {
    dhanClientId: clientId,
    correlationId: command.correlationId,
    transactionType: command.side,
    ...instrumentOf(command),
    productType: productOf(command),
    orderType: terms.type,
    validity: terms.validity,
    quantity: terms.quantity,
    disclosedQuantity: terms.disclosedQuantity,
    ...pricesOf(terms),
    ...protectionOf(command),
    afterMarketOrder: isAfterMarket === true,
    // The other times are not told apart by any book, so that a leader's own is never known.
    ...(isAfterMarket === true ? { amoTime: "OPEN" as const } : {}),
  };
}

/** The body of `PUT /orders/{id}`: all terms restated, the quantity being the order's total. */
export function modifyRequestOf(command: ModifyCommand, clientId: string): ModifyRequest {
  const { terms, vehicle } = command;
  const isGroup = vehicle === "bracket" || vehicle === "cover";
  return {
    dhanClientId: clientId,
    orderId: wireNumberOf(command.brokerOrderId).orderNo,
    orderType: terms.type,
    ...(isGroup ? { legName: legNameOf(command) } : {}),
    quantity: terms.quantity,
    ...pricesOf(terms),
    disclosedQuantity: terms.disclosedQuantity,
    validity: terms.validity,
    ...(isGroup ? levelsOf(command) : {}),
  };
}

/** Segment and security id. Throws AssertionFault on a segment that no order can name. */
export function instrumentOf(command: Pick<PlaceCommand, "instrument">): {
  exchangeSegment: ExchangeSegment;
  securityId: string;
} {
  const { segment, securityId } = splitInstrumentKey(command.instrument);
  assert(isSegment(segment), () => `no orders in segment ${segment}`);
  return { exchangeSegment: segment, securityId };
}

/** The wire's name of the part that a command means. */
export function legNameOf(command: Pick<ModifyCommand, "leg">): Exclude<LegName, "NA"> {
  if (command.leg === undefined) return "ENTRY_LEG";
  return command.leg === "target" ? "TARGET_LEG" : "STOP_LOSS_LEG";
}

/** Rupees; 0 stands for a price that is not there. */
export function rupeesOrZero(price: PriceE4 | undefined): number {
  return price === undefined ? 0 : rupeesFromPrice(price);
}

function productOf({ vehicle, product }: PlaceCommand): Product {
  if (vehicle === "bracket") return "BO";
  return vehicle === "cover" ? "CO" : product;
}

/**
 * The exits of a BO are distances from its price. Which field carries a CO's stop was never seen, and
 * without its stop it would be naked: it goes both as trigger and, where the price is known, distance.
 */
function protectionOf(command: PlaceCommand): Partial<PlaceRequest> {
  const { vehicle, protection, terms } = command;
  if (vehicle === "bracket") {
    const price = must(terms.price, "the price of a BO, from which its exits are measured");
    const { target, stop } = must(protection, "the exits of a BO");
    return {
      boProfitValue: distance(price, must(target, "the target of a BO")),
      boStopLossValue: distance(price, must(stop, "the stop of a BO")),
    };
  }
  if (vehicle !== "cover") return {};
  const stop = coverStopOf(command);
  return {
    triggerPrice: rupeesFromPrice(stop),
    ...(terms.price === undefined ? {} : { boStopLossValue: distance(terms.price, stop) }),
  };
}

/** Books show a CO's stop as the trigger of its entry, which therefore cannot have one of its own. */
function coverStopOf({ protection, terms }: PlaceCommand | ModifyCommand): PriceE4 {
  const { type } = terms;
  assert(type === "LIMIT" || type === "MARKET", () => `no CO of type ${type}`);
  return must(protection?.stop ?? terms.triggerPrice, "the stop of a CO");
}

/** What the levels of a command change in a body: a leg's own price, or the stop beside a CO's entry. */
function levelsOf(command: ModifyCommand): Partial<ModifyRequest> {
  const { leg, protection, terms, vehicle } = command;
  if (leg === "target") {
    return { orderType: "LIMIT", price: rupeesOrZero(protection?.target ?? terms.price) };
  }
  if (leg === undefined) {
    return vehicle === "cover" ? { triggerPrice: rupeesFromPrice(coverStopOf(command)) } : {};
  }
  if (protection?.stop === undefined) return {};
  const triggerPrice = rupeesFromPrice(protection.stop);
  if (terms.type.startsWith("STOP_LOSS")) return { triggerPrice };
  return { orderType: "STOP_LOSS_MARKET", price: 0, triggerPrice };
}

/** Rupees between two prices. */
function distance(from: PriceE4, to: PriceE4): number {
  return Math.abs(from - to) / E4_PER_RUPEE;
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
