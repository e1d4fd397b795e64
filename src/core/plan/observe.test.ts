/** What witnesses tell of orders that seemed settled, and of orders that are told apart with difficulty. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { linkOf, OPTION, type OrderChange, orderOf, rupees } from "../../../test/core/builders.ts";
import { Desk } from "../../../test/core/desk.ts";
import { GroupDesk } from "../../../test/core/group-desk.ts";
import { toBrokerOrderId } from "../model/ids.ts";
import type { OrderObservation } from "../model/order.ts";
import type { TradingDay } from "../model/time.ts";

function bookRow(desk: Desk, row: OrderObservation): void {
  const startedAtMs = desk.nowMs;
  desk.input({ kind: "observed", orders: [row], witness: "book", startedAtMs, isWhole: false });
}

/** The follower's group is in, and its legs have not been seen. */
function inWithoutLegs(change: OrderChange = {}): { desk: GroupDesk; entry: OrderObservation } {
  const desk = new GroupDesk({ links: [linkOf({ brackets: "native" })] });
  desk.leadsSuper("L1", { change });
  desk.settle();
  desk.leaderFills("L1");
  const child = desk.child("L1");
  assert.ok(child.brokerOrderId);
  desk.fills(child);
  return { desk, entry: desk.broker.order(child.brokerOrderId) };
}

test("a foreign order that fills in parts moves the account and no copy", () => {
  const desk = new Desk();
  desk.bought("L1", 100);
  const bought = { terms: { quantity: 40 } } as const;
  for (const filledQuantity of [0, 10, 40]) desk.sees(orderOf("X1", { ...bought, filledQuantity }));
  assert.deepEqual([desk.net(), desk.copied(), desk.outbox], [90, 50, []]);
});

test("a leg that is told of when its group seemed over opens the copy again", () => {
  const { desk, entry } = inWithoutLegs();
  desk.leaderLegFills("L1", "stop", ["fill", "sibling"]);
  desk.legFills("L1", "stop");
  desk.passes(60_000);
  assert.equal(desk.follower.openCopies.size, 0);
  const leg = { family: "super-leg", leg: "target", side: "SELL" } as const;
  desk.sees(orderOf("X1", { ...leg, parentId: entry.brokerOrderId, terms: { quantity: 50 } }));
  assert.equal(desk.follower.openCopies.size, 1);
});

test("a list that shows a leg of a group that the night has closed opens the copy again", () => {
  const { desk, entry } = inWithoutLegs();
  desk.input({ kind: "dayBegan", day: "2026-11-22" as TradingDay });
  desk.input({ kind: "dayBegan", day: "2026-11-23" as TradingDay });
  assert.equal(desk.follower.openCopies.size, 0);
  const stop = { price: rupees(1_630), status: "working", filledQuantity: 0 } as const;
  bookRow(desk, { ...entry, levels: { stop } });
  assert.equal(desk.follower.openCopies.size, 1);
});

for (const [side, code] of [
  ["BUY", "entry-rejected"],
  ["SELL", "exit-rejected"],
] as const) {
  test(`what a trigger has fired is rejected, ${side}: a person hears of it once`, () => {
    const desk = new Desk();
    if (side === "SELL") desk.bought("L1", 100, { product: "CNC" });
    const terms = { price: rupees(1_600), triggerPrice: rupees(1_601) };
    desk.leads("T1", { family: "forever", product: "CNC", side, terms });
    desk.settle();
    const { brokerOrderId } = desk.child("T1", side === "SELL" ? "exit" : "entry");
    assert.ok(brokerOrderId);
    const fired = { family: "trigger-child", product: "CNC", parentId: brokerOrderId } as const;
    const order = { ...fired, side, terms: { quantity: 50, price: rupees(1_600) } } as const;
    desk.sees(orderOf("X1", order));
    desk.sees(orderOf("X1", { ...order, status: "rejected", reason: "RMS" }));
    desk.sees(orderOf("X1", { ...order, status: "rejected", reason: "RMS", lastPrice: rupees(1) }));
    assert.deepEqual(desk.alarms(), [code]);
  });
}

test("a stale row of an entry says nothing of the leg that is being moved", () => {
  const { desk, entry } = inWithoutLegs({ family: "bracket", product: "BO" });
  desk.leaderMoves("L1", "stop", 1_640);
  const change = desk.sent();
  assert.ok(change.kind === "modify" && change.leg === "stop");
  bookRow(desk, { ...entry, status: "working", filledQuantity: 20 });
  assert.equal(desk.child("L1").pending?.leg, "stop");
  assert.deepEqual(desk.outbox, []);
});

test("a leg that is told of before its entry counts, and settles nothing yet", () => {
  const desk = new GroupDesk();
  desk.leadsSuper("L1");
  const place = desk.sentPlace();
  desk.answer(place, desk.broker.take(place));
  const { brokerOrderId: parentId } = desk.child("L1");
  assert.ok(parentId);
  const leg = { family: "super-leg", leg: "target", side: "SELL", parentId } as const;
  bookRow(desk, orderOf("X1", { ...leg, filledQuantity: 10, terms: { quantity: 50 } }));
  assert.deepEqual([desk.child("L1").filled, desk.child("L1").exited, desk.copied()], [10, 10, 0]);
});

test("a cancel of a group's entry that a list shows as not taken is asked again", () => {
  const desk = new GroupDesk();
  desk.leadsSuper("L1");
  desk.settle();
  desk.leads("L1", { status: "cancelled" });
  const cancel = desk.sent();
  const { brokerOrderId } = desk.child("L1");
  assert.ok(brokerOrderId);
  desk.answer(cancel, { kind: "accepted", brokerOrderId, status: "working" });
  desk.nowMs += 2_000;
  desk.readsBook();
  assert.deepEqual(desk.outbox, []);
  desk.nowMs += 2_000;
  desk.readsBook();
  assert.equal(desk.sent().kind, "cancel");
});

test("a stop that is elsewhere than it was put is put there again, once a list is sure to show it", () => {
  const desk = new GroupDesk();
  desk.inGroup("L1");
  const { correlationId, brokerOrderId, terms } = desk.child("L1");
  assert.ok(brokerOrderId);
  const protection = { stop: rupees(1_600) };
  const moved = { kind: "modify", correlationId, brokerOrderId, terms, protection } as const;
  desk.broker.take({ ...moved, leg: "stop" });
  desk.readsBook();
  assert.deepEqual(desk.sentLines(), []);
  desk.nowMs += 4_000;
  desk.readsBook();
  assert.deepEqual(desk.sentLines(), ["modify stop 1630"]);
});

test("a list that tells of no leg at all does not take the legs for gone", () => {
  const { desk, entry } = inWithoutLegs();
  desk.nowMs += 4_000;
  bookRow(desk, { ...entry, levels: {} });
  assert.deepEqual(desk.child("L1").protection, { target: rupees(1_680), stop: rupees(1_630) });
});

test("a leg that ends while the other fires has not been given up", () => {
  const desk = new GroupDesk();
  desk.inGroup("L1");
  desk.leads("L1-stop", { filledQuantity: 40, averagePrice: rupees(1_630) });
  desk.leads("L1-target", { status: "cancelled" });
  desk.passes(60_000);
  assert.deepEqual(desk.sentLines(), []);
});

test("of the triggers that a list shows, the one is ours that has its terms and came after it", () => {
  const terms = { price: rupees(1_600), triggerPrice: rupees(1_601) };
  const trigger = { family: "forever", product: "CNC", terms } as const;
  const desk = new Desk();
  desk.leads("T1", trigger);
  desk.settle();
  desk.leads("T2", { ...trigger, terms: { ...terms, quantity: 60 } });
  desk.answer(desk.sent(), { kind: "unknown", text: "no reply" });
  const asked = { ...trigger, terms: { ...terms, quantity: 30 } };
  const long = orderOf("X0").placedAtMs - 3_600_000;
  const others: readonly OrderObservation[] = [
    orderOf("X1", { product: "CNC", terms: { quantity: 30 } }),
    orderOf("X2", { ...asked, instrument: OPTION }),
    orderOf("X3", { ...asked, product: "MARGIN" }),
    orderOf("X4", { ...asked, side: "SELL" }),
    orderOf("X5", { ...asked, status: "cancelled", placedAtMs: long as never }),
    orderOf("X6", { ...asked, terms: { ...asked.terms, quantity: 31 } }),
  ];
  const whole = (orders: readonly OrderObservation[]) => {
    const startedAtMs = desk.nowMs;
    desk.input({ kind: "observed", orders, witness: "book", startedAtMs, isWhole: true });
  };
  whole([...desk.broker.listed(), ...others]);
  assert.equal(desk.follower.unknown.length, 1);
  // It has fired and ended meanwhile: it is ours all the same.
  whole([...desk.broker.listed(), ...others, orderOf("X7", { ...asked, status: "cancelled" })]);
  assert.equal(desk.child("T2").brokerOrderId, toBrokerOrderId("X7"));
  assert.deepEqual(desk.follower.unknown, []);
});

test("an exit that became one and is enlarged beyond zero opens under a name that nothing had", () => {
  const desk = new Desk();
  const stop = { type: "STOP_LOSS", triggerPrice: rupees(1_601), price: rupees(1_600) } as const;
  desk.leads("L2", { side: "SELL", terms: stop });
  desk.leaderBook();
  desk.settle();
  const first = desk.child("L2");
  desk.bought("L1", 100);
  assert.equal(desk.childrenOf("L2", "exit").length, 1);
  desk.leads("L2", { terms: { quantity: 200 } });
  desk.settle();
  desk.leads("L2", { status: "filled", filledQuantity: 200 });
  desk.fills(desk.child("L2", "exit"));
  desk.settle();
  const second = desk.child("L2");
  assert.deepEqual([first.identity.revision, second.identity.revision], [0, 1]);
  assert.deepEqual([second.side, second.terms.quantity], ["SELL", 50]);
});

test("a row that is older than a nameless frame of the same order is no look in vain", () => {
  const desk = new Desk();
  desk.leads("L1");
  const command = desk.sent();
  desk.losesReply(command);
  const order = desk.broker.byCorrelation(command.correlationId);
  assert.ok(order);
  const { correlationId: _name, ...nameless } = order;
  desk.sees({ ...nameless, status: "working", filledQuantity: 20 });
  desk.broker.change(order.brokerOrderId, { status: "working", filledQuantity: 10 });
  desk.readsBook();
  assert.deepEqual([desk.child("L1").state, desk.facts("absenceSeen").length], ["unknown", 0]);
  desk.broker.change(order.brokerOrderId, { filledQuantity: 20 });
  desk.readsBook();
  assert.deepEqual([desk.child("L1").state, desk.child("L1").filled], ["working", 20]);
});
