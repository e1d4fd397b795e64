import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { z } from "zod";
import type { OrderObservation } from "../../core/model/order.ts";
import { toEpochMs } from "../../core/model/time.ts";
import { foreverRow } from "../wire/forever-order.ts";
import { observationsOfForever } from "./forever-row.ts";

const FOLDER = new URL("../../../test/fixtures/dhan/", import.meta.url);
const CONTEXT = { nowMs: toEpochMs(42), redact: (text: string) => text };
const RECORDS = z.array(z.record(z.string(), z.unknown()));

function json(name: string): Record<string, unknown>[] {
  const text = readFileSync(new URL(`get-forever-${name}.json`, FOLDER), "utf8");
  return RECORDS.parse(JSON.parse(text));
}

function ordersOf(rows: unknown): OrderObservation[] {
  return observationsOfForever(z.array(foreverRow).parse(rows), CONTEXT);
}

function written({ terms, second, status, side }: OrderObservation): string {
  const { type, triggerPrice, price } = terms;
  const stop = `${side} ${type} ${triggerPrice}/${price ?? "-"}`;
  const target = second === undefined ? "" : ` or ${second.triggerPrice}/${second.price ?? "-"}`;
  return `${status}: ${stop}${target}`;
}

// biome-ignore format: a table is read by its columns
const TABLE: readonly (readonly [string, string])[] = [
  ["single", "working: SELL LIMIT 16050000/16000000"],
  ["single-market-nulls", "working: SELL MARKET 16050000/-"],
  ["oco", "working: SELL LIMIT 16050000/16000000 or 16950000/17000000"],
  ["oco-names-swapped", "working: SELL LIMIT 16050000/16000000 or 16950000/17000000"],
  ["oco-buy", "working: BUY LIMIT 16950000/17000000 or 16050000/16000000"],
  ["oco-target-fired", "filled: SELL LIMIT 16050000/16000000 or 16950000/17000000"],
  ["oco-target-gone", "working: SELL LIMIT 16050000/16000000"],
  ["traded", "filled: SELL LIMIT 16050000/16000000"],
  ["rejected", "rejected: SELL LIMIT 16050000/16000000"],
];

for (const [name, expected] of TABLE) {
  test(`get-forever-${name} is one order: ${expected}`, () => {
    assert.deepEqual(ordersOf(json(name)).map(written), [expected]);
  });
}

test("the order of the rows says nothing", () => {
  const rows = json("oco");
  assert.deepEqual(ordersOf(rows.toReversed()).map(written), ordersOf(rows).map(written));
});

test("a Forever order never fills, not even when it has fired", () => {
  const [order] = ordersOf(json("traded"));
  assert.deepEqual(order, {
    brokerOrderId: "5132260805900",
    instrument: "NSE_EQ:1333",
    symbol: "HDFCBANK",
    side: "SELL",
    product: "CNC",
    family: "forever",
    terms: {
      type: "LIMIT",
      validity: "DAY",
      quantity: 10,
      disclosedQuantity: 0,
      price: 16_000_000,
      triggerPrice: 16_050_000,
    },
    status: "filled",
    filledQuantity: 0,
    reason: "",
    placedAtMs: Date.parse("2026-08-05T10:02:11+05:30"),
    updatedAtMs: Date.parse("2026-08-05T10:02:13+05:30"),
  });
});

test("several orders of one list are told apart by their ids", () => {
  const rows = [...json("oco"), ...json("single").map((row) => ({ ...row, orderId: "7" }))];
  const ids = ordersOf(rows).map((order) => order.brokerOrderId);
  assert.deepEqual(ids, ["5132260805900", "7"]);
});

// Status of a single one | ours.
const STATUSES = [
  ["TRANSIT", "transit"],
  ["PENDING", "working"],
  ["CONFIRM", "working"],
  ["Confirm", "working"],
  ["TRIGGERED", "filled"],
  ["TRADED", "filled"],
  ["CANCELLED", "cancelled"],
  ["REJECTED", "rejected"],
  ["EXPIRED", "expired"],
] as const;

for (const [orderStatus, expected] of STATUSES) {
  test(`a Forever order ${orderStatus} is ${expected}`, () => {
    const rows = json("single").map((row) => ({ ...row, orderStatus }));
    assert.equal(ordersOf(rows)[0]?.status, expected);
  });
}

// biome-ignore format: a table is read by its columns
const BAD: readonly (readonly [Record<string, unknown>, RegExp])[] = [
  [{ orderStatus: "LINGERING" }, /unknown order status "LINGERING"/],
  [{ orderType: "TRIPLE" }, /unknown order flag "TRIPLE"/],
  [{ transactionType: "X" }, /unknown side "X"/],
  [{ productType: "Q" }, /unknown product "Q"/],
  [{ exchangeSegment: "NYSE" }, /unknown segment "NYSE"/],
  [{ triggerPrice: 0 }, /no trigger on Forever order/],
  [{ quantity: 0 }, /quantity is 0/],
];

for (const [change, problem] of BAD) {
  test(`a Forever order with ${JSON.stringify(change)} is not trusted`, () => {
    const rows = json("single").map((row) => ({ ...row, ...change }));
    assert.throws(() => ordersOf(rows), { message: problem });
  });
}

test("two legs of a single one, and three of any, are not trusted", () => {
  const [row] = json("single");
  assert.throws(() => ordersOf([row, row]), { message: /two legs .* of flag SINGLE/ });
  const oco = json("oco");
  assert.throws(() => ordersOf([...oco, ...oco]), { message: /4 legs on Forever order/ });
});
