import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { InstrumentKind } from "../model/instrument.ts";
import { toPriceE4 } from "../model/money.ts";
import { protectedLimit, protectionBps } from "./price.ts";

test("a protected limit is on the tick, on the side that trades, within band or one tick", () => {
  const kind = fc.constantFrom<InstrumentKind>("option", "equity", "future", "index");
  const price = fc.integer({ min: 1, max: 1_000_000_000 });
  const tick = fc.constantFrom(1, 25, 100, 500, 1_000, 50_000);
  fc.assert(
    fc.property(kind, price, tick, (of, reference, step) => {
      const instrument = { kind: of, tick: toPriceE4(step) };
      const width = (reference * protectionBps(of, toPriceE4(reference))) / 10_000;
      const buy = protectedLimit("BUY", toPriceE4(reference), instrument);
      const sell = protectedLimit("SELL", toPriceE4(reference), instrument);
      assert.equal(buy % step, 0);
      assert.equal(sell % step, 0);
      assert.ok(buy > reference && buy <= Math.max(reference + width, reference + step));
      assert.ok(sell < reference || sell === step);
      assert.ok(sell >= Math.min(reference - width, reference - step));
    }),
    { numRuns: 200 },
  );
});
