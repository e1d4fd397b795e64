import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import type { ModifyCommand, PlaceCommand } from "../../core/model/command.ts";
import { asCorrelationId, toBrokerOrderId, toInstrumentKey } from "../../core/model/ids.ts";
import { toPriceE4 } from "../../core/model/money.ts";
import type { OrderTerms } from "../../core/model/order.ts";
import { must } from "../../platform/assert.ts";
import { modifyRequest, placeRequest } from "../wire/order.ts";
import { modifyRequestOf, placeRequestOf } from "./request.ts";

const FOLDER = new URL("../../../test/fixtures/dhan/", import.meta.url);
const OURS = "T0123456789ABCDEFGHJKMNPQ";
const correlationId = must(asCorrelationId(OURS), "a correlation id");
const LIMIT: OrderTerms = {
  type: "LIMIT",
  validity: "DAY",
  quantity: 10,
  disclosedQuantity: 0,
  price: toPriceE4(16_505_000),
};

function place(terms: OrderTerms, more: Partial<PlaceCommand> = {}): PlaceCommand {
  return {
    kind: "place",
    correlationId,
    instrument: toInstrumentKey("NSE_EQ", "1333"),
    side: "BUY",
    product: "INTRADAY",
    terms,
    ...more,
  };
}

function modify(terms: OrderTerms): ModifyCommand {
  return { kind: "modify", correlationId, brokerOrderId: toBrokerOrderId("342"), terms };
}

test("a limit order is written like the known-good body", () => {
  const fixture = readFileSync(new URL("place-request-limit.json", FOLDER), "utf8");
  assert.deepEqual(placeRequestOf(place(LIMIT), "1100000007"), {
    ...JSON.parse(fixture),
    correlationId: OURS,
  });
});

test("a stop order carries limit and trigger, a market order a price of 0", () => {
  const triggerPrice = toPriceE4(16_325_000);
  const { price, ...withoutPrice } = LIMIT;
  assert.ok(price);
  const stop = placeRequestOf(place({ ...LIMIT, type: "STOP_LOSS", triggerPrice }), "1");
  assert.deepEqual([stop.price, stop.triggerPrice], [1650.5, 1632.5]);
  const market = placeRequestOf(place({ ...withoutPrice, type: "MARKET" }), "1");
  assert.deepEqual([market.price, market.triggerPrice], [0, 0]);
});

test("always says disclosedQuantity and afterMarketOrder, and never an empty string", () => {
  const request = placeRequestOf(place(LIMIT), "1100000007");
  assert.equal(request.disclosedQuantity, 0);
  assert.equal(request.afterMarketOrder, false);
  assert.ok(!Object.values(request).includes(""));
  assert.ok(placeRequest.safeParse(request).success);
});

test("a modification restates every term and names the order", () => {
  const request = modifyRequestOf(modify({ ...LIMIT, quantity: 25 }), "1100000007");
  assert.deepEqual(request, {
    dhanClientId: "1100000007",
    orderId: "342",
    orderType: "LIMIT",
    quantity: 25,
    price: 1650.5,
    triggerPrice: 0,
    disclosedQuantity: 0,
    validity: "DAY",
  });
  assert.ok(modifyRequest.safeParse(request).success);
});

test("an order that lacks a price of its type, or names no segment, is a bug of ours", () => {
  const { price, ...withoutPrice } = LIMIT;
  assert.ok(price);
  const bug = { name: "AssertionFault" };
  assert.throws(() => placeRequestOf(place(withoutPrice), "1"), bug);
  assert.throws(() => placeRequestOf(place({ ...LIMIT, type: "STOP_LOSS" }), "1"), bug);
  const instrument = toInstrumentKey("NYSE", "1");
  assert.throws(() => placeRequestOf(place(LIMIT, { instrument }), "1"), bug);
});
