import assert from "node:assert/strict";
import { test } from "node:test";
import { type OrderChange, orderOf, rupees } from "../../../test/core/builders.ts";
import { Desk } from "../../../test/core/desk.ts";
import { type BrokerOrderId, toBrokerOrderId } from "../model/ids.ts";
import type { OrderObservation } from "../model/order.ts";

const TRIGGER = {
  family: "forever",
  product: "CNC",
  terms: { price: rupees(1_600), triggerPrice: rupees(1_601) },
} as const;

/** The leader's trigger has fired C1, the follower's has fired X1: BUY 100 and BUY 50, both resting. */
function fired(): { desk: Desk; triggerId: BrokerOrderId; own: OrderObservation } {
  const { desk, triggerId } = firedUnseen();
  const own = ofTrigger(triggerId);
  desk.sees(own);
  return { desk, triggerId, own };
}

function firedUnseen(): { desk: Desk; triggerId: BrokerOrderId } {
  const desk = new Desk();
  desk.leads("T1", TRIGGER);
  desk.settle();
  const { brokerOrderId: triggerId } = desk.child("T1");
  assert.ok(triggerId);
  desk.leads("T1", { status: "filled" });
  desk.leads("C1", {
    family: "trigger-child",
    product: "CNC",
    parentId: toBrokerOrderId("T1"),
    terms: { price: rupees(1_600) },
  });
  desk.sees(desk.broker.change(triggerId, { status: "filled" }));
  return { desk, triggerId };
}

function ofTrigger(parentId: BrokerOrderId): OrderObservation {
  const terms = { quantity: 50, price: rupees(1_600) };
  return orderOf("X1", { parentId, family: "trigger-child", product: "CNC", terms });
}

test("the leader cancels what his trigger fired: what the follower's fired is cancelled", () => {
  const { desk } = fired();
  desk.leads("C1", { status: "cancelled" });
  const cancel = desk.sent();
  assert.deepEqual(
    [cancel.kind, cancel.kind !== "place" && cancel.brokerOrderId],
    ["cancel", "X1"],
  );
});

test("the leader cancels his trigger and the follower's has fired: what that sent is cancelled", () => {
  const desk = new Desk();
  desk.leads("T1", TRIGGER);
  desk.settle();
  const { brokerOrderId: triggerId } = desk.child("T1");
  assert.ok(triggerId);
  desk.sees(desk.broker.change(triggerId, { status: "filled" }));
  desk.sees(ofTrigger(triggerId));
  assert.deepEqual(desk.outbox, []);
  desk.leads("T1", { status: "cancelled" });
  const cancel = desk.sent();
  assert.equal(cancel.kind !== "place" && cancel.brokerOrderId, "X1");
});

test("a cancel of it that came too early is asked again for as long as it rests", () => {
  const { desk, own } = fired();
  desk.leads("C1", { status: "cancelled" });
  desk.rejects(desk.sent(), "transit", "Order is in Transit state");
  desk.passes(1_000);
  assert.deepEqual(desk.outbox, []);
  desk.passes(1_500);
  assert.equal(desk.sent().kind, "cancel");
  desk.sees({ ...own, status: "cancelled" });
  desk.passes(60_000);
  assert.deepEqual(desk.outbox, []);
});

test("a cancel that the broker refuses again and again is given up, and a person hears of it", () => {
  const { desk } = fired();
  desk.leads("C1", { status: "cancelled" });
  for (let asked = 0; asked < 10; asked += 1) {
    desk.rejects(desk.sent(), "transit", "Order is in Transit state");
    desk.passes(2_000);
  }
  assert.deepEqual(desk.outbox, []);
  assert.deepEqual(desk.alarms(), ["change-refused"]);
});

test("while the account is suspended nothing of it is asked; afterwards it is", () => {
  const { desk } = fired();
  desk.input({ kind: "suspended", reason: "auth", text: "token expired" });
  desk.leads("C1", { status: "cancelled" });
  assert.deepEqual(desk.outbox, []);
  desk.input({ kind: "resumed" });
  desk.passes(2_500);
  assert.equal(desk.sent().kind, "cancel");
});

test("the leader's fired order fills: the follower's goes on resting", () => {
  const { desk } = fired();
  desk.leads("C1", { status: "filled", filledQuantity: 100 });
  desk.passes(60_000);
  assert.deepEqual(desk.outbox, []);
});

test("the leader has left again: what still rests of the follower's entry is cancelled", () => {
  const { desk } = fired();
  desk.leads("C1", { status: "filled", filledQuantity: 100 });
  desk.leads("L2", { side: "SELL", product: "CNC", status: "filled", filledQuantity: 100 });
  const cancel = desk.sent();
  assert.deepEqual(
    [cancel.kind, cancel.kind !== "place" && cancel.brokerOrderId],
    ["cancel", "X1"],
  );
});

test("the leader's fired order ends short and the follower's has filled: a person hears of the units", () => {
  for (const [filled, wanted] of [
    [0, 0],
    [40, 20],
  ] as const) {
    const { desk, own } = fired();
    desk.leads("C1", { filledQuantity: filled });
    desk.leads("C1", { status: "cancelled" });
    desk.sees({ ...own, status: "filled", filledQuantity: 50 });
    assert.deepEqual(beyondOf(desk), [{ filled: 50, wanted }]);
  }
});

test("the follower's fired order has filled before the leader's ends short: a person hears of it then", () => {
  const { desk, own } = fired();
  desk.sees({ ...own, status: "filled", filledQuantity: 50 });
  assert.deepEqual(beyondOf(desk), []);
  desk.leads("C1", { status: "cancelled" });
  assert.deepEqual(beyondOf(desk), [{ filled: 50, wanted: 0 }]);
});

test("what was fired fills on both sides: nobody need hear of anything", () => {
  const { desk, own } = fired();
  desk.leads("C1", { status: "filled", filledQuantity: 100 });
  desk.sees({ ...own, status: "filled", filledQuantity: 50 });
  assert.deepEqual(desk.alarms(), []);
});

function beyondOf(desk: Desk) {
  return desk.recorded.flatMap(({ fact }) =>
    fact.kind === "alarmed" && fact.code === "filled-beyond-leader" ? [fact.inputs] : [],
  );
}

test("what the fired order still fills belongs to the exit that the leader has made meanwhile", () => {
  const { desk, own } = fired();
  desk.leads("C1", { status: "filled", filledQuantity: 100 });
  desk.sees({ ...own, filledQuantity: 20 });
  desk.leads("L2", { side: "SELL", product: "CNC" });
  desk.leaderBook();
  const exit = desk.sentPlace();
  assert.equal(exit.terms.quantity, 20);
  desk.accept(exit);
  desk.sees({ ...own, status: "filled", filledQuantity: 50 });
  const grown = desk.sent();
  assert.equal(grown.kind === "modify" && grown.terms.quantity, 50);
});

test("a trigger that has fired, told of before its order: an exit waits for what that has filled", () => {
  const { desk, triggerId } = firedUnseen();
  desk.leads("C1", { status: "filled", filledQuantity: 100 });
  desk.leads("L2", { side: "SELL", product: "CNC" });
  desk.leaderBook();
  assert.deepEqual(desk.outbox, []);
  // A row of the book, that does not say by which trigger it was sent.
  const { parentId: _parent, ...row } = ofTrigger(triggerId);
  desk.sees({ ...row, family: "plain", status: "filled", filledQuantity: 50 });
  assert.equal(desk.copied(undefined, "CNC"), 50);
  assert.equal(desk.sentPlace().terms.quantity, 50);
});

test("an order of a trigger that has fired is not seen for long: a person hears of it", () => {
  const { desk } = firedUnseen();
  desk.passes(31_000);
  assert.deepEqual(desk.alarms(), ["fired-unseen"]);
});

/** A follower with 50 has a trigger that sells them; the leader's has fired. */
function exitFired(): {
  desk: Desk;
  listed: () => void;
  sees: (change: OrderChange) => void;
} {
  const desk = new Desk();
  desk.bought("L1", 100, { product: "CNC" });
  desk.leads("T1", { ...TRIGGER, side: "SELL" });
  desk.settle();
  const { brokerOrderId: parentId } = desk.child("T1", "exit");
  assert.ok(parentId);
  desk.leads("T1", { status: "filled" });
  const own = { parentId, family: "trigger-child", side: "SELL", product: "CNC" } as const;
  const terms = { price: rupees(1_600) };
  return {
    desk,
    listed: () => desk.sees(desk.broker.change(parentId, { status: "filled" })),
    sees: (change) =>
      desk.sees(orderOf("X1", { ...own, ...change, terms: { ...terms, ...change.terms } })),
  };
}

test("an exit that was fired for fewer units than were copied is told of, and again when it has ended", () => {
  const { desk, listed, sees } = exitFired();
  sees({ terms: { quantity: 30 } });
  assert.deepEqual([desk.outbox, desk.alarms()], [[], []]);
  listed();
  assert.deepEqual(desk.alarms(), ["change-refused"]);
  assert.equal(desk.holdOf("T1", "exit"), "change-refused");
  sees({ terms: { quantity: 30 }, status: "filled", filledQuantity: 30 });
  assert.deepEqual(desk.alarms(), ["change-refused", "exit-ended-short"]);
  assert.deepEqual(desk.skips(), ["exit ended-short"]);
});

test("an exit that was fired for all that was copied is waited for, seen or not", () => {
  const { desk, listed, sees } = exitFired();
  listed();
  sees({ terms: { quantity: 50 }, filledQuantity: 20 });
  assert.equal(desk.holdOf("T1", "exit"), undefined);
  sees({ terms: { quantity: 50 }, status: "filled", filledQuantity: 50 });
  assert.deepEqual([desk.alarms(), desk.copied(undefined, "CNC")], [[], 0]);
});
