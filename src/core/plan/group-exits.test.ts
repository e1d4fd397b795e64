import assert from "node:assert/strict";
import { test } from "node:test";
import { linkOf, rupees } from "../../../test/core/builders.ts";
import { GroupDesk } from "../../../test/core/group-desk.ts";

/** The leader sells all of it at the market, outside of his group. */
const BY_HAND = {
  side: "SELL",
  terms: { type: "MARKET", quantity: 100 },
  status: "filled",
  filledQuantity: 100,
  averagePrice: rupees(1_655),
} as const;

test("the follower's legs get him out where the leader's do, and nothing else is sent", () => {
  for (const leg of ["target", "stop"] as const) {
    const desk = new GroupDesk();
    desk.inGroup("L1");
    desk.legFills("L1", leg);
    desk.leaderLegFills("L1", leg, ["fill", "sibling"]);
    desk.passes(60_000);
    assert.deepEqual(desk.sentLines(), []);
    assert.equal(desk.copied(), 0);
    assert.equal(desk.net(), 0);
    assert.deepEqual(desk.alarms(), []);
    assert.equal(desk.follower.openCopies.size, 0);
  }
});

test("where the leader's stop has fired and the follower's has not, his target is moved to the market", () => {
  const desk = new GroupDesk();
  desk.inGroup("L1");
  desk.leaderLegFills("L1", "stop", ["fill", "sibling"]);
  desk.passes(1_499);
  assert.deepEqual(desk.sentLines(), []);
  desk.passes(1);
  assert.deepEqual(desk.sentLines(), ["modify target 1621.85"]);
  desk.settle();
  desk.legFills("L1", "target");
  desk.passes(60_000);
  assert.deepEqual(desk.sentLines(), []);
  assert.deepEqual([desk.copied(), desk.net()], [0, 0]);
  assert.deepEqual(desk.alarms(), []);
});

test("a target that does not fill at the market: the legs end, and then one order gets out", () => {
  const desk = new GroupDesk();
  desk.inGroup("L1");
  desk.leaderLegFills("L1", "stop", ["fill", "sibling"]);
  desk.passes(1_500);
  desk.settle();
  desk.passes(3_000);
  assert.deepEqual(desk.alarms(), ["still-in"]);
  assert.deepEqual(desk.sentLines(), ["cancel stop"]);
  const stop = desk.sent();
  desk.answer(stop, desk.broker.take(stop));
  assert.deepEqual(desk.sentLines(), []);
  desk.readsBook();
  assert.deepEqual(desk.sentLines(), ["cancel target"]);
  const target = desk.sent();
  desk.answer(target, desk.broker.take(target));
  assert.deepEqual(desk.sentLines(), []);
  desk.readsBook();
  assert.deepEqual(desk.sentLines(), ["SELL 50"]);
  desk.settle();
  desk.fills(desk.child("L1", "stop"));
  desk.passes(60_000);
  assert.deepEqual([desk.copied(), desk.net()], [0, 0]);
  assert.deepEqual(desk.sentLines(), []);
  assert.equal(desk.follower.openCopies.size, 0);
});

test("the leader sells by hand: the copy of that sale gets out, and the legs end after it", () => {
  const desk = new GroupDesk();
  desk.inGroup("L1");
  desk.leads("L2", BY_HAND);
  assert.deepEqual(desk.sentLines(), ["SELL 50"]);
  desk.settle();
  desk.fills(desk.child("L2", "exit"));
  assert.deepEqual(desk.sentLines(), ["cancel stop"]);
  desk.settle();
  desk.readsBook();
  desk.settle();
  desk.readsBook();
  desk.passes(60_000);
  assert.deepEqual([desk.copied(), desk.net()], [0, 0]);
  assert.deepEqual(desk.levels("L1").stop?.status, "cancelled");
  assert.deepEqual(desk.levels("L1").target?.status, "cancelled");
  assert.equal(desk.follower.openCopies.size, 0);
});

test("a sale by hand whose copy still rests is not doubled by the legs or by another order", () => {
  const desk = new GroupDesk();
  desk.inGroup("L1");
  desk.leads("L2", BY_HAND);
  desk.settle();
  desk.passes(60_000);
  assert.deepEqual(desk.sentLines(), []);
  assert.deepEqual(desk.alarms(), ["still-in"]);
  assert.deepEqual([desk.copied(), desk.net()], [50, 50]);
});

test("half sold by hand: legs that stand for too much end, and a stop of our own stands for the rest", () => {
  const desk = new GroupDesk();
  desk.inGroup("L1");
  desk.leads("L2", { side: "SELL", terms: { quantity: 50 } });
  desk.settle();
  desk.fills(desk.child("L2", "exit"));
  desk.leads("L2", { status: "filled", filledQuantity: 50 });
  for (let round = 0; round < 3; round += 1) {
    desk.settle();
    desk.readsBook();
  }
  const { side, state, terms } = desk.child("L1", "stop");
  assert.deepEqual([side, state, terms.type], ["SELL", "working", "STOP_LOSS"]);
  assert.deepEqual([terms.quantity, terms.triggerPrice], [25, 16_300_000]);
  assert.deepEqual(desk.alarms(), []);
  desk.fills(desk.child("L1", "stop"));
  desk.passes(60_000);
  assert.deepEqual([desk.copied(), desk.net()], [0, 0]);
  assert.deepEqual(desk.sentLines(), []);
});

test("a link that flattens what is unprotected keeps the rest after a part was sold by hand", () => {
  const desk = new GroupDesk({ links: [linkOf({ unprotected: "flatten" })] });
  desk.inGroup("L1");
  desk.leads("L2", { side: "SELL", terms: { quantity: 50 } });
  desk.settle();
  desk.fills(desk.child("L2", "exit"));
  desk.leads("L2", { status: "filled", filledQuantity: 50 });
  for (let round = 0; round < 3; round += 1) {
    desk.settle();
    desk.readsBook();
  }
  desk.passes(60_000);
  assert.deepEqual(desk.sentLines(), []);
  assert.equal(desk.child("L1", "stop").terms.type, "STOP_LOSS");
  assert.equal(desk.copied(), 25);
});

test("target and stop both fill: a person hears of it, and it is brought back to flat, no further", () => {
  const desk = new GroupDesk();
  desk.inGroup("L1");
  desk.legFills("L1", "target", 50, true);
  desk.legFills("L1", "stop", 50, true);
  assert.deepEqual(desk.alarms(), ["double-exit"]);
  assert.equal(desk.net(), -50);
  assert.deepEqual(desk.sentLines(), ["BUY 50"]);
  desk.settle();
  desk.passes(60_000);
  assert.deepEqual(desk.sentLines(), []);
  desk.fills(desk.child("L1", "repair"), 20);
  desk.fills(desk.child("L1", "repair"));
  desk.passes(60_000);
  assert.deepEqual([desk.copied(), desk.net()], [0, 0]);
  assert.deepEqual(desk.sentLines(), []);
  assert.equal(desk.follower.openCopies.size, 0);
});

test("a second leg's fill that only the list tells, after all seemed over, is brought back too", () => {
  const desk = new GroupDesk();
  desk.inGroup("L1");
  desk.legFills("L1", "target", 50);
  desk.passes(1_000);
  assert.equal(desk.follower.openCopies.size, 0);
  const { brokerOrderId } = desk.child("L1");
  assert.ok(brokerOrderId);
  const entry = desk.broker.order(brokerOrderId);
  const { target, stop } = desk.levels("L1");
  assert.ok(target && stop);
  const levels = { target, stop: { ...stop, status: "filled", filledQuantity: 50 } } as const;
  desk.sees({ ...entry, levels });
  assert.deepEqual(desk.alarms(), ["double-exit"]);
  assert.deepEqual(desk.sentLines(), ["BUY 50"]);
});

test("an exit that wins the race against its cancel after a leg got out is brought back", () => {
  const desk = new GroupDesk();
  desk.inGroup("L1");
  desk.leads("L2", { side: "SELL", terms: { quantity: 100 } });
  desk.settle();
  desk.legFills("L1", "stop");
  assert.deepEqual(desk.sentLines(), ["cancel entry"]);
  desk.outbox.splice(0);
  desk.fills(desk.child("L2", "exit"));
  assert.equal(desk.copied(), -50);
  assert.ok(desk.alarms().includes("double-exit"));
  assert.deepEqual(desk.sentLines(), ["BUY 50"]);
});

test("of two groups of one contract exited twice, the shortfall is bought back once", () => {
  const desk = new GroupDesk();
  desk.inGroup("L1");
  desk.inGroup("L2");
  desk.legFills("L1", "target", 50, true);
  desk.legFills("L2", "target", 50, true);
  desk.legFills("L1", "stop", 50, true);
  assert.deepEqual(desk.sentLines(), ["BUY 50"]);
  desk.settle();
  desk.passes(1_000);
  desk.fills(desk.child("L1", "repair"));
  desk.passes(60_000);
  assert.deepEqual(desk.sentLines(), ["cancel stop"]);
  assert.equal(desk.copied(), 0);
});

test("legs of two groups of one contract never stand for more than is left of both", () => {
  const desk = new GroupDesk();
  desk.inGroup("L1");
  desk.inGroup("L2");
  desk.leads("L3", { side: "SELL", terms: { quantity: 100 } });
  desk.settle();
  desk.fills(desk.child("L3", "exit"));
  desk.leads("L3", { status: "filled", filledQuantity: 100 });
  for (let round = 0; round < 3; round += 1) {
    desk.settle();
    desk.readsBook();
  }
  desk.passes(60_000);
  assert.equal(desk.levels("L1").stop?.status, "working");
  assert.equal(desk.levels("L2").stop?.status, "cancelled");
  assert.deepEqual(desk.sentLines(), []);
  assert.deepEqual([desk.copied(), desk.net()], [50, 50]);
});

test("a list that was read before another does not bring a leg's fill back", () => {
  const desk = new GroupDesk();
  desk.inGroup("L1");
  const { brokerOrderId } = desk.child("L1");
  assert.ok(brokerOrderId);
  const entry = desk.broker.order(brokerOrderId);
  const before = { ...entry, levels: desk.levels("L1") };
  desk.broker.fillLeg(brokerOrderId, "target", 20);
  desk.sees({ ...entry, levels: desk.levels("L1") });
  assert.equal(desk.copied(), 30);
  desk.sees(before);
  assert.equal(desk.copied(), 30);
});

test("a leg that is in transit refuses its cancel: the entry stays what it is, and the leg is asked again later", () => {
  const desk = new GroupDesk();
  desk.inGroup("L1");
  desk.leads("L2", BY_HAND);
  desk.settle();
  desk.fills(desk.child("L2", "exit"));
  desk.rejects(desk.sent(), "transit");
  assert.equal(desk.child("L1").state, "filled");
  assert.deepEqual(desk.sentLines(), []);
  desk.passes(3_000);
  desk.readsBook();
  assert.deepEqual(desk.sentLines(), ["cancel stop"]);
});

/** Two groups; the leader has ended both legs of the older one, and sells what it had brought in. */
function givenUp(): GroupDesk {
  const desk = new GroupDesk();
  desk.inGroup("L1");
  desk.inGroup("L2");
  desk.leaderCancelsLeg("L1", "target");
  desk.leaderCancelsLeg("L1", "stop");
  const sale = { side: "SELL", status: "filled", filledQuantity: 100 } as const;
  desk.leads("L9", { ...sale, averagePrice: rupees(1_640) });
  desk.leaderBook();
  return desk;
}

test("what an exit takes out was of the group whose legs the leader has given up", () => {
  const desk = givenUp();
  desk.settle();
  desk.fills(desk.child("L9", "exit"));
  desk.settle();
  desk.passes(60_000);
  desk.settle();
  assert.deepEqual([desk.copied(), desk.net(), desk.alarms()], [50, 50, []]);
  const { target, stop } = desk.levels("L2");
  assert.deepEqual([target?.status, stop?.status], ["working", "working"]);
});

test("where what he has left is another group's he is out of the one without legs", () => {
  const desk = givenUp();
  const exit = desk.outbox.find(({ kind }) => kind === "place");
  assert.ok(exit);
  desk.losesReply(exit);
  desk.outbox = [];
  desk.passes(10_000);
  assert.deepEqual(desk.alarms(), ["unknown-order", "still-in"]);
  const { stop } = desk.levels("L1");
  assert.equal(stop?.status, "working");
});

test("a target is not moved to the market beside a stop that has filled in part there", () => {
  const desk = new GroupDesk();
  desk.inGroup("L1");
  desk.legFills("L1", "stop", 10);
  desk.leaderLegFills("L1", "stop", ["fill", "sibling"]);
  desk.passes(4_000);
  assert.deepEqual(desk.sentLines(), []);
  desk.passes(1_000);
  // It has had its time: the legs end, and an order of ours follows.
  assert.equal(desk.sentLines()[0], "cancel stop");
  assert.deepEqual(desk.alarms(), ["still-in"]);
});
