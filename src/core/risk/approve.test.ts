import assert from "node:assert/strict";
import { test } from "node:test";
import { limitTerms, rupees, SHARE } from "../../../test/core/builders.ts";
import type { PlaceCommand } from "../model/command.ts";
import type { Guards } from "../model/guards.ts";
import { asCorrelationId, type CorrelationId } from "../model/ids.ts";
import { toMoneyE4, toPriceE4 } from "../model/money.ts";
import type { Side } from "../model/order.ts";
import { toEpochMs } from "../model/time.ts";
import {
  approveChange,
  approveEntry,
  approveReducing,
  isApproved,
  type Market,
} from "./approve.ts";

function place(side: Side, change: Partial<ReturnType<typeof limitTerms>> = {}): PlaceCommand {
  const correlationId = asCorrelationId(`T${"0".repeat(24)}`) as CorrelationId;
  const terms = limitTerms({ price: rupees(100), quantity: 10, ...change });
  return { kind: "place", correlationId, instrument: SHARE, side, product: "INTRADAY", terms };
}

const NOTHING = { nowMs: toEpochMs(0), exposure: () => assert.fail("no guard counts") };
const { price: _price, ...marketTerms } = limitTerms({ type: "MARKET", quantity: 10 });
const market: PlaceCommand = { ...place("BUY"), terms: marketTerms };
const value = (e4: number): Guards => ({ maxOrderValue: toMoneyE4(e4) });
const distance = (bps: number): Guards => ({ maxPriceDistanceBps: bps });
const prices = (average: number, last: number): Market => ({
  leaderAverage: toPriceE4(average),
  lastPrice: toPriceE4(last),
});

// biome-ignore format: a table is read in columns
const ROWS: readonly (readonly [string, PlaceCommand, Guards, Market, string])[] = [
  ["no guards",                                place("BUY"),  {},               prices(1, 1_000_000),         "approved"],
  ["value at the limit",                       place("BUY"),  value(10_000_000), {},                          "approved"],
  ["value one unit of money above the limit",  place("BUY"),  value(9_999_999), {},                           "order-value-above-limit"],
  ["a market order's value by the average",    market,        value(9_999_999), prices(1_000_000, 1),         "order-value-above-limit"],
  ["a market order's value by the last price", market,        value(9_999_999), { lastPrice: rupees(100) },   "order-value-above-limit"],
  ["a market order's value by nothing",        market,        value(9_999_999), {},                           "no-reference-price"],
  ["BUY at the distance",                      place("BUY"),  distance(150),    prices(1_000_000, 1_015_000), "approved"],
  ["BUY one step beyond the distance",         place("BUY"),  distance(150),    prices(1_000_000, 1_015_001), "price-too-far"],
  ["BUY far below: welcome",                   place("BUY"),  distance(150),    prices(1_000_000, 1),         "approved"],
  ["SELL at the distance",                     place("SELL"), distance(150),    prices(1_000_000, 985_000),   "approved"],
  ["SELL one step beyond the distance",        place("SELL"), distance(150),    prices(1_000_000, 984_999),   "price-too-far"],
  ["SELL far above: welcome",                  place("SELL"), distance(150),    prices(1_000_000, 9_000_000), "approved"],
  ["distance without the leader's fill",       place("BUY"),  distance(0),      { lastPrice: rupees(100) },   "approved"],
  ["distance without a last price",            place("BUY"),  distance(0),      { leaderAverage: rupees(1) }, "approved"],
];

for (const [why, command, guards, seen, answer] of ROWS) {
  test(`${why}: ${answer}`, () => {
    const found = approveEntry(command, guards, seen, NOTHING);
    assert.equal(isApproved(found) ? "approved" : found.code, answer);
  });
}

test("each approval has the lane of what it does", () => {
  const command = place("BUY");
  const entry = approveEntry(command, {}, {}, NOTHING);
  assert.equal(isApproved(entry) && entry.lane, "entry");
  assert.equal(approveReducing("exit", command).lane, "exit");
  assert.equal(approveReducing("cancel", command).lane, "cancel");
  assert.equal(approveChange(command).lane, "modify");
});
