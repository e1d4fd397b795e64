import assert from "node:assert/strict";
import { test } from "node:test";
import { linkOf, OPTION, OPTION_ROW, rupees } from "../../../test/core/builders.ts";
import { Desk } from "../../../test/core/desk.ts";
import { GroupDesk } from "../../../test/core/group-desk.ts";
import type { Child } from "../order/child.ts";

const ONE_TO_ONE = linkOf({ sizing: { kind: "multiplier", bps: 10_000 } });

/** A contract of which the exchange takes 1,755 units in one order: 27 lots of 65. */
function cutDesk<T extends Desk>(desk: T, isStale = false): T {
  desk.instruments.set(OPTION, { ...OPTION_ROW, freeze: { units: 1_755, isStale } });
  return desk;
}

const OF_OPTION = { instrument: OPTION, product: "MARGIN" } as const;
const slice = (desk: Desk, at: number, leg: "entry" | "exit" = "entry", id = "L1"): Child => {
  const child = desk.childrenOf(id, leg).findLast(({ identity }) => identity.slice === at);
  assert.ok(child);
  return child;
};
const quantities = (desk: Desk) =>
  desk.outbox.map((command) => (command.kind === "cancel" ? 0 : command.terms.quantity));

/** 5,005 units of the leader's, all of which is sent. */
function placed(): Desk {
  const desk = cutDesk(new Desk({ links: [ONE_TO_ONE] }));
  desk.leads("L1", { ...OF_OPTION, terms: { quantity: 5_005 } });
  return desk;
}

test("an order above the freeze quantity is cut, each part under a name of its own", () => {
  const desk = placed();
  assert.deepEqual(quantities(desk), [1_755, 1_755, 1_495]);
  assert.equal(new Set(desk.outbox.map(({ correlationId }) => correlationId)).size, 3);
});

test("an order that the leader's broker has cut comes as several, and each is copied once", () => {
  const desk = cutDesk(new Desk({ links: [ONE_TO_ONE] }));
  for (const [id, quantity] of Object.entries({ L1: 1_755, L2: 1_755, L3: 1_495 })) {
    desk.leads(id, { ...OF_OPTION, terms: { quantity } });
  }
  assert.deepEqual(quantities(desk), [1_755, 1_755, 1_495]);
  desk.settle();
  for (const id of ["L1", "L2", "L3"]) assert.equal(desk.childrenOf(id, "entry").length, 1, id);
});

test("one part that is rejected leaves the others alive, and is not taken over by them", () => {
  const desk = placed();
  const [first, second, third] = desk.outbox.splice(0);
  assert.ok(first && second && third);
  desk.accept(first);
  desk.rejects(second, "funds");
  desk.accept(third);
  assert.deepEqual(desk.outbox, []);
  assert.deepEqual(desk.skips(), ["entry child-rejected"]);
  assert.deepEqual(
    [slice(desk, 0), slice(desk, 1), slice(desk, 2)].map(({ state }) => state),
    ["working", "rejected", "working"],
  );
  desk.input({ kind: "tick" });
  assert.deepEqual(desk.outbox, []);
});

test("a larger order grows its last part and adds another; a smaller one takes from the last", () => {
  const desk = placed();
  desk.settle();
  desk.leads("L1", { terms: { quantity: 5_590 } });
  assert.deepEqual(quantities(desk), [1_755, 325]);
  desk.settle();
  desk.leads("L1", { terms: { quantity: 2_600 } });
  assert.deepEqual(quantities(desk), [845, 0, 0]);
});

test("the parts together never fill more than a leader who ended short, whichever fills first", () => {
  const desk = placed();
  desk.settle();
  desk.fills(slice(desk, 1));
  desk.leads("L1", { status: "cancelled", filledQuantity: 1_755 });
  assert.deepEqual(
    desk.outbox.map(({ kind, correlationId }) => [kind, correlationId]),
    [
      ["cancel", slice(desk, 0).correlationId],
      ["cancel", slice(desk, 2).correlationId],
    ],
  );
});

test("the parts of an exit together never sell more than is left", () => {
  const desk = placed();
  desk.settle();
  for (const at of [0, 1, 2]) desk.fills(slice(desk, at));
  desk.leads("L1", { status: "filled", filledQuantity: 5_005 });
  const all = { ...OF_OPTION, side: "SELL", terms: { quantity: 5_005 } } as const;
  desk.leads("L2", all);
  desk.settle();
  desk.leads("L3", { ...all, terms: { quantity: 2_600, price: rupees(1_700) } });
  desk.settle();
  desk.fills(slice(desk, 2, "exit", "L2"));
  desk.fills(slice(desk, 0, "exit", "L3"));
  desk.fills(slice(desk, 1, "exit", "L3"));
  desk.settle();
  const open = desk
    .children()
    .filter(({ state }) => state === "working")
    .reduce((sum, child) => sum + child.terms.quantity - child.filled, 0);
  assert.equal(desk.copied(OPTION, "MARGIN"), 5_005 - 1_495 - 2_600);
  assert.equal(open, desk.copied(OPTION, "MARGIN"));
});

test("by a table past its date no entry is cut; an exit is", () => {
  const desk = cutDesk(new Desk({ links: [ONE_TO_ONE] }), true);
  desk.leads("L1", { ...OF_OPTION, terms: { quantity: 5_005 } });
  assert.deepEqual(desk.outbox, []);
  assert.deepEqual(desk.alarms(), ["freeze-table-stale"]);
  const before = placed();
  before.settle();
  for (const at of [0, 1, 2]) before.fills(slice(before, at));
  before.leads("L1", { status: "filled", filledQuantity: 5_005 });
  cutDesk(before, true);
  before.leads("L2", { ...OF_OPTION, side: "SELL", terms: { quantity: 5_005 } });
  assert.deepEqual(quantities(before), [1_755, 1_755, 1_495]);
});

test("each part of a group goes with the levels of all of it", () => {
  const desk = cutDesk(new GroupDesk({ links: [ONE_TO_ONE] }));
  desk.leadsSuper("L1", { quantity: 3_510, change: OF_OPTION });
  const parts = desk.outbox.map((command) => command.kind === "place" && command.protection?.stop);
  assert.deepEqual(parts, [rupees(1_630), rupees(1_630)]);
});

test("after a lost journal every part is adopted", () => {
  const before = placed();
  before.settle();
  const desk = cutDesk(new Desk({ links: [ONE_TO_ONE], isUnlinked: true }));
  desk.leads("L1", { ...OF_OPTION, terms: { quantity: 5_005 } });
  desk.sees(...before.broker.orders.values());
  desk.open(ONE_TO_ONE);
  assert.deepEqual(desk.outbox, []);
  assert.equal(desk.childrenOf("L1", "entry").length, 3);
  desk.leads("L1", { status: "cancelled" });
  assert.deepEqual(quantities(desk), [0, 0, 0]);
});

test("a restart while the parts were on their way: each is looked up, and those that never left go anew", () => {
  const desk = placed();
  const [first] = desk.outbox.splice(0);
  assert.ok(first);
  desk.broker.take(first);
  desk.input({ kind: "restarted" });
  desk.passes(16_000);
  for (const { correlationId } of desk.children()) {
    const order = desk.broker.byCorrelation(correlationId);
    if (order) desk.sees(order);
    else desk.looksInVain(correlationId, 3);
  }
  desk.readsBook();
  assert.deepEqual(quantities(desk), [1_755, 1_495]);
});
