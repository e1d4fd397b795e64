import assert from "node:assert/strict";
import { test } from "node:test";
import { rupees } from "../../../test/core/builders.ts";
import type { Guards } from "../model/guards.ts";
import { toMoneyE4, toPriceE4 } from "../model/money.ts";
import { type Added, exposureRefusal, type LinkExposure } from "./exposure.ts";

const NONE: LinkExposure = { own: { units: 0 }, others: [], orders: 0 };
/** 100 at 10 rupees, another contract of 50 at 20: worth 2000 together. */
const IN: LinkExposure = {
  own: { units: 100, price: rupees(10) },
  others: [{ units: 50, price: rupees(20) }, { units: 0 }],
  orders: 7,
};
const UNPRICED: LinkExposure = { ...NONE, others: [{ units: 1 }] };
const adds = (units: number, change: Partial<Added> = {}): Added => {
  return { units, isNew: true, price: rupees(10), ...change };
};
const worth = (e4: number): Guards => ({ maxExposure: toMoneyE4(e4) });

// biome-ignore format: a table is read in columns
const ROWS: readonly (readonly [string, Guards, LinkExposure, Added, string])[] = [
  ["no limits",                           {},                        IN,   adds(1_000_000),               "passes"],
  ["the last order of the day",           { maxOrdersPerDay: 8 },    IN,   adds(1),                       "passes"],
  ["one order beyond",                    { maxOrdersPerDay: 7 },    IN,   adds(1),                       "orders-above-limit"],
  ["a change is no order",                { maxOrdersPerDay: 7 },    IN,   adds(1, { isNew: false }),     "passes"],
  ["units at the limit",                  { maxQuantity: 130 },      IN,   adds(30),                      "passes"],
  ["one unit beyond",                     { maxQuantity: 129 },      IN,   adds(30),                      "quantity-above-limit"],
  ["units of the first order",            { maxQuantity: 29 },       NONE, adds(30),                      "quantity-above-limit"],
  ["another contract, the last",          { maxOpenPositions: 2 },   { ...IN, own: { units: 0 } }, adds(1), "passes"],
  ["one contract beyond",                 { maxOpenPositions: 1 },   { ...IN, own: { units: 0 } }, adds(1), "positions-above-limit"],
  ["more of a contract that it is in",    { maxOpenPositions: 1 },   IN,   adds(1),                       "passes"],
  ["worth as much as it may",             worth(30_000_000),         IN,   adds(100),                     "passes"],
  ["one paisa more",                      worth(30_000_000 - 100),   IN,   adds(100),                     "exposure-above-limit"],
  ["its own price for what is held",      worth(20_000_000),         { ...IN, own: { units: 100 } }, adds(1), "exposure-above-limit"],
  ["the price of another is not known",   worth(30_000_000),         UNPRICED, adds(1),                   "no-reference-price"],
  ["its own price is not known",          worth(30_000_000),         NONE, { units: 1, isNew: true },     "no-reference-price"],
  ["neither held nor asked has a price",  worth(30_000_000),         { ...NONE, own: { units: 1 } }, { units: 1, isNew: true }, "no-reference-price"],
];

for (const [why, guards, exposure, added, answer] of ROWS) {
  test(`${why}: ${answer}`, () => {
    assert.equal(exposureRefusal(guards, exposure, added)?.code ?? "passes", answer);
  });
}

test("a refusal has the numbers that it was decided by", () => {
  assert.deepEqual(exposureRefusal(worth(1), IN, adds(1, { price: toPriceE4(1) }))?.inputs, {
    thereE4: 20_000_000,
    addsE4: 1,
    limitE4: 1,
  });
});
