/** What is at the broker against what should be there: changes that are asked for, or are not. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { linkOf, type OrderChange, orderOf, rupees } from "../../../test/core/builders.ts";
import { Desk } from "../../../test/core/desk.ts";
import { GroupDesk } from "../../../test/core/group-desk.ts";
import type { OrderTerms } from "../model/order.ts";

/** At the market: the limit that he had is gone. */
const AT_MARKET = { type: "MARKET", price: undefined } as unknown as Partial<OrderTerms>;
const OCO: OrderChange = {
  family: "forever",
  product: "CNC",
  side: "SELL",
  terms: { price: rupees(1_600), triggerPrice: rupees(1_601) },
  second: { quantity: 100, triggerPrice: rupees(1_700), price: rupees(1_699) },
};

test("a limit that becomes a market order without any known price is left as it is", () => {
  const desk = new Desk();
  desk.leads("L1");
  desk.settle();
  desk.leads("L1", { terms: AT_MARKET });
  assert.deepEqual(desk.outbox, []);
  desk.leads("L1", { lastPrice: rupees(1_652), reason: "known by now" });
  const change = desk.sent();
  assert.ok(change.kind === "modify" && change.terms.price && change.terms.price > rupees(1_652));
});

test("where market orders pass, a price is given up and taken again like any other change", () => {
  const desk = new Desk({ links: [linkOf({ marketOrders: "pass" })] });
  desk.leads("L1");
  desk.settle();
  desk.leads("L1", { terms: AT_MARKET });
  const first = desk.sent();
  assert.ok(first.kind === "modify" && first.terms.type === "MARKET");
  desk.accept(first);
  desk.leads("L1", { terms: { type: "LIMIT", price: rupees(1_651) } });
  const second = desk.sent();
  assert.ok(second.kind === "modify" && second.terms.price === rupees(1_651));
});

test("the target half of an OCO is changed with it, for the follower's quantity", () => {
  const desk = new Desk();
  desk.bought("L1", 100, { product: "CNC" });
  desk.leads("T1", OCO);
  desk.settle();
  const second = { quantity: 100, triggerPrice: rupees(1_710), price: rupees(1_709) };
  desk.leads("T1", { second });
  const change = desk.sent();
  assert.ok(change.kind === "modify");
  assert.deepEqual(change.second, { ...second, quantity: 50 });
  desk.accept(change);
  assert.deepEqual(desk.child("T1", "exit").second, { ...second, quantity: 50 });
  assert.deepEqual(desk.outbox, []);
});

test("in transit a repeated frame of the same order neither releases what is prepared nor takes it back", () => {
  const desk = new Desk();
  desk.leads("L1", { status: "transit" });
  desk.nowMs += 1_000;
  desk.leads("L1", { status: "transit" });
  assert.deepEqual([desk.prepared.size, desk.outbox.length], [1, 0]);
});

test("what is prepared is not released beside an unknown order of its instrument", () => {
  const desk = new Desk();
  desk.leads("L2", { status: "transit" });
  desk.leads("L1");
  const first = desk.sent();
  desk.losesReply(first);
  desk.leads("L2", { status: "working" });
  assert.deepEqual(desk.outbox, []);
  assert.equal(desk.holdOf("L2", "entry"), "unknown-order");
  const found = desk.broker.byCorrelation(first.correlationId);
  assert.ok(found);
  desk.sees({ ...found, status: "working" });
  assert.equal(desk.sentPlace().terms.quantity, 50);
});

test("a trigger that has fired although its end is not told yet is not cancelled, but what it has fired", () => {
  const desk = new Desk();
  desk.leads("T1", { ...OCO, side: "BUY" });
  desk.settle();
  const child = desk.child("T1");
  assert.ok(child.brokerOrderId);
  const terms = { quantity: 50, price: rupees(1_600) };
  const fired = { family: "trigger-child", product: "CNC", terms } as const;
  desk.sees(orderOf("X1", { ...fired, parentId: child.brokerOrderId }));
  desk.leads("T1", { status: "cancelled" });
  const cancel = desk.sent();
  assert.equal(cancel.kind !== "place" && cancel.brokerOrderId, "X1");
});

test("an entry whose outcome is unknown when entries stop is not cancelled under a name nobody has", () => {
  const desk = new Desk();
  desk.leads("L1");
  desk.losesReply(desk.sent());
  desk.links.clear();
  desk.input({ kind: "stopEntries", cause: "kill", by: "asha", text: "" });
  assert.deepEqual(desk.outbox, []);
  assert.equal(desk.holdOf("L1", "entry"), "unknown-order");
});

test("a group's entry that the broker does not let shrink to what has filled is not asked again", () => {
  const desk = new GroupDesk();
  desk.leadsSuper("L1");
  desk.settle();
  desk.entryFills("L1", 20);
  desk.leads("L1", { status: "cancelled" });
  const shrink = desk.sent();
  assert.equal(shrink.kind === "modify" && shrink.terms.quantity, 20);
  desk.rejects(shrink, "input");
  desk.input({ kind: "tick" });
  assert.deepEqual(desk.sentLines(), []);
  assert.equal(desk.holdOf("L1", "entry"), "change-refused");
});

test("a change that reads of the order show as not taken is given up, and a person hears of it", () => {
  const desk = new Desk();
  desk.leads("L1");
  desk.settle();
  desk.leads("L1", { terms: { price: rupees(1_651) } });
  for (let tries = 1; tries <= 3; tries += 1) {
    const change = desk.sent();
    assert.equal(change.kind, "modify");
    // The broker has it not, and says nothing.
    desk.answer(change, { kind: "unknown", text: "no reply" });
    desk.nowMs += 4_000;
    const { correlationId } = change;
    const order = desk.broker.byCorrelation(correlationId);
    assert.ok(order);
    desk.input({ kind: "orderRead", correlationId, startedAtMs: desk.nowMs, order });
  }
  assert.deepEqual(desk.outbox, []);
  assert.equal(desk.alarms().at(-1), "change-refused");
});

for (const [why, rule, averagePrice] of [
  ["no average of the leader's is known", 100, undefined],
  ["his own limit allows more than the chase", 10, rupees(1_640)],
] as const) {
  test(`nothing is chased while ${why}`, () => {
    const chase = { kind: "chase", afterMs: 10_000, maxDistanceBps: rule } as const;
    const desk = new Desk({ links: [linkOf({ afterLeaderFilled: chase })] });
    desk.leads("L1");
    desk.settle();
    const filled = { status: "filled", filledQuantity: 100 } as const;
    desk.leads("L1", averagePrice === undefined ? filled : { ...filled, averagePrice });
    desk.passes(60_000);
    assert.deepEqual(desk.outbox, []);
  });
}

test("a group that still rests when the leader's has filled is chased with its levels", () => {
  const chase = { kind: "chase", afterMs: 10_000, maxDistanceBps: 100 } as const;
  const desk = new GroupDesk({ links: [linkOf({ afterLeaderFilled: chase })] });
  desk.leadsSuper("L1");
  desk.settle();
  desk.leaderFills("L1");
  desk.passes(10_000);
  const change = desk.sent();
  assert.ok(change.kind === "modify" && change.protection);
  assert.equal(change.terms.price, rupees(1_666.5));
});
