import assert from "node:assert/strict";
import { test } from "node:test";
import { rupees } from "../../../test/core/builders.ts";
import type { InstrumentKind } from "../model/instrument.ts";
import { toPriceE4 } from "../model/money.ts";
import { protectedLimit, protectionBps } from "./price.ts";

// biome-ignore format: a table is read in columns
const LIMITS: readonly (readonly [InstrumentKind, number, number, number, number, string])[] = [
  // kind,  reference, tick,     BUY,     SELL, why
  ["option",      9.95, 0.05,   10.40,     9.50, "5 % below 10 rupees: 0.4975, inside the band"],
  ["option",     10.00, 0.05,   10.30,     9.70, "3 % from 10 on"],
  ["option",     99.95, 0.05,  102.90,    97.00, "3 % up to 100: 2.9985"],
  ["option",    100.00, 0.05,  102.00,    98.00, "2 % from 100 on"],
  ["option",    499.95, 0.05,  509.90,   490.00, "2 % up to 500: 9.999"],
  ["option",    500.00, 0.05,  505.00,   495.00, "1 % from 500 on"],
  ["equity",     99.95, 0.05,  101.90,    98.00, "2 % below 100: 1.999"],
  ["equity",    100.00, 0.05,  101.00,    99.00, "1 % from 100 on"],
  ["equity",    499.95, 0.05,  504.90,   495.00, "1 % up to 500: 4.9995"],
  ["equity",    500.00, 0.05,  502.50,   497.50, "0.5 % from 500 on"],
  ["future",  24000.00, 0.10, 24120.00, 23880.00, "futures like shares"],
  ["index",     500.00, 0.05,  502.50,   497.50, "and whatever else there is"],
  ["option",      0.05, 0.05,    0.10,     0.05, "one tick: nothing is below it"],
  ["option",      0.10, 0.05,    0.15,     0.05, "5 % is less than a tick: one tick away"],
  ["equity",   1650.03, 0.05, 1658.25,  1641.80, "a reference between ticks"],
  ["equity",     50.00, 5.00,   55.00,    45.00, "the band is narrower than the tick"],
];

for (const [kind, reference, tick, buy, sell, why] of LIMITS) {
  test(`${why}: ${kind} at ${reference} is protected at ${buy} and ${sell}`, () => {
    const instrument = { kind, tick: rupees(tick) };
    assert.equal(protectedLimit("BUY", rupees(reference), instrument), rupees(buy));
    assert.equal(protectedLimit("SELL", rupees(reference), instrument), rupees(sell));
  });
}

test("the edges of the slabs belong to the narrower band", () => {
  const edges = [10, 100, 500].flatMap((edge) => [rupees(edge) - 1, rupees(edge)]);
  const bps = (kind: InstrumentKind) => edges.map((edge) => protectionBps(kind, toPriceE4(edge)));
  assert.deepEqual(bps("option"), [500, 300, 300, 200, 200, 100]);
  assert.deepEqual(bps("equity"), [200, 200, 200, 100, 100, 50]);
});
