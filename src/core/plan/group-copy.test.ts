import assert from "node:assert/strict";
import { test } from "node:test";
import { linkOf, orderOf, rupees } from "../../../test/core/builders.ts";
import { GroupDesk } from "../../../test/core/group-desk.ts";
import type { Link } from "../model/link.ts";

function deskWith(change: Partial<Link>): GroupDesk {
  return new GroupDesk({ links: [linkOf(change)] });
}

test("a Super Order is copied as one: sized by the rule, its levels as prices", () => {
  const desk = new GroupDesk();
  desk.leadsSuper("L1", { trail: 5 });
  const place = desk.sentPlace();
  assert.equal(place.vehicle, "super");
  assert.equal(place.terms.quantity, 50);
  assert.deepEqual(place.protection, {
    target: rupees(1_680),
    stop: rupees(1_630),
    trail: rupees(5),
  });
});

test("until its levels are known a group waits; a read that does not show them refuses it", () => {
  const desk = new GroupDesk();
  desk.leads("L1", { family: "super-entry" });
  assert.deepEqual(desk.outbox, []);
  assert.equal(desk.follower.copies.size, 0);
  desk.leaderBook();
  assert.deepEqual(desk.outbox, []);
  assert.deepEqual(desk.alarms(), ["levels-not-found"]);
  assert.deepEqual(desk.skips(), ["all levels-not-found"]);
});

test("each level that the leader moves is moved at the follower, by its own leg", () => {
  const desk = new GroupDesk();
  desk.inGroup("L1");
  desk.leaderMoves("L1", "stop", 1_640);
  assert.deepEqual(desk.sentLines(), ["modify stop 1640"]);
  desk.settle();
  desk.leaderMoves("L1", "target", 1_690);
  assert.deepEqual(desk.sentLines(), ["modify target 1690"]);
  desk.settle();
  assert.equal(desk.levels("L1").stop?.price, rupees(1_640));
  assert.equal(desk.levels("L1").target?.price, rupees(1_690));
  desk.passes(10_000);
  desk.readsBook();
  assert.deepEqual(desk.sentLines(), []);
});

test("while the entry rests, moved levels are restated with it", () => {
  const desk = new GroupDesk();
  desk.leadsSuper("L1");
  desk.settle();
  desk.leaderMoves("L1", "stop", 1_640);
  const command = desk.sent();
  assert.equal(command.kind, "modify");
  assert.equal("leg" in command, false);
  assert.equal(command.kind === "modify" && command.protection?.stop, rupees(1_640));
  assert.equal(command.kind === "modify" && command.protection?.target, rupees(1_680));
});

test("a stop that trails on both sides is not fought while it is within one step", () => {
  const desk = new GroupDesk();
  desk.inGroup("L1", { trail: 5 });
  desk.leaderMoves("L1", "stop", 1_635, 5);
  assert.deepEqual(desk.sentLines(), []);
  desk.leaderMoves("L1", "stop", 1_645, 5);
  const command = desk.sent();
  assert.deepEqual(command.kind === "modify" && command.protection, {
    stop: rupees(1_645),
    trail: rupees(5),
  });
});

test("a trail that the leader ends, ends at the follower", () => {
  const desk = new GroupDesk();
  desk.inGroup("L1", { trail: 5 });
  desk.leaderMoves("L1", "stop", 1_630);
  const command = desk.sent();
  assert.deepEqual(command.kind === "modify" && command.protection, { stop: rupees(1_630) });
});

test("a change of a leg that the broker refused is not asked for again until the leader moves it", () => {
  const desk = new GroupDesk();
  desk.inGroup("L1");
  desk.leaderMoves("L1", "stop", 1_640);
  desk.rejects(desk.sent(), "price-band");
  desk.passes(60_000);
  assert.deepEqual(desk.sentLines(), []);
  assert.deepEqual(desk.alarms(), ["change-refused"]);
  desk.leaderMoves("L1", "stop", 1_641);
  assert.deepEqual(desk.sentLines(), ["modify stop 1641"]);
});

test("the legs of what has filled stand for the follower's own fill, whatever the leader's is", () => {
  const desk = new GroupDesk();
  desk.leadsSuper("L1");
  desk.settle();
  desk.leaderFills("L1", 60);
  desk.entryFills("L1", 7);
  const { brokerOrderId } = desk.child("L1");
  assert.ok(brokerOrderId);
  assert.equal(desk.broker.order(desk.broker.legId(brokerOrderId, "stop")).terms.quantity, 7);
  desk.passes(60_000);
  assert.deepEqual(desk.sentLines(), []);
  assert.deepEqual(desk.alarms(), []);
});

test("an unfilled entry that the leader cancels is cancelled, and its legs with it", () => {
  const desk = new GroupDesk();
  desk.leadsSuper("L1");
  desk.settle();
  desk.leads("L1", { status: "cancelled" });
  assert.deepEqual(desk.sentLines(), ["cancel entry"]);
  desk.settle();
  desk.passes(60_000);
  assert.equal(desk.levels("L1").stop?.status, "cancelled");
  assert.equal(desk.follower.openCopies.size, 0);
});

test("a part-filled entry that the leader cancels is shrunk to what has filled, never cancelled", () => {
  const desk = new GroupDesk();
  desk.leadsSuper("L1");
  desk.settle();
  desk.leaderFills("L1", 20);
  desk.entryFills("L1", 30);
  desk.leads("L1", { status: "cancelled" });
  const command = desk.sent();
  assert.equal(command.kind, "modify");
  assert.equal(command.kind === "modify" && command.terms.quantity, 30);
  assert.deepEqual(command.kind === "modify" && command.protection, {
    target: rupees(1_680),
    stop: rupees(1_630),
  });
  desk.accept(command);
  desk.passes(60_000);
  assert.equal(desk.child("L1").state, "filled");
  assert.equal(desk.levels("L1").stop?.status, "working");
  assert.equal(desk.copied(), 30);
});

test("a part-filled entry out of modifications is shrunk, and the rest goes as another group", () => {
  const desk = new GroupDesk({ limits: { maxModifications: 1 } });
  desk.leadsSuper("L1");
  desk.settle();
  desk.entryFills("L1", 10);
  desk.leads("L1", { terms: { price: rupees(1_651) } });
  desk.settle();
  desk.leads("L1", { terms: { price: rupees(1_652) } });
  const command = desk.sent();
  assert.equal(command.kind === "modify" && command.terms.quantity, 10);
  desk.accept(command);
  const place = desk.sentPlace();
  assert.deepEqual([place.vehicle, place.terms.quantity], ["super", 40]);
  assert.equal(place.terms.price, rupees(1_652));
});

test("a leg that the leader gives up is given up after the grace", () => {
  const desk = new GroupDesk();
  desk.inGroup("L1");
  desk.leaderCancelsLeg("L1", "target");
  desk.passes(2_999);
  assert.deepEqual(desk.sentLines(), []);
  desk.passes(1);
  assert.deepEqual(desk.sentLines(), ["cancel target"]);
  desk.settle();
  desk.passes(60_000);
  assert.equal(desk.levels("L1").stop?.status, "working");
  assert.deepEqual(desk.alarms(), []);
});

test("a leg that ended because the other filled is not given up, whichever news comes first", () => {
  for (const news of [
    ["fill", "sibling"],
    ["sibling", "fill"],
  ] as const) {
    const desk = new GroupDesk();
    desk.inGroup("L1");
    desk.leaderLegFills("L1", "target", [news[0]]);
    desk.passes(1_000);
    desk.leaderLegFills("L1", "target", [news[1]]);
    desk.passes(400);
    assert.deepEqual(desk.sentLines(), []);
    desk.legFills("L1", "target");
    desk.passes(60_000);
    assert.deepEqual(desk.sentLines(), []);
    assert.deepEqual(desk.alarms(), []);
  }
});

test("a part-filled entry ends when the leader's legs have brought him out, also beside other holdings", () => {
  const desk = new GroupDesk();
  desk.inGroup("L1");
  desk.leadsSuper("L2");
  desk.settle();
  desk.leaderFills("L2");
  desk.entryFills("L2", 20);
  desk.leaderLegFills("L2", "target", ["fill", "sibling"]);
  desk.settle();
  desk.readsBook();
  assert.equal(desk.child("L2").state, "filled");
  assert.equal(desk.child("L2").filled, 20);
  desk.passes(1_500);
  assert.deepEqual(desk.sentLines(), ["modify target 1671.6"]);
  assert.equal(desk.levels("L1").stop?.status, "working");
});

test("an entry that has not filled at all ends when the leader is out again, beside other holdings", () => {
  const desk = new GroupDesk();
  desk.inGroup("L1");
  desk.leadsSuper("L2");
  desk.settle();
  desk.leaderFills("L2");
  desk.leaderLegFills("L2", "target", ["fill", "sibling"]);
  assert.deepEqual(desk.sentLines(), ["cancel entry"]);
});

test("the leader's legs are never copied as orders while the follower has his group", () => {
  const desk = new GroupDesk();
  desk.inGroup("L1");
  desk.leaderLegFills("L1", "stop", ["fill", "sibling"]);
  assert.deepEqual(desk.outbox, []);
  assert.deepEqual(new Set(desk.skips()), new Set(["all own-legs"]));
});

test("a leg told of before its group was taken up waits for it", () => {
  const desk = new GroupDesk();
  desk.bought("L0", 100);
  desk.leads("L1", { family: "super-entry", filledQuantity: 100, status: "filled" });
  const { brokerOrderId } = orderOf("L1");
  const averagePrice = rupees(1_680);
  const leg = {
    family: "super-leg",
    leg: "target",
    parentId: brokerOrderId,
    side: "SELL",
  } as const;
  desk.leads("L1-target", { ...leg, filledQuantity: 40, averagePrice });
  assert.deepEqual(desk.outbox, []);
});

test("unprotected: a person hears after the deadline, and a stop of our own stands until a leg does", () => {
  const desk = new GroupDesk();
  desk.leadsSuper("L1");
  desk.settle();
  desk.leaderFills("L1");
  const { brokerOrderId } = desk.child("L1");
  assert.ok(brokerOrderId);
  desk.fills(desk.child("L1"));
  desk.passes(4_999);
  assert.deepEqual(desk.alarms(), []);
  desk.passes(1);
  assert.deepEqual(desk.alarms(), ["unprotected"]);
  assert.deepEqual(desk.sentLines(), []);
  desk.passes(7_000);
  assert.deepEqual(desk.sentLines(), ["SELL 50"]);
  const stop = desk.sentPlace();
  assert.deepEqual([stop.terms.type, stop.terms.triggerPrice], ["STOP_LOSS", rupees(1_630)]);
  desk.accept(stop);
  desk.showsLegs(desk.child("L1"));
  assert.deepEqual(desk.sentLines(), ["cancel entry"]);
  assert.equal(desk.outbox[0]?.correlationId, stop.correlationId);
  desk.settle();
  desk.passes(60_000);
  assert.deepEqual(desk.sentLines(), []);
});

test("a stop leg that is proved gone is replaced when a person has heard of it", () => {
  const desk = new GroupDesk();
  desk.inGroup("L1");
  desk.legEnds("L1", "stop");
  desk.passes(5_000);
  assert.deepEqual(desk.alarms(), ["unprotected"]);
  assert.deepEqual(desk.sentLines(), ["SELL 50"]);
  desk.settle();
  desk.legFills("L1", "target");
  assert.deepEqual(desk.sentLines(), ["cancel entry"]);
  desk.settle();
  desk.passes(60_000);
  assert.deepEqual([desk.copied(), desk.net()], [0, 0]);
  assert.equal(desk.follower.openCopies.size, 0);
});

test("a link that flattens ends the other leg and gets out", () => {
  const desk = deskWith({ unprotected: "flatten" });
  desk.inGroup("L1");
  desk.legEnds("L1", "stop");
  desk.passes(5_000);
  assert.deepEqual(desk.alarms(), ["unprotected"]);
  assert.deepEqual(desk.sentLines(), ["cancel target"]);
  const cancel = desk.sent();
  desk.answer(cancel, desk.broker.take(cancel));
  desk.readsBook();
  const out = desk.sentPlace();
  assert.deepEqual([out.side, out.terms.type, out.terms.quantity], ["SELL", "LIMIT", 50]);
  desk.accept(out);
  desk.fills(desk.child("L1", "stop"));
  desk.passes(60_000);
  assert.deepEqual([desk.copied(), desk.net()], [0, 0]);
});

test("a stop of our own that somebody else cancels is told once and not fought", () => {
  const desk = new GroupDesk();
  desk.inGroup("L1");
  desk.legEnds("L1", "stop");
  desk.passes(5_000);
  desk.settle();
  desk.shows(desk.child("L1", "stop"), { status: "cancelled" });
  const before = desk.recorded.length;
  desk.passes(60_000);
  assert.equal(desk.recorded.length, before);
  assert.deepEqual(desk.alarms(), ["unprotected", "cancelled-elsewhere"]);
});

test("a leg that outlives the other's fill is ended by us after a while", () => {
  const desk = new GroupDesk();
  desk.inGroup("L1");
  desk.legFills("L1", "target", 50, true);
  assert.deepEqual(desk.sentLines(), []);
  desk.passes(1_500);
  assert.deepEqual(desk.sentLines(), ["cancel stop"]);
  desk.settle();
  desk.readsBook();
  desk.passes(60_000);
  assert.deepEqual(desk.sentLines(), []);
  assert.equal(desk.follower.openCopies.size, 0);
});

for (const [brackets, vehicle, product] of [
  ["super-order", "super", "INTRADAY"],
  ["native", "bracket", "BO"],
] as const) {
  test(`a BO goes as ${vehicle}, its distances as levels at the entry's price`, () => {
    const desk = deskWith({ brackets });
    const distances = { target: rupees(30), stop: rupees(20) };
    desk.leads("L1", { family: "bracket", product: "BO", distances });
    const place = desk.sentPlace();
    assert.deepEqual([place.vehicle, place.product, place.terms.quantity], [vehicle, product, 50]);
    assert.deepEqual(place.protection, { target: rupees(1_680), stop: rupees(1_630) });
  });
}

test("a CO's stop is its trigger, and it goes with the entry", () => {
  const desk = new GroupDesk();
  desk.leads("L1", {
    family: "cover",
    product: "CO",
    terms: { triggerPrice: rupees(1_630) },
  });
  const place = desk.sentPlace();
  assert.deepEqual([place.vehicle, place.product], ["super", "INTRADAY"]);
  assert.deepEqual(place.protection, { stop: rupees(1_630) });
  assert.equal(place.terms.triggerPrice, undefined);
});

test("a leg that was seen is nearer the truth than the distance that it was placed with", () => {
  const desk = new GroupDesk();
  const leg = { family: "cover-leg", leg: "stop", side: "SELL", product: "CO" } as const;
  const parentId = orderOf("L1").brokerOrderId;
  const triggerPrice = rupees(1_637);
  desk.leads("L2", { ...leg, parentId, terms: { type: "STOP_LOSS", triggerPrice } });
  const distances = { stop: rupees(20) };
  desk.leads("L1", { family: "cover", product: "CO", distances, filledQuantity: 10 });
  assert.deepEqual(desk.sentPlace().protection, { stop: triggerPrice });
});

test("a BO that was sold by hand before its levels were known waits for them, and is not guessed", () => {
  const desk = deskWith({ brackets: "native" });
  const inside = { status: "filled", filledQuantity: 100 } as const;
  desk.leads("L1", { family: "bracket", product: "BO", ...inside });
  const { brokerOrderId: parentId } = orderOf("L1");
  const leg = {
    family: "bracket-leg",
    leg: "stop",
    side: "SELL",
    product: "BO",
    parentId,
  } as const;
  desk.leads("L1-stop", { ...leg, terms: { price: rupees(1_647) } });
  assert.deepEqual(desk.outbox, []);
  desk.leaderBook();
  assert.deepEqual([desk.outbox, desk.alarms()], [[], ["levels-not-found"]]);
});

test("a link that refuses brackets says so to a person, and sends nothing", () => {
  for (const family of ["bracket", "cover"] as const) {
    const desk = deskWith({ brackets: "refuse" });
    desk.leads("L1", { family, product: family === "bracket" ? "BO" : "CO" });
    desk.leaderBook();
    assert.deepEqual(desk.outbox, []);
    assert.deepEqual(desk.alarms(), ["brackets-refused"]);
  }
});

test("a BO without its target, a CO without its stop: refused, and a person hears of it", () => {
  for (const [family, product] of [
    ["bracket", "BO"],
    ["cover", "CO"],
  ] as const) {
    const desk = new GroupDesk();
    const distances = family === "bracket" ? { stop: rupees(20) } : { target: rupees(20) };
    desk.leads("L1", { family, product, distances });
    desk.leaderBook();
    assert.deepEqual(desk.outbox, []);
    assert.deepEqual(desk.alarms(), ["levels-not-found"]);
  }
});

test("a native group is brought out by its own legs: they are moved, never ended, and no plain order goes", () => {
  const desk = deskWith({ brackets: "native" });
  desk.leadsSuper("L1", { change: { family: "bracket", product: "BO" } });
  desk.settle();
  desk.leads("L1", { status: "filled", filledQuantity: 100, averagePrice: rupees(1_650) });
  desk.entryFills("L1");
  desk.leads("L2", {
    family: "bracket-leg",
    leg: "stop",
    parentId: orderOf("L1").brokerOrderId,
    side: "SELL",
    product: "BO",
    status: "filled",
    filledQuantity: 100,
    averagePrice: rupees(1_630),
  });
  desk.passes(60_000);
  assert.deepEqual(
    desk.sentLines().map((line) => line.split(" ").slice(0, 2).join(" ")),
    ["modify target"],
  );
  assert.equal(desk.levels("L1").stop?.status, "working");
});

test("after a lost journal a group is adopted with its legs, and brought out as before", () => {
  const desk = new GroupDesk({ isUnlinked: true });
  const before = new GroupDesk();
  before.inGroup("L1");
  desk.nowMs = before.nowMs;
  for (const order of before.leader.book.orders.values()) desk.leaderFrame(order);
  const orders = before.broker.listed();
  desk.input({
    kind: "observed",
    orders,
    witness: "book",
    startedAtMs: desk.nowMs,
    isWhole: true,
  });
  desk.open(linkOf());
  assert.deepEqual(desk.outbox, []);
  const child = desk.child("L1");
  assert.deepEqual([child.vehicle, child.filled], ["super", 50]);
  assert.equal(desk.copied(), 50);
  desk.leads("L2", { side: "SELL", status: "filled", filledQuantity: 100 });
  assert.equal(desk.sentPlace().terms.quantity, 50);
});

test("a restart while a leg's change was on its way: it is read, and asked again only if it did not take", () => {
  const desk = new GroupDesk();
  desk.inGroup("L1");
  desk.leaderMoves("L1", "stop", 1_640);
  desk.outbox.splice(0);
  desk.input({ kind: "restarted" });
  desk.passes(4_000);
  assert.deepEqual(desk.sentLines(), []);
  desk.readsBook();
  assert.deepEqual(desk.sentLines(), ["modify stop 1640"]);
});

test("a group stays a group although the leader's sale is told of before the fill of his entry", () => {
  const desk = new GroupDesk();
  desk.leadsSuper("L1");
  desk.settle();
  desk.entryFills("L1");
  const averagePrice = rupees(1_655);
  desk.leads("L2", { side: "SELL", status: "filled", filledQuantity: 100, averagePrice });
  desk.leaderFills("L1");
  desk.passes(1_500);
  assert.deepEqual(desk.sentLines(), ["SELL 50"]);
  desk.settle();
  desk.fills(desk.child("L2", "exit"));
  assert.deepEqual(desk.sentLines(), ["cancel stop"]);
});

test("a group that is seen once both of its legs are gone is not entered, and a person hears of it", () => {
  const desk = new GroupDesk();
  const gone = { status: "cancelled", filledQuantity: 0 } as const;
  const levels = {
    stop: { price: rupees(1_630), ...gone },
    target: { price: rupees(1_680), ...gone },
  };
  desk.leads("L1", { family: "super-entry", status: "filled", filledQuantity: 100, levels });
  desk.leaderBook();
  assert.deepEqual([desk.outbox, desk.skips()], [[], ["all levels-not-found"]]);
  assert.deepEqual(desk.alarms(), ["levels-not-found"]);
});
