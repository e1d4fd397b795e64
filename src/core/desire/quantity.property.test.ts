import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { disclosedUnits, exitUnits } from "./quantity.ts";

const units = fc.integer({ min: 0, max: 1_000_000 });
const lot = fc.integer({ min: 1, max: 1_000 });

test("an exit is never above what was copied nor above its share, and a full one leaves nothing", () => {
  fc.assert(
    fc.property(
      units,
      fc.integer({ min: 1, max: 1_000_000 }),
      units,
      lot,
      (copied, net, part, size) => {
        const reduce = Math.min(part, net);
        const split = { leaderQuantity: reduce, leaderNet: net, reduce, open: 0 };
        const found = exitUnits({ copiedUnits: copied }, split, size);
        assert.ok(found >= 0 && found <= copied);
        assert.ok(found * net <= copied * reduce);
        if (reduce === net) assert.equal(found, copied);
        else assert.equal(found % size, 0);
      },
    ),
    { numRuns: 200 },
  );
});

test("what is disclosed is less than all, whole lots, and at least 30 %", () => {
  const leader = fc.record({
    quantity: fc.integer({ min: 1, max: 100_000 }),
    disclosedQuantity: fc.integer({ min: 0, max: 100_000 }),
  });
  fc.assert(
    fc.property(leader, fc.integer({ min: 1, max: 10_000 }), lot, (terms, lots, size) => {
      const quantity = lots * size;
      const found = disclosedUnits(terms, quantity, size);
      if (found === 0) return;
      assert.equal(found % size, 0);
      assert.ok(found < quantity && found * 100 >= quantity * 30);
    }),
    { numRuns: 200 },
  );
});
