import assert from "node:assert/strict";
import { test } from "node:test";
import { toCopyId } from "../model/fact.ts";
import { toBrokerOrderId, toLinkId } from "../model/ids.ts";
import { basisUnits, disclosedUnits, exitUnits, scaleDown } from "./quantity.ts";

// biome-ignore format: a table is read in columns
const EXITS: readonly (readonly [string, number, number, number, number, number])[] = [
  // why,                              copied,  net, reduce, lot, units
  ["half of his is half of ours",          50,  100,     50,   1,    25],
  ["all of his is all of ours",            50,  100,    100,   1,    50],
  ["all, though the lots do not divide",  100,  130,    130,  65,   100],
  ["less is floored to the lot",          130,  260,    195,  65,    65],
  ["less than a lot is nothing",           65,  130,     65,  65,     0],
  ["a short is exited the same way",       50, -100,     50,   1,    25],
  ["nothing was copied",                    0,  100,    100,   1,     0],
  ["the copied position is on the other side", -5, 100,  100,  1,     0],
  ["nothing is reduced",                   50,  100,      0,   1,     0],
  ["more than he has is all of ours",      50,  100,    120,   1,    50],
  ["a third loses the rest until the end", 10,    3,      1,   1,     3],
];

for (const [why, copied, leaderNet, reduce, lot, units] of EXITS) {
  test(`exit: ${why} (${reduce} of ${leaderNet}, copied ${copied}, lot ${lot}: ${units})`, () => {
    const split = { leaderQuantity: reduce, leaderNet, reduce, open: 0 };
    assert.equal(exitUnits({ copiedUnits: copied }, split, lot), units);
  });
}

// biome-ignore format: a table is read in columns
const DISCLOSED: readonly (readonly [string, number, number, number, number, number])[] = [
  // why,                                 shown, leader, ours, lot, disclosed
  ["he shows all",                            0,    100,   50,   1,   0],
  ["his share",                              40,    100,   50,   1,  20],
  ["at least the exchange's 30 %",           10,    100,   50,   1,  15],
  ["30 % of an odd quantity is rounded up",  10,    100,   51,   1,  16],
  ["whole lots",                             65,    130,  195,  65,  65],
  ["at least one lot",                       65,    650,   65,  65,   0],
  ["everything is shown as 0",              100,    100,   50,   1,   0],
  ["nothing to show",                        40,    100,    0,   1,   0],
  ["30 % in lots",                           65,    650,  650,  65, 195],
];

for (const [why, shown, leader, ours, lot, units] of DISCLOSED) {
  test(`disclosed: ${why} (${shown} of ${leader}, ours ${ours}: ${units})`, () => {
    const terms = { disclosedQuantity: shown, quantity: leader };
    assert.equal(disclosedUnits(terms, ours, lot), units);
  });
}

test("a product above the safe integers is a bug, not a rounding", () => {
  assert.throws(() => scaleDown(2 ** 50, 10_000, 10_000), { name: "AssertionFault" });
});

test("a basis grows by what its open entries fill, and never shrinks", () => {
  const copyId = toCopyId(toLinkId("leader-asha"), toBrokerOrderId("L1"));
  const basis = { units: 10, openEntries: [{ copyId, filled: 5 }] };
  assert.equal(
    basisUnits(basis, () => 5),
    10,
  );
  assert.equal(
    basisUnits(basis, () => 12),
    17,
  );
  assert.equal(
    basisUnits(basis, () => 0),
    10,
  );
});

test("of several exits that together are all, the last rounds up what the others rounded down", () => {
  const split = { leaderQuantity: 195, leaderNet: 390, reduce: 195, open: 0 };
  assert.equal(exitUnits({ copiedUnits: 195 }, split, 65), 65);
  assert.equal(exitUnits({ copiedUnits: 195, takesRest: true }, split, 65), 130);
  assert.equal(exitUnits({ copiedUnits: 130, takesRest: true }, split, 65), 65);
  assert.equal(exitUnits({ copiedUnits: 65, takesRest: true }, split, 65), 65);
});
