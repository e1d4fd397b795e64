import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import type { ModifyCommand, PlaceCommand } from "../../core/model/command.ts";
import { asCorrelationId, toBrokerOrderId, toInstrumentKey } from "../../core/model/ids.ts";
import { toPriceE4 } from "../../core/model/money.ts";
import type { OrderTerms } from "../../core/model/order.ts";
import { must } from "../../platform/assert.ts";
import { foreverPlaceRequest, foreverRow } from "../wire/forever-order.ts";
import { modifyRequest, placeRequest } from "../wire/order.ts";
import { superModifyRequest, superPlaceRequest } from "../wire/super-order.ts";
import { foreverModifyRequestOf, foreverPlaceRequestOf } from "./forever-request.ts";
import { modifyRequestOf, placeRequestOf } from "./request.ts";
import { superModifyRequestOf, superPlaceRequestOf } from "./super-request.ts";

const FOLDER = new URL("../../../test/fixtures/dhan/", import.meta.url);
const CLIENT = "1100000007";
const OURS = "T0123456789ABCDEFGHJKMNPQ";
const rupees = (value: number) => toPriceE4(value * 10_000);
const BUG = { name: "AssertionFault" };

function fixture(name: string) {
  return JSON.parse(readFileSync(new URL(`${name}.json`, FOLDER), "utf8"));
}

function terms(price: number, more: Partial<OrderTerms> = {}): OrderTerms {
  const base = { type: "LIMIT", validity: "DAY", quantity: 10, disclosedQuantity: 0 } as const;
  return { ...base, price: rupees(price), ...more };
}

function place(entry: OrderTerms, more: Partial<PlaceCommand>): PlaceCommand {
  return {
    kind: "place",
    correlationId: must(asCorrelationId(OURS), "a correlation id"),
    instrument: toInstrumentKey("NSE_EQ", "1333"),
    side: "BUY",
    product: "INTRADAY",
    terms: entry,
    ...more,
  };
}

function modify(id: string, entry: OrderTerms, more: Partial<ModifyCommand>): ModifyCommand {
  return {
    kind: "modify",
    correlationId: must(asCorrelationId(OURS), "a correlation id"),
    brokerOrderId: toBrokerOrderId(id),
    terms: entry,
    ...more,
  };
}

const LEVELS = { target: rupees(1685), stop: rupees(1640), trail: rupees(2) };
const SUPER = { vehicle: "super", protection: LEVELS } as const;
const { price: _, ...MARKET } = terms(1, { type: "MARKET" });

test("a Super Order is written like the fixture, with 0 for what it does not have", () => {
  const whole = superPlaceRequestOf(place(terms(1655), SUPER), CLIENT);
  assert.deepEqual(whole, { ...fixture("super-place-request"), correlationId: OURS });
  const protection = { stop: rupees(1640) };
  const alone = superPlaceRequestOf(place(terms(1655), { ...SUPER, protection }), CLIENT);
  assert.deepEqual(alone, { ...fixture("super-place-request-stop-alone"), correlationId: OURS });
  assert.equal(superPlaceRequestOf(place(MARKET, SUPER), CLIENT).price, 0);
  assert.ok(superPlaceRequest.safeParse(whole).success);
});

test("each part of a Super Order is restated with what it may change, and no more", () => {
  const change = (more: Partial<ModifyCommand>) =>
    superModifyRequestOf(modify("592260805700111", terms(1655), { ...SUPER, ...more }), CLIENT);
  assert.deepEqual(change({}), fixture("super-modify-request-entry"));
  const target = { leg: "target", protection: { target: rupees(1690) } } as const;
  assert.deepEqual(change(target), fixture("super-modify-request-target"));
  const stop = { leg: "stop", protection: { stop: rupees(1645) } } as const;
  assert.deepEqual(change(stop), fixture("super-modify-request-stop"));
  assert.equal(change({ leg: "stop" }).trailingJump, 2);
  assert.ok(superModifyRequest.safeParse(change({})).success);
});

test("a leg under its entry's number is changed through the entry", () => {
  const command = modify("592260805700111.stop", terms(1655), { ...SUPER, leg: "stop" });
  assert.equal(superModifyRequestOf(command, CLIENT).orderId, "592260805700111");
});

test("a Super Order that cannot be one is a bug of ours", () => {
  const write = (entry: OrderTerms, more: Partial<PlaceCommand>) => () =>
    superPlaceRequestOf(place(entry, { ...SUPER, ...more }), CLIENT);
  assert.throws(write(terms(1655), { protection: {} }), BUG);
  assert.throws(write(terms(1655), { product: "BO" }), BUG);
  assert.throws(write(terms(1655), { isAfterMarket: true }), BUG);
  const stopTerms = terms(1655, { type: "STOP_LOSS", triggerPrice: rupees(1650) });
  assert.throws(write(stopTerms, {}), BUG);
  const entry = modify("1", terms(1655), { vehicle: "super" });
  assert.throws(() => superModifyRequestOf(entry, CLIENT), BUG);
  assert.throws(() => superModifyRequestOf({ ...entry, leg: "stop" }, CLIENT), BUG);
});

test("a bracket's exits are distances from its price, whichever way it goes", () => {
  const protection = { target: rupees(1680.5), stop: rupees(1635.5) };
  const bracket = { vehicle: "bracket", protection } as const;
  const long = placeRequestOf(place(terms(1650.5), bracket), CLIENT);
  assert.deepEqual(long, { ...fixture("place-request-bracket"), correlationId: OURS });
  const short = placeRequestOf(
    place(terms(1650.5), {
      ...bracket,
      side: "SELL",
      protection: { target: protection.stop, stop: protection.target },
    }),
    CLIENT,
  );
  assert.deepEqual([short.boProfitValue, short.boStopLossValue], [15, 30]);
  assert.ok(placeRequest.safeParse(long).success);
  const stopAlone = { ...bracket, protection: { stop: rupees(1640) } };
  assert.throws(() => placeRequestOf(place(terms(1650.5), stopAlone), CLIENT), BUG);
  assert.throws(() => placeRequestOf(place(MARKET, bracket), CLIENT), BUG);
});

test("a cover's stop goes as trigger and as distance, and as trigger alone without a price", () => {
  const cover = { vehicle: "cover", protection: { stop: rupees(1640) } } as const;
  const request = placeRequestOf(place(terms(1650.5), cover), CLIENT);
  assert.deepEqual(request, { ...fixture("place-request-cover"), correlationId: OURS });
  const market = placeRequestOf(place(MARKET, cover), CLIENT);
  assert.equal(market.triggerPrice, 1640);
  assert.ok(!("boStopLossValue" in market));
  assert.throws(() => placeRequestOf(place(terms(1650.5), { vehicle: "cover" }), CLIENT), BUG);
});

test("parts of bracket and cover orders are changed by their names", () => {
  const bracket = { vehicle: "bracket", protection: LEVELS } as const;
  const change = (entry: OrderTerms, more: Partial<ModifyCommand>) => {
    const request = modifyRequestOf(modify("342", entry, { ...bracket, ...more }), CLIENT);
    assert.ok(modifyRequest.safeParse(request).success);
    return [request.legName, request.orderType, request.price, request.triggerPrice];
  };
  const stopTerms = terms(1639.5, { type: "STOP_LOSS", triggerPrice: rupees(1635) });
  assert.deepEqual(change(terms(1650), {}), ["ENTRY_LEG", "LIMIT", 1650, 0]);
  assert.deepEqual(change(terms(1650), { leg: "target" }), ["TARGET_LEG", "LIMIT", 1685, 0]);
  assert.deepEqual(change(stopTerms, { leg: "stop" }), [
    "STOP_LOSS_LEG",
    "STOP_LOSS",
    1639.5,
    1640,
  ]);
  const plainTerms = change(terms(1650), { leg: "stop" });
  assert.deepEqual(plainTerms, ["STOP_LOSS_LEG", "STOP_LOSS_MARKET", 0, 1640]);
  const cover = change(terms(1650), { vehicle: "cover" });
  assert.deepEqual(cover, ["ENTRY_LEG", "LIMIT", 1650, 1640]);
});

test("a plain change names no leg", () => {
  assert.ok(!("legName" in modifyRequestOf(modify("342", terms(1650), {}), CLIENT)));
});

test("an after-market order says so, and when", () => {
  const request = placeRequestOf(
    place(terms(1650.5), { isAfterMarket: true, product: "CNC" }),
    CLIENT,
  );
  assert.deepEqual(request, { ...fixture("place-request-after-market"), correlationId: OURS });
});

const FOREVER = { vehicle: "forever", side: "SELL", product: "CNC" } as const;
const STOP = terms(1600, { triggerPrice: rupees(1605) });
const TARGET = { quantity: 10, triggerPrice: rupees(1695), price: rupees(1700) };

test("a Forever order is written like the fixture, and an OCO carries its target in the second set", () => {
  const single = foreverPlaceRequestOf(place(STOP, FOREVER), CLIENT);
  const expected = { ...fixture("forever-place-request-single"), correlationId: OURS };
  assert.deepEqual(single, expected);
  const oco = foreverPlaceRequestOf(place(STOP, { ...FOREVER, second: TARGET }), CLIENT);
  assert.deepEqual(oco, { ...fixture("forever-place-request-oco"), correlationId: OURS });
  assert.ok(foreverPlaceRequest.safeParse(oco).success);
});

test("a Forever order at the market has a price of 0", () => {
  const market = foreverPlaceRequestOf(
    place({ ...MARKET, triggerPrice: rupees(1605) }, FOREVER),
    CLIENT,
  );
  assert.deepEqual([market.orderType, market.price, market.triggerPrice], ["MARKET", 0, 1605]);
});

test("a Forever order that cannot be one is a bug of ours", () => {
  const write = (entry: OrderTerms, more: Partial<PlaceCommand>) => () =>
    foreverPlaceRequestOf(place(entry, { ...FOREVER, ...more }), CLIENT);
  assert.throws(write(terms(1600), {}), BUG);
  assert.throws(write(STOP, { product: "INTRADAY" }), BUG);
  assert.throws(write(terms(1600, { type: "STOP_LOSS", triggerPrice: rupees(1605) }), {}), BUG);
});

test("a Forever leg is changed under the name that is stored for it, and no other", () => {
  const [row] = fixture("get-forever-single");
  const command = modify("5132260805900", STOP, { vehicle: "forever" });
  const write = (legName: string, half: typeof TARGET) =>
    foreverModifyRequestOf(command, "OCO", foreverRow.parse({ ...row, legName }), half, CLIENT);
  assert.deepEqual(write("TARGET_LEG", TARGET), fixture("forever-modify-request"));
  assert.equal(write("ENTRY_LEG", TARGET).legName, "ENTRY_LEG");
  assert.throws(() => write("HEDGE_LEG", TARGET), {
    name: "WireFault",
    message: 'unknown leg name "HEDGE_LEG"',
  });
});
