import assert from "node:assert/strict";
import { test } from "node:test";
import { ASHA, linkOf, rupees, SHARE } from "../../../test/core/builders.ts";
import { Desk } from "../../../test/core/desk.ts";
import type { TradingDay } from "../model/time.ts";
import { toPositionKey } from "../order/account-book.ts";
import { emptyFollower } from "../order/follower-state.ts";

const day = (text: string) => ({ kind: "dayBegan", day: text as TradingDay }) as const;
const KEY = toPositionKey(SHARE, "INTRADAY");

test("a suspended account takes no entries, and says so once", () => {
  const desk = new Desk();
  const suspended = { kind: "suspended", reason: "auth", text: "token expired" } as const;
  desk.input(suspended);
  desk.input(suspended);
  desk.leads("L1");
  assert.deepEqual(desk.outbox, []);
  assert.deepEqual(desk.skips(), ["entry account-suspended"]);
  assert.deepEqual(desk.alarms(), ["account-suspended"]);
});

test("exits of a suspended account are held and asked for when it may trade again", () => {
  const desk = new Desk();
  desk.bought("L1", 100);
  desk.input({ kind: "suspended", reason: "address", text: "Invalid IP" });
  desk.leads("L2", { side: "SELL" });
  assert.deepEqual(desk.outbox, []);
  assert.equal(desk.holdOf("L2", "exit"), "account-suspended");
  desk.input({ kind: "resumed" });
  assert.equal(desk.sentPlace().side, "SELL");
  desk.input({ kind: "resumed" });
  assert.deepEqual(desk.outbox, []);
});

test("a command refused for the account's access suspends it before anything is asked again", () => {
  const desk = new Desk();
  desk.bought("L1", 100);
  desk.leads("L2", { side: "SELL" });
  const first = desk.sentPlace();
  desk.rejects(first, "auth", "Invalid Token");
  assert.deepEqual(desk.outbox, []);
  assert.deepEqual(desk.alarms(), ["exit-rejected", "account-suspended"]);
  desk.input({ kind: "resumed" });
  const second = desk.sentPlace();
  assert.notEqual(second.correlationId, first.correlationId);
});

for (const what of ["modify", "cancel"] as const) {
  test(`a ${what} refused for the account's access waits until it may trade again`, () => {
    const desk = new Desk();
    desk.leads("L1");
    desk.settle();
    if (what === "modify") desk.leads("L1", { terms: { price: rupees(1651) } });
    else desk.leads("L1", { status: "cancelled" });
    desk.rejects(desk.sent(), "auth", "Invalid Token");
    desk.input({ kind: "tick" });
    assert.deepEqual(desk.outbox, []);
    assert.equal(desk.holdOf("L1", "entry"), "account-suspended");
    desk.input({ kind: "resumed" });
    assert.equal(desk.sent().kind, what);
  });
}

test("an entry held by an unknown when its account is suspended is skipped", () => {
  const desk = new Desk();
  desk.leads("L1");
  desk.losesReply(desk.sent());
  desk.leads("L2");
  desk.input({ kind: "suspended", reason: "auth", text: "" });
  desk.readsBook();
  assert.deepEqual(desk.skips(), ["entry account-suspended"]);
});

test("after a restart an intent without an answer is unknown, not sent again", () => {
  const desk = new Desk();
  desk.leads("L1");
  const place = desk.sent();
  desk.input({ kind: "restarted" });
  desk.input({ kind: "tick" });
  assert.deepEqual(desk.outbox, []);
  assert.equal(desk.child("L1").state, "unknown");
  desk.broker.take(place);
  desk.broker.change("F1" as never, { status: "working" });
  desk.readsBook();
  assert.equal(desk.child("L1").state, "working");
  assert.deepEqual(desk.outbox, []);
});

test("after a restart a change without an answer is settled by reading the order", () => {
  const desk = new Desk();
  desk.leads("L1");
  desk.settle();
  desk.leads("L1", { terms: { price: rupees(1651) } });
  const { correlationId } = desk.sent();
  desk.input({ kind: "restarted" });
  desk.input({ kind: "tick" });
  assert.deepEqual(desk.outbox, []);
  const order = desk.broker.order("F1" as never);
  desk.input({ kind: "orderRead", correlationId, startedAtMs: desk.nowMs, order });
  assert.equal(desk.sent().kind, "modify");
});

test("a restart changes nothing for an order that rests", () => {
  const desk = new Desk();
  desk.leads("L1");
  desk.settle();
  const before = desk.child("L1");
  desk.input({ kind: "restarted" });
  assert.deepEqual(desk.child("L1"), before);
});

/** The same broker and leader, and a follower whose journal is gone. */
function withoutJournal(desk: Desk): void {
  desk.follower = emptyFollower(ASHA);
  desk.recorded.length = 0;
  desk.input({ kind: "positions", nets: [{ key: KEY, net: desk.net() }] });
  desk.readsBook();
  desk.open(linkOf());
}

test("after the journal is lost the orders are found by their names and managed again", () => {
  const desk = new Desk();
  desk.leads("L1");
  desk.settle();
  desk.fills(desk.child("L1"), 10);
  withoutJournal(desk);
  assert.deepEqual(desk.outbox, []);
  assert.equal(desk.child("L1").state, "working");
  assert.equal(desk.copied(), 10);
  desk.leads("L1", { status: "cancelled" });
  assert.equal(desk.sent().kind, "cancel");
});

test("an adopted order that had replaced another keeps its size", () => {
  const desk = new Desk({ limits: { maxModifications: 0 } });
  desk.leads("L1");
  desk.settle();
  desk.fills(desk.child("L1"), 10);
  desk.leads("L1", { terms: { price: rupees(1651) } });
  desk.settle();
  assert.equal(desk.childrenOf("L1", "entry").length, 2);
  withoutJournal(desk);
  assert.deepEqual(desk.outbox, []);
  assert.equal(desk.copied(), 10);
  assert.equal(desk.child("L1").terms.quantity, 40);
});

test("adopted exits are capped by what the adopted entries copied", () => {
  const desk = new Desk();
  desk.bought("L1", 100);
  desk.leads("L2", { side: "SELL", terms: { quantity: 50 } });
  desk.settle();
  withoutJournal(desk);
  assert.deepEqual(desk.outbox, []);
  assert.equal(desk.child("L2", "exit").terms.quantity, 25);
  desk.fills(desk.child("L2", "exit"));
  assert.equal(desk.copied(), 25);
});

test("both halves of an adopted order through zero are told apart", () => {
  const desk = new Desk();
  desk.bought("L1", 100);
  desk.leads("L2", { side: "SELL", terms: { quantity: 300 } });
  desk.leaderBook();
  desk.settle();
  desk.fills(desk.child("L2", "exit"));
  desk.settle();
  withoutJournal(desk);
  assert.deepEqual(desk.outbox, []);
  assert.equal(desk.child("L2").terms.quantity, 100);
  assert.equal(desk.child("L2", "exit").state, "filled");
});

test("the fifth attempt is found as well", () => {
  const desk = new Desk();
  desk.leads("L1");
  for (let index = 0; index < 4; index += 1) {
    desk.answer(desk.sent(), { kind: "notSent", text: "no connection" });
  }
  desk.settle();
  assert.equal(desk.child("L1").identity.attempt, 4);
  withoutJournal(desk);
  assert.equal(desk.child("L1").identity.attempt, 4);
});

test("a link that is opened again is not opened twice", () => {
  const desk = new Desk();
  const before = desk.recorded.length;
  desk.open(linkOf());
  assert.equal(desk.recorded.length, before);
});

test("a link whose leader is not known yet is opened and adopts nothing", () => {
  const desk = new Desk({ isUnlinked: true });
  const link = linkOf({ leader: "stranger" as never });
  desk.links.set(link.id, link);
  desk.open(link);
  assert.equal(desk.follower.links.size, 1);
  assert.equal(desk.follower.copies.size, 0);
});

test("a new day ends day orders and intraday positions, and keeps what is carried", () => {
  const desk = new Desk();
  desk.input(day("2026-11-20"));
  desk.bought("L1", 100);
  desk.bought("L2", 100, { product: "CNC" });
  desk.leads("L3");
  desk.settle();
  desk.input(day("2026-11-20"));
  assert.equal(desk.child("L3").state, "working");
  desk.input(day("2026-11-23"));
  assert.equal(desk.child("L3").state, "expired");
  assert.equal(desk.copied(SHARE, "INTRADAY"), 0);
  assert.equal(desk.copied(SHARE, "CNC"), 50);
  assert.equal(desk.follower.openCopies.size, 0);
  desk.leads("L4", { product: "CNC", side: "SELL", placedAtMs: desk.nowMs as never });
  assert.equal(desk.holdOf("L4", "exit"), "positions-unknown");
  desk.input({ kind: "positions", nets: [{ key: toPositionKey(SHARE, "CNC"), net: 50 }] });
  assert.equal(desk.sentPlace().terms.quantity, 50);
});

test("the same positions again change nothing", () => {
  const desk = new Desk();
  assert.deepEqual(desk.input({ kind: "positions", nets: [] }).facts, []);
});

test("a leader's order of which nothing is found is not adopted", () => {
  const desk = new Desk();
  desk.leads("L1");
  desk.settle();
  desk.leads("L2", { terms: { quantity: 1 } });
  withoutJournal(desk);
  assert.equal(desk.follower.copies.size, 1);
});

test("an adopted purchase that covers a short is an exit", () => {
  const desk = new Desk();
  desk.leads("L1", { side: "SELL", status: "filled", filledQuantity: 100 });
  desk.leaderBook();
  desk.settle();
  desk.fills(desk.child("L1"));
  desk.leads("L2", {});
  desk.settle();
  withoutJournal(desk);
  assert.deepEqual(desk.outbox, []);
  desk.fills(desk.child("L2", "exit"));
  assert.equal(desk.copied(), 0);
});
