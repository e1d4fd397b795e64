import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { toPriceE4 } from "../../core/model/money.ts";
import { lossyPriceFromRupees, priceFromRupees, rupeesFromPrice } from "./money.ts";

/** Up to one crore rupees, which no contract reaches. */
const priceE4 = fc.integer({ min: 1, max: 100_000_000_000 }).map(toPriceE4);

test("a price comes back from the wire as it was sent, through JSON too", () => {
  fc.assert(
    fc.property(priceE4, (price) => {
      const written = JSON.stringify(rupeesFromPrice(price));
      assert.equal(priceFromRupees(JSON.parse(written)), price);
    }),
  );
});

test("a price is written with no more than four decimals and no exponent", () => {
  fc.assert(
    fc.property(priceE4, (price) => {
      assert.match(JSON.stringify(rupeesFromPrice(price)), /^\d+(\.\d{1,4})?$/);
    }),
  );
});

test("decimal text of up to four decimals is read exactly", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 10_000_000 }), fc.nat(9_999), (rupees, fraction) => {
      fc.pre(rupees + fraction > 0);
      const text = `${rupees}.${String(fraction).padStart(4, "0")}`;
      assert.equal(priceFromRupees(Number(text)), rupees * 10_000 + fraction);
    }),
  );
});

test("a lossy price is at most half a ten-thousandth away", () => {
  fc.assert(
    fc.property(fc.double({ min: 0.0001, max: 1e7, noNaN: true }), (rupees) => {
      const price = lossyPriceFromRupees(rupees);
      assert.ok(price !== undefined && Math.abs(price - rupees * 10_000) <= 0.5 + 1e-3);
    }),
  );
});
