import assert from "node:assert/strict";
import { test } from "node:test";
import { rupees } from "../../../test/core/builders.ts";
import { Desk } from "../../../test/core/desk.ts";

test("in transit the copy is durable and kept back; once working it leaves without a new intent", () => {
  const desk = new Desk();
  desk.leads("L1", { status: "transit" });
  assert.equal(desk.outbox.length, 0);
  assert.equal(desk.facts("placeIntended").length, 1);
  assert.equal(desk.child("L1").isPrepared, true);
  desk.leads("L1", { status: "working" });
  assert.equal(desk.sentPlace().correlationId, desk.child("L1").correlationId);
  assert.equal(desk.facts("placeIntended").length, 1);
  assert.equal(desk.child("L1").isPrepared, false);
});

test("an order that the broker's risk check refuses is never copied, and the reason stands", () => {
  const desk = new Desk();
  desk.leads("L1", { status: "transit" });
  desk.leads("L1", { status: "rejected" });
  assert.equal(desk.outbox.length, 0);
  assert.equal(desk.child("L1").state, "notSent");
  assert.deepEqual(desk.skips(), ["all leader-rejected"]);
  assert.deepEqual(desk.alarms(), []);
});

test("terms changed in transit: what was prepared is taken back, and the new terms go when due", () => {
  const desk = new Desk();
  desk.leads("L1", { status: "transit" });
  const first = desk.child("L1").correlationId;
  desk.leads("L1", { terms: { price: rupees(1_701) } });
  desk.leads("L1", { terms: { price: rupees(1_702) } });
  assert.equal(desk.outbox.length, 0);
  desk.leads("L1", { status: "working" });
  const placed = desk.sentPlace();
  assert.notEqual(placed.correlationId, first);
  assert.equal(placed.terms.price, rupees(1_702));
});

test("an account suspended meanwhile sends nothing that was prepared", () => {
  const desk = new Desk();
  desk.leads("L1", { status: "transit" });
  desk.input({ kind: "suspended", reason: "auth", text: "Invalid Token" });
  desk.leads("L1", { status: "working" });
  assert.equal(desk.outbox.length, 0);
  assert.deepEqual(desk.skips(), ["entry account-suspended"]);
});

test("what was prepared when the process died is unknown: it may have been released", () => {
  const desk = new Desk();
  desk.leads("L1", { status: "transit" });
  desk.input({ kind: "restarted" });
  desk.leads("L1", { status: "working" });
  assert.equal(desk.outbox.length, 0);
  assert.equal(desk.child("L1").state, "unknown");
});

test("an order first seen as traded while its copy was prepared is copied at once", () => {
  const desk = new Desk();
  desk.leads("L1", { status: "transit" });
  desk.leads("L1", { status: "filled", filledQuantity: 100 });
  assert.equal(desk.sentPlace().terms.quantity, desk.child("L1").terms.quantity);
});
