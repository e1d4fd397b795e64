import assert from "node:assert/strict";
import { test } from "node:test";
import { manualClock } from "../../platform/manual-clock.ts";
import { createSimulator, type Simulator } from "../index.ts";

const CLIENT = "1100000001";
const NIGHT = { keepTokens: true, keepClock: true };

/** On its second morning, with what the first day has left. */
function boxOfTheNextDay(act: (simulator: Simulator) => void = () => {}): Simulator {
  const clock = manualClock(Date.parse("2026-08-05T10:00:00+05:30"));
  const simulator = createSimulator({ clock, switches: { transitMs: 0 } });
  simulator.createAccount({ clientId: CLIENT, accessToken: "token-of-asha" });
  const place = (order: object) => {
    simulator.placeByHand(CLIENT, { securityId: "1333", quantity: 5, price: 1700, ...order });
    clock.advance(100);
  };
  place({ productType: "CNC" });
  place({
    exchangeSegment: "NSE_FNO",
    securityId: "52002",
    productType: "MARGIN",
    quantity: 65,
    price: 320,
  });
  act(simulator);
  clock.advance(24 * 3_600_000);
  simulator.rollDay(NIGHT);
  return simulator;
}

test("another box goes on from what a night has left", async () => {
  const simulator = boxOfTheNextDay();
  const left = simulator.overnight();
  assert.ok(left !== undefined);
  assert.deepEqual([left.exchangeOrders, left.trades], [2, 2]);
  const next = createSimulator();
  next.createAccount({ clientId: CLIENT, accessToken: "token-of-asha" });
  next.goOnFrom(JSON.parse(JSON.stringify(left)));
  const booksOf = (box: Simulator) => {
    const [truth] = box.truth(CLIENT);
    assert.equal(truth?.positions.length, 1);
    return [truth?.startOfDay, truth?.holdings, truth?.positions];
  };
  assert.deepEqual(booksOf(next), booksOf(simulator));
  assert.deepEqual(next.overnight(), left);
  await Promise.all([simulator.close(), next.close()]);
});

test("nothing is told of a day that has begun, or while anything waits over the night", async () => {
  const begun = boxOfTheNextDay();
  begun.placeByHand(CLIENT, { securityId: "1333", quantity: 5, price: 1600 });
  assert.equal(begun.overnight(), undefined);
  const resting = boxOfTheNextDay((simulator) => {
    simulator.placeForeverByHand(CLIENT, {
      orderFlag: "SINGLE",
      transactionType: "BUY",
      exchangeSegment: "NSE_EQ",
      productType: "CNC",
      orderType: "LIMIT",
      validity: "DAY",
      securityId: "1333",
      quantity: 5,
      price: 1500,
      triggerPrice: 1500,
    });
  });
  assert.equal(resting.truth(CLIENT)[0]?.forevers.length, 1);
  assert.equal(resting.overnight(), undefined);
  await Promise.all([begun.close(), resting.close()]);
});
