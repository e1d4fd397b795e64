import assert from "node:assert/strict";
import { test } from "node:test";
import { linkOf, type OrderChange, rupees, SHARE } from "../../../test/core/builders.ts";
import { Desk } from "../../../test/core/desk.ts";
import { GroupDesk } from "../../../test/core/group-desk.ts";
import { toBrokerOrderId } from "../model/ids.ts";
import { toPositionKey } from "../order/account-book.ts";

const sold = (quantity: number) =>
  ({ side: "SELL", terms: { quantity }, status: "filled", filledQuantity: quantity }) as const;

test("what rounding has left is not taken by an exit while a newer one is still to be confirmed", () => {
  const desk = new Desk();
  desk.bought("L1", 3);
  assert.equal(desk.net(), 1);
  // An order of his rests, so that his sales wait for a read of his books.
  desk.leads("L9", { terms: { quantity: 40, price: rupees(1500) } });
  desk.settle();
  desk.leads("L2", sold(2));
  desk.leaderBook();
  desk.leads("L3", sold(1));
  assert.deepEqual(desk.outbox, []);
  desk.leaderBook();
  const exit = desk.sentPlace();
  assert.deepEqual([exit.side, exit.terms.quantity], ["SELL", 1]);
  desk.accept(exit);
  desk.fills(desk.child("L3", "exit"));
  assert.deepEqual([desk.outbox, desk.net()], [[], 0]);
});

/** His entry was missed, so that his sale of it has nothing to take; it rests. */
function missed<D extends Desk>(desk: D, change: OrderChange = {}): D {
  desk.leads("L1", change);
  desk.rejects(desk.sent(), "funds");
  desk.leads("L1", { status: "filled", filledQuantity: 100 });
  desk.leads("L2", { ...change, side: "SELL" });
  assert.deepEqual(desk.skips(), ["entry child-rejected", "exit nothing-to-exit"]);
  return desk;
}

test("an exit that had nothing to take brings out what was copied since, when he is out with it", () => {
  const desk = missed(new Desk());
  desk.bought("L3", 100);
  desk.leads("L4", sold(100));
  desk.settle();
  desk.fills(desk.child("L4", "exit"));
  desk.leads("L2", { status: "filled", filledQuantity: 100 });
  const exit = desk.sentPlace();
  assert.deepEqual([exit.side, exit.terms.quantity], ["SELL", 25]);
  desk.accept(exit);
  desk.fills(desk.child("L2", "exit"));
  assert.deepEqual([desk.outbox, desk.net(), desk.follower.openCopies.size], [[], 0, 0]);
});

test("it leaves to a newer exit that rests what he is out of with it", () => {
  const desk = missed(new Desk());
  desk.bought("L3", 100);
  desk.leads("L4", sold(100));
  desk.settle();
  assert.equal(desk.child("L4", "exit").terms.quantity, 25);
  desk.leads("L2", { status: "filled", filledQuantity: 100 });
  desk.passes(1_999);
  assert.deepEqual(desk.outbox, [], "it may be trading at this moment");
  desk.passes(1);
  desk.settle();
  assert.deepEqual(desk.childrenOf("L2", "exit"), []);
  assert.equal(desk.child("L4", "exit").terms.quantity, 50);
  desk.fills(desk.child("L4", "exit"));
  assert.deepEqual([desk.net(), desk.follower.openCopies.size], [0, 0]);
});

test("units that came in behind an exit that rests are its to take as soon as he is out", () => {
  const desk = new Desk({ links: [linkOf({ sizing: { kind: "fixed-quantity", quantity: 40 } })] });
  desk.bought("L1", 10);
  desk.leads("A", { side: "SELL", terms: { quantity: 8, price: rupees(1_700) } });
  desk.settle();
  desk.leads("A", { status: "filled", filledQuantity: 8 });
  assert.equal(desk.child("A", "exit").terms.quantity, 32);
  desk.leads("L1", { status: "filled", filledQuantity: 10 });
  desk.leaderPositions([{ key: toPositionKey(SHARE, "INTRADAY"), net: 0 }]);
  desk.input({ kind: "tick" });
  desk.passes(2_000);
  desk.settle();
  assert.equal(desk.child("A", "exit").terms.quantity, 40);
});

test("while he is in, what an exit had nothing to take of stays", () => {
  const desk = missed(new Desk());
  desk.bought("L3", 100);
  desk.leads("L2", { status: "filled", filledQuantity: 100 });
  assert.deepEqual([desk.outbox, desk.net()], [[], 50]);
  desk.leads("L4", sold(100));
  assert.equal(desk.sentPlace().terms.quantity, 50);
});

test("it leaves to a trigger what that is to take, resting or fired", () => {
  for (const hasFired of [false, true]) {
    const desk = missed(new Desk(), { product: "CNC" });
    desk.bought("L3", 100, { product: "CNC" });
    const terms = { price: rupees(1_600), triggerPrice: rupees(1_601) };
    desk.leads("T1", { family: "forever", product: "CNC", side: "SELL", terms });
    desk.settle();
    const { brokerOrderId } = desk.child("T1", "exit");
    assert.ok(brokerOrderId);
    desk.leads("T1", { status: "filled" });
    if (hasFired) desk.sees(desk.broker.change(brokerOrderId, { status: "filled" }));
    const parentId = toBrokerOrderId("T1");
    desk.leads("C1", { ...sold(100), family: "trigger-child", product: "CNC", parentId });
    desk.leads("L2", { status: "filled", filledQuantity: 100 });
    assert.deepEqual(desk.childrenOf("L2", "exit"), []);
  }
});

test("it leaves to a group what its legs are to take", () => {
  const desk = missed(new GroupDesk());
  desk.inGroup("G1");
  desk.leads("L4", sold(100));
  desk.settle();
  desk.fills(desk.child("L4", "exit"));
  assert.equal(desk.copied(), 25);
  desk.leads("L2", { status: "filled", filledQuantity: 100 });
  assert.deepEqual(desk.childrenOf("L2", "exit"), []);
});

test("exits that ended short stand together for no more than was copied, the oldest first", () => {
  const desk = new Desk({ links: [linkOf({ sizing: { kind: "multiplier", bps: 10_000 } })] });
  desk.bought("L1", 10);
  desk.leads("A", { side: "SELL", terms: { quantity: 10, price: rupees(1_700) } });
  desk.settle();
  desk.setLink({ mode: "close-only" });
  desk.leads("L2", { status: "filled", filledQuantity: 10, terms: { quantity: 10 } });
  desk.leads("B", { side: "SELL", terms: { quantity: 20, price: rupees(1_710) } });
  desk.settle();
  desk.leads("A", { status: "cancelled", filledQuantity: 6 });
  desk.leads("B", { status: "cancelled", filledQuantity: 14 });
  desk.settle();
  const asked = ["A", "B"].map((id) => desk.child(id, "exit").terms.quantity);
  assert.deepEqual(asked, [6, 4]);
});
