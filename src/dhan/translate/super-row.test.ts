import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { z } from "zod";
import type { ExitLevel, OrderObservation } from "../../core/model/order.ts";
import { toEpochMs } from "../../core/model/time.ts";
import { superOrderRow } from "../wire/super-order.ts";
import { observationOfSuperRow } from "./super-row.ts";

const FOLDER = new URL("../../../test/fixtures/dhan/", import.meta.url);
const CONTEXT = { nowMs: toEpochMs(42), redact: (text: string) => text };
const RECORDS = z.array(z.looseObject({ legDetails: z.array(z.looseObject({})) })).min(1);

function json(name: string) {
  const text = readFileSync(new URL(`${name}.json`, FOLDER), "utf8");
  const [row] = RECORDS.parse(JSON.parse(text));
  if (row === undefined) throw new Error("unreachable");
  return row;
}

function entryOf(row: unknown): OrderObservation {
  return observationOfSuperRow(superOrderRow.parse(row), CONTEXT);
}

function written(level: ExitLevel | undefined): string {
  if (level === undefined) return "none";
  const trail = level.trail === undefined ? "" : ` trailing ${level.trail}`;
  return `${level.price} ${level.status} ${level.filledQuantity}${trail}`;
}

// Fixture | entry's status and filled | stop | target.
// biome-ignore format: a table is read by its columns
const TABLE: readonly (readonly [string, string, string, string])[] = [
  ["pending", "working 0", "16400000 waiting 0 trailing 20000", "16850000 waiting 0"],
  ["part-traded", "working 4", "16400000 working 0", "16850000 working 1"],
  ["traded", "filled 10", "16400000 working 0 trailing 20000", "16850000 working 0"],
  ["stop-triggered", "filled 10", "16400000 triggered 4", "16850000 cancelled 0"],
  ["closed", "filled 4", "16400000 cancelled 0", "16850000 filled 4"],
  ["total-quantity-spelling", "filled 10", "16400000 working 0", "16850000 working 0"],
  ["without-totals", "filled 10", "16400000 working 0", "16850000 working 0"],
  ["stop-alone-nulls", "filled 10", "16400000 working 0", "none"],
  ["rejected", "rejected 0", "16400000 cancelled 0", "16850000 cancelled 0"],
];

for (const [name, entry, stop, target] of TABLE) {
  test(`the entry of get-super-orders-${name} is ${entry}, stop ${stop}, target ${target}`, () => {
    const { family, status, filledQuantity, levels } = entryOf(json(`get-super-orders-${name}`));
    assert.equal(family, "super-entry");
    assert.equal(`${status} ${filledQuantity}`, entry);
    assert.deepEqual([written(levels?.stop), written(levels?.target)], [stop, target]);
  });
}

// A leg's wire status, total and remaining | how it reads.
// biome-ignore format: a table is read by its columns
const LEGS: readonly (readonly [string, number, number, string])[] = [
  ["TRANSIT", 0, 0, "waiting 0"],
  ["PENDING", 0, 0, "waiting 0"],
  ["PENDING", 10, 10, "working 0"],
  ["PART_TRADED", 10, 7, "working 3"],
  ["TRIGGERED", 10, 10, "triggered 0"],
  ["TRIGGERED", 10, 1, "triggered 9"],
  ["Triggered", 10, 0, "filled 10"],
  ["TRADED", 10, 0, "filled 10"],
  ["CANCELLED", 10, 0, "cancelled 0"],
  ["EXPIRED", 10, 10, "cancelled 0"],
  ["REJECTED", 10, 10, "cancelled 0"],
];

function withStop(change: Record<string, unknown>) {
  const row = json("get-super-orders-traded");
  return { ...row, legDetails: [{ ...row.legDetails[0], ...change }] };
}

for (const [orderStatus, totalQuatity, remainingQuantity, expected] of LEGS) {
  test(`a leg ${orderStatus} of ${totalQuatity} with ${remainingQuantity} left is ${expected}`, () => {
    const { levels } = entryOf(withStop({ orderStatus, totalQuatity, remainingQuantity }));
    assert.equal(`${levels?.stop?.status} ${levels?.stop?.filledQuantity}`, expected);
    assert.equal(levels?.target, undefined);
  });
}

test("an entry is the order that the book shows, with its levels", () => {
  const { levels, ...entry } = entryOf(json("get-super-orders-traded"));
  assert.ok(levels);
  assert.deepEqual(entry, {
    brokerOrderId: "592260805700111",
    instrument: "NSE_EQ:1333",
    symbol: "HDFCBANK",
    side: "BUY",
    product: "INTRADAY",
    family: "super-entry",
    terms: {
      type: "LIMIT",
      validity: "DAY",
      quantity: 10,
      disclosedQuantity: 0,
      price: 16_550_000,
    },
    status: "filled",
    filledQuantity: 10,
    averagePrice: 16_549_000,
    reason: "",
    placedAtMs: Date.parse("2026-08-05T10:10:00+05:30"),
    updatedAtMs: Date.parse("2026-08-05T10:10:04+05:30"),
  });
});

test("an entry without legs has no levels", () => {
  for (const legDetails of [[], null, undefined]) {
    assert.deepEqual(entryOf({ ...json("get-super-orders-traded"), legDetails }).levels, {});
  }
});

// biome-ignore format: a table is read by its columns
const BAD: readonly (readonly [string, Record<string, unknown>, RegExp])[] = [
  ["leg status", withStop({ orderStatus: "LINGERING" }), /unknown order status "LINGERING" on order 592260805700111 STOP_LOSS_LEG/],
  ["leg name", withStop({ legName: "HEDGE_LEG" }), /unknown leg name "HEDGE_LEG"/],
  ["entry among legs", withStop({ legName: "ENTRY_LEG" }), /leg name "ENTRY_LEG" of a leg/],
  ["leg quantity", withStop({ totalQuatity: -1 }), /a leg's quantity is -1/],
  ["leg price", withStop({ price: -1640 }), /not a price/],
  ["leg in place of an entry", { ...json("get-super-orders-traded"), legName: "TARGET_LEG" }, /a target leg in place of an entry/],
  ["validity", { ...json("get-super-orders-traded"), validity: "GTC" }, /unknown validity "GTC"/],
  ["status", { ...json("get-super-orders-traded"), orderStatus: "LINGERING" }, /unknown order status "LINGERING"/],
];

for (const [what, row, problem] of BAD) {
  test(`a Super Order with a bad ${what} is not trusted, and the fault says so`, () => {
    assert.throws(() => entryOf(row), { message: problem });
  });
}

test("a Super Order with two stops is not trusted", () => {
  const row = withStop({});
  const twice = { ...row, legDetails: [...row.legDetails, ...row.legDetails] };
  assert.throws(() => entryOf(twice), { name: "WireFault", message: /two stop legs/ });
});
