/** What is asked of the exit legs of a follower's group, and when nothing is. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { linkOf, type OrderChange, orderOf, rupees, SHARE } from "../../../test/core/builders.ts";
import { GroupDesk, type LeaderGroup } from "../../../test/core/group-desk.ts";
import { toBrokerOrderId } from "../model/ids.ts";
import type { Link } from "../model/link.ts";

const BRACKET: OrderChange = { family: "bracket", product: "BO" };
const COVER: OrderChange = { family: "cover", product: "CO" };

function deskWith(change: Partial<Link>): GroupDesk {
  return new GroupDesk({ links: [linkOf(change)] });
}

/** A native group of the leader's and of the follower's, both in; its legs are not seen yet. */
function nativeGroup(change: OrderChange, group: LeaderGroup = {}): GroupDesk {
  const desk = deskWith({ brackets: "native" });
  desk.leadsSuper("L1", { ...group, change });
  desk.settle();
  desk.leads("L1", { status: "filled", filledQuantity: 100, averagePrice: rupees(1_650) });
  desk.fills(desk.child("L1"));
  return desk;
}

/** The leader's own leg, as a frame of it tells. */
function leaderLeg(desk: GroupDesk, leg: "stop" | "target", change: OrderChange): void {
  const { family = "bracket", product = "BO" } = desk.leader.book.orders.get(ENTRY) ?? {};
  const common = { leg, parentId: ENTRY, side: "SELL", product } as const;
  desk.leads(`L1-${leg}`, {
    family: family === "cover" ? "cover-leg" : "bracket-leg",
    ...common,
    ...change,
  });
}
const ENTRY = toBrokerOrderId("L1");

test("while the account is suspended no leg is moved or ended; afterwards it is", () => {
  const desk = new GroupDesk();
  desk.inGroup("L1");
  desk.input({ kind: "suspended", reason: "auth", text: "token expired" });
  desk.leaderMoves("L1", "stop", 1_640);
  assert.deepEqual(desk.sentLines(), []);
  desk.leaderCancelsLeg("L1", "target");
  desk.passes(3_000);
  assert.deepEqual(desk.sentLines(), []);
  desk.input({ kind: "resumed" });
  assert.deepEqual(desk.sentLines(), ["modify stop 1640"]);
});

test("a leg that may not be moved any more stays, and a person hears of it once", () => {
  const desk = new GroupDesk({ limits: { maxModifications: 1 } });
  desk.inGroup("L1");
  desk.leaderMoves("L1", "stop", 1_640);
  desk.settle();
  desk.leaderMoves("L1", "stop", 1_641);
  desk.input({ kind: "tick" });
  assert.deepEqual([desk.sentLines(), desk.alarms()], [[], ["change-refused"]]);
});

test("a leg that does not end is asked to as often as an order may be cancelled, and no more", () => {
  const desk = new GroupDesk({ limits: { maxCancels: 1 } });
  desk.inGroup("L1");
  desk.leaderCancelsLeg("L1", "target");
  desk.passes(3_000);
  assert.deepEqual(desk.sentLines(), ["cancel target"]);
  desk.answer(desk.sent(), { kind: "notSent", text: "no connection" });
  desk.passes(60_000);
  assert.deepEqual(desk.sentLines(), []);
});

test("a leg whose end is refused again and again is told of, long before it is given up", () => {
  const desk = new GroupDesk();
  desk.inGroup("L1");
  desk.leaderCancelsLeg("L1", "target");
  desk.passes(3_000);
  for (let asked = 0; asked < 4; asked += 1) {
    assert.deepEqual(desk.sentLines(), ["cancel target"]);
    assert.deepEqual(desk.alarms(), asked === 3 ? ["change-refused"] : []);
    desk.answer(desk.sent(), { kind: "notSent", text: "no connection" });
    desk.passes(1);
  }
});

test("a leg of a bracket is ended by its own number, so not before it is known", () => {
  const desk = nativeGroup(BRACKET);
  leaderLeg(desk, "target", { status: "cancelled" });
  desk.passes(3_000);
  assert.deepEqual(desk.sentLines(), []);
  desk.showsLegs(desk.child("L1"));
  const cancel = desk.sent();
  const { brokerOrderId } = desk.child("L1");
  assert.ok(brokerOrderId && cancel.kind === "cancel");
  assert.equal(cancel.brokerOrderId, desk.broker.legId(brokerOrderId, "target"));
});

test("a cover order, which has no target, is brought out by its stop", () => {
  const desk = nativeGroup(COVER, { target: null });
  desk.showsLegs(desk.child("L1"));
  leaderLeg(desk, "stop", { status: "filled", filledQuantity: 100, averagePrice: rupees(1_628) });
  desk.passes(1_500);
  assert.deepEqual(desk.sentLines(), ["modify stop 1628"]);
  desk.settle();
  desk.passes(60_000);
  assert.deepEqual(desk.sentLines(), []);
});

test("a short cover order is brought out by its stop as well, on the tick above", () => {
  const desk = nativeGroup({ ...COVER, side: "SELL" }, { target: null, stop: 1_670 });
  desk.showsLegs(desk.child("L1"));
  const averagePrice = rupees(1_671.03);
  const out = { side: "BUY", status: "filled", filledQuantity: 100, averagePrice } as const;
  leaderLeg(desk, "stop", out);
  desk.passes(1_500);
  assert.deepEqual(desk.sentLines(), ["modify stop 1671"]);
});

test("a bracket whose target has gone is left to its stop when the leader is out", () => {
  const desk = nativeGroup(BRACKET);
  desk.showsLegs(desk.child("L1"));
  desk.legEnds("L1", "target");
  leaderLeg(desk, "stop", { status: "filled", filledQuantity: 100, averagePrice: rupees(1_630) });
  desk.passes(60_000);
  assert.deepEqual(desk.sentLines(), []);
  assert.ok(desk.alarms().includes("still-in"));
});

test("without any price that is known the legs stay as they are, and a person is told", () => {
  for (const change of [BRACKET, COVER]) {
    const desk = deskWith({ brackets: "native" });
    desk.leadsSuper("L1", { change, ...(change === COVER ? { target: null } : {}) });
    desk.settle();
    desk.leads("L1", { status: "filled", filledQuantity: 100 });
    desk.fills(desk.child("L1"));
    desk.showsLegs(desk.child("L1"));
    const { price: _price, ...terms } = orderOf("X").terms;
    const product = change.product ?? "BO";
    const sale = orderOf("L2", { product, side: "SELL", status: "filled", filledQuantity: 100 });
    desk.leaderFrame({ ...sale, terms: { ...terms, type: "MARKET" } });
    desk.passes(60_000);
    assert.deepEqual(desk.sentLines(), []);
    assert.deepEqual(desk.alarms(), ["still-in"]);
  }
});

test("a group with a target alone is followed, and nobody misses a stop", () => {
  const desk = new GroupDesk();
  desk.inGroup("L1", { stop: null });
  desk.leaderMoves("L1", "target", 1_690);
  assert.deepEqual(desk.sentLines(), ["modify target 1690"]);
  desk.settle();
  desk.passes(60_000);
  assert.deepEqual([desk.sentLines(), desk.alarms()], [[], []]);
});

test("a group with a stop alone, whose leg nobody has told of, is not taken for naked or over", () => {
  const desk = new GroupDesk();
  desk.leadsSuper("L1", { target: null });
  desk.settle();
  desk.leaderFills("L1");
  desk.fills(desk.child("L1"));
  desk.leads("L2", { side: "SELL", status: "filled", filledQuantity: 100 });
  assert.deepEqual(desk.sentLines(), ["SELL 50"]);
  desk.settle();
  desk.fills(desk.child("L2", "exit"));
  assert.deepEqual(desk.sentLines(), ["cancel stop"]);
});

test("an adopted group whose levels nobody has told yet is left alone", () => {
  const before = new GroupDesk();
  before.inGroup("L1");
  const desk = new GroupDesk({ isUnlinked: true });
  for (const { levels: _levels, leg, ...order } of before.leader.book.orders.values()) {
    if (leg === undefined) desk.leaderFrame(order);
  }
  const rows = before.broker.listed().filter(({ leg }) => leg === undefined);
  desk.sees(...rows.map(({ levels: _levels, ...row }) => row));
  desk.open(linkOf());
  assert.equal(desk.copied(), 50);
  desk.input({ kind: "tick" });
  assert.deepEqual([desk.sentLines(), desk.alarms()], [[], []]);
});

test("an entry that still fills when the leader is out is shrunk, and its legs are moved afterwards", () => {
  const desk = new GroupDesk();
  desk.leadsSuper("L1");
  desk.settle();
  desk.leaderFills("L1");
  desk.entryFills("L1", 20);
  desk.leaderLegFills("L1", "stop", ["fill", "sibling"]);
  desk.outbox.splice(0);
  desk.passes(1_500);
  assert.ok(!desk.sentLines().some((line) => line.startsWith("modify target")));
});

test("what an exit of the leader's takes out already is waited for before the legs are moved", () => {
  const desk = new GroupDesk();
  desk.inGroup("L1");
  desk.leads("L2", { side: "SELL", terms: { quantity: 50 }, status: "filled", filledQuantity: 50 });
  desk.settle();
  const stop = { status: "filled", filledQuantity: 50, averagePrice: rupees(1_630) } as const;
  desk.leads("L1-stop", { ...stop, terms: { quantity: 50 } });
  desk.passes(1_500);
  assert.deepEqual(desk.sentLines(), []);
  desk.passes(3_000);
  assert.deepEqual(desk.alarms(), ["still-in"]);
  assert.deepEqual(desk.sentLines(), ["cancel stop"]);
});

/** A long and a short group of one contract: 100 each at the leader, 50 each at the follower. */
function bothSides(): GroupDesk {
  const desk = new GroupDesk();
  desk.inGroup("L1");
  desk.inGroup("L2", { target: 1_620, stop: 1_670, change: { side: "SELL" } });
  return desk;
}

test("groups on both sides of one contract stand beside each other", () => {
  const desk = bothSides();
  assert.equal(desk.net(SHARE), 0);
  desk.passes(60_000);
  assert.deepEqual([desk.sentLines(), desk.alarms()], [[], []]);
  desk.leaderLegFills("L1", "target", ["fill", "sibling"]);
  desk.legFills("L1", "target");
  desk.passes(60_000);
  assert.deepEqual([desk.sentLines(), desk.copied()], [[], -50]);
});

test("groups on both sides whose legs have all been ended were squared off: the follower gets out", () => {
  const desk = bothSides();
  for (const id of ["L1", "L2"]) {
    for (const leg of ["stop", "target"] as const) desk.leaderCancelsLeg(id, leg);
  }
  desk.outbox.splice(0);
  desk.passes(1_500);
  const lines = desk.sentLines().map((line) => line.split(" ").slice(0, 2).join(" "));
  assert.deepEqual(lines, ["modify target", "modify target"]);
});
