import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { toMoneyE4, toPriceE4 } from "../model/money.ts";
import type { Sizing, SizingBasis } from "../model/sizing.ts";
import { carriedAfter, entryUnits, exactUnits } from "./entry-size.ts";

const NUM_RUNS = { numRuns: 300 };

const bps = fc.integer({ min: 1, max: 1_000_000 });
const money = fc.integer({ min: 1, max: 1_000_000_000_000_000 }).map(toMoneyE4);
const price = fc.integer({ min: 1, max: 1_000_000_000 }).map(toPriceE4);
const lots = fc.integer({ min: 1, max: 10_000 });
const units = fc.integer({ min: 1, max: 1_000_000 });
const lot = fc.integer({ min: 1, max: 1_000 });

const RULES: Readonly<Record<Sizing["kind"], fc.Arbitrary<Sizing>>> = {
  multiplier: fc.record({ kind: fc.constant("multiplier"), bps }),
  "fixed-lots": fc.record({ kind: fc.constant("fixed-lots"), lots }),
  "fixed-quantity": fc.record({ kind: fc.constant("fixed-quantity"), quantity: units }),
  // A lakh crore at a paisa is more units than any order has.
  notional: fc.record({
    kind: fc.constant("notional"),
    value: fc.integer({ min: 1, max: 1_000_000_000_000 }).map(toMoneyE4),
  }),
  "capital-proportional": fc.record({ kind: fc.constant("capital-proportional"), bps }),
  "risk-percent": fc.record({
    kind: fc.constant("risk-percent"),
    bps: fc.integer({ min: 1, max: 10_000 }),
  }),
};

const basis: fc.Arbitrary<SizingBasis> = fc
  .record({ price, risk: price, capital: money, share: fc.integer({ min: 1, max: 1_000 }) })
  .map(({ price, risk, capital, share }) => ({
    price,
    risk,
    leaderCapital: capital,
    // Up to ten times as much: beyond that the quantities leave what an order can hold.
    followerCapital: toMoneyE4(Math.max(1, Math.floor((Number(capital) * share) / 1_000))),
  }));

const question = (sizing: fc.Arbitrary<Sizing>) =>
  fc.record({ sizing, basis, open: units, lot }).filter(({ sizing, basis, open, lot }) => {
    const { numerator, denominator } = exactUnits(sizing, basis, { open, lot });
    return numerator / denominator < 1_000_000_000_000n;
  });

for (const [kind, rule] of Object.entries(RULES)) {
  test(`${kind}: whole lots, not above the exact quantity, less than a lot below it`, () => {
    fc.assert(
      fc.property(question(rule), ({ sizing, basis, open, lot }) => {
        const found = entryUnits({ units: open, of: open }, { sizing, basis, lot });
        const { numerator, denominator } = exactUnits(sizing, basis, { open, lot });
        assert.equal(found % lot, 0);
        assert.ok(BigInt(found) * denominator <= numerator);
        assert.ok(BigInt(found + lot) * denominator > numerator);
      }),
      NUM_RUNS,
    );
  });

  test(`${kind}: a part of the order gives no more than all of it, and grows with the part`, () => {
    fc.assert(
      fc.property(question(rule), units, units, ({ sizing, basis, open, lot }, a, b) => {
        const of = (part: number) =>
          entryUnits({ units: part % (open + 1), of: open }, { sizing, basis, lot });
        const [less, more] = [a % (open + 1), b % (open + 1)].toSorted((x, y) => x - y);
        assert.ok(of(less ?? 0) <= of(more ?? 0));
        assert.ok(of(more ?? 0) <= of(open));
        assert.equal(of(0), 0);
      }),
      NUM_RUNS,
    );
  });

  test(`${kind}: the nearer of two lots is at most half a lot away`, () => {
    fc.assert(
      fc.property(question(rule), ({ sizing, basis, open, lot }) => {
        const size = { sizing: { ...sizing, rounding: "nearest" } as const, basis, lot };
        const found = BigInt(entryUnits({ units: open, of: open }, size));
        const { numerator, denominator } = exactUnits(sizing, basis, { open, lot });
        const away = 2n * (found * denominator - numerator);
        assert.ok(away <= denominator * BigInt(lot) && away > -denominator * BigInt(lot));
      }),
      NUM_RUNS,
    );
  });

  test(`${kind}: bounds hold, and the most wins over the least`, () => {
    fc.assert(
      fc.property(question(rule), lots, units, (asked, minLots, maxQuantity) => {
        const { sizing, basis, open, lot } = asked;
        const size = { sizing: { ...sizing, minLots, maxQuantity }, basis, lot };
        const found = entryUnits({ units: open, of: open }, size);
        assert.ok(found <= maxQuantity && found % lot === 0);
        assert.ok(found >= minLots * lot || found + lot > maxQuantity);
      }),
      NUM_RUNS,
    );
  });
}

test("what is carried from entry to entry comes to the exact sum, less than a lot below it", () => {
  const orders = fc.array(units, { minLength: 1, maxLength: 30 });
  fc.assert(
    fc.property(orders, fc.integer({ min: 1, max: 100_000 }), lot, (opens, ratio, size) => {
      const sizing = { kind: "multiplier", bps: ratio, rounding: "carry" } as const;
      let carried = 0;
      let copied = 0;
      for (const open of opens) {
        const asked = { sizing, basis: { carried }, lot: size };
        copied += entryUnits({ units: open, of: open }, asked);
        carried = carriedAfter(open, asked);
      }
      const exact = opens.reduce((sum, open) => sum + open * ratio, 0);
      assert.equal(copied * 10_000 + carried, exact);
      assert.ok(carried < size * 10_000);
    }),
    NUM_RUNS,
  );
});
