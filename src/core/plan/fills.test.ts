import assert from "node:assert/strict";
import { test } from "node:test";
import { linkOf, OPTION, rupees, SHARE } from "../../../test/core/builders.ts";
import { Desk } from "../../../test/core/desk.ts";
import type { AfterLeaderFilledRule } from "../model/link.ts";

const FILLS = linkOf({ copy: "fills" });
const RESTING = { afterMs: 10_000, maxDistanceBps: 100 } as const;

function restingDesk(rule: AfterLeaderFilledRule): Desk {
  const desk = new Desk({ links: [linkOf({ afterLeaderFilled: rule })] });
  desk.leads("L1");
  desk.settle();
  desk.leads("L1", { status: "filled", filledQuantity: 100, averagePrice: rupees(1_650) });
  return desk;
}

test("only what has filled is copied: nothing while the leader's order rests, nothing when it ends unfilled", () => {
  const desk = new Desk({ links: [FILLS] });
  desk.leads("L1");
  assert.deepEqual(desk.outbox, []);
  desk.leads("L1", { status: "cancelled" });
  assert.deepEqual(desk.outbox, []);
  assert.deepEqual(desk.skips(), ["all leader-cancelled"]);
});

test("over many partial fills no lot is lost: the copy is sized by all that has filled", () => {
  const desk = new Desk({ links: [FILLS] });
  const averagePrice = rupees(100);
  const change = { instrument: OPTION, product: "MARGIN", averagePrice } as const;
  for (let filled = 65; filled <= 650; filled += 65) {
    const status = filled === 650 ? "filled" : "working";
    desk.leads("L1", { ...change, terms: { quantity: 650 }, filledQuantity: filled, status });
    desk.settle();
    for (const child of desk.children()) if (child.state === "working") desk.fills(child);
  }
  assert.equal(desk.copied(OPTION, "MARGIN"), 325);
  assert.equal(desk.follower.openCopies.size, 0);
});

test("an exit in parts takes out the same share of what was copied, and at the end all of it", () => {
  const desk = new Desk({ links: [FILLS] });
  const averagePrice = rupees(1_650);
  desk.leads("L1", { status: "filled", filledQuantity: 100, averagePrice });
  desk.settle();
  desk.fills(desk.child("L1"));
  for (const filled of [30, 70, 100]) {
    const status = filled === 100 ? "filled" : "working";
    desk.leads("L2", { side: "SELL", filledQuantity: filled, status, averagePrice });
    desk.settle();
    for (const child of desk.children()) if (child.state === "working") desk.fills(child);
    assert.equal(desk.copied(), 50 - filled / 2);
  }
  assert.equal(desk.net(SHARE), 0);
});

test("of two exits that the leader has filled, one of them in part, the older one is served first", () => {
  const desk = new Desk({ links: [FILLS] });
  const averagePrice = rupees(1_650);
  const fillsOf = (id: string, units: number, side: "BUY" | "SELL" = "BUY") => {
    const status = units === 400 ? "filled" : "working";
    desk.leads(id, { side, terms: { quantity: 400 }, filledQuantity: units, status, averagePrice });
    desk.leaderBook();
  };
  fillsOf("L1", 100);
  desk.settle();
  desk.leads("L2", { side: "SELL", status: "filled", filledQuantity: 100, averagePrice });
  desk.leaderBook();
  desk.settle();
  fillsOf("L1", 160);
  fillsOf("L3", 60, "SELL");
  desk.settle();
  desk.fills(desk.child("L1"));
  desk.settle();
  const open = desk.children().filter(({ side, state }) => side === "SELL" && state === "working");
  const asked = open.reduce((sum, { terms, filled }) => sum + terms.quantity - filled, 0);
  assert.deepEqual([desk.copied(), asked], [80, 80]);
});

test("fills that come to less than a lot are waited for, and that is said", () => {
  const desk = new Desk({ links: [FILLS] });
  const averagePrice = rupees(1_650);
  desk.leads("L1", { filledQuantity: 1, averagePrice });
  assert.deepEqual([desk.outbox, desk.holdOf("L1", "entry")], [[], "less-than-a-lot"]);
  desk.leads("L1", { filledQuantity: 3 });
  assert.equal(desk.sentPlace().terms.quantity, 1);
  assert.equal(desk.holdOf("L1", "entry"), undefined);
});

test("an exit that is for less than a lot so far is waited for, too", () => {
  const desk = new Desk({ links: [FILLS] });
  const averagePrice = rupees(1_650);
  desk.leads("L1", { status: "filled", filledQuantity: 100, averagePrice });
  desk.settle();
  desk.fills(desk.child("L1"));
  desk.leads("L2", { side: "SELL", filledQuantity: 1, averagePrice });
  desk.leaderBook();
  assert.deepEqual([desk.outbox, desk.holdOf("L2", "exit")], [[], "less-than-a-lot"]);
});

test("what fills now is not old, however long the order has rested", () => {
  const desk = new Desk({ links: [FILLS] });
  const averagePrice = rupees(1_650);
  desk.leads("L1", { filledQuantity: 1, averagePrice });
  desk.nowMs += 600_000;
  desk.leads("L1", { status: "filled", filledQuantity: 100 });
  assert.equal(desk.sentPlace().terms.quantity, 50);
});

test("an exit of which a part has filled says at once that nothing of it was copied", () => {
  const desk = new Desk({ links: [{ ...FILLS, mode: "close-only" }] });
  const averagePrice = rupees(1_650);
  desk.leads("L1", { status: "filled", filledQuantity: 100, averagePrice });
  desk.leads("L2", { side: "SELL", filledQuantity: 30, averagePrice });
  desk.leaderBook();
  assert.deepEqual(desk.skips(), ["entry close-only", "exit nothing-to-exit"]);
});

test("what rests behind the leader's filled order stays, where the link leaves it", () => {
  const desk = restingDesk({ kind: "leave" });
  desk.passes(600_000);
  assert.deepEqual(desk.outbox, []);
});

test("it is cancelled when its time is over and not a millisecond before", () => {
  const desk = restingDesk({ kind: "cancel", afterMs: 10_000 });
  desk.passes(9_999);
  assert.deepEqual(desk.outbox, []);
  desk.passes(1);
  assert.equal(desk.sent().kind, "cancel");
  assert.deepEqual(desk.skips(), ["entry leader-filled"]);
});

test("it is chased once, to the furthest price from the leader's average that is allowed", () => {
  const desk = restingDesk({ kind: "chase", ...RESTING });
  desk.passes(9_999);
  assert.deepEqual(desk.outbox, []);
  desk.passes(1);
  const command = desk.sent();
  assert.equal(command.kind === "modify" && command.terms.price, rupees(1_666.5));
  desk.accept(command);
  desk.passes(600_000);
  assert.deepEqual(desk.outbox, []);
});

test("an exit that rests is chased and never given up", () => {
  for (const rule of [
    { kind: "chase", ...RESTING },
    { kind: "cancel", afterMs: 10_000 },
  ] as const) {
    const desk = new Desk({ links: [linkOf({ afterLeaderFilled: rule })] });
    desk.bought("L1", 100);
    desk.leads("L2", { side: "SELL" });
    desk.settle();
    const averagePrice = rupees(1_650);
    desk.leads("L2", { status: "filled", filledQuantity: 100, averagePrice });
    desk.passes(10_000);
    const prices = desk.outbox.map((command) => command.kind === "modify" && command.terms.price);
    assert.deepEqual(prices, rule.kind === "chase" ? [rupees(1_633.5)] : []);
  }
});

test("a restart does not begin the wait anew", () => {
  const desk = restingDesk({ kind: "cancel", afterMs: 10_000 });
  desk.passes(6_000);
  desk.input({ kind: "restarted" });
  desk.passes(4_000);
  assert.equal(desk.sent().kind, "cancel");
});
