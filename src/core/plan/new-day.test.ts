import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { SHARE } from "../../../test/core/builders.ts";
import { Desk } from "../../../test/core/desk.ts";
import { GroupDesk } from "../../../test/core/group-desk.ts";
import type { TradingDay } from "../model/time.ts";
import { foldLeader, missingQueued } from "../order/leader.ts";

const DAYS = ["2026-11-23", "2026-11-24"] as const;
const QUEUED = { family: "after-market" } as const;

/** The leader's order and the follower's copy of it are queued for the open; then a new day begins. */
function overnight(): Desk {
  const desk = new Desk();
  begin(desk, DAYS[0]);
  desk.leads("L1", QUEUED);
  desk.settle();
  desk.nowMs += 86_400_000;
  begin(desk, DAYS[1]);
  return desk;
}

function begin(desk: Desk, day: string): void {
  const fact = { kind: "dayBegan", day: day as TradingDay } as const;
  desk.leader = foldLeader(desk.leader, fact, desk.leaderFacts.length + 1);
  desk.input(fact);
}

/** The book of the new day shows nothing of the day before. */
function readsEmptyBook(desk: Desk): void {
  const empty = { orders: [], startedAtMs: desk.nowMs } as const;
  desk.input({ kind: "observed", witness: "book", isWhole: true, ...empty });
}

test("what is queued for the open outlives the night, the leader's order and the copy", () => {
  const desk = overnight();
  assert.equal(desk.child("L1").state, "working");
  desk.leads("L1", { ...QUEUED, status: "cancelled" });
  assert.equal(desk.sent().kind, "cancel");
});

test("a queued copy that the book of the new day does not show is gone, and it is not placed again", () => {
  const desk = overnight();
  readsEmptyBook(desk);
  assert.equal(desk.child("L1").state, "expired");
  assert.deepEqual(desk.outbox, []);
});

test("one that the book shows is left as it is", () => {
  const desk = overnight();
  desk.readsBook();
  assert.equal(desk.child("L1").state, "working");
});

test("one that has ended since is not looked for, nor is one that nobody ever took", () => {
  const desk = overnight();
  desk.shows(desk.child("L1"), { status: "cancelled" });
  desk.leads("L2", QUEUED);
  desk.losesReply(desk.sent());
  desk.nowMs += 86_400_000;
  begin(desk, "2026-11-25");
  desk.leads("L3", { ...QUEUED, product: "CNC" });
  const queued = [...desk.follower.queued];
  assert.deepEqual(queued, [desk.child("L2").correlationId]);
  readsEmptyBook(desk);
  assert.deepEqual([desk.child("L1").state, desk.child("L2").state], ["cancelled", "unknown"]);
});

test("the leader's queued order that his book does not show has expired: the copy is cancelled", () => {
  const desk = overnight();
  assert.deepEqual(missingQueued(desk.leader, [...desk.leader.book.orders.values()]), []);
  const [expired] = missingQueued(desk.leader, []);
  assert.ok(expired?.kind === "orderObserved");
  assert.equal(expired.order.status, "expired");
  desk.leaderFrame(expired.order);
  assert.equal(desk.sent().kind, "cancel");
});

test("a day order does not outlive the night", () => {
  const desk = new Desk();
  begin(desk, DAYS[0]);
  desk.leads("L1");
  desk.settle();
  begin(desk, DAYS[1]);
  assert.equal(desk.child("L1").state, "expired");
  assert.deepEqual(missingQueued(desk.leader, []), []);
});

describe("a group of the day before", () => {
  const MARGIN = { product: "MARGIN" } as const;

  /** The leader is short 100 by a group of yesterday, and the follower 50. */
  function carried(prepare: (desk: GroupDesk) => void = () => undefined): GroupDesk {
    const desk = new GroupDesk();
    begin(desk, DAYS[0]);
    prepare(desk);
    desk.inGroup("S1", { target: 1_620, stop: 1_670, change: { side: "SELL", ...MARGIN } });
    desk.nowMs += 86_400_000;
    begin(desk, DAYS[1]);
    return desk;
  }

  test("is a position like any other: one of the other side takes it out first", () => {
    const desk = carried();
    desk.leadsSuper("L2", { quantity: 250, change: MARGIN });
    const copy = [...desk.follower.copies.values()].find((one) => one.leaderOrderId === "L2");
    assert.deepEqual([copy?.split.reduce, copy?.split.open], [100, 150]);
  });

  test("that stays where the leader's net has become zero is told of, once", () => {
    const desk = carried((before) => {
      before.leadsSuper("L1", { change: MARGIN });
      before.settle();
      before.shows(before.child("L1"), { status: "cancelled" });
      before.leaderFills("L1");
    });
    assert.deepEqual(desk.copied(SHARE, MARGIN.product), -50);
    for (let reads = 0; reads < 3; reads += 1) {
      readsEmptyBook(desk);
      desk.nowMs += 15_000;
    }
    assert.deepEqual(desk.alarms(), ["cancelled-elsewhere", "left-in"]);
  });
});
