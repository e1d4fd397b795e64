import assert from "node:assert/strict";
import { test } from "node:test";
import { OPTION, rupees } from "../../../test/core/builders.ts";
import { Desk } from "../../../test/core/desk.ts";
import type { OrderCommand } from "../model/command.ts";

const LATER_MS = 15_000;

/** A copy whose placement has an unknown outcome. */
function unsure(): { desk: Desk; place: OrderCommand } {
  const desk = new Desk();
  desk.leads("L1");
  const place = desk.sent();
  desk.answer(place, { kind: "unknown", text: "no reply in time" });
  return { desk, place };
}

test("an unknown order is never sent again, and a person hears of it", () => {
  const { desk } = unsure();
  desk.leads("L1", { terms: { price: rupees(1651) } });
  desk.leads("L1", { status: "cancelled" });
  desk.nowMs += 3_600_000;
  desk.input({ kind: "tick" });
  assert.deepEqual(desk.outbox, []);
  assert.deepEqual(desk.withdrawn, []);
  assert.deepEqual(desk.alarms(), ["unknown-order"]);
  assert.equal(desk.holdOf("L1", "entry"), "unknown-order");
});

test("a reply that is lost after the broker has shown the order leaves nothing unknown", () => {
  const desk = new Desk();
  desk.leads("L1");
  const place = desk.sentPlace();
  desk.broker.take(place);
  desk.readsBook();
  desk.answer(place, { kind: "unknown", text: "other side closed" });
  assert.equal(desk.child("L1").state, "acked");
  assert.deepEqual(desk.alarms(), []);
  desk.leads("L2");
  assert.equal(desk.sentPlace().correlationId === place.correlationId, false);
});

test("it blocks its own instrument and no other", () => {
  const { desk } = unsure();
  desk.leads("L2");
  assert.deepEqual(desk.outbox, []);
  desk.leads("L3", { instrument: OPTION, terms: { quantity: 130 } });
  assert.equal(desk.sentPlace().instrument, OPTION);
});

test("exits and cancels of other instruments go on", () => {
  const desk = new Desk();
  desk.bought("L1", 130, { instrument: OPTION, terms: { quantity: 130 } });
  desk.leads("L2");
  desk.answer(desk.sent(), { kind: "unknown", text: "no reply" });
  desk.leads("L3", { instrument: OPTION, side: "SELL", terms: { quantity: 130 } });
  assert.equal(desk.sentPlace().side, "SELL");
});

test("a live order of the blocked instrument may still be cancelled, not modified", () => {
  const desk = new Desk();
  desk.leads("L1");
  desk.settle();
  desk.leads("L2");
  desk.answer(desk.sent(), { kind: "unknown", text: "no reply" });
  desk.leads("L1", { terms: { price: rupees(1651) } });
  assert.deepEqual(desk.outbox, []);
  desk.leads("L1", { status: "cancelled" });
  assert.equal(desk.sent().kind, "cancel");
});

test("a lookup finds it: it is managed again, and nothing was sent twice", () => {
  const { desk, place } = unsure();
  const { correlationId } = place;
  desk.broker.take(place);
  const order = desk.broker.change("F1" as never, { status: "working" });
  desk.input({ kind: "lookedUp", correlationId, startedAtMs: desk.nowMs, order });
  assert.equal(desk.child("L1").state, "working");
  assert.deepEqual(desk.outbox, []);
  desk.leads("L1", { status: "cancelled" });
  assert.equal(desk.sent().kind, "cancel");
});

test("the drop copy finds it as well, and so does the book", () => {
  for (const isStream of [true, false]) {
    const { desk, place } = unsure();
    desk.broker.take(place);
    const order = desk.broker.change("F1" as never, { status: "working" });
    if (isStream) desk.sees(order);
    else desk.readsBook();
    assert.equal(desk.child("L1").state, "working");
  }
});

test("it is found though the first frame of it did not carry our name", () => {
  const { desk, place } = unsure();
  desk.broker.take(place);
  const order = desk.broker.change("F1" as never, { status: "working" });
  const { correlationId: _name, ...nameless } = order;
  desk.sees(nameless);
  assert.equal(desk.child("L1").state, "unknown");
  desk.readsBook();
  assert.equal(desk.child("L1").state, "working");
});

test("a fill that came with the discovery is counted", () => {
  const { desk, place } = unsure();
  desk.broker.take(place);
  desk.broker.fill("F1" as never, 50);
  desk.readsBook();
  assert.equal(desk.child("L1").state, "filled");
  assert.equal(desk.copied(), 50);
});

test("a late reply to the placement is believed", () => {
  const { desk, place } = unsure();
  desk.answer(place, desk.broker.take(place));
  assert.equal(desk.child("L1").state, "acked");
});

// biome-ignore format: a table is read in columns
const PROOFS: readonly (readonly [string, number, number, number, boolean])[] = [
  // why,                                       lookups, after ms, book after ms, proved
  ["three lookups and a book, all late enough",       3, LATER_MS,     LATER_MS, true],
  ["two lookups are not enough",                      2, LATER_MS,     LATER_MS, false],
  ["lookups begun too early",                         3, LATER_MS - 1, LATER_MS, false],
  ["a book begun too early",                          3, LATER_MS, LATER_MS - 1, false],
];

for (const [why, lookups, lookedMs, bookMs, isProved] of PROOFS) {
  test(`absence: ${why}${isProved ? ": proved" : ": still unknown"}`, () => {
    const { desk, place } = unsure();
    const startMs = desk.nowMs;
    const { correlationId } = place;
    for (let index = 0; index < lookups; index += 1) {
      desk.input({ kind: "lookedUp", correlationId, startedAtMs: startMs + lookedMs });
    }
    desk.readsBook(startMs + bookMs);
    assert.equal(desk.childrenOf("L1", "entry")[0]?.state, isProved ? "absent" : "unknown");
    assert.equal(desk.outbox.length, isProved ? 1 : 0);
  });
}

test("lookups without a book prove nothing, nor does a book alone", () => {
  const { desk, place } = unsure();
  desk.nowMs += LATER_MS;
  desk.looksInVain(place.correlationId, 20);
  assert.deepEqual(desk.outbox, []);
  const other = unsure();
  other.desk.nowMs += LATER_MS;
  for (let index = 0; index < 20; index += 1) other.desk.readsBook();
  assert.deepEqual(other.desk.outbox, []);
});

test("the order of book and lookups does not matter", () => {
  const { desk, place } = unsure();
  desk.nowMs += LATER_MS;
  desk.readsBook();
  assert.deepEqual(desk.outbox, []);
  desk.looksInVain(place.correlationId, 3);
  assert.equal(desk.outbox.length, 1);
});

for (const input of [{ kind: "restarted" }, { kind: "clockPutForward", byMs: 90_000 }] as const) {
  test(`the wait begins anew: ${input.kind}`, () => {
    const { desk, place } = unsure();
    desk.looksInVain(place.correlationId, 20);
    desk.nowMs += 90_000;
    desk.input(input);
    desk.nowMs += LATER_MS - 1;
    desk.looksInVain(place.correlationId, 20);
    desk.readsBook();
    assert.equal(desk.child("L1").state, "unknown");
    desk.nowMs += 1;
    desk.looksInVain(place.correlationId, 1);
    desk.readsBook();
    assert.equal(desk.outbox.length, 1);
  });
}

test("a clock that is put forward is no news while everything is known", () => {
  const desk = new Desk();
  desk.leads("L1");
  desk.settle();
  assert.deepEqual(desk.input({ kind: "clockPutForward", byMs: 90_000 }).facts, []);
});

/** The first attempt is proved absent and the second one is at the broker. */
function secondAttempt(): { desk: Desk; first: OrderCommand } {
  const { desk, place } = unsure();
  desk.nowMs += LATER_MS;
  desk.looksInVain(place.correlationId, 3);
  desk.readsBook();
  const second = desk.sentPlace();
  assert.notEqual(second.correlationId, place.correlationId);
  desk.accept(second);
  return { desk, first: place };
}

test("after proof of absence a second attempt goes out under a new name", () => {
  const { desk } = secondAttempt();
  const names = desk.childrenOf("L1", "entry").map((child) => child.identity.attempt);
  assert.deepEqual(names, [0, 1]);
});

test("the believed dead rises while its successor lives: alarm, and the elder is cancelled", () => {
  const { desk, first } = secondAttempt();
  desk.broker.take(first);
  desk.shows(desk.childrenOf("L1", "entry")[0] as never, { status: "working" });
  assert.ok(desk.alarms().includes("order-rose-again"));
  const cancel = desk.sent();
  assert.deepEqual([cancel.kind, cancel.correlationId], ["cancel", first.correlationId]);
});

test("it rises after the copy was closed: alarm, and it is cancelled all the same", () => {
  const { desk, first } = secondAttempt();
  desk.fills(desk.child("L1"));
  desk.leads("L1", { status: "filled", filledQuantity: 100 });
  assert.equal(desk.follower.openCopies.size, 0);
  desk.broker.take(first);
  desk.shows(desk.childrenOf("L1", "entry")[0] as never, { status: "working" });
  assert.ok(desk.alarms().includes("order-rose-again"));
  const cancel = desk.sent();
  desk.accept(cancel);
  assert.equal(desk.follower.openCopies.size, 0);
});

test("it rises filled: the units are counted, and a person hears of it", () => {
  const { desk, first } = secondAttempt();
  desk.fills(desk.child("L1"));
  desk.broker.take(first);
  desk.fills(desk.childrenOf("L1", "entry")[0] as never, 50);
  assert.ok(desk.alarms().includes("order-rose-again"));
  assert.equal(desk.copied(), 100);
});

test("attempts end at their limit, with a reason", () => {
  const desk = new Desk({ limits: { maxAttempts: 3 } });
  desk.leads("L1");
  for (let index = 0; index < 3; index += 1) {
    desk.answer(desk.sent(), { kind: "notSent", text: "no connection" });
  }
  assert.deepEqual(desk.outbox, []);
  assert.deepEqual(desk.skips(), ["entry gave-up"]);
});

test("two orders under one name raise an alarm, and fills are not counted twice", () => {
  const desk = new Desk();
  desk.leads("L1");
  const place = desk.sent();
  desk.accept(place);
  desk.broker.take(place);
  desk.sees(desk.broker.fill("F1" as never, 50));
  desk.sees(desk.broker.fill("F2" as never, 50));
  assert.deepEqual(desk.alarms(), ["two-live-children"]);
  assert.equal(desk.copied(), 50);
  assert.equal(desk.net(), 100);
});

test("answers and looks for a child that nobody knows change nothing", () => {
  const { desk } = unsure();
  const before = desk.recorded.length;
  const correlationId = `T${"0".repeat(24)}` as never;
  const order = { ...desk.broker, ...[...desk.leader.book.orders.values()][0] } as never;
  desk.input({ kind: "lookedUp", correlationId, startedAtMs: desk.nowMs });
  desk.input({ kind: "orderRead", correlationId, startedAtMs: desk.nowMs, order });
  desk.input({
    kind: "answered",
    correlationId,
    command: "place",
    outcome: { kind: "notSent", text: "" },
  });
  assert.equal(desk.recorded.length, before);
});

test("a look in vain for an order that is known again changes nothing", () => {
  const { desk, place } = unsure();
  desk.losesReply(place);
  desk.readsBook();
  const before = desk.recorded.length;
  desk.looksInVain(place.correlationId, 3);
  assert.equal(desk.recorded.length, before);
});
