import assert from "node:assert/strict";
import { test } from "node:test";
import { linkOf, rupees } from "../../../test/core/builders.ts";
import { Desk } from "../../../test/core/desk.ts";
import { GroupDesk } from "../../../test/core/group-desk.ts";
import type { StopCause } from "../model/fact.ts";
import type { TradingDay } from "../model/time.ts";
import { foldFollower } from "../order/follower.ts";
import { STOP_CAUSES } from "../order/stops.ts";

const REFUSED = ["entry entries-stopped"];

function stops(desk: Desk, cause: StopCause = "kill"): void {
  desk.input({ kind: "stopEntries", cause, by: "asha", text: "enough" });
}

function allows(desk: Desk, cause: StopCause = "kill"): void {
  desk.input({ kind: "allowEntries", cause, by: "asha" });
}

/** A leader's order whose copy the broker rejects. */
function rejected(desk: Desk, id: string): void {
  desk.leads(id);
  desk.rejects(desk.sentPlace(), "funds", "no money");
}

function restarted(desk: Desk): void {
  const { account } = desk.follower;
  let state = new Desk({ isUnlinked: true }).follower;
  assert.equal(state.account, account);
  for (const { fact, seq, atMs } of desk.recorded) state = foldFollower(state, fact, seq, atMs);
  desk.follower = state;
  desk.input({ kind: "restarted" });
}

for (const cause of STOP_CAUSES) {
  test(`while entries are stopped by ${cause} none is sent, and none is entered later`, () => {
    const desk = new Desk();
    stops(desk, cause);
    desk.leads("L1");
    desk.leads("L2", { status: "transit" });
    desk.leads("L2", { status: "working" });
    assert.deepEqual([desk.outbox, desk.prepared.size], [[], 0]);
    assert.deepEqual(desk.skips(), [...REFUSED, ...REFUSED]);
    allows(desk, cause);
    desk.input({ kind: "tick" });
    desk.leads("L1", { terms: { price: rupees(1_651) } });
    desk.leads("L1", { terms: { quantity: 300 } });
    assert.deepEqual(desk.outbox, []);
    desk.leads("L3");
    assert.equal(desk.sentPlace().kind, "place");
  });

  test(`while entries are stopped by ${cause} the leader's exits are copied`, () => {
    const desk = new Desk();
    desk.bought("L1", 100);
    stops(desk, cause);
    desk.leads("L2", { side: "SELL" });
    assert.equal(desk.sentPlace().side, "SELL");
  });

  test(`an entry that waits to be sent is withdrawn when entries are stopped by ${cause}`, () => {
    const desk = new Desk();
    desk.leads("L1");
    const { correlationId } = desk.sentPlace();
    stops(desk, cause);
    assert.ok(desk.withdrawn.includes(correlationId));
    const outcome = { kind: "notSent", text: "withdrawn" } as const;
    desk.input({ kind: "answered", correlationId, command: "place", outcome });
    assert.deepEqual(desk.outbox, []);
    assert.deepEqual(desk.skips(), REFUSED);
  });
}

test("what was prepared is taken back and not released after the stop", () => {
  const desk = new Desk();
  desk.leads("L1", { status: "transit" });
  stops(desk);
  assert.equal(desk.prepared.size, 0);
  desk.leads("L1", { status: "working" });
  assert.deepEqual(desk.outbox, []);
  assert.equal(desk.child("L1").state, "notSent");
  assert.deepEqual(desk.skips(), REFUSED);
});

test("the kill switch cancels a working entry, and what it has filled stays and is exited", () => {
  const desk = new Desk();
  desk.leads("L1");
  desk.settle();
  desk.leads("L1", { filledQuantity: 60 });
  desk.fills(desk.child("L1"), 20);
  stops(desk);
  const cancel = desk.sent();
  assert.equal(cancel.kind, "cancel");
  desk.accept(cancel);
  assert.equal(desk.copied(), 20);
  desk.leads("L2", { side: "SELL", terms: { quantity: 60 } });
  desk.leaderBook();
  assert.equal(desk.sentPlace().terms.quantity, 20);
});

test("an entry that is unknown at the stop is cancelled as soon as it is found working", () => {
  const desk = new Desk();
  desk.leads("L1");
  desk.losesReply(desk.sent());
  stops(desk);
  assert.deepEqual(desk.outbox, []);
  desk.broker.change("F1" as never, { status: "working" });
  desk.readsBook();
  assert.equal(desk.sent().kind, "cancel");
});

test("an entry in transit at the stop is cancelled once the exchange has it", () => {
  const desk = new Desk();
  desk.leads("L1");
  const place = desk.sentPlace();
  desk.answer(place, desk.broker.take(place));
  stops(desk);
  assert.deepEqual(desk.outbox, []);
  desk.shows(desk.child("L1"), { status: "working" });
  assert.equal(desk.sent().kind, "cancel");
});

test("the kill switch cancels a group whose entry has not filled", () => {
  const desk = new GroupDesk();
  desk.leadsSuper("L1");
  desk.settle();
  stops(desk);
  const cancel = desk.sent();
  assert.deepEqual([cancel.kind, cancel.kind === "cancel" && cancel.leg], ["cancel", undefined]);
});

test("the breaker leaves a working entry, and follows it to less and not to more", () => {
  const desk = new Desk();
  desk.leads("L1");
  desk.settle();
  stops(desk, "breaker");
  assert.deepEqual(desk.outbox, []);
  desk.leads("L1", { terms: { price: rupees(1_660) } });
  assert.deepEqual(desk.outbox, []);
  assert.equal(desk.holdOf("L1", "entry"), "entries-stopped");
  desk.leads("L1", { terms: { quantity: 60, price: rupees(1_660) } });
  const less = desk.sent();
  assert.ok(less.kind === "modify");
  assert.deepEqual([less.terms.quantity, less.terms.price], [30, rupees(1_650)]);
  desk.accept(less);
  desk.leads("L1", { terms: { quantity: 400 } });
  assert.deepEqual(desk.outbox, []);
  allows(desk, "breaker");
  const more = desk.sent();
  assert.ok(more.kind === "modify");
  assert.equal(more.terms.price, rupees(1_660));
  desk.leads("L1", { status: "cancelled" });
});

test("a full disk leaves a working entry, too", () => {
  const desk = new Desk();
  desk.leads("L1");
  desk.settle();
  stops(desk, "disk");
  assert.deepEqual(desk.outbox, []);
  assert.equal(desk.child("L1").state, "working");
});

test("what ends to be placed anew with less is not placed anew while the breaker is open", () => {
  const desk = new Desk({ limits: { maxModifications: 0 } });
  desk.leads("L1");
  desk.settle();
  stops(desk, "breaker");
  desk.leads("L1", { terms: { quantity: 60 } });
  const cancel = desk.sent();
  assert.equal(cancel.kind, "cancel");
  desk.accept(cancel);
  assert.deepEqual(desk.outbox, []);
  assert.deepEqual(desk.skips(), REFUSED);
});

test("entries flow only when the last of several causes is gone", () => {
  const desk = new Desk();
  stops(desk, "kill");
  stops(desk, "breach");
  stops(desk, "kill");
  assert.equal(desk.facts("entriesStopped").length, 2);
  allows(desk, "kill");
  desk.leads("L1");
  assert.deepEqual(desk.outbox, []);
  allows(desk, "breach");
  allows(desk, "breach");
  assert.equal(desk.facts("entriesAllowed").length, 2);
  desk.leads("L2");
  assert.equal(desk.sentPlace().kind, "place");
});

test("a stop outlives the process", () => {
  const desk = new Desk();
  desk.leads("L1");
  desk.settle();
  stops(desk);
  const cancel = desk.sent();
  restarted(desk);
  desk.leads("L2");
  assert.deepEqual(desk.outbox, []);
  assert.equal(desk.skips().at(-1), "entry entries-stopped");
  const order = desk.broker.order("F1" as never);
  desk.input({
    kind: "orderRead",
    correlationId: cancel.correlationId,
    startedAtMs: desk.nowMs,
    order,
  });
  assert.equal(desk.sent().kind, "cancel");
});

test("a working entry whose leader cannot be read is cancelled by the kill switch all the same", () => {
  const desk = new Desk();
  desk.leads("L1");
  desk.settle();
  desk.links.clear();
  stops(desk, "breaker");
  assert.deepEqual(desk.outbox, []);
  stops(desk, "kill");
  assert.equal(desk.sent().kind, "cancel");
  desk.input({ kind: "tick" });
  assert.deepEqual(desk.outbox, []);
});

test("a partly filled group whose link is gone is shrunk to what has filled", () => {
  const desk = new GroupDesk();
  desk.leadsSuper("L1");
  desk.settle();
  desk.fills(desk.child("L1"), 20);
  desk.links.clear();
  desk.outbox = [];
  stops(desk);
  const shrink = desk.sent();
  assert.ok(shrink.kind === "modify");
  assert.equal(shrink.terms.quantity, 20);
});

test("five entries rejected in a row open the breaker: an alarm, no more entries, exits go on", () => {
  const desk = new Desk();
  desk.bought("L0", 100);
  for (const id of ["L1", "L2", "L3", "L4"]) rejected(desk, id);
  assert.equal(desk.facts("entriesStopped").length, 0);
  rejected(desk, "L5");
  assert.equal(desk.facts("entriesStopped").length, 1);
  assert.equal(desk.alarms().at(-1), "breaker-open");
  desk.leads("L6");
  assert.deepEqual(desk.outbox, []);
  desk.leads("L7", { side: "SELL" });
  desk.leaderBook();
  assert.equal(desk.sentPlace().side, "SELL");
});

test("a rejection by the risk check after the reply counts; one that is seen working ends the row", () => {
  const desk = new Desk();
  const rejectedLater = (id: string) => {
    desk.leads(id);
    const place = desk.sentPlace();
    desk.answer(place, desk.broker.take(place));
    desk.shows(desk.child(id), { status: "rejected", reason: "no margin" });
  };
  for (const id of ["L1", "L2", "L3", "L4"]) rejectedLater(id);
  desk.leads("L5");
  desk.settle();
  for (const id of ["L6", "L7", "L8", "L9"]) rejectedLater(id);
  assert.equal(desk.facts("entriesStopped").length, 0);
  rejectedLater("L10");
  assert.equal(desk.facts("entriesStopped").length, 1);
});

test("rejections that lie too far apart, of exits, or of the account's access are no row", () => {
  const desk = new Desk();
  for (const id of ["L1", "L2", "L3", "L4", "L5", "L6"]) {
    rejected(desk, id);
    desk.nowMs += 16_000;
  }
  desk.bought("L7", 100);
  for (let price = 1_700; price < 1_710; price += 1) {
    desk.leads("L8", { side: "SELL", terms: { price: rupees(price) } });
    if (desk.outbox.length > 0) desk.rejects(desk.sent(), "other");
  }
  for (const id of ["L11", "L12", "L13", "L14", "L15"]) {
    desk.leads(id);
    desk.rejects(desk.sentPlace(), "auth", "Invalid Token");
    desk.input({ kind: "resumed" });
  }
  assert.equal(desk.facts("entriesStopped").length, 0);
});

test("the count of rejections outlives the process, and ends when the breaker is reset", () => {
  const desk = new Desk();
  for (const id of ["L1", "L2", "L3", "L4"]) rejected(desk, id);
  restarted(desk);
  rejected(desk, "L5");
  assert.equal(desk.facts("entriesStopped").length, 1);
  allows(desk, "breaker");
  rejected(desk, "L6");
  assert.equal(desk.facts("entriesStopped").length, 1);
  desk.leads("L7");
  assert.equal(desk.sentPlace().kind, "place");
});

test("the new day ends the breaker, and not the kill switch", () => {
  const desk = new Desk();
  desk.input({ kind: "dayBegan", day: "2026-11-22" as TradingDay });
  stops(desk, "breaker");
  stops(desk, "kill");
  desk.input({ kind: "dayBegan", day: "2026-11-22" as TradingDay });
  assert.equal(desk.facts("entriesAllowed").length, 0);
  desk.input({ kind: "dayBegan", day: "2026-11-23" as TradingDay });
  assert.deepEqual(Object.keys(desk.follower.stops.causes), ["kill"]);
});

test("a link that only closes says so rather than that entries are stopped", () => {
  const desk = new Desk({ links: [linkOf({ mode: "close-only" })] });
  stops(desk);
  desk.leads("L1");
  assert.deepEqual(desk.skips(), ["entry close-only"]);
});
