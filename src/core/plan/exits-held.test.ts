/** Exits where the account holds less, or more, than was copied into it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { linkOf, type OrderChange, orderOf, SHARE } from "../../../test/core/builders.ts";
import { Desk } from "../../../test/core/desk.ts";
import { toAccountId, toLinkId } from "../model/ids.ts";
import { toPositionKey } from "../order/account-book.ts";

const KEY = toPositionKey(SHARE, "INTRADAY");

/** A leader with 100 and a follower with 50 of it. */
function holding(change: OrderChange = {}): Desk {
  const desk = new Desk();
  desk.bought("L1", 100, change);
  return desk;
}

const sell = (quantity: number, change: OrderChange = {}): OrderChange => ({
  side: "SELL",
  ...change,
  terms: { quantity, ...change.terms },
});

test("the follower has sold by hand: the exit is capped, and he is not turned short", () => {
  const desk = holding();
  desk.input({ kind: "positions", nets: [{ key: KEY, net: 20 }] });
  desk.leads("L2", sell(100));
  const place = desk.sentPlace();
  assert.equal(place.terms.quantity, 20);
  desk.accept(place);
  desk.fills(desk.child("L2", "exit"));
  assert.deepEqual(desk.outbox, []);
  assert.equal(desk.holdOf("L2", "exit"), "account-holds-less");
  assert.equal(desk.net(), 0);
});

test("the follower has sold everything by hand: nothing is sent, and it is said once", () => {
  const desk = holding();
  desk.input({ kind: "positions", nets: [] });
  desk.leads("L2", sell(100));
  desk.input({ kind: "tick" });
  assert.deepEqual(desk.outbox, []);
  assert.equal(desk.facts("held").length, 1);
});

test("a sale by hand while the exit rests shrinks the exit", () => {
  const desk = holding();
  desk.leads("L2", sell(100));
  desk.settle();
  desk.input({ kind: "positions", nets: [{ key: KEY, net: 30 }] });
  const modify = desk.sent();
  assert.equal(modify.kind === "modify" && modify.terms.quantity, 30);
});

test("units that the follower bought by hand are never sold", () => {
  const desk = new Desk({ followerNets: [{ key: KEY, net: 1_000 }] });
  desk.bought("L1", 100);
  desk.leads("L2", sell(100));
  assert.equal(desk.sentPlace().terms.quantity, 50);
});

test("nothing is exited before the account's positions have been read", () => {
  const desk = holding();
  const { book } = desk.follower;
  desk.follower = { ...desk.follower, book: { ...book, hasPositions: false } };
  desk.leads("L2", sell(100));
  assert.deepEqual(desk.outbox, []);
  assert.equal(desk.holdOf("L2", "exit"), "positions-unknown");
  desk.input({ kind: "positions", nets: [{ key: KEY, net: 50 }] });
  assert.equal(desk.sentPlace().terms.quantity, 50);
});

test("two leaders' links into one account share what it holds, in the order of their names", () => {
  const second = toAccountId("second");
  const other = linkOf({ id: toLinkId("second-asha"), leader: second });
  const desk = new Desk({ links: [linkOf(), other] });
  desk.bought("L1", 100);
  const bought = orderOf("M1", { status: "filled", filledQuantity: 100 });
  desk.otherLeads(second, bought);
  desk.settle();
  desk.fills(desk.child("M1", "entry", other.id));
  assert.equal(desk.net(), 100);
  desk.input({ kind: "positions", nets: [{ key: KEY, net: 70 }] });
  desk.otherLeads(second, orderOf("M2", { side: "SELL" }));
  assert.equal(desk.sentPlace().terms.quantity, 20);
  desk.leads("L2", sell(100));
  assert.equal(desk.sentPlace().terms.quantity, 50);
});

test("two exits that the leader has completed do not both sell the little that an account still holds", () => {
  const desk = new Desk();
  desk.bought("L1", 100);
  // Somebody has sold 30 of the 50 by hand.
  desk.input({ kind: "positions", nets: [{ key: toPositionKey(SHARE, "INTRADAY"), net: 20 }] });
  for (const [id, quantity] of [
    ["L2", 60],
    ["L3", 40],
  ] as const) {
    const terms = { quantity };
    desk.leads(id, { side: "SELL", status: "filled", filledQuantity: quantity, terms });
  }
  assert.deepEqual(
    desk.outbox.map((command) => command.kind === "place" && command.terms.quantity),
    [20],
  );
  desk.settle();
  desk.fills(desk.child("L2", "exit"));
  desk.settle();
  assert.deepEqual(
    [desk.net(), desk.skips()],
    [0, ["exit account-holds-less", "exit account-holds-less"]],
  );
});
