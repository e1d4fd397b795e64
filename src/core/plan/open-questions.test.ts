/**
 * What the core does not do yet, each as the test that will hold when it does. A question that was
 * answered leaves this file for the one it belongs to.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { rupees } from "../../../test/core/builders.ts";
import { Desk } from "../../../test/core/desk.ts";

test("the second of two orders under one name is cancelled", {
  todo: "it is told to a person and left alive",
}, () => {
  const desk = new Desk();
  desk.leads("L1");
  const place = desk.sent();
  desk.accept(place);
  desk.broker.take(place);
  desk.sees(desk.broker.change("F2" as never, { status: "working" }));
  assert.equal(desk.sent().kind, "cancel");
});

test("a cover that rests goes on when the entry of the other side fills first", {
  todo: "the new long offsets the old short, and the exit is withdrawn: flat, with him long",
}, () => {
  const desk = new Desk();
  desk.leads("L1", { side: "SELL", status: "filled", filledQuantity: 100 });
  desk.leaderBook();
  desk.settle();
  desk.fills(desk.child("L1"));
  desk.leads("L2", { status: "filled", filledQuantity: 100 });
  desk.leads("L3", { status: "filled", filledQuantity: 100, terms: { price: rupees(1660) } });
  desk.settle();
  desk.fills(desk.child("L3"));
  desk.settle();
  assert.equal(desk.child("L2", "exit").state, "working");
});

test("an order that waits for the leader's book has a named wait", {
  todo: "confirming-leader-book is never recorded",
}, () => {
  const desk = new Desk();
  desk.leads("L1", { side: "SELL" });
  assert.equal(desk.facts("held").length, 1);
});
