/**
 * The box against itself: whatever people do by hand and whatever the price does, orders, trades,
 * positions and money must tell one story.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { manualClock } from "../platform/manual-clock.ts";
import { createSimulator, type Simulator } from "./index.ts";

const CLIENT = "1100000001";
const INSTRUMENT = "HDFCBANK";
const START_MS = Date.parse("2026-08-05T10:00:00+05:30");

type Step =
  | { readonly kind: "place"; readonly buy: boolean; readonly quantity: number; ticks: number }
  | { readonly kind: "cancel" | "wait"; readonly pick: number }
  | { readonly kind: "modify"; readonly pick: number; readonly quantity: number }
  | { readonly kind: "price"; readonly ticks: number }
  | { readonly kind: "liquidity"; readonly units: number };

const ticks = fc.integer({ min: -100, max: 100 });
const quantity = fc.integer({ min: 1, max: 50 });
const pick = fc.integer({ min: 0, max: 20 });
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant("place" as const), buy: fc.boolean(), quantity, ticks }),
  fc.record({ kind: fc.constantFrom("cancel" as const, "wait" as const), pick }),
  fc.record({ kind: fc.constant("modify" as const), pick, quantity }),
  fc.record({ kind: fc.constant("price" as const), ticks }),
  fc.record({ kind: fc.constant("liquidity" as const), units: fc.integer({ min: 0, max: 60 }) }),
);

function priceAt(ticksAway: number): number {
  return Math.round((1650 + ticksAway * 0.05) * 100) / 100;
}

function take(simulator: Simulator, advance: (ms: number) => void, act: Step): void {
  const orders = simulator.truth(CLIENT)[0]?.orders ?? [];
  const chosen = "pick" in act ? orders[act.pick % Math.max(1, orders.length)] : undefined;
  switch (act.kind) {
    case "place": {
      const transactionType = act.buy ? "BUY" : "SELL";
      const order = { transactionType, quantity: act.quantity, price: priceAt(act.ticks) };
      simulator.placeByHand(CLIENT, { securityId: "1333", ...order });
      break;
    }
    case "cancel":
      if (chosen !== undefined) simulator.cancelByHand(CLIENT, chosen.orderId);
      break;
    case "modify": {
      const changes = { quantity: act.quantity };
      if (chosen) simulator.modifyByHand(CLIENT, { orderId: chosen.orderId, changes });
      break;
    }
    case "price":
      simulator.setPrice(INSTRUMENT, priceAt(act.ticks));
      break;
    case "liquidity":
      simulator.setLiquidity(INSTRUMENT, act.units);
      break;
    case "wait":
      advance(act.pick * 10);
      break;
  }
}

function assertOneStory(simulator: Simulator): void {
  const [account] = simulator.truth(CLIENT);
  assert.ok(account);
  let net = 0;
  for (const { row, fills, history, status } of account.orders) {
    const filled = fills.reduce((sum, fill) => sum + fill.quantity, 0);
    assert.equal(row.filledQty, filled);
    assert.ok(filled <= row.quantity, "never filled beyond the total");
    const isOpen = ["TRANSIT", "PENDING", "PART_TRADED"].includes(status);
    assert.equal(row.remainingQuantity, isOpen ? row.quantity - filled : 0);
    assert.equal(status === "TRADED", filled === row.quantity);
    history.reduce((before, moment) => {
      assert.ok(moment.filledQuantity >= before, "fills never shrink");
      return moment.filledQuantity;
    }, 0);
    const ends = history.filter((moment) => !/TRANSIT|PENDING|PART/.test(moment.status));
    assert.ok(ends.length <= 1, "an order ends once");
    net += row.transactionType === "BUY" ? filled : -filled;
  }
  assert.equal(account.positions[0]?.netQty ?? 0, net);
  const tradeUnits = account.trades.reduce((sum, trade) => sum + trade.tradedQuantity, 0);
  const orderUnits = account.orders.reduce((sum, { row }) => sum + row.filledQty, 0);
  assert.equal(tradeUnits, orderUnits);
}

test("orders, trades and positions tell one story whatever happens", () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 80 }), (acts) => {
      const clock = manualClock(START_MS);
      const simulator = createSimulator({
        clock,
        accounts: [{ clientId: CLIENT, accessToken: "token-of-asha", availableBalance: 50_000 }],
      });
      for (const act of acts) take(simulator, (ms) => clock.advance(ms), act);
      assertOneStory(simulator);
      clock.advance(1_000);
      assertOneStory(simulator);
      simulator.setClock({ session: "closed" });
      const open = simulator
        .truth(CLIENT)[0]
        ?.orders.filter(({ row }) => row.remainingQuantity > 0);
      assert.deepEqual(open, []);
      assertOneStory(simulator);
    }),
    { numRuns: 200 },
  );
});

test("money at rest is the start of day plus what was earned", () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 60 }), (acts) => {
      const clock = manualClock(START_MS);
      const accounts = [
        { clientId: CLIENT, accessToken: "token-of-asha", availableBalance: 10_000_000 },
      ];
      const simulator = createSimulator({ clock, accounts });
      for (const act of acts) take(simulator, (ms) => clock.advance(ms), act);
      simulator.setClock({ session: "closed" });
      clock.advance(1_000);
      const [before] = simulator.truth(CLIENT);
      const cash = (before?.trades ?? []).reduce((sum, trade) => {
        const value = trade.tradedQuantity * trade.tradedPrice;
        return trade.transactionType === "BUY" ? sum - value : sum + value;
      }, 0);
      const net = before?.positions[0]?.netQty ?? 0;
      const last = 1650;
      simulator.setPrice(INSTRUMENT, last);
      simulator.rollDay();
      const after = simulator.truth(CLIENT)[0]?.startOfDay ?? 0;
      assert.ok(Math.abs(after - (10_000_000 + cash + net * last)) < 0.02);
    }),
    { numRuns: 100 },
  );
});
