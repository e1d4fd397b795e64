import assert from "node:assert/strict";
import { test } from "node:test";
import { Desk } from "../../../test/core/desk.ts";
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

test("what is queued for the open outlives the night, the leader's order and the copy", () => {
  const desk = overnight();
  assert.equal(desk.child("L1").state, "working");
  desk.leads("L1", { ...QUEUED, status: "cancelled" });
  assert.equal(desk.sent().kind, "cancel");
});

test("a queued copy that the book of the new day does not show is gone, and it is not placed again", () => {
  const desk = overnight();
  const empty = { orders: [], startedAtMs: desk.nowMs } as const;
  desk.input({ kind: "observed", witness: "book", isWhole: true, ...empty });
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
  const empty = { orders: [], startedAtMs: desk.nowMs } as const;
  desk.input({ kind: "observed", witness: "book", isWhole: true, ...empty });
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
