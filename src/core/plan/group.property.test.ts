/** What holds of groups on every day, whatever the leader does and however unkind the broker is. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { ASHA } from "../../../test/core/builders.ts";
import { type Move, moves } from "../../../test/core/random-day.ts";
import { RandomGroupDay } from "../../../test/core/random-group-day.ts";
import type { FollowerFact } from "../model/fact.ts";
import { isGroup } from "../order/child.ts";
import { isOpen } from "../order/child-state.ts";
import { LEGS } from "../order/correlation-id.ts";
import { foldFollower } from "../order/follower.ts";
import { emptyFollower } from "../order/follower-state.ts";
import { exitLevelsOf, isAtExchange } from "../order/group.ts";

/** After these alarms a person must act: an order or a change of ours was ended or refused. */
const LEFT_TO_PERSON: ReadonlySet<string> = new Set([
  "exit-rejected",
  "change-refused",
  "cancelled-elsewhere",
  "order-rose-again",
]);

const RUNS = { numRuns: Number(process.env.RUNS ?? 100) };

/** Plays the moves one by one; `look` is called after each. */
function played(list: readonly Move[], look?: (day: RandomGroupDay) => void): RandomGroupDay {
  const day = new RandomGroupDay();
  for (const move of list) {
    day.play(move);
    look?.(day);
  }
  return day;
}

test("copied units are on the wrong side only while a person knows of a double exit", () => {
  fc.assert(
    fc.property(moves, (list) => {
      played(list, ({ desk }) => {
        // What an open entry has filled may be told after what its legs have.
        const isSure = !desk.children().some((child) => isGroup(child) && isOpen(child.state));
        if (desk.copied() < 0 && isSure) assert.ok(desk.alarms().includes("double-exit"));
      });
    }),
    RUNS,
  );
});

test("no two orders are open for one part, unless one rose from the dead", () => {
  fc.assert(
    fc.property(moves, (list) => {
      played(list, ({ desk }) => {
        if (desk.alarms().includes("order-rose-again")) return;
        for (const copy of desk.follower.copies.values()) {
          for (const leg of LEGS) {
            const open = copy.children[leg]
              .map((id) => desk.follower.children.get(id))
              .filter((child) => child !== undefined && isOpen(child.state));
            assert.ok(open.length <= 1, `${copy.copyId} ${leg}: ${open.length}`);
          }
        }
      });
    }),
    RUNS,
  );
});

test("orders of our own never stand for more than is in, nor repairs for more than is short", () => {
  fc.assert(
    fc.property(moves, (list) => {
      const { desk } = played(list);
      let state = emptyFollower(ASHA);
      const open = (leg: "stop" | "repair") =>
        [...state.children.values()]
          .filter((child) => child.identity.leg === leg && isOpen(child.state))
          .reduce((sum, child) => sum + child.terms.quantity - child.filled, 0);
      for (const { fact, seq, atMs } of desk.recorded) {
        state = foldFollower(state, fact, seq, atMs);
        if (fact.kind !== "placeIntended") continue;
        const [copied = 0] = state.copied.values();
        const { leg } = fact.identity;
        if (leg === "stop") assert.ok(open("stop") <= Math.max(0, copied), `${copied} in`);
        if (leg === "repair") assert.ok(open("repair") <= Math.max(0, -copied), `${copied}`);
      }
    }),
    RUNS,
  );
});

/** Copied units that no stop stands for, though each group of the leader's has one. */
function isBare({ desk }: RandomGroupDay): boolean {
  const { follower, leader } = desk;
  let covered = 0;
  for (const child of follower.children.values()) {
    const { leg, leaderOrderId } = child.identity;
    if (leg === "stop" && isOpen(child.state)) covered += child.terms.quantity - child.filled;
    if (!isGroup(child) || child.brokerOrderId === undefined) continue;
    if (child.filled <= child.exited) continue;
    const stop = exitLevelsOf(leader.book, leaderOrderId).stop;
    if (stop === undefined || stop.status === "cancelled") return false;
    const own = exitLevelsOf(follower.book, child.brokerOrderId).stop;
    if (isAtExchange(own)) covered += child.filled - child.exited;
  }
  return desk.copied() > covered;
}

test("copied units stand without a stop no longer than the limit, or a person has heard of it", () => {
  fc.assert(
    fc.property(moves, (list) => {
      let sinceMs: number | undefined;
      played(list, (day) => {
        const { desk } = day;
        const isTold = [...desk.follower.copies.values()].some(({ alarmed }) => alarmed.length > 0);
        sinceMs = isBare(day) && !isTold ? (sinceMs ?? desk.nowMs) : undefined;
        assert.ok(desk.nowMs - (sinceMs ?? desk.nowMs) <= 5_500);
      });
    }),
    RUNS,
  );
});

test("when the leader is out and all is known, the follower is out, and nothing of it stands", () => {
  fc.assert(
    fc.property(moves, (list) => {
      const day = played(list);
      day.calmsDown();
      const { desk } = day;
      const alarms = desk.alarms();
      const isLeftToPerson = alarms.some((alarm) => LEFT_TO_PERSON.has(alarm));
      if (isLeftToPerson) return;
      assert.equal(desk.copied(), 0, `copied; alarms: ${alarms.join(", ")}`);
      assert.equal(day.truth(), 0, `held; alarms: ${alarms.join(", ")}`);
      const standing = [...desk.broker.orders.values()].filter(
        ({ status }) => status === "working",
      );
      assert.deepEqual(standing, []);
      assert.deepEqual(desk.outbox, []);
    }),
    RUNS,
  );
});

test("what was told already changes nothing, and time that passes settles down", () => {
  fc.assert(
    fc.property(moves, (list) => {
      const { desk } = played(list);
      desk.passes(120_000);
      const before = desk.recorded.length;
      desk.passes(600_000);
      assert.equal(desk.recorded.length, before);
    }),
    RUNS,
  );
});

test("folding the recorded facts again gives the same copies and children", () => {
  fc.assert(
    fc.property(moves, (list) => {
      const { desk } = played(list);
      let state = emptyFollower(ASHA);
      for (const { fact, seq, atMs } of desk.recorded) {
        const read = JSON.parse(JSON.stringify(fact)) as FollowerFact;
        state = foldFollower(state, read, seq, atMs);
      }
      assert.deepEqual([...state.copies.values()], [...desk.follower.copies.values()]);
      assert.deepEqual([...state.children.values()], [...desk.follower.children.values()]);
      assert.deepEqual([...state.copied.entries()], [...desk.follower.copied.entries()]);
    }),
    RUNS,
  );
});
