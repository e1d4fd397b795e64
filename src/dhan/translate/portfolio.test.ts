import assert from "node:assert/strict";
import { test } from "node:test";
import { holdingRow } from "../wire/portfolio.ts";
import { netPositionsOfHolding } from "./portfolio.ts";

function netsOf(row: Readonly<Record<string, unknown>>) {
  const whole = {
    exchange: "ALL",
    tradingSymbol: "HDFCBANK",
    securityId: "1333",
    isin: "",
    ...row,
  };
  return netPositionsOfHolding(holdingRow.parse(whole)).map(({ product, net }) => [product, net]);
}

test("units under margin funding are held as MTF, the others as CNC", () => {
  assert.deepEqual(netsOf({ totalQty: 25 }), [["CNC", 25]]);
  assert.deepEqual(netsOf({ totalQty: 25, mtf_qty: 10 }), [
    ["CNC", 15],
    ["MTF", 10],
  ]);
  assert.deepEqual(netsOf({ totalQty: 25, mtf_qty: 20, mtf_t1_qty: 5 }), [
    ["CNC", 0],
    ["MTF", 25],
  ]);
});

test("funded units that the total does not count take nothing from the others", () => {
  assert.deepEqual(netsOf({ totalQty: 0, mtf_qty: 10 }), [
    ["CNC", 0],
    ["MTF", 10],
  ]);
});
