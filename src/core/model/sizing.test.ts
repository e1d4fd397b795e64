import assert from "node:assert/strict";
import { test } from "node:test";
import { toMoneyE4 } from "./money.ts";
import { capitalsOf, type Sizing } from "./sizing.ts";

const LAKH = toMoneyE4(1_000_000_000);

// biome-ignore format: a table is read in columns
const RULES: readonly (readonly [string, Sizing, readonly string[]])[] = [
  ["the leader's quantity alone",  { kind: "multiplier", bps: 10_000 },                          []],
  ["both capitals of the day",     { kind: "capital-proportional", bps: 10_000 },                ["leader", "follower"]],
  ["both capitals as written",     { kind: "capital-proportional", bps: 1, capital: { leader: LAKH, follower: LAKH } }, []],
  ["the follower's of the day",    { kind: "risk-percent", bps: 100 },                           ["follower"]],
  ["the follower's as written",    { kind: "risk-percent", bps: 100, capital: LAKH },            []],
];

for (const [what, sizing, roles] of RULES) {
  test(`a rule that goes by ${what} reads the capital of ${roles.length} accounts`, () => {
    assert.deepEqual(capitalsOf(sizing), roles);
  });
}
