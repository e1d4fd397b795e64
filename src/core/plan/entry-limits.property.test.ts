import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { linkOf, TEN_O_CLOCK_MS } from "../../../test/core/builders.ts";
import { Desk } from "../../../test/core/desk.ts";
import type { Calendar } from "../model/calendar.ts";
import type { Guards } from "../model/guards.ts";
import { toMoneyE4 } from "../model/money.ts";
import type { Side } from "../model/order.ts";
import { type TradingDay, tradingDayOf } from "../model/time.ts";

const limit = fc.integer({ min: 1, max: 200 });
const guards: fc.Arbitrary<Guards> = fc.record(
  {
    sides: fc.constantFrom<readonly Side[]>(["BUY"], ["SELL"]),
    segments: fc.constant(["NSE_FNO"]),
    products: fc.constant(["CNC" as const]),
    orderTypes: fc.constant(["MARKET" as const]),
    kinds: fc.constant(["option" as const]),
    underlyings: fc.constant({ deny: ["HDFCBANK"] }),
    window: fc.constant({ fromMinute: 0, toMinute: 1 }),
    maxOrderValue: limit.map(toMoneyE4),
    maxPriceDistanceBps: fc.constant(1),
    maxQuantity: limit,
    maxOpenPositions: fc.integer({ min: 1, max: 3 }),
    maxExposure: limit.map(toMoneyE4),
    maxOrdersPerDay: fc.integer({ min: 1, max: 3 }),
  },
  { requiredKeys: [] },
);

const TODAY = tradingDayOf(TEN_O_CLOCK_MS);
const named = new Map([[TODAY, { name: "a holiday", open: [] }]]);
const holiday: Calendar = {
  validFrom: TODAY,
  validTo: TODAY,
  segments: new Map([["NSE_EQ", { usual: [{ from: TODAY, open: [] }], named }]]),
};
const stale: Calendar = { ...holiday, validTo: "2026-11-21" as TradingDay };
const calendars = fc.constantFrom(undefined, holiday, stale);

test("no guard and no calendar stops, shrinks or delays an exit", () => {
  const sold = fc.integer({ min: 1, max: 100 });
  fc.assert(
    fc.property(guards, calendars, sold, (rules, calendar, sold) => {
      const desk = new Desk();
      desk.bought("L1", 100);
      desk.setLink({ guards: rules });
      desk.calendar = calendar;
      desk.leads("L2", { side: "SELL", terms: { quantity: sold } });
      const units = sold === 100 ? 50 : Math.floor(sold / 2);
      const sent = desk.outbox.map((command) => command.kind === "place" && command.terms.quantity);
      assert.deepEqual(sent, units === 0 ? [] : [units]);
    }),
    { numRuns: 300 },
  );
});

test("whatever the leader does, a link never has more of a contract than it may", () => {
  const orders = fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(orders, limit, fc.integer(), (quantities, maxQuantity, seed) => {
      const desk = new Desk({ links: [linkOf({ guards: { maxQuantity } })] });
      quantities.forEach((quantity, index) => {
        desk.leads(`L${index}`, { terms: { quantity } });
        desk.settle();
        const child = desk.childrenOf(`L${index}`, "entry").at(-1);
        // Some fill, some rest, some are enlarged.
        if (child !== undefined && (seed + index) % 3 === 0) desk.fills(child);
        else if ((seed + index) % 3 === 1) {
          desk.leads(`L${index}`, { terms: { quantity: quantity * 2 } });
          desk.settle();
        }
      });
      const asked = [...desk.follower.children.values()].reduce(
        (sum, { terms }) => sum + terms.quantity,
        0,
      );
      assert.ok(asked <= maxQuantity, `${asked} of ${maxQuantity}`);
    }),
    { numRuns: 200 },
  );
});
