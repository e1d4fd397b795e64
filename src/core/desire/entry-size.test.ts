import assert from "node:assert/strict";
import { test } from "node:test";
import { toMoneyE4, toPriceE4 } from "../model/money.ts";
import type { Sizing, SizingBasis } from "../model/sizing.ts";
import { entryUnits, isBased } from "./entry-size.ts";

// biome-ignore format: a table is read in columns
const ENTRIES: readonly (readonly [string, number, number, number, number])[] = [
  // why,                                leader,    bps,  lot, units
  ["one for one",                           100, 10_000,    1,   100],
  ["half",                                  100,  5_000,    1,    50],
  ["half of an odd number loses the half",  101,  5_000,    1,    50],
  ["a third, in basis points, rounds down", 100,  3_333,    1,    33],
  ["double",                                100, 20_000,    1,   200],
  ["whole lots",                            130,  5_000,   65,    65],
  ["one unit short of a lot",               129,  5_000,   65,     0],
  ["lots are floored, never raised",        325,  5_000,   65,   130],
  ["below one lot is nothing, not one lot",  65,  5_000,   65,     0],
  ["nothing of nothing",                      0, 10_000,    1,     0],
  ["the smallest ratio",                  10_000,     1,    1,     1],
];

for (const [why, leader, bps, lot, units] of ENTRIES) {
  test(`entry: ${why} (${leader} at ${bps} bps, lot ${lot}: ${units})`, () => {
    const part = { units: leader, of: leader };
    assert.equal(entryUnits(part, { sizing: { kind: "multiplier", bps }, basis: {}, lot }), units);
  });
}

test("a fixed size is given in the share that the leader has filled", () => {
  const size = { sizing: { kind: "fixed-lots", lots: 3 }, basis: {}, lot: 65 } as const;
  const of = (units: number) => entryUnits({ units, of: 100 }, size);
  assert.deepEqual([of(0), of(33), of(34), of(99), of(100)], [0, 0, 65, 130, 195]);
});

test("what is raised to its least is so for whatever part of the order fills", () => {
  const sizing = { kind: "multiplier", bps: 1, minLots: 1, maxQuantity: 65 } as const;
  const of = (units: number) => entryUnits({ units, of: 100 }, { sizing, basis: {}, lot: 65 });
  assert.deepEqual([of(0), of(1), of(100)], [0, 65, 65]);
});

const MONEY = toMoneyE4(10_000_000);
const PRICE = toPriceE4(10_000);

// biome-ignore format: a table is read in columns
const RULES: readonly (readonly [Sizing, SizingBasis, number])[] = [
  // rule,                                        applied to,                                        units of 100, lot 65
  [{ kind: "multiplier", bps: 20_000 },           {},                                                195],
  [{ kind: "fixed-lots", lots: 2 },               {},                                                130],
  [{ kind: "fixed-quantity", quantity: 100 },     {},                                                 65],
  [{ kind: "notional", value: MONEY },            { price: PRICE },                                  975],
  [{ kind: "capital-proportional", bps: 10_000 }, { leaderCapital: MONEY, followerCapital: MONEY },   65],
  [{ kind: "risk-percent", bps: 100 },            { followerCapital: MONEY, risk: PRICE },             0],
];

for (const [sizing, basis, units] of RULES) {
  test(`${sizing.kind} gives ${units} once all is known that it is applied to`, () => {
    assert.equal(isBased(sizing, basis), true);
    assert.equal(entryUnits({ units: 100, of: 100 }, { sizing, basis, lot: 65 }), units);
    for (const key of Object.keys(basis)) {
      assert.equal(isBased(sizing, { ...basis, [key]: undefined }), false);
    }
  });
}

test("the nearer of two lots, half a lot upwards", () => {
  const sizing = { kind: "multiplier", bps: 5_000, rounding: "nearest" } as const;
  const of = (units: number) => entryUnits({ units, of: units }, { sizing, basis: {}, lot: 65 });
  assert.deepEqual([of(64), of(65), of(194), of(195)], [0, 65, 65, 130]);
});

test("the most wins over the least, in whole lots", () => {
  const sizing = { kind: "multiplier", bps: 1, minLots: 3, maxQuantity: 150 } as const;
  assert.equal(entryUnits({ units: 1, of: 1 }, { sizing, basis: {}, lot: 65 }), 130);
});

test("a rule that nobody knows is a bug, not a size", () => {
  const size = { sizing: { kind: "doubled" } as never, basis: {}, lot: 1 };
  assert.throws(() => entryUnits({ units: 1, of: 1 }, size), { name: "AssertionFault" });
});
