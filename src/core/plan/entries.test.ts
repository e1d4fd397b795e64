import assert from "node:assert/strict";
import { test } from "node:test";
import { linkOf, OPTION, rupees, SHARE } from "../../../test/core/builders.ts";
import { Desk } from "../../../test/core/desk.ts";
import { toMoneyE4 } from "../model/money.ts";
import { isTerminal } from "../model/order.ts";
import { toEpochMs } from "../model/time.ts";

const MARKET = { type: "MARKET", price: undefined } as never;

test("a working order is copied once, scaled, with the same terms", () => {
  const desk = new Desk();
  desk.leads("L1", { terms: { quantity: 101 } });
  const place = desk.sentPlace();
  assert.equal(place.terms.quantity, 50);
  assert.equal(place.terms.price, rupees(1650));
  assert.equal(place.side, "BUY");
  assert.equal(place.product, "INTRADAY");
  assert.equal(place.correlationId.length, 25);
  desk.leads("L1");
  assert.deepEqual(desk.outbox, []);
});

test("a ratio of lots is floored to whole lots", () => {
  const desk = new Desk();
  desk.leads("L1", { instrument: OPTION, product: "MARGIN", terms: { quantity: 65 * 5 } });
  assert.equal(desk.sentPlace().terms.quantity, 65 * 2);
});

test("below one lot nothing is sent, and it is said why", () => {
  const desk = new Desk();
  desk.leads("L1", { instrument: OPTION, terms: { quantity: 65 } });
  assert.deepEqual(desk.outbox, []);
  assert.deepEqual(desk.skips(), ["entry below-one-lot"]);
});

test("a copy below one lot begins when the leader raises his quantity", () => {
  const desk = new Desk();
  desk.leads("L1", { instrument: OPTION, terms: { quantity: 65 } });
  desk.leads("L1", { terms: { quantity: 130 } });
  assert.equal(desk.sentPlace().terms.quantity, 65);
});

test("a copy that the leader shrinks below one lot is cancelled, and said so once", () => {
  const desk = new Desk();
  desk.leads("L1", { instrument: OPTION, terms: { quantity: 130 } });
  desk.settle();
  desk.leads("L1", { terms: { quantity: 65 } });
  assert.equal(desk.sent().kind, "cancel");
  assert.deepEqual(desk.skips(), ["entry below-one-lot"]);
});

test("in transit it is not copied yet; transit and then working are one order", () => {
  const desk = new Desk();
  desk.leads("L1", { status: "transit" });
  assert.deepEqual(desk.outbox, []);
  desk.leads("L1", { status: "working" });
  desk.settle();
  desk.leads("L1", { status: "transit" });
  assert.deepEqual(desk.outbox, []);
  assert.equal(desk.children().length, 1);
});

test("first seen filled it is copied while it is fresh", () => {
  const desk = new Desk();
  desk.leads("L1", { status: "filled", filledQuantity: 100 });
  assert.equal(desk.sentPlace().terms.quantity, 50);
});

test("at the age limit it is still copied, a millisecond later no more", () => {
  const placedAtMs = new Desk().nowMs as never;
  const fresh = new Desk();
  fresh.nowMs += 30_000;
  fresh.leads("L1", { placedAtMs, status: "filled", filledQuantity: 100 });
  assert.equal(fresh.outbox.length, 1);
  const old = new Desk();
  old.nowMs += 30_001;
  old.leads("L1", { placedAtMs, status: "filled", filledQuantity: 100 });
  assert.deepEqual(old.outbox, []);
  assert.deepEqual(old.skips(), ["entry too-old"]);
});

for (const [status, skips] of [
  ["filled", ["entry too-old"]],
  ["working", []],
] as const) {
  test(`after a long wait, an entry whose leader's order is ${status} by then is ${
    skips.length === 0 ? "sent: he still offers it himself" : "too old"
  }`, () => {
    const desk = new Desk();
    desk.leads("L1");
    desk.losesReply(desk.sent());
    desk.leads("L2", { status, filledQuantity: status === "filled" ? 100 : 0 });
    assert.equal(desk.holdOf("L2", "entry"), "unknown-order");
    desk.nowMs += 40_000;
    desk.readsBook();
    assert.deepEqual(desk.skips(), skips);
    assert.equal(desk.outbox.length, 1 - skips.length);
  });
}

for (const [status, code] of [
  ["rejected", "leader-rejected"],
  ["cancelled", "leader-cancelled"],
  ["expired", "leader-cancelled"],
] as const) {
  test(`first seen ${status} without a fill, nothing of it is copied, then or later`, () => {
    const desk = new Desk();
    desk.leads("L1", { status });
    desk.leads("L1", { status });
    desk.leaderFrame({ ...lastOf(desk, "L1"), status: "working" });
    assert.deepEqual(desk.outbox, []);
    assert.deepEqual(desk.skips(), [`all ${code}`]);
  });
}

function lastOf(desk: Desk, id: string) {
  const order = [...desk.leader.book.orders.values()].find((known) => known.brokerOrderId === id);
  assert.ok(order);
  return order;
}

test("first seen cancelled after a partial fill, what he filled is copied", () => {
  const desk = new Desk();
  desk.leads("L1", { status: "cancelled", filledQuantity: 40 });
  assert.equal(desk.sentPlace().terms.quantity, 20);
});

test("orders from before the link are a baseline: never copied, whatever becomes of them", () => {
  const desk = new Desk({ isUnlinked: true });
  desk.leads("L1");
  desk.open(linkOf());
  desk.leads("L1", { terms: { quantity: 500 } });
  desk.leads("L1", { status: "filled", filledQuantity: 500 });
  assert.deepEqual(desk.outbox, []);
  assert.equal(desk.follower.copies.size, 0);
});

test("an order that waits for the open is copied as one that waits for it", () => {
  const desk = new Desk();
  desk.leads("L1", { family: "after-market" });
  assert.equal(desk.sentPlace().isAfterMarket, true);
});

test("a leg whose group was not copied is copied by what it fills, and not before", () => {
  const desk = new Desk();
  desk.bought("L1", 100);
  desk.leads("L2", { family: "super-leg", leg: "stop", side: "SELL" });
  desk.leaderBook();
  assert.deepEqual(desk.outbox, []);
  const averagePrice = rupees(1_630);
  desk.leads("L2", { status: "filled", filledQuantity: 100, averagePrice });
  const { side, terms } = desk.sentPlace();
  assert.deepEqual([side, terms.quantity], ["SELL", 50]);
});

test("a trigger's child is copied like a plain order", () => {
  const desk = new Desk();
  desk.leads("L1", { family: "trigger-child" });
  assert.equal(desk.outbox.length, 1);
});

test("a market order goes as a limit protected by the leader's average", () => {
  const desk = new Desk();
  const averagePrice = rupees(1000);
  desk.leads("L1", { status: "filled", filledQuantity: 100, averagePrice, terms: MARKET });
  const { terms } = desk.sentPlace();
  assert.equal(terms.type, "LIMIT");
  assert.equal(terms.price, rupees(1005));
});

test("a market order keeps the reference that it was sent with", () => {
  const desk = new Desk();
  desk.leads("L1", { lastPrice: rupees(1000), terms: MARKET });
  desk.settle();
  desk.leads("L1", { status: "filled", filledQuantity: 100, averagePrice: rupees(1003) });
  assert.deepEqual(desk.outbox, []);
  assert.equal(desk.facts("referenceFixed").length, 1);
});

test("a market order without any price is not sent by a guess", () => {
  const desk = new Desk();
  desk.leads("L1", { terms: MARKET });
  assert.deepEqual(desk.outbox, []);
  assert.equal(desk.holdOf("L1", "entry"), "no-reference-price");
  desk.leads("L1", { status: "filled", filledQuantity: 100 });
  assert.deepEqual(desk.outbox, []);
  assert.deepEqual(desk.skips(), ["entry no-reference-price"]);
});

test("a market order passes when the link says so", () => {
  const desk = new Desk({ links: [linkOf({ marketOrders: "pass" })] });
  desk.leads("L1", { terms: MARKET });
  assert.equal(desk.sentPlace().terms.type, "MARKET");
  assert.equal(desk.outbox.length, 0);
});

test("a stop-market becomes a stop with a limit beyond the trigger", () => {
  const desk = new Desk();
  const terms = { type: "STOP_LOSS_MARKET", price: undefined, triggerPrice: rupees(1000) } as never;
  desk.leads("L1", { terms });
  const place = desk.sentPlace();
  assert.deepEqual(
    [place.terms.type, place.terms.triggerPrice, place.terms.price],
    ["STOP_LOSS", rupees(1000), rupees(1005)],
  );
});

test("an instrument that the file does not know is not entered by raw quantity", () => {
  const desk = new Desk();
  desk.instruments.clear();
  desk.leads("L1");
  assert.deepEqual(desk.outbox, []);
  assert.deepEqual(desk.skips(), ["entry unknown-instrument"]);
});

test("a guard's no is final for the entry, and carries its inputs", () => {
  const guards = { maxOrderValue: toMoneyE4(50 * 1650 * 10_000 - 1) };
  const desk = new Desk({ links: [linkOf({ guards })] });
  desk.leads("L1");
  desk.leads("L1", { filledQuantity: 10 });
  assert.deepEqual(desk.outbox, []);
  assert.deepEqual(desk.skips(), ["entry order-value-above-limit"]);
  const [skipped] = desk.facts("skipped");
  assert.ok(skipped?.kind === "skipped");
  assert.deepEqual(skipped.inputs, {
    valueE4: 825_000_000,
    limitE4: 824_999_999,
    priceE4: 16_500_000,
  });
});

test("a paused link takes no new orders and still manages what is open", () => {
  const desk = new Desk();
  desk.leads("L1");
  desk.settle();
  desk.setLink({ mode: "paused" });
  desk.leads("L2");
  assert.deepEqual(desk.outbox, []);
  assert.deepEqual(desk.skips(), ["all link-paused"]);
  desk.leads("L1", { terms: { price: rupees(1651) } });
  desk.settle();
  desk.leads("L1", { status: "cancelled" });
  desk.settle();
  assert.equal(desk.child("L1").state, "cancelled");
});

test("a close-only link copies exits and no entries", () => {
  const desk = new Desk();
  desk.bought("L1", 100);
  desk.setLink({ mode: "close-only" });
  desk.leads("L2");
  desk.leads("L2", { status: "cancelled" });
  assert.deepEqual(desk.skips(), ["entry close-only"]);
  desk.leads("L3", { side: "SELL", status: "filled", filledQuantity: 100 });
  assert.equal(desk.sentPlace().terms.quantity, 50);
});

for (const [mode, code] of [
  ["paused", "link-paused"],
  ["close-only", "close-only"],
] as const) {
  test(`an entry that waited is not sent once its link is ${mode}`, () => {
    const desk = new Desk();
    desk.leads("L1");
    desk.losesReply(desk.sent());
    desk.leads("L2");
    desk.setLink({ mode });
    desk.readsBook();
    assert.deepEqual(desk.outbox, []);
    assert.deepEqual(desk.skips(), [`entry ${code}`]);
  });
}

test("a short is opened only after the leader's book was read", () => {
  const desk = new Desk();
  desk.leads("L1", { side: "SELL" });
  assert.deepEqual(desk.outbox, []);
  desk.leaderBook();
  assert.equal(desk.sentPlace().side, "SELL");
});

test("an exit whose entry frame is late opens no short", () => {
  const desk = new Desk();
  desk.leads("L2", { side: "SELL", status: "filled", filledQuantity: 100 });
  assert.deepEqual(desk.outbox, []);
  desk.leads("L1", { status: "filled", filledQuantity: 100 });
  desk.leaderBook();
  assert.deepEqual(desk.outbox, []);
  assert.deepEqual(desk.copied(), 0);
});

test("an order that was never copied is not brought to life by a modification", () => {
  const desk = new Desk();
  desk.leads("L1", { placedAtMs: (desk.nowMs - 60_000) as never });
  desk.leads("L1", { terms: { quantity: 500 } });
  desk.leads("L1", { terms: { price: rupees(1600) } });
  assert.deepEqual(desk.outbox, []);
});

test("frames of a leader, link or order that nobody knows change nothing", () => {
  const desk = new Desk();
  const before = desk.recorded.length;
  const ids = ["nobody's" as never];
  desk.input({ kind: "leaderOrders", leader: "stranger" as never, ids });
  desk.input({ kind: "leaderOrders", leader: "leader" as never, ids });
  desk.links.clear();
  desk.leads("L1");
  assert.equal(desk.recorded.length, before);
});

test("two links into one account copy each for itself", () => {
  const links = [linkOf(), linkOf({ id: "other" as never, leader: "second" as never })];
  const desk = new Desk({ links });
  desk.leads("L1");
  assert.equal(desk.outbox.length, 1);
});

test("an entry rejected by the broker is parked with an alarm, never asked again", () => {
  const desk = new Desk();
  desk.leads("L1");
  desk.rejects(desk.sent(), "funds");
  desk.leads("L1", { terms: { price: rupees(1600) } });
  desk.leads("L1", { terms: { quantity: 200 } });
  desk.input({ kind: "tick" });
  assert.deepEqual(desk.outbox, []);
  assert.deepEqual(desk.alarms(), ["entry-rejected"]);
  assert.equal(desk.skips()[0], "entry child-rejected");
});

test("an entry rejected by the exchange after the broker took it is parked too", () => {
  const desk = new Desk();
  desk.leads("L1");
  desk.settle();
  desk.shows(desk.child("L1"), { status: "rejected", reason: "price band" });
  assert.deepEqual(desk.outbox, []);
  assert.deepEqual(desk.alarms(), ["entry-rejected"]);
  assert.equal(desk.child("L1").rejection?.text, "price band");
});

test("an entry cancelled at the broker by somebody else is parked with an alarm", () => {
  const desk = new Desk();
  desk.leads("L1");
  desk.settle();
  desk.shows(desk.child("L1"), { status: "cancelled" });
  assert.deepEqual(desk.outbox, []);
  assert.deepEqual(desk.skips(), ["entry cancelled-elsewhere"]);
  assert.deepEqual(desk.alarms(), ["cancelled-elsewhere"]);
});

test("what is left of an IOC order is gone without alarm", () => {
  const desk = new Desk();
  desk.leads("L1", { terms: { validity: "IOC" } });
  desk.settle();
  desk.fills(desk.child("L1"), 10);
  desk.shows(desk.child("L1"), { status: "cancelled" });
  assert.deepEqual(desk.outbox, []);
  assert.deepEqual(desk.alarms(), []);
});

test("a filled copy of a filled order is closed and asks for nothing more", () => {
  const desk = new Desk();
  desk.bought("L1", 100);
  assert.equal(desk.facts("copyClosed").length, 1);
  assert.equal(desk.follower.openCopies.size, 0);
  assert.equal(desk.copied(SHARE), 50);
  assert.ok(isTerminal(lastOf(desk, "L1").status));
});

test("the follower may fill before the leader does", () => {
  const desk = new Desk();
  desk.leads("L1");
  desk.settle();
  desk.fills(desk.child("L1"));
  assert.deepEqual(desk.outbox, []);
  assert.deepEqual(desk.alarms(), []);
  desk.leads("L1", { status: "filled", filledQuantity: 100 });
  assert.equal(desk.follower.openCopies.size, 0);
});

test("an entry that waited until the leader cancelled it ends with its reason", () => {
  const desk = new Desk();
  desk.leads("L1");
  desk.losesReply(desk.sent());
  desk.leads("L2");
  desk.leads("L2", { status: "cancelled" });
  assert.deepEqual(desk.skips(), ["all leader-cancelled"]);
  desk.readsBook();
  assert.deepEqual(desk.outbox, []);
});

test("a copy is still cancelled after the instrument file has lost the contract", () => {
  const desk = new Desk();
  desk.leads("L1");
  desk.settle();
  desk.instruments.clear();
  desk.leads("L1", { status: "cancelled" });
  assert.equal(desk.sent().kind, "cancel");
});

test("an order that expired at the broker is not placed again", () => {
  const desk = new Desk();
  desk.leads("L1");
  desk.settle();
  desk.shows(desk.child("L1"), { status: "expired" });
  desk.input({ kind: "tick" });
  assert.deepEqual(desk.outbox, []);
  assert.equal(desk.child("L1").state, "expired");
});

test("an order is as old as the broker's clock says, whatever ours shows", () => {
  const wrong = new Desk();
  const placedAtMs = toEpochMs(wrong.nowMs - 86_400_000);
  wrong.brokerAheadMs = -86_400_000;
  wrong.leads("L1", { placedAtMs });
  assert.equal(wrong.outbox.length, 1);
  wrong.brokerAheadMs += 30_001;
  wrong.leads("L2", { placedAtMs });
  assert.deepEqual(wrong.skips(), ["entry too-old"]);
});
