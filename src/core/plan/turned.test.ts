import assert from "node:assert/strict";
import { test } from "node:test";
import { orderOf } from "../../../test/core/builders.ts";
import { Desk } from "../../../test/core/desk.ts";

test("an order that the leader turns into an exit after somebody ended its copy is exited all the same", () => {
  const desk = new Desk();
  desk.leads("L2", { side: "SELL" });
  desk.leaderBook();
  desk.settle();
  desk.shows(desk.child("L2"), { status: "cancelled" });
  assert.deepEqual(desk.skips(), ["entry cancelled-elsewhere"]);
  desk.leads("L1", { status: "filled", filledQuantity: 100 });
  desk.settle();
  desk.fills(desk.child("L1"));
  desk.leads("L2", {});
  desk.input({ kind: "tick" });
  desk.settle();
  const exit = desk.child("L2", "exit");
  assert.deepEqual([exit.side, exit.terms.quantity, exit.state], ["SELL", 50, "working"]);
});

test("what a turned order has filled beyond the exit counts for what the order still opens", () => {
  const desk = new Desk();
  // A purchase rests; the leader sells 40 short beside it, so 40 of its 100 reduce by now.
  desk.leads("L1");
  desk.settle();
  const entry = desk.child("L1");
  desk.leads("L2", { side: "SELL", status: "filled", filledQuantity: 40, terms: { quantity: 40 } });
  desk.leaderBook();
  // The copy of the purchase fills before its cancel arrives.
  desk.fills(entry);
  desk.settle();
  desk.fills(desk.child("L2"));
  desk.settle();
  const placed = desk.recorded.filter(
    ({ fact }) => fact.kind === "placeIntended" && fact.command.side === "BUY",
  );
  assert.equal(placed.length, 1);
});

/** A purchase rests, the leader is 40 short beside it, and its copy has filled before any cancel. */
function turnedAndFilled(): Desk {
  const desk = new Desk();
  desk.leads("L1");
  desk.settle();
  const entry = desk.child("L1");
  // He is short by now, so that his purchase reduces; nobody could cancel its copy in time.
  desk.input({ kind: "suspended", reason: "auth", text: "token expired" });
  const terms = { quantity: 40 };
  desk.leads("L2", { side: "SELL", status: "filled", filledQuantity: 40, terms });
  desk.leaderBook();
  desk.fills(entry);
  return desk;
}

/** What people were told of as filled beyond what the leader's orders stand for. */
function beyondOf(desk: Desk) {
  return desk.recorded.flatMap(({ fact }) =>
    fact.kind === "alarmed" && fact.code === "filled-beyond-leader" ? [fact.inputs] : [],
  );
}

test("a person hears of what a turned order has filled when the leader ends his without a fill", () => {
  const desk = turnedAndFilled();
  desk.leads("L1", { status: "cancelled" });
  assert.deepEqual(beyondOf(desk), [{ filled: 50, wanted: 0 }]);
});

test("what a turned order has filled is no part of what it exits, although his short grows", () => {
  const desk = turnedAndFilled();
  const terms = { quantity: 30 };
  desk.leads("L3", { side: "SELL", status: "filled", filledQuantity: 30, terms });
  desk.leaderBook();
  desk.leads("L1", { status: "cancelled" });
  assert.deepEqual(beyondOf(desk), [{ filled: 50, wanted: 0 }]);
});

test("the same where he had changed its quantity as well, so that its copy was to be cancelled", () => {
  const desk = new Desk();
  desk.leads("L1");
  desk.settle();
  const terms = { quantity: 40 };
  // A read of his books tells both at once.
  desk.leaderBook([
    orderOf("L1", { terms: { quantity: 20 } }),
    orderOf("L2", { side: "SELL", status: "filled", filledQuantity: 40, terms }),
  ]);
  desk.fills(desk.child("L1"));
  desk.leaderBook([orderOf("L1", { terms: { quantity: 20 }, status: "cancelled" })]);
  // Until the entry that it might exit has come to something, it waits.
  desk.outbox = desk.outbox.filter(({ kind }) => kind === "place");
  desk.settle();
  desk.fills(desk.child("L2"));
  assert.deepEqual(beyondOf(desk), [{ filled: 50, wanted: 0 }]);
});
