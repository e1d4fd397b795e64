/** Whose units are gone, when somebody else has traded what was copied into an account. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { LEADER, linkOf, OPTION, orderOf, SHARE } from "../../../test/core/builders.ts";
import { GroupDesk } from "../../../test/core/group-desk.ts";
import { toCopyId } from "../model/fact.ts";
import { toBrokerOrderId, toLinkId } from "../model/ids.ts";
import type { Side } from "../model/order.ts";
import { toPositionKey } from "../order/account-book.ts";
import { copyNamed } from "../order/named.ts";
import { heldOfGroup } from "./held.ts";

const KEY = toPositionKey(SHARE, "INTRADAY");
const SELL = { target: 1_630, stop: 1_680, change: { side: "SELL" } } as const;

function held(desk: GroupDesk, leaderOrderId: string, link = linkOf().id): number {
  const copy = copyNamed(desk.follower, toCopyId(link, toBrokerOrderId(leaderOrderId)));
  return heldOfGroup(desk.follower, copy, KEY);
}

function others(desk: GroupDesk, id: string, side: Side, filledQuantity: number): void {
  const terms = { quantity: filledQuantity };
  desk.sees(orderOf(id, { side, status: "filled", filledQuantity, terms }));
}

function squaredOff(desk: GroupDesk, id: string): void {
  desk.legEnds(id, "target");
  desk.legEnds(id, "stop");
}

test("a group holds what it brought in, whatever stands beside it", () => {
  const desk = new GroupDesk();
  desk.inGroup("L1");
  desk.inGroup("L2", SELL);
  desk.inGroup("L3");
  others(desk, "X1", "BUY", 30);
  assert.deepEqual([held(desk, "L1"), held(desk, "L2"), held(desk, "L3")], [50, 20, 50]);
});

test("what somebody sold was the group's whose legs he ended, not of one that came later", () => {
  const desk = new GroupDesk();
  desk.inGroup("L1");
  squaredOff(desk, "L1");
  others(desk, "X1", "SELL", 50);
  desk.inGroup("L2");
  assert.deepEqual([held(desk, "L1"), held(desk, "L2")], [0, 50]);
  // Nothing of ours takes out what only the second has.
  desk.passes(60_000);
  assert.deepEqual(desk.sentLines(), []);
});

test("of groups whose legs are gone the oldest has lost its units first, and plain ones last", () => {
  const desk = new GroupDesk();
  desk.bought("L0", 100);
  desk.inGroup("L1");
  desk.inGroup("L2");
  for (const id of ["L1", "L2"]) squaredOff(desk, id);
  others(desk, "X1", "SELL", 70);
  assert.deepEqual([held(desk, "L1"), held(desk, "L2")], [0, 30]);
  others(desk, "X2", "SELL", 40);
  assert.deepEqual([held(desk, "L1"), held(desk, "L2")], [0, 0]);
});

test("both sides of a contract that somebody squared off are gone, though the net is none", () => {
  const desk = new GroupDesk();
  desk.inGroup("L1");
  desk.inGroup("L2", SELL);
  assert.deepEqual([held(desk, "L1"), held(desk, "L2")], [50, 50]);
  for (const id of ["L1", "L2"]) squaredOff(desk, id);
  others(desk, "X1", "SELL", 50);
  others(desk, "X2", "BUY", 50);
  assert.deepEqual([held(desk, "L1"), held(desk, "L2")], [0, 0]);
});

test("a group is gone, too, when somebody bought back what it was short of together with plain units", () => {
  const desk = new GroupDesk();
  const terms = { quantity: 200 };
  desk.leads("L0", { side: "SELL", status: "filled", filledQuantity: 200, terms });
  desk.leaderBook();
  desk.settle();
  desk.fills(desk.child("L0"));
  desk.inGroup("L1", { target: null, change: { family: "cover", product: "CO" } });
  assert.deepEqual([desk.net(), held(desk, "L1")], [-50, 50]);
  desk.legEnds("L1", "stop");
  others(desk, "X1", "BUY", 50);
  assert.deepEqual([desk.net(), held(desk, "L1")], [0, 0]);
});

test("our own legs, other contracts and orders that fill nothing are nobody else's trades", () => {
  const desk = new GroupDesk();
  desk.inGroup("L1");
  desk.inGroup("L2", SELL);
  desk.legFills("L1", "target", 20);
  for (const side of ["BUY", "SELL"] as const) {
    const terms = { quantity: 65 };
    const filled = { status: "filled", filledQuantity: 65, terms } as const;
    desk.sees(orderOf(`X-${side}`, { ...filled, side, instrument: OPTION }));
    desk.sees(orderOf(`Y-${side}`, { side }));
  }
  assert.deepEqual([held(desk, "L1"), held(desk, "L2")], [30, 50]);
});

test("of two links the last by name lacks first", () => {
  const second = toLinkId("leader-z");
  const desk = new GroupDesk({ links: [linkOf(), linkOf({ id: second, leader: LEADER })] });
  desk.leadsSuper("L1");
  desk.settle();
  desk.leaderFills("L1");
  for (const child of [...desk.follower.children.values()]) {
    desk.fills(child);
    desk.showsLegs(child);
  }
  others(desk, "X1", "SELL", 60);
  assert.deepEqual([held(desk, "L1"), held(desk, "L1", second)], [40, 0]);
});
