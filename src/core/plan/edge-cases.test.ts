/** Cases that an attack on the core found, each of them once a way to lose money or to say nothing. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { linkOf, OPTION, orderOf } from "../../../test/core/builders.ts";
import { Desk } from "../../../test/core/desk.ts";
import { toAccountId, toLinkId } from "../model/ids.ts";
import { toMoneyE4 } from "../model/money.ts";

test("an enlarged entry does not pass the limit that a new one would not", () => {
  const guards = { maxOrderValue: toMoneyE4(100_000 * 10_000) };
  const desk = new Desk({ links: [linkOf({ guards })] });
  desk.leads("L1", { terms: { quantity: 10 } });
  desk.settle();
  desk.leads("L1", { terms: { quantity: 10_000 } });
  assert.equal(desk.outbox.length, 0);
});

test("the opening part is not too old because the closing part took its time", () => {
  const desk = new Desk();
  desk.bought("L1", 100);
  desk.leads("L2", { side: "SELL", terms: { quantity: 200 } });
  desk.leaderBook();
  desk.settle();
  desk.nowMs += 60_000;
  desk.leads("L2", { status: "filled", filledQuantity: 200 });
  desk.fills(desk.child("L2", "exit"));
  assert.equal(desk.outbox.length, 1);
});

test("an old order that the leader raises above one lot is copied: it is neither new nor old", () => {
  const desk = new Desk();
  desk.leads("L1", { instrument: OPTION, terms: { quantity: 65 } });
  desk.nowMs += 60_000;
  desk.leads("L1", { terms: { quantity: 130 } });
  assert.equal(desk.outbox.length, 1);
});

test("two links of opposite positions in one account can both be exited", () => {
  const second = toAccountId("second");
  const other = linkOf({ id: toLinkId("second-asha"), leader: second });
  const desk = new Desk({ links: [linkOf(), other] });
  desk.bought("L1", 100);
  const short = orderOf("M1", { side: "SELL", status: "filled", filledQuantity: 100 });
  desk.otherLeads(second, short);
  const leader = desk.otherLeaders.get(second);
  assert.ok(leader);
  desk.otherLeaders.set(second, { ...leader, confirmedSeq: 10_000 });
  const ids = [short.brokerOrderId];
  desk.input({ kind: "leaderOrders", leader: second, ids });
  desk.settle();
  desk.fills(desk.child("M1", "entry", other.id));
  assert.equal(desk.net(), 0);
  desk.leads("L2", { side: "SELL" });
  assert.equal(desk.outbox.length, 1);
});

test("what a second attempt at an entry fills belongs to the exit that waited for the first", () => {
  const desk = new Desk();
  desk.leads("L1", { status: "filled", filledQuantity: 100 });
  const first = desk.sent();
  desk.leads("L2", { side: "SELL", terms: { quantity: 50 }, status: "filled", filledQuantity: 50 });
  desk.answer(first, { kind: "notSent", text: "no connection" });
  desk.settle();
  desk.fills(desk.child("L1"));
  assert.equal(desk.sentPlace().terms.quantity, 25);
});

test("an exit that the leader's late fill completes is completed after its copy was closed", () => {
  const desk = new Desk();
  desk.bought("L1", 100);
  desk.leads("L2", { side: "SELL" });
  desk.settle();
  desk.leads("L2", { status: "cancelled" });
  desk.settle();
  desk.leads("L2", { status: "filled", filledQuantity: 100 });
  assert.equal(desk.sentPlace().terms.quantity, 50);
});

test("an IOC exit that filled short of its share is told to a person", () => {
  const desk = new Desk();
  desk.bought("L1", 100);
  const filled = { status: "filled", filledQuantity: 100 } as const;
  desk.leads("L2", { side: "SELL", ...filled, terms: { validity: "IOC" } });
  desk.settle();
  desk.fills(desk.child("L2", "exit"), 20);
  desk.shows(desk.child("L2", "exit"), { status: "cancelled" });
  assert.ok(desk.alarms().length + desk.skips().length > 0);
});

test("an exit that filled before the leader's was rejected is told to a person", () => {
  const desk = new Desk();
  desk.bought("L1", 100);
  desk.leads("L2", { side: "SELL" });
  desk.settle();
  desk.fills(desk.child("L2", "exit"));
  desk.leads("L2", { status: "rejected", reason: "RMS" });
  assert.ok(desk.alarms().length > 0);
});

test("an order that stands in the book under the same name is taken, not placed a second time", () => {
  const before = new Desk();
  before.leads("L1");
  before.settle();
  // The journal of an earlier moment was put back: it knows the link, and nothing of the copy.
  const after = new Desk();
  after.sees(...before.broker.orders.values());
  after.leads("L1");
  assert.deepEqual(after.outbox, []);
  assert.equal(after.child("L1").brokerOrderId, before.child("L1").brokerOrderId);
  assert.equal(after.child("L1").state, "working");
});
