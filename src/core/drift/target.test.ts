/** What should be copied by now, as the leader's orders one after the other tell it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { LINK, linkOf, type OrderChange } from "../../../test/core/builders.ts";
import { Desk } from "../../../test/core/desk.ts";
import type { Drift } from "../model/drift.ts";
import { driftsOf } from "./drift.ts";

function allOf({ follower, leader }: Desk): readonly Drift[] {
  return driftsOf({ linkId: LINK, follower, leader });
}

const filled = (side: "BUY" | "SELL", units: number): OrderChange => ({
  side,
  terms: { quantity: units },
  status: "filled",
  filledQuantity: units,
});

/** The leader sells `units` of what he has, and the copy of that fills. */
function sold(desk: Desk, id: string, units: number): void {
  desk.leads(id, filled("SELL", units));
  desk.settle();
  for (const child of desk.childrenOf(id, "exit")) if (child.state === "working") desk.fills(child);
}

test("an exit whose share is no whole number of units leaves no difference", () => {
  const desk = new Desk();
  desk.bought("L1", 100);
  sold(desk, "L2", 33);
  assert.deepEqual(
    allOf(desk).map(({ target, copied, parts }) => [target, copied, parts]),
    [[34, 34, []]],
  );
});

test("an entry that has filled an odd part stands for whole units", () => {
  const desk = new Desk();
  desk.leads("L1", { filledQuantity: 33 });
  desk.settle();
  desk.fills(desk.child("L1"), 16);
  assert.deepEqual(
    allOf(desk).map(({ target, copied }) => [target, copied]),
    [[16, 16]],
  );
});

test("orders from before the link take out of the leader's position and of nothing copied", () => {
  const desk = new Desk({ isUnlinked: true });
  desk.leads("L1", filled("BUY", 100));
  desk.leads("L2", filled("SELL", 40));
  desk.leads("L3", filled("SELL", 120));
  desk.open(linkOf());
  desk.leads("L4", filled("BUY", 60));
  desk.leads("L5", filled("BUY", 100));
  desk.settle();
  desk.fills(desk.child("L5"));
  assert.deepEqual(
    allOf(desk).map(({ target, copied }) => [target, copied]),
    [[50, 50]],
  );
});

test("a position that he takes a third time is measured by its own orders", () => {
  const desk = new Desk();
  for (const day of [1, 2]) {
    desk.bought(`B${day}`, 100);
    sold(desk, `S${day}`, 100);
    assert.deepEqual(allOf(desk), []);
  }
  desk.bought("B3", 60);
  assert.deepEqual(
    allOf(desk).map(({ target, copied }) => [target, copied]),
    [[30, 30]],
  );
});

test("contracts are told of in the order of their names, whichever was traded first", () => {
  for (const products of [
    ["CNC", "INTRADAY", "MARGIN"],
    ["MARGIN", "INTRADAY", "CNC"],
  ] as const) {
    const desk = new Desk();
    for (const product of products) desk.bought(`L-${product}`, 100, { product });
    assert.deepEqual(
      allOf(desk).map(({ product }) => product),
      ["CNC", "INTRADAY", "MARGIN"],
    );
  }
});
