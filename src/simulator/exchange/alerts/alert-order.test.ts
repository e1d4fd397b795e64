import assert from "node:assert/strict";
import { test } from "node:test";
import { isMet, OPERATORS, type Operator } from "./alert-order.ts";

/** Steps of the last price about a value of 100: below, at, above. */
const STEPS = [
  [90, 95],
  [90, 100],
  [90, 110],
  [100, 100],
  [100, 110],
  [110, 100],
  [110, 90],
] as const;

const MET: Readonly<Record<Operator, string>> = {
  CROSSING_UP: ".xx....",
  CROSSING_DOWN: ".....xx",
  CROSSING_ANY_SIDE: ".xx..xx",
  GREATER_THAN: "..x.x..",
  LESS_THAN: "x.....x",
  GREATER_THAN_EQUAL: ".xxxxx.",
  LESS_THAN_EQUAL: "xx.x.xx",
  EQUAL: ".x.x.x.",
  NOT_EQUAL: "x.x.x.x",
};

for (const operator of OPERATORS) {
  test(`${operator} is met by the right steps of the price and by no other`, () => {
    const met = STEPS.map(([from, to]) => (isMet(operator, 100, from, to) ? "x" : ".")).join("");
    assert.equal(met, MET[operator]);
  });
}
