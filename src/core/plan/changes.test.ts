import assert from "node:assert/strict";
import { test } from "node:test";
import { linkOf, rupees } from "../../../test/core/builders.ts";
import { Desk } from "../../../test/core/desk.ts";
import type { ModifyCommand } from "../model/command.ts";

function modification(desk: Desk): ModifyCommand {
  const command = desk.sent();
  assert.equal(command.kind, "modify");
  return command as ModifyCommand;
}

function copied(quantity = 100): Desk {
  const desk = new Desk();
  desk.leads("L1", { terms: { quantity } });
  desk.settle();
  return desk;
}

test("a raised quantity is scaled, and restates the total and the terms", () => {
  const desk = copied();
  desk.leads("L1", { terms: { quantity: 300 } });
  const { terms } = modification(desk);
  assert.deepEqual([terms.quantity, terms.price, terms.type], [150, rupees(1650), "LIMIT"]);
});

test("a lowered quantity is scaled", () => {
  const desk = copied();
  desk.leads("L1", { terms: { quantity: 40 } });
  assert.equal(modification(desk).terms.quantity, 20);
});

test("a price alone leaves the quantity", () => {
  const desk = copied(101);
  desk.leads("L1", { terms: { price: rupees(1651) } });
  const { terms } = modification(desk);
  assert.deepEqual([terms.quantity, terms.price], [50, rupees(1651)]);
});

test("a later multiplier does not resize what is open", () => {
  const desk = copied();
  desk.setLink({ sizing: { kind: "multiplier", bps: 10_000 } });
  desk.leads("L1", { terms: { quantity: 120 } });
  assert.equal(modification(desk).terms.quantity, 60);
});

test("never below what has filled: what rests is cancelled instead", () => {
  const desk = copied();
  desk.fills(desk.child("L1"), 40);
  desk.leads("L1", { terms: { quantity: 60 } });
  assert.equal(desk.sent().kind, "cancel");
});

test("after a partial fill the total is restated, filled units included", () => {
  const desk = copied();
  desk.fills(desk.child("L1"), 20);
  desk.leads("L1", { terms: { quantity: 80 } });
  assert.equal(modification(desk).terms.quantity, 40);
});

test("a limit that becomes a stop is changed in type and trigger", () => {
  const desk = copied();
  desk.leads("L1", { terms: { type: "STOP_LOSS", triggerPrice: rupees(1649), validity: "IOC" } });
  const { terms } = modification(desk);
  assert.deepEqual(
    [terms.type, terms.triggerPrice, terms.validity],
    ["STOP_LOSS", rupees(1649), "IOC"],
  );
});

test("a burst while a modification is on its way ends in its last value", () => {
  const desk = copied();
  desk.leads("L1", { terms: { price: rupees(1651) } });
  const first = modification(desk);
  for (const price of [1652, 1653, 1654]) desk.leads("L1", { terms: { price: rupees(price) } });
  assert.deepEqual(desk.outbox, []);
  desk.accept(first);
  assert.equal(modification(desk).terms.price, rupees(1654));
});

test("a modification before the broker has answered follows the answer", () => {
  const desk = new Desk();
  desk.leads("L1");
  const place = desk.sentPlace();
  desk.leads("L1", { terms: { price: rupees(1651) } });
  assert.deepEqual(desk.outbox, []);
  assert.equal(desk.holdOf("L1", "entry"), "awaiting-ack");
  desk.accept(place);
  assert.equal(modification(desk).terms.price, rupees(1651));
});

test("a child in transit may be modified: the broker takes that", () => {
  const desk = new Desk();
  desk.leads("L1");
  const place = desk.sentPlace();
  desk.answer(place, desk.broker.take(place));
  desk.leads("L1", { terms: { price: rupees(1651) } });
  assert.equal(modification(desk).terms.price, rupees(1651));
});

test("the 25th modification cancels and places what is left, under a new name", () => {
  const desk = copied();
  for (let index = 1; index <= 24; index += 1) {
    desk.leads("L1", { terms: { price: rupees(1650 + index) } });
    desk.accept(modification(desk));
  }
  desk.fills(desk.child("L1"), 10);
  const first = desk.child("L1");
  assert.equal(first.modifications, 24);
  desk.leads("L1", { terms: { price: rupees(1700) } });
  const cancel = desk.sent();
  assert.equal(cancel.kind, "cancel");
  desk.accept(cancel);
  const place = desk.sentPlace();
  assert.deepEqual([place.terms.quantity, place.terms.price], [40, rupees(1700)]);
  assert.notEqual(place.correlationId, first.correlationId);
  assert.deepEqual(desk.alarms(), []);
});

test("a modification that the broker refused is not repeated, another is sent", () => {
  const desk = copied();
  desk.leads("L1", { terms: { price: rupees(1900) } });
  desk.rejects(modification(desk), "price-band");
  desk.input({ kind: "tick" });
  assert.deepEqual(desk.outbox, []);
  assert.equal(desk.holdOf("L1", "entry"), "change-refused");
  assert.deepEqual(desk.alarms(), ["change-refused"]);
  desk.leads("L1", { terms: { price: rupees(1660) } });
  assert.equal(modification(desk).terms.price, rupees(1660));
});

test("a modification that never left is sent again", () => {
  const desk = copied();
  desk.leads("L1", { terms: { price: rupees(1651) } });
  desk.answer(desk.sent(), { kind: "notSent", text: "no connection" });
  assert.equal(modification(desk).terms.price, rupees(1651));
});

test("a modification of unknown outcome waits for a read of the order", () => {
  const desk = copied();
  desk.leads("L1", { terms: { price: rupees(1651) } });
  const modify = modification(desk);
  desk.answer(modify, { kind: "unknown", text: "no reply" });
  desk.leads("L1", { terms: { price: rupees(1652) } });
  assert.deepEqual(desk.outbox, []);
  const order = desk.broker.order(modify.brokerOrderId);
  const { correlationId } = modify;
  desk.nowMs += 1_000;
  desk.input({ kind: "orderRead", correlationId, startedAtMs: desk.nowMs, order });
  assert.equal(modification(desk).terms.price, rupees(1652));
});

test("terms that the book shows to be others, after the settling time, are asked for again", () => {
  const desk = copied();
  desk.leads("L1", { terms: { price: rupees(1651) } });
  desk.answer(modification(desk), {
    kind: "accepted",
    brokerOrderId: desk.broker.order("F1" as never).brokerOrderId,
    status: "working",
  });
  desk.nowMs += 2_999;
  desk.readsBook();
  assert.deepEqual(desk.outbox, []);
  desk.nowMs += 1;
  desk.readsBook();
  assert.equal(modification(desk).terms.price, rupees(1651));
});

test("a market order's limit as the broker made it is left alone", () => {
  const desk = new Desk({ links: [linkOf({ marketOrders: "pass" })] });
  desk.leads("L1", { terms: { type: "MARKET", price: undefined } as never });
  desk.settle();
  desk.nowMs += 60_000;
  const child = desk.child("L1");
  desk.shows(child, { terms: { ...child.terms, type: "LIMIT", price: rupees(1655) } });
  desk.readsBook();
  assert.deepEqual(desk.outbox, []);
});

test("a filled copy of an order that the leader then enlarges is completed by a second order", () => {
  const desk = copied();
  desk.fills(desk.child("L1"));
  desk.leads("L1", { terms: { quantity: 160 } });
  const place = desk.sentPlace();
  assert.equal(place.terms.quantity, 30);
});

test("the leader's cancel cancels the unfilled copy, once, however often it is told", () => {
  const desk = copied();
  desk.leads("L1", { status: "cancelled" });
  const cancel = desk.sent();
  desk.leads("L1", { status: "cancelled" });
  desk.input({ kind: "tick" });
  assert.deepEqual(desk.outbox, []);
  desk.accept(cancel);
  assert.equal(desk.child("L1").state, "cancelled");
  assert.equal(desk.follower.openCopies.size, 0);
  assert.deepEqual(desk.alarms(), []);
});

test("a cancel waits until the order has left transit", () => {
  const desk = new Desk();
  desk.leads("L1");
  const place = desk.sentPlace();
  desk.answer(place, desk.broker.take(place));
  desk.leads("L1", { status: "cancelled" });
  assert.deepEqual(desk.outbox, []);
  assert.equal(desk.holdOf("L1", "entry"), "awaiting-exchange");
  desk.shows(desk.child("L1"), { status: "working" });
  assert.equal(desk.sent().kind, "cancel");
});

test("a change refused because of transit is asked again when the order has left it, or after a second", () => {
  for (const isSeen of [true, false]) {
    const desk = new Desk();
    desk.leads("L1");
    const place = desk.sentPlace();
    desk.answer(place, desk.broker.take(place));
    desk.leads("L1", { terms: { price: rupees(1_651) } });
    desk.rejects(desk.sent(), "transit");
    assert.deepEqual([desk.outbox, desk.holdOf("L1", "entry")], [[], "awaiting-exchange"]);
    desk.passes(999);
    assert.deepEqual(desk.outbox, []);
    if (isSeen) desk.shows(desk.child("L1"), { status: "working" });
    else desk.passes(1);
    assert.equal(desk.sent().kind, "modify");
  }
});

test("a cancel refused because of transit is sent again once the order is seen working", () => {
  const desk = copied();
  desk.leads("L1", { status: "cancelled" });
  desk.rejects(desk.sent(), "transit");
  assert.equal(desk.holdOf("L1", "entry"), "awaiting-exchange");
  assert.deepEqual(desk.alarms(), []);
  desk.readsBook();
  assert.equal(desk.sent().kind, "cancel");
});

test("a cancel before the broker has answered takes the order back or waits for it", () => {
  const desk = new Desk();
  desk.leads("L1");
  const place = desk.sentPlace();
  desk.leads("L1", { status: "cancelled" });
  assert.deepEqual(desk.withdrawn, [place.correlationId]);
  desk.answer(place, { kind: "notSent", text: "taken back" });
  assert.deepEqual(desk.outbox, []);
  assert.equal(desk.follower.openCopies.size, 0);
});

test("a cancel that was too late to take the order back follows its answer", () => {
  const desk = new Desk();
  desk.leads("L1");
  const place = desk.sentPlace();
  desk.leads("L1", { status: "cancelled" });
  desk.accept(place);
  assert.equal(desk.sent().kind, "cancel");
});

test("a cancel that lost the race against the fill asks for nothing more", () => {
  const desk = copied();
  desk.leads("L1", { status: "cancelled" });
  const cancel = desk.sent();
  desk.fills(desk.child("L1"));
  desk.answer(cancel, desk.broker.take(cancel));
  assert.deepEqual(desk.outbox, []);
  assert.equal(desk.child("L1").state, "filled");
  assert.equal(desk.copied(), 50);
});

test("a cancel that was accepted and did nothing is sent again when the book shows it", () => {
  const desk = copied();
  desk.leads("L1", { status: "cancelled" });
  desk.answer(desk.sent(), {
    kind: "accepted",
    brokerOrderId: "F1" as never,
    status: "working",
  });
  desk.nowMs += 2_999;
  desk.readsBook();
  assert.deepEqual(desk.outbox, []);
  desk.nowMs += 1;
  desk.readsBook();
  assert.equal(desk.sent().kind, "cancel");
});

test("a refused cancel is settled by reading the order, and given up after its limit", () => {
  const desk = new Desk({ limits: { maxCancels: 3 } });
  desk.leads("L1");
  desk.settle();
  desk.leads("L1", { status: "cancelled" });
  for (let index = 0; index < 3; index += 1) {
    const cancel = desk.sent();
    desk.rejects(cancel, "other", "not cancellable");
    desk.nowMs += 1_000;
    const { correlationId } = cancel;
    const order = desk.broker.order("F1" as never);
    desk.input({ kind: "orderRead", correlationId, startedAtMs: desk.nowMs, order });
  }
  assert.deepEqual(desk.outbox, []);
  assert.equal(desk.holdOf("L1", "entry"), "change-refused");
  assert.deepEqual(desk.alarms(), ["change-refused", "change-refused", "change-refused"]);
});

// biome-ignore format: a table is read in columns
const PARTLY: readonly (readonly [string, number, number, string])[] = [
  // why,                                                 leader filled, ours filled, what follows
  ["ours has filled less: the total comes down to his",             60,          10, "modify 30"],
  ["ours has filled as much: the rest is cancelled",                60,          30, "cancel"],
  ["ours has filled more: the rest is cancelled",                   20,          40, "cancel"],
  ["ours has filled nothing, his was one unit: cancelled",           1,           0, "cancel"],
];

for (const [why, leaderFilled, ourFilled, expected] of PARTLY) {
  test(`the leader cancels after a partial fill; ${why}`, () => {
    const desk = copied();
    if (ourFilled > 0) desk.fills(desk.child("L1"), ourFilled);
    desk.leads("L1", { filledQuantity: leaderFilled });
    desk.leads("L1", { status: "cancelled" });
    const command = desk.sent();
    const text = command.kind === "modify" ? `modify ${command.terms.quantity}` : command.kind;
    assert.equal(text, expected);
  });
}

test("the leader's order is rejected late: the copy is cancelled", () => {
  const desk = copied();
  desk.leads("L1", { status: "rejected", reason: "RMS" });
  const cancel = desk.sent();
  assert.equal(cancel.kind, "cancel");
  desk.accept(cancel);
  assert.deepEqual(desk.alarms(), []);
  assert.equal(desk.follower.openCopies.size, 0);
});

test("the leader's order is rejected late and the copy has filled: a person hears of it", () => {
  const desk = copied();
  desk.fills(desk.child("L1"));
  desk.leads("L1", { status: "rejected", reason: "RMS" });
  assert.deepEqual(desk.outbox, []);
  assert.deepEqual(desk.alarms(), ["withdrawn-after-fill"]);
});

test("the leader's order is rejected late and the fill wins against our cancel: alarm", () => {
  const desk = copied();
  desk.leads("L1", { status: "rejected", reason: "RMS" });
  desk.sent();
  desk.fills(desk.child("L1"));
  assert.deepEqual(desk.alarms(), ["withdrawn-after-fill"]);
});

test("units that a cancelled order turns out to have filled raise an alarm", () => {
  const desk = copied();
  desk.leads("L1", { status: "cancelled" });
  desk.settle();
  desk.shows(desk.child("L1"), { filledQuantity: 30 });
  assert.deepEqual(desk.alarms(), ["filled-after-cancel"]);
  assert.equal(desk.copied(), 30);
});

test("an order that filled after its cancel was confirmed raises an alarm", () => {
  const desk = copied();
  desk.leads("L1", { status: "cancelled" });
  desk.settle();
  desk.shows(desk.child("L1"), { status: "filled", filledQuantity: 50 });
  assert.deepEqual(desk.alarms(), ["filled-after-cancel"]);
  assert.equal(desk.copied(), 50);
});

test("the leader is flat again while the copy rests: the copy is cancelled", () => {
  const desk = copied();
  desk.leads("L1", { status: "filled", filledQuantity: 100 });
  desk.leads("L2", { side: "SELL", status: "filled", filledQuantity: 100 });
  desk.accept(desk.sent());
  assert.equal(desk.child("L1").state, "cancelled");
  assert.equal(desk.copied(), 0);
  assert.equal(desk.follower.openCopies.size, 0);
});

test("an order that turns from entry to exit leaves no entry behind, resized or not", () => {
  const desk = new Desk();
  desk.leads("L1", { side: "SELL", terms: { quantity: 20 } });
  desk.leads("L2", { terms: { quantity: 10 } });
  desk.settle();
  desk.leads("L1", { status: "filled", filledQuantity: 20 });
  desk.accept(desk.sent());
  assert.equal(desk.child("L2", "exit").state, "cancelled");
  desk.leads("L2", { terms: { quantity: 20 } });
  assert.deepEqual(desk.outbox, []);
});

test("an order that turns from exit to entry when it is resized leaves no exit behind", () => {
  const desk = copied();
  desk.fills(desk.child("L1"));
  desk.leads("L1", { status: "filled", filledQuantity: 100 });
  desk.leads("L2", { side: "SELL", terms: { quantity: 50 } });
  desk.settle();
  desk.leads("L3", { side: "SELL", status: "filled", filledQuantity: 100 });
  desk.leaderBook();
  desk.settle();
  desk.leads("L2", { terms: { quantity: 60 } });
  desk.settle();
  assert.equal(desk.child("L2", "exit").state, "cancelled");
});
