import assert from "node:assert/strict";
import { test } from "node:test";
import { orderOf, rupees, SHARE } from "../../../test/core/builders.ts";
import { Desk } from "../../../test/core/desk.ts";
import { GroupDesk } from "../../../test/core/group-desk.ts";
import type { Side } from "../model/order.ts";
import { toEpochMs } from "../model/time.ts";
import { toPositionKey } from "../order/account-book.ts";

const KEY = toPositionKey(SHARE, "INTRADAY");

/** 50 are copied, and an exit of all of them rests. */
function exiting(): Desk {
  const desk = new Desk();
  desk.bought("L1", 100);
  desk.leads("L2", { side: "SELL" });
  desk.settle();
  return desk;
}

function sale(desk: Desk, units: number) {
  return orderOf("X1", {
    side: "SELL",
    terms: { quantity: units },
    status: "filled",
    filledQuantity: units,
    updatedAtMs: toEpochMs(desk.nowMs),
  });
}

test("an exit and a sale by somebody else take the same units out: a person hears at once", () => {
  const desk = exiting();
  desk.fills(desk.child("L2", "exit"));
  assert.deepEqual(desk.alarms(), []);
  desk.sees(sale(desk, 50));
  assert.deepEqual(desk.alarms(), ["exit-crossed"]);
  const [alarm] = desk.facts("alarmed");
  assert.deepEqual(alarm?.kind === "alarmed" && alarm.inputs, { net: -50, beyond: 50 });
});

test("the same, told of in the other order", () => {
  const desk = exiting();
  const exit = desk.child("L2", "exit");
  desk.sees(sale(desk, 50));
  desk.fills(exit);
  assert.deepEqual(desk.alarms(), ["exit-crossed"]);
});

test("each fill that makes it more is told of", () => {
  const desk = exiting();
  const exit = desk.child("L2", "exit");
  desk.sees(sale(desk, 50));
  desk.fills(exit, 20);
  desk.fills(desk.child("L2", "exit"));
  const beyond = desk.facts("alarmed").map((fact) => fact.kind === "alarmed" && fact.inputs.beyond);
  assert.deepEqual(beyond, [20, 50]);
});

test("a short that somebody opens later by hand is his own", () => {
  const desk = exiting();
  desk.fills(desk.child("L2", "exit"));
  desk.passes(61_000);
  desk.sees(sale(desk, 50));
  assert.deepEqual(desk.alarms(), []);
});

test("units held by hand are sold by hand beside an exit: nothing has crossed", () => {
  const desk = new Desk({ followerNets: [{ key: KEY, net: 500 }] });
  desk.bought("L1", 100);
  desk.leads("L2", { side: "SELL" });
  desk.settle();
  desk.fills(desk.child("L2", "exit"));
  desk.sees(sale(desk, 500));
  assert.deepEqual(desk.alarms(), []);
});

test("an entry beside somebody else's order has crossed nothing", () => {
  const desk = new Desk();
  desk.leads("L1");
  desk.settle();
  desk.fills(desk.child("L1"));
  const { brokerOrderId: _id, ...bought } = sale(desk, 50);
  desk.sees({
    ...orderOf("X2"),
    ...bought,
    side: "BUY",
    brokerOrderId: orderOf("X2").brokerOrderId,
  });
  assert.deepEqual(desk.alarms(), []);
});

test("a leg of a group and a sale by somebody else take the same units out", () => {
  const desk = new GroupDesk();
  desk.inGroup("L1");
  desk.legFills("L1", "stop");
  desk.sees(sale(desk, 50));
  assert.ok(desk.alarms().includes("exit-crossed"));
});

/** The follower's trigger has fired X9, which fills; and somebody has traded the same beside it. */
function firedBeside(side: Side): Desk {
  const desk = new Desk();
  if (side === "SELL") desk.bought("L1", 100, { product: "CNC" });
  const terms = { price: rupees(1_600), triggerPrice: rupees(1_601) };
  desk.leads("T1", { family: "forever", product: "CNC", side, terms });
  desk.settle();
  const { brokerOrderId } = desk.child("T1", side === "SELL" ? "exit" : "entry");
  assert.ok(brokerOrderId);
  const fired = { parentId: brokerOrderId, family: "trigger-child", status: "filled" } as const;
  const traded = { side, product: "CNC", filledQuantity: 50, terms: { quantity: 50 } } as const;
  desk.sees(orderOf("X9", { ...fired, ...traded }));
  desk.sees(orderOf("X1", { ...traded, status: "filled" }));
  return desk;
}

test("what a trigger has fired crosses like any exit, and an entry's has crossed nothing", () => {
  assert.ok(firedBeside("SELL").alarms().includes("exit-crossed"));
  assert.ok(!firedBeside("BUY").alarms().includes("exit-crossed"));
});
