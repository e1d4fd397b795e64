import assert from "node:assert/strict";
import { test } from "node:test";
import { type OrderChange, orderOf, rupees } from "../../../test/core/builders.ts";
import { type KnownPrice, priceToldBy } from "./leader-price.ts";

const TICK = rupees(0.05);

interface Case {
  readonly what: string;
  readonly order: OrderChange;
  readonly known?: Partial<KnownPrice>;
  /** Rupees, and the units of the fill that tells it. */
  readonly told: readonly [price: number, filledUnits?: number] | undefined;
}

const filled = { filledQuantity: 40, averagePrice: rupees(1649.5) };
const stop = { type: "STOP_LOSS", triggerPrice: rupees(1640), price: rupees(1638) } as const;

// biome-ignore format: one row a line
const CASES: readonly Case[] = [
  { what: "a fill",                          order: filled,                                      told: [1649.5, 40] },
  { what: "a fill before the last price",    order: { ...filled, lastPrice: rupees(1648) },      told: [1649.5, 40] },
  { what: "more of it than was told of",     order: filled, known: { toldUnits: 39 },            told: [1649.5, 40] },
  { what: "the fill of an order that ended", order: { ...filled, status: "cancelled" },          told: [1649.5, 40] },
  { what: "a fill that was told of",         order: filled, known: { toldUnits: 40, isPriced: true }, told: undefined },
  { what: "what a frame carries",            order: { lastPrice: rupees(1648) },                 told: [1648] },
  { what: "what a later frame carries",      order: { ...filled, lastPrice: rupees(1648) }, known: { toldUnits: 40 }, told: [1648] },
  { what: "a purchase that rests",           order: {},                                          told: [1650.05] },
  { what: "a sale that rests",               order: { side: "SELL" },                            told: [1649.95] },
  { what: "a stop of a long position",       order: { side: "SELL", terms: stop },               told: [1640.05] },
  { what: "a stop that would buy",           order: { side: "BUY", terms: stop },                told: [1639.95] },
  { what: "nothing where a price is known",  order: {}, known: { isPriced: true },               told: undefined },
  { what: "nothing by one that ended",       order: { status: "cancelled" },                     told: undefined },
];

for (const { what, order, known, told } of CASES) {
  test(`an order tells of ${what}`, () => {
    const facts = { isPriced: false, toldUnits: 0, tick: TICK, ...known };
    const [price, filledUnits] = told ?? [];
    assert.deepEqual(
      priceToldBy(orderOf("1", order), facts),
      price === undefined
        ? undefined
        : { priceE4: rupees(price), ...(filledUnits !== undefined && { filledUnits }) },
    );
  });
}

test("a market order of which nothing is known tells nothing", () => {
  const { price: _, ...terms } = orderOf("1").terms;
  const order = { ...orderOf("1"), terms: { ...terms, type: "MARKET" } as const };
  assert.equal(priceToldBy(order, { isPriced: false, toldUnits: 0, tick: TICK }), undefined);
});
