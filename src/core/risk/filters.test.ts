import assert from "node:assert/strict";
import { test } from "node:test";
import { OPTION, orderOf, SHARE, TEN_O_CLOCK_MS } from "../../../test/core/builders.ts";
import type { Guards } from "../model/guards.ts";
import { type Filtered, filterRefusal } from "./filters.ts";

const MINUTE_MS = 60_000;
const TEN = 600;
const share: Filtered = {
  order: orderOf("L1"),
  instrument: { kind: "equity", underlying: "HDFCBANK" },
  nowMs: TEN_O_CLOCK_MS,
};
const option: Filtered = {
  ...share,
  order: orderOf("L2", { instrument: OPTION, side: "SELL", product: "MARGIN" }),
  instrument: { kind: "option", underlying: "NIFTY" },
};
const unknown: Filtered = { ...share, instrument: undefined };
const at = (minute: number, seconds = 0): Filtered => {
  return { ...share, nowMs: TEN_O_CLOCK_MS + (minute - TEN) * MINUTE_MS + seconds * 1_000 };
};
const WINDOW: Guards = { window: { fromMinute: 560, toMinute: 900 } };

// biome-ignore format: a table is read in columns
const ROWS: readonly (readonly [string, Guards, Filtered, string])[] = [
  ["no guards",                        {},                                       share,   "passes"],
  ["a side of the list",               { sides: ["BUY"] },                       share,   "passes"],
  ["another side",                     { sides: ["BUY"] },                       option,  "side-not-allowed"],
  ["a segment of the list",            { segments: ["NSE_EQ"] },                 share,   "passes"],
  ["another segment",                  { segments: ["NSE_EQ"] },                 option,  "segment-not-allowed"],
  ["a product of the list",            { products: ["INTRADAY"] },               share,   "passes"],
  ["another product",                  { products: ["INTRADAY"] },               option,  "product-not-allowed"],
  ["a type of the list",               { orderTypes: ["LIMIT"] },                share,   "passes"],
  ["another type",                     { orderTypes: ["MARKET"] },               share,   "order-type-not-allowed"],
  ["options only: an option",          { kinds: ["option"] },                    option,  "passes"],
  ["options only: a share",            { kinds: ["option"] },                    share,   "kind-not-allowed"],
  ["options only: nobody knows what",  { kinds: ["option"] },                    unknown, "kind-not-allowed"],
  ["an allowed instrument",            { instruments: { allow: [SHARE] } },      share,   "passes"],
  ["one that is not allowed",          { instruments: { allow: [SHARE] } },      option,  "instrument-not-allowed"],
  ["a denied instrument",              { instruments: { deny: [SHARE] } },       share,   "instrument-not-allowed"],
  ["one that is not denied",           { instruments: { deny: [SHARE] } },       option,  "passes"],
  ["denied and allowed",               { instruments: { allow: [SHARE], deny: [SHARE] } }, share, "instrument-not-allowed"],
  ["an allowed underlying",            { underlyings: { allow: ["NIFTY"] } },    option,  "passes"],
  ["another underlying",               { underlyings: { allow: ["NIFTY"] } },    share,   "underlying-not-allowed"],
  ["an underlying that nobody knows",  { underlyings: { allow: ["NIFTY"] } },    unknown, "underlying-not-allowed"],
  ["nobody knows that it is denied",   { underlyings: { deny: ["NIFTY"] } },     unknown, "passes"],
  ["the first minute of the window",   WINDOW,                                   at(560), "passes"],
  ["a second before it",               WINDOW,                                   at(560, -1), "outside-window"],
  ["the last second of the window",    WINDOW,                                   at(900, -1), "passes"],
  ["the minute at which it ends",      WINDOW,                                   at(900), "outside-window"],
];

for (const [why, guards, filtered, answer] of ROWS) {
  test(`${why}: ${answer}`, () => {
    assert.equal(filterRefusal(guards, filtered)?.code ?? "passes", answer);
  });
}

test("a refusal says what it met and what is allowed", () => {
  assert.deepEqual(filterRefusal({ segments: ["NSE_EQ", "BSE_EQ"] }, option)?.inputs, {
    value: "NSE_FNO",
    allowed: "NSE_EQ, BSE_EQ",
  });
  assert.deepEqual(filterRefusal({ instruments: { deny: [SHARE] } }, share)?.inputs, {
    value: SHARE,
    denied: SHARE,
  });
});
