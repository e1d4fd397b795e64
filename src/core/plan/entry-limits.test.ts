/** Limits upon what a link is in: counted in full, at their boundary, and never before an exit. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { linkOf, OPTION, type OrderChange, orderOf, rupees } from "../../../test/core/builders.ts";
import { Desk } from "../../../test/core/desk.ts";
import type { Guards } from "../model/guards.ts";
import { toLinkId } from "../model/ids.ts";
import { toMoneyE4 } from "../model/money.ts";
import type { TradingDay } from "../model/time.ts";

function guarded(guards: Guards): Desk {
  return new Desk({ links: [linkOf({ guards })] });
}

const buys = (quantity: number): OrderChange => ({ terms: { quantity } });

test("what has filled, rests, or is unknown counts in full", () => {
  const desk = guarded({ maxQuantity: 100 });
  desk.leads("L1", buys(80));
  desk.settle();
  desk.fills(desk.child("L1"), 15);
  desk.leads("L2", buys(60));
  desk.answer(desk.sent(), { kind: "unknown", text: "no reply" });
  desk.leads("L3", buys(62));
  desk.leads("L4", buys(60));
  // 40 and 30 are there: 31 more are one too many, and 30 wait for the unknown one alone.
  assert.deepEqual(desk.skips(), []);
  assert.equal(desk.holdOf("L3", "entry"), "unknown-order");
  desk.broker.take(
    desk.recorded.flatMap(({ fact }) =>
      fact.kind === "placeIntended" ? [fact.command] : [],
    )[1] as never,
  );
  desk.readsBook();
  assert.deepEqual(desk.skips(), ["entry quantity-above-limit"]);
  assert.equal(desk.sentPlace().terms.quantity, 30);
});

test("an order that has ended makes room again, as far as it has not filled", () => {
  const desk = guarded({ maxQuantity: 50 });
  desk.leads("L1", buys(100));
  desk.settle();
  desk.fills(desk.child("L1"), 20);
  desk.leads("L1", { status: "cancelled", filledQuantity: 40 });
  desk.settle();
  desk.leads("L2", buys(60));
  assert.equal(desk.sentPlace().terms.quantity, 30);
});

test("contracts that it is in, or on the way into, are counted; more of one is not another", () => {
  const desk = guarded({ maxOpenPositions: 1 });
  desk.bought("L1", 100);
  desk.leads("L2", buys(10));
  desk.settle();
  desk.leads("L3", { instrument: OPTION, terms: { quantity: 130 } });
  assert.deepEqual(desk.skips(), ["entry positions-above-limit"]);
  desk.leads("L4", { side: "SELL", status: "filled", filledQuantity: 100 });
  desk.leads("L2", { status: "cancelled" });
  desk.leaderBook();
  desk.settle();
  desk.fills(desk.child("L4", "exit"));
  desk.leads("L5", { instrument: OPTION, terms: { quantity: 130 } });
  assert.equal(desk.sentPlace().instrument, OPTION);
});

test("a market order is counted by the leader's average, and what is held by what it cost", () => {
  const guards = { maxExposure: toMoneyE4(1_650_000_000) };
  const desk = new Desk({ links: [linkOf({ guards, marketOrders: "pass" })] });
  desk.bought("L1", 100);
  const filled = { status: "filled", filledQuantity: 100, averagePrice: rupees(1_650) } as const;
  desk.leads("L2", { ...filled, terms: { type: "MARKET", price: undefined as never } });
  assert.equal(desk.sentPlace().terms.quantity, 50);
  desk.settle();
  desk.leads("L3", buys(2));
  assert.deepEqual(desk.skips(), ["entry exposure-above-limit"]);
});

test("a resting trigger counts by its own prices", () => {
  const terms = { quantity: 100, price: undefined as never, triggerPrice: rupees(2_000) };
  const desk = guarded({ maxExposure: toMoneyE4(1_000_000_000) });
  desk.leads("T1", { family: "forever", product: "CNC", terms });
  assert.deepEqual([desk.outbox, desk.skips()], [[], ["entry no-reference-price"]]);
  const priced = guarded({ maxExposure: toMoneyE4(1_000_000_000) });
  priced.leads("T1", {
    family: "forever",
    product: "CNC",
    terms: { ...terms, price: rupees(2_000) },
  });
  priced.settle();
  priced.leads("L1", buys(2));
  assert.deepEqual(priced.skips(), ["entry exposure-above-limit"]);
});

test("a trigger that has fired counts until what it fired is known to have filled or ended", () => {
  const terms = { quantity: 100, price: rupees(1_650), triggerPrice: rupees(1_640) };
  const desk = guarded({ maxOpenPositions: 1 });
  desk.leads("T1", { family: "forever", product: "CNC", terms });
  desk.settle();
  const { brokerOrderId } = desk.child("T1");
  assert.ok(brokerOrderId);
  desk.sees(desk.broker.change(brokerOrderId, { status: "filled" }));
  desk.leads("L1");
  const fired = { parentId: brokerOrderId, family: "trigger-child", product: "CNC" } as const;
  desk.sees(orderOf("X1", { ...fired, terms: { quantity: 50 } }));
  desk.leads("L2");
  assert.deepEqual(desk.skips(), Array(2).fill("entry positions-above-limit"));
  desk.sees(orderOf("X1", { ...fired, terms: { quantity: 50 }, status: "cancelled" }));
  desk.leads("L3");
  assert.equal(desk.sentPlace().terms.quantity, 50);
});

test("entries of the day are counted, each link's its own; the next day begins anew", () => {
  const other = toLinkId("leader-z");
  const guards = { maxOrdersPerDay: 1 };
  const links = [linkOf({ guards }), linkOf({ id: other, guards })];
  const desk = new Desk({ links });
  desk.leads("L1");
  assert.equal(desk.outbox.length, 2);
  desk.settle();
  desk.leads("L2");
  assert.deepEqual(desk.skips(), ["entry orders-above-limit", "entry orders-above-limit"]);
  for (const day of ["2026-11-22", "2026-11-23"] as TradingDay[]) {
    desk.input({ kind: "dayBegan", day });
  }
  desk.readsBook();
  desk.input({ kind: "positions", nets: [] });
  desk.leads("L3");
  assert.equal(desk.outbox.length, 2);
});

test("an order that surely never left does not count", () => {
  const desk = guarded({ maxOrdersPerDay: 1 });
  desk.leads("L1");
  desk.answer(desk.sent(), { kind: "notSent", text: "the socket was closed" });
  desk.input({ kind: "tick" });
  assert.equal(desk.sentPlace().terms.quantity, 50);
});

test("a larger order is held where the link may not have more, and a smaller one is followed", () => {
  const desk = guarded({ maxQuantity: 60 });
  desk.leads("L1");
  desk.settle();
  desk.leads("L1", buys(122));
  assert.equal(desk.holdOf("L1", "entry"), "change-above-limit");
  desk.leads("L1", buys(120));
  const change = desk.sent();
  assert.equal(change.kind === "modify" && change.terms.quantity, 60);
});

test("a change on its way counts as if it were taken, until it is known not to be", () => {
  const desk = guarded({ maxQuantity: 60 });
  desk.leads("L1", buys(20));
  desk.settle();
  desk.leads("L1", buys(80));
  const change = desk.sent();
  desk.leads("L2", buys(42));
  assert.deepEqual([desk.outbox, desk.skips()], [[], ["entry quantity-above-limit"]]);
  desk.rejects(change, "other");
  desk.leads("L3", buys(100));
  assert.equal(desk.sentPlace().terms.quantity, 50);
});

test("a dearer price on its way counts, too", () => {
  const desk = guarded({ maxExposure: toMoneyE4(rupees(1_650) * 60) });
  desk.leads("L1");
  desk.settle();
  desk.leads("L1", { terms: { price: rupees(1_900) } });
  desk.sent();
  desk.leads("L2", { terms: { quantity: 20, price: rupees(1_650) } });
  assert.deepEqual([desk.outbox, desk.skips()], [[], ["entry exposure-above-limit"]]);
});

test("an entry that waited until the window had closed is not sent any more", () => {
  const desk = guarded({ window: { fromMinute: 560, toMinute: 601 } });
  desk.leads("L1");
  desk.answer(desk.sent(), { kind: "unknown", text: "no reply" });
  const [placed] = desk.childrenOf("L1", "entry");
  desk.nowMs += 60_000;
  desk.looksInVain(placed?.correlationId as never, 3);
  desk.readsBook();
  assert.deepEqual([desk.outbox, desk.skips()], [[], ["entry outside-window"]]);
});

for (const more of [{ quantity: 120 }, { price: rupees(1_900) }]) {
  test(`what works when the window closes does not become more: ${Object.keys(more)}`, () => {
    const desk = guarded({ window: { fromMinute: 560, toMinute: 601 } });
    desk.leads("L1");
    desk.settle();
    desk.nowMs += 60_000;
    desk.leads("L1", { terms: more });
    assert.deepEqual([desk.outbox, desk.holdOf("L1", "entry")], [[], "change-above-limit"]);
  });
}

test("what works when the window closes follows the leader to less", () => {
  const desk = guarded({ window: { fromMinute: 560, toMinute: 601 } });
  desk.leads("L1");
  desk.settle();
  desk.nowMs += 60_000;
  desk.leads("L1", buys(80));
  const change = desk.sent();
  assert.equal(change.kind === "modify" && change.terms.quantity, 40);
});

test("filters look at the leader's order when it is first seen", () => {
  const desk = guarded({ sides: ["BUY"], kinds: ["equity"] });
  desk.leads("L1", { instrument: OPTION, terms: { quantity: 130 } });
  desk.leads("L2", { side: "SELL" });
  desk.leaderBook();
  assert.deepEqual(desk.skips(), ["entry kind-not-allowed", "entry side-not-allowed"]);
});
