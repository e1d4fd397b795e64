import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { manualClock } from "../../../platform/manual-clock.ts";
import { createSimulator } from "../../simulator.ts";

const ASHA = "1100000001";
const START = Date.parse("2026-08-05T10:00:00+05:30");

/** Rupees about the first price of 1650, on the tick. */
const price = fc.integer({ min: -400, max: 400 }).map((step) => 1650 + step / 5);
const step = fc.oneof(
  fc.record({ kind: fc.constant("price" as const), price }),
  fc.record({
    kind: fc.constant("modify" as const),
    legName: fc.constantFrom("STOP_LOSS_LEG", "TARGET_LEG"),
    triggerPrice: price,
  }),
  fc.constant({ kind: "cancel" as const }),
  fc.record({ kind: fc.constant("wait" as const), ms: fc.integer({ min: 1, max: 60 }) }),
  fc.constantFrom({ kind: "close" as const }, { kind: "open" as const }),
);

type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

function play(side: "BUY" | "SELL", steps: readonly Step[]) {
  const clock = manualClock(START);
  const holdings = [{ instrument: "HDFCBANK", quantity: 10 }];
  const accounts = [{ clientId: ASHA, holdings }];
  const simulator = createSimulator({ clock, accounts });
  const placed = simulator.placeForeverByHand(ASHA, {
    orderFlag: "OCO",
    transactionType: side,
    securityId: "1333",
    quantity: 10,
    price: 1600,
    triggerPrice: 1600,
    quantity1: 10,
    price1: 1700,
    triggerPrice1: 1700,
  });
  const { orderId } = placed.body as { orderId: string };
  for (const one of steps) {
    if (one.kind === "price") simulator.setPrice("HDFCBANK", one.price);
    else if (one.kind === "wait") clock.advance(one.ms);
    else if (one.kind === "cancel") simulator.cancelForeverByHand(ASHA, orderId);
    else if (one.kind === "modify") {
      const { legName, triggerPrice } = one;
      simulator.modifyForeverByHand(ASHA, { orderId, changes: { legName, triggerPrice } });
    } else simulator.setClock({ session: one.kind === "open" ? "open" : "closed" });
  }
  clock.advance(1_000);
  const [truth] = simulator.truth(ASHA);
  assert.ok(truth);
  return truth;
}

test("whatever comes, an OCO fires one leg at most, and one order for it", () => {
  fc.assert(
    fc.property(
      fc.constantFrom("BUY", "SELL"),
      fc.array(step, { maxLength: 40 }),
      (side, steps) => {
        const { forevers, orders } = play(side, steps);
        const legs = forevers[0]?.legs ?? [];
        const fired = legs.filter(({ status }) => status === "fired");
        assert.ok(fired.length <= 1);
        assert.equal(orders.length, fired.length);
        const others = legs.filter(({ status }) => status !== "fired");
        if (fired.length === 1) assert.ok(others.every(({ status }) => status === "cancelled"));
      },
    ),
  );
});

test("a leg that is cancelled stays cancelled, and a fired one stays fired", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const { forevers } = play("SELL", steps);
      const history = forevers[0]?.history ?? [];
      for (const leg of [0, 1]) {
        const statuses = history.map(({ legs }) => legs[leg]?.status);
        const end = statuses.findIndex((status) => status === "fired" || status === "cancelled");
        if (end >= 0) assert.deepEqual(new Set(statuses.slice(end)).size, 1);
      }
    }),
  );
});
