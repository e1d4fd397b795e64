import assert from "node:assert/strict";
import { test } from "node:test";
import { lossyPriceFromRupees, moneyFromRupees, priceFromRupees } from "./money.ts";

test("19.99 rupees is 199900, which truncation would miss", () => {
  assert.equal(priceFromRupees(19.99), 199_900);
  assert.equal(priceFromRupees(0.0025), 25);
});

test("0 is no price", () => {
  assert.equal(priceFromRupees(0), undefined);
  assert.equal(lossyPriceFromRupees(0), undefined);
});

test("five decimals and negative numbers are no price", () => {
  for (const rupees of [1.00005, 1650.33333333, -1, 0.00001, 1e15]) {
    assert.throws(() => priceFromRupees(rupees), { name: "WireFault" }, String(rupees));
  }
});

test("an average with endless decimals is rounded", () => {
  assert.equal(lossyPriceFromRupees(1650.2333333333333), 16_502_333);
  assert.equal(lossyPriceFromRupees(-1), undefined);
});

test("money may be negative, and is never a negative zero", () => {
  assert.equal(moneyFromRupees(-15_202.75), -152_027_500);
  assert.ok(Object.is(moneyFromRupees(-0.00001), 0));
  assert.throws(() => moneyFromRupees(1e15), { name: "WireFault" });
});
