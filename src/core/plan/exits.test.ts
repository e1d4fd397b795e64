import assert from "node:assert/strict";
import { test } from "node:test";
import { OPTION, type OrderChange, rupees, SHARE } from "../../../test/core/builders.ts";
import { Desk } from "../../../test/core/desk.ts";
import { toMoneyE4 } from "../model/money.ts";
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

test("half of the leader's position is half of the copy", () => {
  const desk = holding();
  desk.leads("L2", sell(50));
  const place = desk.sentPlace();
  assert.deepEqual([place.side, place.terms.quantity], ["SELL", 25]);
});

test("all of the leader's position is all of the copy, and leaves nothing", () => {
  const desk = holding();
  desk.leads("L2", sell(100));
  desk.settle();
  desk.fills(desk.child("L2", "exit"));
  desk.leads("L2", { status: "filled", filledQuantity: 100 });
  assert.equal(desk.copied(), 0);
  assert.equal(desk.net(), 0);
  assert.equal(desk.follower.openCopies.size, 0);
});

test("three exits at once lose units to rounding, and whichever ends last takes them with it", () => {
  for (const last of ["L2", "L3", "L4"]) {
    const desk = new Desk();
    desk.bought("L1", 11);
    assert.equal(desk.copied(), 5);
    const exits: Record<string, number> = { L2: 4, L3: 4, L4: 3 };
    for (const [id, quantity] of Object.entries(exits)) desk.leads(id, sell(quantity));
    desk.settle();
    for (const id of [...Object.keys(exits).filter((other) => other !== last), last]) {
      desk.fills(desk.child(id, "exit"));
      desk.leads(id, { status: "filled", filledQuantity: exits[id] ?? 0 });
      desk.settle();
    }
    desk.fills(desk.child(last, "exit"));
    assert.deepEqual([desk.copied(), desk.net()], [0, 0], last);
    assert.equal(desk.follower.openCopies.size, 0, last);
  }
});

test("thirds lose units to rounding, and the last exit takes them with it", () => {
  const desk = new Desk();
  desk.bought("L1", 9);
  assert.equal(desk.copied(), 4);
  const sold: number[] = [];
  for (const id of ["L2", "L3", "L4"]) {
    desk.leads(id, sell(3));
    desk.settle();
    const child = desk.child(id, "exit");
    sold.push(child.terms.quantity);
    desk.fills(child);
    desk.leads(id, { status: "filled", filledQuantity: 3 });
  }
  assert.deepEqual(sold, [1, 1, 2]);
  assert.equal(desk.copied(), 0);
});

test("an exit of less than a lot is skipped with its reason", () => {
  const desk = new Desk();
  desk.bought("L1", 130, { instrument: OPTION, product: "MARGIN" });
  desk.leads("L2", sell(65, { instrument: OPTION, product: "MARGIN" }));
  assert.deepEqual(desk.outbox, []);
  assert.deepEqual(desk.skips(), ["exit below-one-lot"]);
});

test("a short is bought back the same way", () => {
  const desk = new Desk();
  desk.leads("L1", sell(100));
  desk.leaderBook();
  desk.settle();
  desk.leads("L1", { status: "filled", filledQuantity: 100 });
  desk.fills(desk.child("L1"));
  assert.equal(desk.copied(), -50);
  desk.leads("L2", { terms: { quantity: 100 } });
  const place = desk.sentPlace();
  assert.deepEqual([place.side, place.terms.quantity], ["BUY", 50]);
});

test("what was never copied is never exited", () => {
  const desk = new Desk({ leaderNets: [{ key: KEY, net: 100 }] });
  desk.leads("L1", sell(100));
  assert.deepEqual(desk.outbox, []);
  assert.deepEqual(desk.skips(), ["exit nothing-to-exit"]);
});

test("an exit after a rejected entry sells nothing", () => {
  const desk = new Desk();
  desk.leads("L1");
  desk.rejects(desk.sent(), "funds");
  desk.leads("L1", { status: "filled", filledQuantity: 100 });
  desk.leads("L2", sell(100));
  assert.deepEqual(desk.outbox, []);
  assert.ok(desk.skips().includes("exit nothing-to-exit"));
});

test("an exit sees the entry still on its way: it waits, then sells what has filled", () => {
  const desk = new Desk();
  desk.leads("L1", { status: "filled", filledQuantity: 100 });
  desk.settle();
  desk.leads("L2", sell(50));
  assert.equal(desk.holdOf("L2", "exit"), "awaiting-entry-fill");
  desk.fills(desk.child("L1"), 20);
  const place = desk.sentPlace();
  assert.equal(place.terms.quantity, 10);
  desk.accept(place);
  desk.fills(desk.child("L1"));
  const modify = desk.sent();
  assert.equal(modify.kind === "modify" && modify.terms.quantity, 25);
});

test("waiting is said once, however often it is looked at", () => {
  const desk = new Desk();
  desk.leads("L1", { status: "filled", filledQuantity: 100 });
  desk.settle();
  desk.leads("L2", sell(50));
  assert.deepEqual(desk.input({ kind: "tick" }).facts, []);
});

test("an exit that waited for an entry which never filled sells nothing", () => {
  const desk = new Desk();
  desk.leads("L1", { status: "filled", filledQuantity: 100 });
  desk.settle();
  desk.leads("L2", sell(50));
  desk.shows(desk.child("L1"), { status: "rejected", reason: "RMS" });
  assert.deepEqual(desk.outbox, []);
  assert.ok(desk.skips().includes("exit nothing-to-exit"));
});

test("an exit while the leader's own entry still fills waits for his book", () => {
  const desk = holding();
  desk.leads("L2", { terms: { quantity: 10 } });
  desk.settle();
  desk.leads("L3", sell(50));
  assert.deepEqual(desk.outbox, []);
  desk.leaderBook();
  assert.equal(desk.sentPlace().terms.quantity, 25);
});

test("target and stop are both live for all of it; one fills, the other goes", () => {
  const desk = holding();
  desk.leads("target", sell(100, { terms: { quantity: 100, price: rupees(1700) } }));
  desk.leads("stop", sell(100, { terms: { type: "STOP_LOSS", triggerPrice: rupees(1600) } }));
  desk.settle();
  assert.equal(desk.child("target", "exit").terms.quantity, 50);
  assert.equal(desk.child("stop", "exit").terms.quantity, 50);
  desk.fills(desk.child("target", "exit"), 20);
  desk.settle();
  assert.equal(desk.child("stop", "exit").terms.quantity, 30);
  desk.fills(desk.child("target", "exit"), 30);
  assert.equal(desk.sent().kind, "cancel");
  assert.equal(desk.copied(), 0);
});

test("a stop that the leader trails after his entry has filled is trailed, and keeps its size", () => {
  const desk = holding();
  for (const trigger of [1600, 1610, 1620]) {
    desk.leads(
      "stop",
      sell(100, {
        terms: { type: "STOP_LOSS", price: rupees(trigger - 5), triggerPrice: rupees(trigger) },
      }),
    );
    desk.settle();
    const { terms } = desk.child("stop", "exit");
    assert.deepEqual([terms.triggerPrice, terms.quantity], [rupees(trigger), 50]);
  }
  assert.equal(desk.childrenOf("stop", "exit").length, 1);
});

test("two quick exits of half each never sell more than was copied", () => {
  const desk = holding();
  const filled = { status: "filled", filledQuantity: 50 } as const;
  desk.leads("L2", sell(50, filled));
  desk.settle();
  desk.leads("L3", sell(50, filled));
  desk.settle();
  desk.fills(desk.child("L2", "exit"));
  desk.fills(desk.child("L3", "exit"));
  assert.equal(desk.copied(), 0);
});

test("two exits that waited behind an unknown order never sell more than was copied", () => {
  const desk = holding();
  desk.leads("L2", { terms: { quantity: 10 } });
  const unsure = desk.sent();
  desk.answer(unsure, { kind: "unknown", text: "no reply" });
  desk.leads("L2", { status: "cancelled" });
  const filled = { status: "filled", filledQuantity: 50 } as const;
  desk.leads("L3", sell(50, filled));
  desk.leads("L4", sell(50, filled));
  desk.leaderBook();
  assert.deepEqual(
    [desk.holdOf("L3", "exit"), desk.holdOf("L4", "exit")],
    ["unknown-order", "unknown-order"],
  );
  desk.nowMs += 20_000;
  desk.looksInVain(unsure.correlationId, 3);
  desk.readsBook();
  desk.settle();
  desk.fills(desk.child("L3", "exit"));
  desk.fills(desk.child("L4", "exit"));
  assert.equal(desk.copied(), 0);
});

test("two exits that wait for the same entry share what it fills", () => {
  const desk = new Desk();
  desk.leads("L1", { status: "filled", filledQuantity: 100 });
  const entry = desk.sent();
  const filled = { status: "filled", filledQuantity: 50 } as const;
  desk.leads("L2", sell(50, filled));
  desk.leads("L3", sell(50, filled));
  desk.accept(entry);
  desk.fills(desk.child("L1"), 10);
  desk.settle();
  desk.fills(desk.child("L2", "exit"));
  desk.fills(desk.child("L3", "exit"));
  desk.settle();
  assert.equal(desk.copied(), 0);
});

test("an exit that was rejected is not counted on: the next full one takes all", () => {
  const desk = holding();
  const filled = { status: "filled", filledQuantity: 50 } as const;
  desk.leads("L2", sell(50, filled));
  desk.rejects(desk.sent(), "price-band");
  desk.leads("L3", sell(50, filled));
  assert.equal(desk.sentPlace().terms.quantity, 50);
});

test("an exit that the leader enlarges is a larger share", () => {
  const desk = holding();
  desk.leads("L2", sell(20));
  desk.settle();
  desk.leads("L2", { terms: { quantity: 60 } });
  const modify = desk.sent();
  assert.equal(modify.kind === "modify" && modify.terms.quantity, 30);
});

test("an exit enlarged after a partial fill counts its own fills once", () => {
  const desk = holding();
  desk.leads("L2", sell(20));
  desk.settle();
  desk.fills(desk.child("L2", "exit"), 5);
  desk.leads("L2", { filledQuantity: 10 });
  desk.leads("L2", { terms: { quantity: 100 } });
  const modify = desk.sent();
  assert.equal(modify.kind === "modify" && modify.terms.quantity, 50);
});

test("an exit that the leader cancels after a partial fill keeps its share of that", () => {
  const desk = holding();
  desk.leads("L2", sell(100));
  desk.settle();
  desk.leads("L2", { filledQuantity: 40 });
  desk.leads("L2", { status: "cancelled" });
  const modify = desk.sent();
  assert.equal(modify.kind === "modify" && modify.terms.quantity, 20);
});

test("through zero: first the closing part, and only when it has filled the opening one", () => {
  const desk = holding();
  desk.leads("L2", sell(300));
  desk.leaderBook();
  const close = desk.sentPlace();
  assert.equal(close.terms.quantity, 50);
  assert.equal(desk.holdOf("L2", "entry"), "closing-part-first");
  desk.accept(close);
  desk.fills(desk.child("L2", "exit"), 49);
  assert.deepEqual(desk.outbox, []);
  desk.fills(desk.child("L2", "exit"), 1);
  const open = desk.sentPlace();
  assert.deepEqual([open.side, open.terms.quantity], ["SELL", 100]);
  assert.notEqual(open.correlationId, close.correlationId);
  desk.accept(open);
  desk.fills(desk.child("L2"));
  assert.equal(desk.copied(), -100);
});

test("through zero with nothing copied: only the opening part is sent", () => {
  const desk = new Desk({ leaderNets: [{ key: KEY, net: 100 }] });
  desk.leads("L1", sell(200));
  desk.leaderBook();
  assert.equal(desk.sentPlace().terms.quantity, 50);
  assert.deepEqual(desk.skips(), ["exit nothing-to-exit"]);
});

test("a sale of delivered shares exits all, though the books show none of them", () => {
  const desk = new Desk();
  desk.bought("L1", 100, { product: "CNC" });
  desk.leaderPositions([]);
  desk.leads("L2", sell(30, { product: "CNC" }));
  const place = desk.sentPlace();
  assert.deepEqual([place.side, place.product, place.terms.quantity], ["SELL", "CNC", 50]);
});

test("a sale of delivered shares never opens a short", () => {
  const desk = new Desk();
  desk.leads("L1", sell(30, { product: "MTF" }));
  desk.leaderBook();
  assert.deepEqual(desk.outbox, []);
  assert.deepEqual(desk.skips(), ["exit nothing-to-exit"]);
});

test("limits for entries do not stop exits", () => {
  const desk = holding();
  desk.setLink({ guards: { maxOrderValue: toMoneyE4(1), maxPriceDistanceBps: 1 } });
  desk.nowMs += 3_600_000;
  const placedAtMs = (desk.nowMs - 3_000_000) as never;
  desk.leads("L2", sell(100, { placedAtMs, averagePrice: rupees(1), lastPrice: rupees(2) }));
  assert.equal(desk.sentPlace().terms.quantity, 50);
});

test("an exit goes out although the instrument file has lost the contract", () => {
  const desk = holding();
  desk.instruments.clear();
  desk.leads(
    "L2",
    sell(100, { terms: { type: "MARKET", price: undefined } as never, lastPrice: rupees(1000) }),
  );
  const place = desk.sentPlace();
  assert.deepEqual([place.terms.quantity, place.terms.price], [50, rupees(990)]);
});

test("a market exit without a price waits for one", () => {
  const desk = holding();
  desk.leads("L2", sell(100, { terms: { type: "MARKET", price: undefined } as never }));
  assert.equal(desk.holdOf("L2", "exit"), "no-reference-price");
  const averagePrice = rupees(1000);
  desk.leads("L2", { status: "filled", filledQuantity: 100, averagePrice });
  assert.equal(desk.sentPlace().terms.price, rupees(995));
});

test("a rejected exit raises an alarm and is asked again when the leader changes it", () => {
  const desk = holding();
  desk.leads("L2", sell(100));
  const first = desk.sentPlace();
  desk.rejects(first, "price-band");
  desk.input({ kind: "tick" });
  assert.deepEqual(desk.alarms(), ["exit-rejected"]);
  assert.equal(desk.holdOf("L2", "exit"), "exit-rejected");
  desk.leads("L2", { terms: { price: rupees(1640) } });
  const second = desk.sentPlace();
  assert.notEqual(second.correlationId, first.correlationId);
  assert.equal(second.terms.price, rupees(1640));
});

test("a rejected exit is not asked again because another exit has left it less to do", () => {
  const desk = holding();
  const filled = { status: "filled", filledQuantity: 50 } as const;
  desk.leads("L2", sell(50, filled));
  desk.rejects(desk.sent(), "price-band");
  desk.leads("L3", sell(50, filled));
  desk.settle();
  desk.fills(desk.child("L3", "exit"), 40);
  assert.deepEqual(desk.outbox, []);
  desk.fills(desk.child("L3", "exit"), 10);
  assert.deepEqual(desk.outbox, []);
  assert.equal(desk.copied(), 0);
});

test("an exit rejected by the exchange later is held and alarmed as well", () => {
  const desk = holding();
  desk.leads("L2", sell(100));
  desk.settle();
  desk.shows(desk.child("L2", "exit"), { status: "rejected", reason: "circuit" });
  assert.deepEqual(desk.alarms(), ["exit-rejected"]);
  assert.equal(desk.holdOf("L2", "exit"), "exit-rejected");
});

test("an exit that is rejected again and again is given up at its limit", () => {
  const desk = new Desk({ limits: { maxAttempts: 3 } });
  desk.bought("L1", 100);
  desk.leads("L2", sell(100));
  for (const price of [1640, 1630, 1620]) {
    desk.rejects(desk.sent(), "price-band");
    desk.leads("L2", { terms: { price: rupees(price) } });
  }
  assert.deepEqual(desk.outbox, []);
  assert.deepEqual(desk.skips(), ["exit gave-up"]);
});

test("an exit cancelled at the broker by somebody else is parked with an alarm", () => {
  const desk = holding();
  desk.leads("L2", sell(100));
  desk.settle();
  desk.shows(desk.child("L2", "exit"), { status: "cancelled" });
  assert.deepEqual(desk.outbox, []);
  assert.deepEqual(desk.skips(), ["exit cancelled-elsewhere"]);
  assert.deepEqual(desk.alarms(), ["cancelled-elsewhere"]);
});

test("an exit of one product does not touch the copy under another", () => {
  const desk = holding();
  desk.leads("L2", sell(100, { product: "MARGIN" }));
  desk.leaderBook();
  assert.equal(desk.sentPlace().product, "MARGIN");
  assert.equal(desk.copied(), 50);
});

test("an exit takes no part of an entry that the leader's own has not filled when he placed it", () => {
  for (const [sells, left] of [
    [40, 20],
    [80, 0],
  ] as const) {
    const desk = new Desk();
    desk.bought("L1", 80);
    desk.leads("L2", { terms: { quantity: 100, price: rupees(1_500) } });
    desk.settle();
    desk.leads("L3", { side: "SELL", terms: { quantity: sells } });
    desk.leaderBook();
    desk.settle();
    desk.leads("L3", { status: "filled", filledQuantity: sells });
    desk.fills(desk.child("L3", "exit"));
    assert.equal(desk.copied(), left);
    desk.leads("L2", { status: "filled", filledQuantity: 100 });
    desk.fills(desk.child("L2"));
    desk.passes(60_000);
    assert.deepEqual([desk.outbox, desk.copied(), desk.alarms()], [[], left + 50, []]);
  }
});

test("of an entry that the leader's own has filled in part it takes that part, however late it fills", () => {
  const desk = new Desk();
  desk.leads("L1", { filledQuantity: 40 });
  desk.settle();
  desk.leads("L2", { side: "SELL", status: "filled", filledQuantity: 40, terms: { quantity: 40 } });
  desk.leaderBook();
  desk.leads("L1", { status: "filled", filledQuantity: 100 });
  desk.fills(desk.child("L1"));
  assert.equal(desk.sentPlace().terms.quantity, 20);
});
