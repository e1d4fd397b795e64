/** What exits have taken out twice, and what only looks like it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { linkOf, type OrderChange, orderOf, rupees } from "../../../test/core/builders.ts";
import { Desk } from "../../../test/core/desk.ts";
import { GroupDesk } from "../../../test/core/group-desk.ts";
import { toAccountId, toLinkId } from "../model/ids.ts";
import type { Child } from "../order/child.ts";

const SELL: OrderChange = { side: "SELL" };
const STOP: OrderChange = {
  side: "SELL",
  terms: { type: "STOP_LOSS", triggerPrice: rupees(1_631), price: rupees(1_630) },
};

/** A target and a stop of the leader's, copied, beside each other. */
function exitsTwice(): { readonly desk: Desk; readonly target: Child; readonly stop: Child } {
  const desk = new Desk();
  desk.bought("L1", 100);
  desk.leads("L2", SELL);
  desk.leads("L3", STOP);
  desk.settle();
  return { desk, target: desk.child("L2", "exit"), stop: desk.child("L3", "exit") };
}

/** The two of them have both filled at the follower. */
function soldTwice(): Desk {
  const { desk, target, stop } = exitsTwice();
  desk.fills(target);
  desk.leads("L2", { status: "filled", filledQuantity: 100 });
  desk.fills(stop);
  desk.outbox = [];
  return desk;
}

test("a target and a stop that both fill are told of, and brought back to flat after a while", () => {
  const desk = soldTwice();
  assert.deepEqual([desk.copied(), desk.alarms()], [-50, ["double-exit"]]);
  desk.passes(2_499);
  assert.deepEqual(desk.outbox, []);
  desk.passes(1);
  const back = desk.sentPlace();
  // No trade of his stop has been told: its own limit is the price that is known.
  assert.deepEqual(
    [back.side, back.terms.quantity, back.terms.price],
    ["BUY", 50, rupees(1_638.15)],
  );
  desk.accept(back);
  desk.input({ kind: "tick" });
  desk.fills(desk.child("L3", "repair"));
  desk.passes(60_000);
  assert.deepEqual([desk.outbox, desk.copied(), desk.net()], [[], 0, 0]);
});

test("of two exits that both filled while the leader's rest, the newer one is brought back", () => {
  const { desk, target, stop } = exitsTwice();
  desk.fills(target);
  desk.fills(stop);
  desk.outbox = [];
  assert.deepEqual(desk.alarms(), ["double-exit"]);
  desk.passes(2_500);
  const back = desk.sentPlace();
  assert.deepEqual([back.side, back.terms.quantity], ["BUY", 50]);
  desk.accept(back);
  desk.fills(desk.child("L3", "repair"));
  assert.equal(desk.net(), 0);
});

test("what brings back and was cancelled by somebody else is told of once, and let be", () => {
  const desk = soldTwice();
  desk.passes(2_500);
  desk.accept(desk.sent());
  desk.shows(desk.child("L3", "repair"), { status: "cancelled" });
  assert.deepEqual(desk.alarms(), ["double-exit", "cancelled-elsewhere"]);
  const { length } = desk.recorded;
  desk.passes(60_000);
  desk.input({ kind: "tick" });
  assert.deepEqual([desk.outbox, desk.recorded.length], [[], length]);
});

/** Two exits beside each other, and an older one of a short that the leader has turned round since. */
function besideAnOlderExit(desk: Desk, leads: (id: string, change: OrderChange) => void): void {
  leads("L0", { ...SELL, status: "filled", filledQuantity: 100 });
  desk.fills(desk.child("L0"));
  leads("L9", { terms: { quantity: 40, price: rupees(1_500) } });
  leads("L1", { status: "filled", filledQuantity: 200, terms: { quantity: 200 } });
  desk.fills(desk.child("L1", "exit"));
  desk.settle();
  desk.fills(desk.child("L1"));
  leads("L2", SELL);
  leads("L3", STOP);
  desk.settle();
  assert.deepEqual([desk.copied(), desk.alarms()], [50, []]);
}

test("what two exits have opened is told of at once, although another exit takes it out as it happens", () => {
  const desk = new Desk();
  besideAnOlderExit(desk, (id, change) => {
    desk.leads(id, change);
    desk.leaderBook();
    desk.settle();
  });
  desk.leads("L2", { status: "filled", filledQuantity: 100 });
  desk.fills(desk.child("L2", "exit"));
  desk.outbox = [];
  desk.fills(desk.child("L3", "exit"));
  desk.settle();
  desk.readsBook();
  assert.deepEqual([desk.copied(), desk.alarms()], [-50, ["double-exit"]]);
  assert.equal(desk.child("L9", "exit").state, "working");
});

test("what two exits have opened is not told of where the leader is by now", () => {
  const { desk, target, stop } = exitsTwice();
  desk.fills(target);
  const sale = {
    ...SELL,
    terms: { quantity: 400 },
    status: "filled",
    filledQuantity: 400,
  } as const;
  desk.leads("L4", sale);
  desk.fills(stop);
  assert.deepEqual([desk.copied(), desk.alarms()], [-50, []]);
});

test("what two exits have opened is told of while nobody knows where the leader is", () => {
  const { desk, target, stop } = exitsTwice();
  const known = desk.context.bind(desk);
  desk.context = () => ({ ...known(), leader: () => undefined });
  desk.fills(target);
  desk.fills(stop);
  assert.deepEqual([desk.copied(), desk.alarms()], [-50, ["double-exit"]]);
});

test("what is exited twice once more, after it was brought back, is brought back as well", () => {
  const desk = new Desk();
  desk.leads("L4");
  desk.settle();
  desk.bought("L1", 100);
  desk.leads("L4", { status: "filled", filledQuantity: 100 });
  desk.leads("L2", { ...SELL, terms: { quantity: 200 } });
  desk.leads("L3", { ...STOP, terms: { ...STOP.terms, quantity: 200 } });
  desk.leaderBook();
  desk.settle();
  const sellTwice = () => {
    for (const id of ["L2", "L3"]) desk.fills(desk.child(id, "exit"));
    desk.outbox = [];
    desk.passes(2_500);
  };
  sellTwice();
  const back = desk.sentPlace();
  desk.accept(back);
  desk.fills(desk.child("L3", "repair"));
  assert.equal(desk.copied(), 0);
  // The entry that still rested, although the leader's had filled, fills, and both sell it.
  desk.fills(desk.child("L4"));
  desk.settle();
  assert.equal(desk.copied(), 50);
  sellTwice();
  assert.deepEqual([desk.copied(), desk.sentPlace().side], [-50, "BUY"]);
});

test("what the leader has opened himself, and takes out again, was not sold twice", () => {
  const desk = new Desk();
  desk.bought("L1", 100);
  desk.leads("L2", SELL);
  desk.settle();
  desk.fills(desk.child("L2", "exit"));
  // His own still rests. He sells through zero, and buys that back.
  desk.leads("L3", { ...SELL, terms: { quantity: 200 }, status: "filled", filledQuantity: 200 });
  desk.leaderBook();
  desk.settle();
  desk.fills(desk.child("L3"));
  assert.equal(desk.copied(), -50);
  desk.leads("L4", { terms: { quantity: 100 } });
  desk.leaderBook();
  desk.settle();
  desk.leads("L4", { status: "filled", filledQuantity: 100 });
  desk.passes(60_000);
  assert.deepEqual([desk.outbox, desk.alarms()], [[], []]);
});

test("an exit that fills after its copy was closed, of units that were gone, is brought back", () => {
  const desk = new Desk();
  desk.bought("L1", 100);
  desk.leads("L2", SELL);
  desk.leads("L3", STOP);
  desk.settle();
  const stop = desk.child("L3", "exit");
  desk.leads("L3", { status: "cancelled" });
  desk.settle();
  assert.equal(desk.child("L3", "exit").state, "cancelled");
  desk.fills(desk.child("L2", "exit"));
  desk.leads("L2", { status: "filled", filledQuantity: 100 });
  assert.equal(desk.follower.openCopies.size, 0);
  const order = desk.broker.byCorrelation(stop.correlationId);
  assert.ok(order);
  desk.sees({ ...order, status: "filled", filledQuantity: 50 });
  assert.ok(desk.alarms().includes("double-exit"));
  desk.passes(2_500);
  assert.equal(desk.sentPlace().side, "BUY");
});

test("an exit that was refused does not sell what the group's own way out sells by now", () => {
  const desk = new GroupDesk();
  desk.inGroup("L1");
  desk.leads("L2", { ...SELL, status: "filled", filledQuantity: 100, averagePrice: rupees(1_655) });
  desk.rejects(desk.sent(), "input");
  desk.passes(1_500);
  desk.settle();
  desk.passes(3_000);
  for (let round = 0; round < 4 && desk.child("L1", "entry").exited === 0; round += 1) {
    if (desk.outbox.some(({ kind }) => kind === "place")) break;
    desk.settle();
    desk.readsBook();
  }
  assert.deepEqual(desk.sentLines(), ["SELL 50"]);
  desk.settle();
  desk.input({ kind: "tick" });
  assert.deepEqual(desk.sentLines(), []);
  desk.fills(desk.child("L1", "stop"));
  assert.deepEqual([desk.copied(), desk.net()], [0, 0]);
});

/** Two groups of one contract and one of another product, all in; and an exit of both, that rests. */
function twoGroups(): GroupDesk {
  const desk = new GroupDesk();
  desk.inGroup("L0", { change: { product: "MARGIN" } });
  desk.inGroup("L1");
  desk.inGroup("L2");
  desk.leadsSuper("L3");
  desk.settle();
  desk.leads("L9", { ...SELL, terms: { quantity: 200 } });
  desk.leaderBook();
  desk.settle();
  return desk;
}

test("an exit that fills beside the legs of two groups: the one that was opened last answers", () => {
  const desk = twoGroups();
  const exit = desk.child("L9", "exit");
  for (const id of ["L1", "L2"]) {
    desk.leaderLegFills(id, "target", ["fill", "sibling"]);
    desk.legFills(id, "target");
  }
  desk.fills(exit);
  assert.equal(desk.copied(), -100);
  assert.ok(desk.alarms().includes("double-exit"));
});

test("a group that got out by an order of ours answers as well for what an exit sells once more", () => {
  const desk = new GroupDesk();
  desk.inGroup("L1");
  desk.leads("L2", STOP);
  desk.settle();
  const exit = desk.child("L2", "exit");
  desk.leads("L2", { status: "cancelled" });
  desk.settle();
  desk.leaderLegFills("L1", "stop", ["fill", "sibling"]);
  desk.passes(4_500);
  for (let round = 0; round < 6 && !desk.sentLines().includes("SELL 50"); round += 1) {
    desk.settle();
    desk.nowMs += 4_000;
    desk.readsBook();
  }
  desk.settle();
  desk.fills(desk.child("L1", "stop"));
  desk.passes(10_000);
  assert.deepEqual([desk.copied(), desk.follower.openCopies.size], [0, 0]);
  const order = desk.broker.byCorrelation(exit.correlationId);
  assert.ok(order);
  desk.sees({ ...order, status: "filled", filledQuantity: 50 });
  assert.ok(desk.alarms().includes("double-exit"));
});

test("what is bought back after two fills that a list alone told is bought at the leader's price", () => {
  const desk = new GroupDesk();
  desk.leadsSuper("L1");
  desk.settle();
  desk.leaderFills("L1");
  const child = desk.child("L1");
  assert.ok(child.brokerOrderId);
  desk.fills(child);
  desk.leaderLegFills("L1", "target", ["fill", "sibling"]);
  const entry = desk.broker.order(child.brokerOrderId);
  const level = { price: rupees(1_680), status: "filled", filledQuantity: 50 } as const;
  const row = { ...entry, levels: { target: level, stop: level } };
  const startedAtMs = desk.nowMs;
  desk.input({ kind: "observed", orders: [row], witness: "book", startedAtMs, isWhole: false });
  assert.deepEqual(desk.sentLines(), ["BUY 50"]);
  assert.equal(desk.sentPlace().terms.price, rupees(1_688.4));
});

test("where the leader's prices are unknown the follower's own average is what he gets out by", () => {
  const desk = new GroupDesk();
  desk.leadsSuper("L1");
  desk.settle();
  desk.leads("L1", { status: "filled", filledQuantity: 100 });
  const child = desk.child("L1");
  desk.shows(child, { averagePrice: rupees(1_651) });
  desk.fills(child);
  desk.showsLegs(desk.child("L1"));
  desk.leads("L2", { ...SELL, status: "filled", filledQuantity: 100 });
  desk.rejects(desk.sent(), "input");
  desk.passes(1_500);
  assert.deepEqual(desk.sentLines(), ["modify target 1642.75"]);
});

test("what an account lacks is missing to its links in the order of their names, the last first", () => {
  const names = ["a-link", "b-link", "c-link", "d-link"];
  const leaders = names.map((name) => toAccountId(`${name}-leader`));
  const links = names.map((name, at) => {
    const leader = leaders[at] ?? toAccountId(name);
    return linkOf({ id: toLinkId(name), leader });
  });
  const desk = new Desk({ links });
  for (const { leader, id } of links) {
    desk.otherLeads(leader, orderOf(`${id}-1`, { status: "filled", filledQuantity: 100 }));
    desk.settle();
    desk.fills(desk.child(`${id}-1`, "entry", id));
  }
  desk.sees(
    orderOf("X1", { ...SELL, status: "filled", filledQuantity: 130, terms: { quantity: 130 } }),
  );
  const exits = links.map(({ leader, id }) => {
    const sale = { ...SELL, status: "filled", filledQuantity: 100 } as const;
    desk.otherLeads(leader, orderOf(`${id}-2`, sale));
    const [place] = desk.outbox.splice(0);
    return place?.kind === "place" ? place.terms.quantity : 0;
  });
  assert.deepEqual(exits, [50, 20, 0, 0]);
});

/** Two exits of 50 have filled for one; the leader is out, and has a new sale resting. */
function exitedTwice(): Desk {
  const { desk, target, stop } = exitsTwice();
  desk.leads("L2", { status: "filled", filledQuantity: 100 });
  desk.leads("L3", { status: "cancelled" });
  desk.outbox = [];
  desk.leads("L4", { ...SELL, terms: { quantity: 100, price: rupees(1_700) } });
  desk.leaderBook();
  desk.settle();
  desk.fills(target);
  desk.fills(stop);
  desk.outbox = [];
  return desk;
}

test("an entry that may still fill explains nothing of what was exited twice", () => {
  const desk = exitedTwice();
  desk.passes(2_500);
  const back = desk.sentPlace();
  assert.deepEqual([back.side, back.terms.quantity], ["BUY", 50]);
});

test("an entry that has filled explains the units that are there", () => {
  const desk = exitedTwice();
  desk.fills(desk.child("L4"));
  desk.passes(2_500);
  assert.deepEqual(desk.outbox, []);
});
