import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { z } from "zod";
import type { OrderObservation } from "../../core/model/order.ts";
import { toEpochMs } from "../../core/model/time.ts";
import { createAccountRedaction } from "../redact.ts";
import { orderRow } from "../wire/order.ts";
import { readOrderSocketFrame } from "../wire/order-alert.ts";
import { oneOrMany } from "../wire/scalars.ts";
import { observationOfAlert } from "./order-alert.ts";
import { observationsOfRows } from "./order-row.ts";

const FOLDER = new URL("../../../test/fixtures/dhan/", import.meta.url);
const { redact } = createAccountRedaction("1100000007", "token-of-asha");
const CONTEXT = { nowMs: toEpochMs(1_785_904_333_042), redact };

function json(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`${name}.json`, FOLDER), "utf8"));
}

function rowsOf(name: string): OrderObservation[] {
  const rows = oneOrMany(orderRow).parse(json(name));
  return observationsOfRows(rows, CONTEXT);
}

function alertOf(name: string, change: Record<string, unknown> = {}): OrderObservation {
  const fixture = z.object({ Data: z.record(z.string(), z.unknown()) }).parse(json(name));
  const Data = { ...fixture.Data, ...change };
  const frame = readOrderSocketFrame({ Data, Type: "order_alert" });
  assert.equal(frame.kind, "alert");
  if (frame.kind !== "alert") throw new Error("unreachable");
  return observationOfAlert(frame.data, CONTEXT);
}

// Fixture | status | filled | family.
// biome-ignore format: a table is read by its columns
const ROWS: readonly (readonly [string, string, number, string])[] = [
  ["get-orders-transit", "transit", 0, "plain"],
  ["get-orders-part-traded", "working", 4, "plain"],
  ["get-orders-pending-stop-loss", "working", 0, "plain"],
  ["get-orders-traded", "filled", 10, "plain"],
  ["get-orders-part-traded-then-cancelled", "cancelled", 4, "plain"],
  ["get-orders-rejected-funds", "rejected", 0, "plain"],
  ["get-orders-expired", "expired", 0, "plain"],
  ["get-orders-after-market", "working", 0, "after-market"],
  ["get-orders-cover", "working", 0, "cover"],
  ["get-orders-nulls", "working", 0, "plain"],
  ["get-orders-filled-qty-snake", "working", 4, "plain"],
  ["get-orders-numeric-strings", "working", 4, "plain"],
  ["postback-traded", "filled", 10, "plain"],
];

for (const [name, status, filled, family] of ROWS) {
  test(`${name} is ${status}, ${filled} filled, ${family}`, () => {
    const [observation] = rowsOf(name);
    assert.equal(observation?.status, status);
    assert.equal(observation?.filledQuantity, filled);
    assert.equal(observation?.family, family);
    assert.equal(observation?.brokerOrderId, "342260805001234");
  });
}

// biome-ignore format: a table is read by its columns
const ALERTS: readonly (readonly [string, string, number, string])[] = [
  ["order-alert-transit-camel", "transit", 0, "plain"],
  ["order-alert-pending-camel", "working", 0, "plain"],
  ["order-alert-part-filled-camel", "working", 4, "plain"],
  ["order-alert-part-traded-underscore", "working", 4, "plain"],
  ["order-alert-part-traded-hyphen", "working", 4, "plain"],
  ["order-alert-part-traded-words", "working", 4, "plain"],
  ["order-alert-modified", "working", 0, "plain"],
  ["order-alert-traded-camel", "filled", 10, "plain"],
  ["order-alert-rejected-circuit", "rejected", 0, "plain"],
  ["order-alert-cancelled-after-part-fill", "cancelled", 4, "plain"],
  ["order-alert-expired", "expired", 0, "plain"],
  ["order-alert-placed-by-hand", "working", 0, "plain"],
  ["order-alert-after-market", "working", 0, "after-market"],
  ["order-alert-forever-child", "working", 0, "trigger-child"],
  ["order-alert-super-entry", "working", 0, "super-entry"],
  ["order-alert-super-stop-leg-active", "working", 0, "super-leg"],
  ["order-alert-super-stop-leg-triggered", "working", 0, "super-leg"],
  ["order-alert-super-target-leg-dummy", "transit", 0, "super-leg"],
  ["order-alert-super-exit-traded", "filled", 10, "super-leg"],
  ["order-alert-super-stop-leg-same-id", "working", 0, "super-leg"],
  ["order-alert-super-target-leg-same-id", "transit", 0, "super-leg"],
  ["order-alert-bracket", "working", 0, "bracket"],
  ["order-alert-bracket-stop-leg", "working", 0, "bracket-leg"],
  ["order-alert-bracket-target-leg", "working", 0, "bracket-leg"],
  ["order-alert-cover-stop-leg", "working", 0, "cover-leg"],
  ["order-alert-cover", "working", 0, "cover"],
  ["order-alert-documented-pascal", "working", 4, "plain"],
];

for (const [name, status, filled, family] of ALERTS) {
  test(`${name} is ${status}, ${filled} filled, ${family}`, () => {
    const observation = alertOf(name);
    assert.equal(observation.status, status);
    assert.equal(observation.filledQuantity, filled);
    assert.equal(observation.family, family);
  });
}

test("both witnesses of one order agree, but for the last price that only alerts carry", () => {
  const { lastPrice, ...alert } = alertOf("order-alert-part-filled-camel");
  assert.equal(lastPrice, 16_503_000);
  assert.deepEqual(rowsOf("get-orders-part-traded")[0], alert);
});

type Place = readonly [id: string, family: string, leg?: string, parentId?: string];

function placeOf(order: OrderObservation): Place {
  const { brokerOrderId, family, leg, parentId } = order;
  if (leg === undefined) return [brokerOrderId, family];
  return parentId === undefined
    ? [brokerOrderId, family, leg]
    : [brokerOrderId, family, leg, parentId];
}

const ENTRY = "592260805700111";
const GROUP = "342260805001234";

// Fixture of a frame | the id that it is known by, family, leg, parent.
// biome-ignore format: a table is read by its columns
const LEG_FRAMES: readonly (readonly [string, Place])[] = [
  ["order-alert-super-entry", [ENTRY, "super-entry"]],
  ["order-alert-super-stop-leg-active", ["592260805700112", "super-leg", "stop", ENTRY]],
  ["order-alert-super-stop-leg-triggered", ["592260805700112", "super-leg", "stop", ENTRY]],
  ["order-alert-super-target-leg-dummy", ["592260805700113", "super-leg", "target", ENTRY]],
  ["order-alert-super-stop-leg-same-id", [`${ENTRY}.stop`, "super-leg", "stop", ENTRY]],
  ["order-alert-super-target-leg-same-id", [`${ENTRY}.target`, "super-leg", "target", ENTRY]],
  ["order-alert-super-exit-traded", ["592260805700114", "super-leg", "stop"]],
  ["order-alert-bracket-stop-leg", ["342260805001235", "bracket-leg", "stop", GROUP]],
  ["order-alert-bracket-target-leg", ["342260805001236", "bracket-leg", "target", GROUP]],
  ["order-alert-cover-stop-leg", ["342260805001235", "cover-leg", "stop", GROUP]],
];

for (const [name, place] of LEG_FRAMES) {
  test(`${name} is known as ${place.join(" ")}`, () => {
    assert.deepEqual(placeOf(alertOf(name)), place);
  });
}

const LEG_ROWS: readonly (readonly [string, readonly Place[]])[] = [
  [
    "get-orders-super-legs-distinct",
    [
      [ENTRY, "plain"],
      ["592260805700112", "super-leg", "stop"],
      ["592260805700113", "super-leg", "target"],
    ],
  ],
  [
    "get-orders-super-legs-same-id",
    [
      [ENTRY, "plain"],
      [`${ENTRY}.stop`, "super-leg", "stop", ENTRY],
      [`${ENTRY}.target`, "super-leg", "target", ENTRY],
    ],
  ],
  [
    "get-orders-bracket-legs",
    [
      ["342260805002001", "bracket"],
      ["342260805002002", "bracket-leg", "target"],
      ["342260805002003", "bracket-leg", "stop"],
    ],
  ],
  [
    "get-orders-cover-legs",
    [
      [GROUP, "cover"],
      ["342260805001235", "cover-leg", "stop"],
    ],
  ],
];

for (const [name, places] of LEG_ROWS) {
  test(`${name} tells the entry from its legs, each under an id of its own`, () => {
    assert.deepEqual(rowsOf(name).map(placeOf), places);
  });
}

test("the distances of a bracket's and a cover's exits stand on their entry alone", () => {
  const distances = [...rowsOf("get-orders-bracket-legs"), ...rowsOf("get-orders-cover-legs")].map(
    (order) => order.distances,
  );
  const bracket = { target: 100_000, stop: 50_000 };
  assert.deepEqual(distances, [bracket, undefined, undefined, { stop: 105_000 }, undefined]);
});

test("the child of a Forever order names it", () => {
  assert.equal(alertOf("order-alert-forever-child").parentId, "5132260805900");
});

test("an exit under its entry's number that does not say which is not trusted", () => {
  const change = { correlationId: "X-SQROFF", algoOrdNo: 342260805001234 };
  assert.throws(() => alertOf("order-alert-pending-camel", change), {
    name: "WireFault",
    message: /exit under its entry's number 342260805001234/,
  });
});

test("a frame of a Forever order's platform without a parent may be the trigger itself: not trusted", () => {
  for (const algoOrdNo of [null, 0, 342260805001234]) {
    assert.throws(() => alertOf("order-alert-forever-child", { algoOrdNo, status: "Traded" }), {
      name: "WireFault",
      message: /names no parent, on order 342260805001234/,
    });
  }
});

test("a parent's number that is no number of an order is not trusted", () => {
  for (const algoOrdNo of [9.1e21, -5, 1.5, 2 ** 53, "not one!", "9".repeat(41)]) {
    assert.throws(() => alertOf("order-alert-pending-camel", { algoOrdNo }), { name: "WireFault" });
  }
});

test("a frame tells that an order came from the broker's own app, a row does not", () => {
  assert.equal(alertOf("order-alert-placed-by-hand").isByHand, true);
  assert.ok(!("isByHand" in alertOf("order-alert-pending-camel")));
  assert.ok(!("isByHand" in (rowsOf("get-orders-placed-by-hand")[0] ?? {})));
});

test("a correlation id of ours is kept by both witnesses", () => {
  const ours = "T0123456789ABCDEFGHJKMNPQ";
  assert.equal(rowsOf("get-orders-our-correlation-id")[0]?.correlationId, ours);
  assert.equal(alertOf("order-alert-our-correlation-id").correlationId, ours);
});

test("correlation ids of others do not travel, above all those that contain the client id", () => {
  for (const name of ["get-orders-broker-made-correlation-id", "get-orders-placed-by-hand"]) {
    assert.ok(!JSON.stringify(rowsOf(name)).includes("1100000007"));
    assert.ok(!("correlationId" in (rowsOf(name)[0] ?? {})));
  }
  assert.ok(!("correlationId" in alertOf("order-alert-forever-child")));
});

test("stop orders carry limit and trigger, stop-market ones the trigger alone", () => {
  const stop = { price: 16_300_000, triggerPrice: 16_325_000 };
  for (const observation of [
    ...rowsOf("get-orders-pending-stop-loss"),
    alertOf("order-alert-stop-loss"),
  ]) {
    const { type, price, triggerPrice } = observation.terms;
    assert.deepEqual({ type, price, triggerPrice }, { type: "STOP_LOSS", ...stop });
  }
  for (const observation of [
    ...rowsOf("get-orders-stop-loss-market"),
    alertOf("order-alert-stop-loss-market"),
  ]) {
    assert.ok(!("price" in observation.terms));
    assert.equal(observation.terms.triggerPrice, 16_325_000);
  }
});

test("a market order has no price, whatever its frame says", () => {
  assert.ok(!("price" in alertOf("order-alert-market-order", { price: 1666.95 }).terms));
});

test("a cover order keeps its stop", () => {
  assert.equal(rowsOf("get-orders-cover")[0]?.terms.triggerPrice, 16_400_000);
  assert.equal(alertOf("order-alert-cover").terms.triggerPrice, 16_400_000);
});

test("derivatives and commodities find their segment", () => {
  assert.equal(rowsOf("get-orders-option")[0]?.instrument, "NSE_FNO:49081");
  assert.equal(alertOf("order-alert-option").instrument, "NSE_FNO:49081");
  assert.equal(alertOf("order-alert-commodity").instrument, "MCX_COMM:440939");
});

test("the reason is the broker's words on a rejection, and empty on a healthy order", () => {
  assert.match(rowsOf("get-orders-rejected-funds")[0]?.reason ?? "", /insufficient funds/);
  assert.match(alertOf("order-alert-rejected-circuit").reason, /Circuit Limits/);
  assert.equal(rowsOf("get-orders-part-traded-then-cancelled")[0]?.reason, "");
  assert.equal(rowsOf("get-orders-traded")[0]?.reason, "");
});

test("an average with endless decimals is rounded, and absent before the first fill", () => {
  assert.equal(rowsOf("get-orders-traded")[0]?.averagePrice, 16_502_333);
  assert.ok(!("averagePrice" in (rowsOf("get-orders-transit")[0] ?? {})));
});

test("an order without any time of the broker's has ours", () => {
  const times = { orderDateTime: "NA", exchOrderTime: null, lastUpdatedTime: "" };
  const observation = alertOf("order-alert-pending-camel", times);
  assert.equal(observation.placedAtMs, CONTEXT.nowMs);
  assert.equal(observation.updatedAtMs, CONTEXT.nowMs);
});

// Fields of an alert | family. The order of the questions decides.
// biome-ignore format: a table is read by its columns
const FAMILIES: readonly (readonly [Record<string, unknown>, string, string])[] = [
  [{ legNo: 1, algoOrdNo: 0 }, "plain", "0 names no parent, and legNo is 1 on plain orders too"],
  [{ legNo: 1, algoOrdNo: "0.0" }, "plain", "the documented type of the number is float"],
  [{ legNo: null, algoOrdNo: null }, "plain", "nothing is said"],
  [{ legNo: 2, algoOrdNo: 0 }, "super-leg", "to copy a leg as an order would exit twice"],
  [{ legNo: "2", algoOrdNo: "592260805700111.0" }, "super-leg", "numbers may come as strings"],
  [{ legNo: 3, algoOrdNo: 5.92260805700111e14 }, "super-leg", "a leg of a parent"],
  [{ legNo: 2, remarks: "Super Order" }, "super-leg", "a leg whose parent is not told"],
  [{ legNo: 1, algoOrdNo: "5132260805900" }, "trigger-child", "a child of a trigger"],
  [{ legNo: 1, algoOrdNo: 342260805001234 }, "plain", "an order is not its own parent"],
  [{ legNo: 1, algoOrdNo: 592260805700111, correlationId: "X-SQROFF" }, "super-leg", "an exit of the broker's must not pass for a child to copy"],
  [{ orderPlatform: "VTT SL" }, "super-leg", "a stop of the broker's"],
  [{ remarks: "SUPER ORDER" }, "super-entry", "case says nothing"],
  [{ product: "B", legNo: 2, algoOrdNo: 1 }, "bracket-leg", "the product names the group"],
  [{ product: "V", legNo: 1, algoOrdNo: 1 }, "cover-leg", "part of a group that does not say which"],
  [{ product: "V", offMktFlag: "1" }, "cover", "the product decides first"],
  [{ offMktFlag: 1 }, "after-market", "flags may come as numbers"],
];

for (const [change, family, why] of FAMILIES) {
  test(`an alert with ${JSON.stringify(change)} is ${family}: ${why}`, () => {
    assert.equal(alertOf("order-alert-pending-camel", change).family, family);
  });
}

// biome-ignore format: a table is read by its columns
const BAD: readonly (readonly [Record<string, unknown>, RegExp])[] = [
  [{ txnType: "X" }, /unknown side "X"/],
  [{ product: "Q" }, /unknown product "Q"/],
  [{ orderType: "ICEBERG" }, /unknown order type "ICEBERG"/],
  [{ validity: "GTC" }, /unknown validity "GTC"/],
  [{ legNo: 4 }, /unknown leg number "4"/],
  [{ exchange: "NYSE" }, /unknown segment "NYSE E"/],
  [{ quantity: 0 }, /quantity is 0/],
  [{ quantity: 1.5 }, /quantity is 1.5/],
  [{ tradedQty: -1 }, /traded quantity is -1/],
  [{ price: 1650.123456 }, /at most four decimals/],
];

// biome-ignore format: a table is read by its columns
const BAD_ROWS: readonly (readonly [Record<string, unknown>, RegExp])[] = [
  [{ transactionType: "X" }, /unknown side "X"/],
  [{ productType: "Q" }, /unknown product "Q"/],
  [{ orderType: "ICEBERG" }, /unknown order type "ICEBERG"/],
  [{ validity: "GTC" }, /unknown validity "GTC"/],
  [{ exchangeSegment: "INX_EQ" }, /unknown segment "INX_EQ"/],
  [{ legName: "HEDGE_LEG" }, /unknown leg name "HEDGE_LEG"/],
  [{ orderStatus: "LINGERING" }, /unknown order status "LINGERING"/],
];

for (const [change, problem] of BAD_ROWS) {
  test(`a row with ${JSON.stringify(change)} is not trusted`, () => {
    const [good] = z.array(z.record(z.string(), z.unknown())).parse(json("get-orders-part-traded"));
    const row = orderRow.parse({ ...good, ...change });
    assert.throws(() => observationsOfRows([row], CONTEXT), { message: problem });
  });
}

test("an order that says no validity is good for the day", () => {
  for (const validity of ["", "NA", null]) {
    assert.equal(alertOf("order-alert-pending-camel", { validity }).terms.validity, "DAY");
  }
});

for (const [change, problem] of BAD) {
  test(`an alert with ${JSON.stringify(change)} is not trusted`, () => {
    assert.throws(() => alertOf("order-alert-pending-camel", change), {
      name: "WireFault",
      message: problem,
    });
  });
}
