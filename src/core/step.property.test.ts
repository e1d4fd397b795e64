/** What holds on every day, whatever the leader does and however unkind the broker is. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { ASHA } from "../../test/core/builders.ts";
import type { Desk } from "../../test/core/desk.ts";
import { type Move, moves, RandomDay } from "../../test/core/random-day.ts";
import type { FollowerFact } from "./model/fact.ts";
import { isTerminal, signOf } from "./model/order.ts";
import { PersistentMap } from "./model/persistent-map.ts";
import { toPositionKey } from "./order/account-book.ts";
import type { Child } from "./order/child.ts";
import { isOpen } from "./order/child-state.ts";
import { foldFollower } from "./order/follower.ts";
import { copiedInto, emptyFollower, type FollowerState } from "./order/follower-state.ts";

const RUNS = { numRuns: Number(process.env.RUNS ?? 200) };

/** The state with its maps laid open, so that two can be compared. */
function plain(value: unknown): unknown {
  if (value instanceof PersistentMap) {
    const entries = [...value.entries()].map(([key, item]) => [key, plain(item)] as const);
    return entries.sort(([a], [b]) => (a < b ? -1 : 1));
  }
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]));
}

function copiedOf(state: FollowerState, child: Child): number {
  const linkId = state.copies.get(child.copyId)?.linkId;
  assert.ok(linkId);
  return copiedInto(state, linkId, toPositionKey(child.instrument, child.product));
}

function played(list: readonly Move[], isInstant: boolean): RandomDay {
  const day = new RandomDay({ isInstant });
  for (const move of list) day.play(move);
  return day;
}

test("folding the recorded facts again gives the same state, also from their text", () => {
  fc.assert(
    fc.property(moves, fc.boolean(), (list, isInstant) => {
      const { desk } = played(list, isInstant);
      let state = emptyFollower(ASHA);
      for (const { fact, seq, atMs } of desk.recorded) {
        const read = JSON.parse(JSON.stringify(fact)) as FollowerFact;
        state = foldFollower(state, read, seq, atMs);
      }
      assert.deepEqual(plain(state), plain(desk.follower));
    }),
    RUNS,
  );
});

test("the same moves give the same facts", () => {
  fc.assert(
    fc.property(moves, fc.boolean(), (list, isInstant) => {
      const facts = () => played(list, isInstant).desk.recorded;
      assert.deepEqual(facts(), facts());
    }),
    { numRuns: 50 },
  );
});

test("what was told already changes nothing: no fact, and nothing is sent", () => {
  fc.assert(
    fc.property(moves, fc.boolean(), (list, isInstant) => {
      const { desk } = played(list, isInstant);
      const ids = [...desk.leader.book.orders.values()].map((order) => order.brokerOrderId);
      const known = [...desk.follower.book.orders.values()];
      const tell = () => [
        desk.input({ kind: "leaderOrders", leader: desk.leader.account, ids }),
        desk.sees(...known),
        desk.input({ kind: "tick" }),
      ];
      // What the first telling has decided may let an older order be decided that waited: once.
      tell();
      tell();
      const waiting = desk.outbox.length;
      const again = tell();
      for (const { facts } of again) assert.deepEqual(facts, []);
      assert.equal(desk.outbox.length, waiting);
    }),
    RUNS,
  );
});

test("when everything is answered and known, planning again asks for nothing", () => {
  fc.assert(
    fc.property(moves, fc.boolean(), (list, isInstant) => {
      const day = played(list, isInstant);
      day.calmsDown();
      const { facts, actions } = day.desk.input({ kind: "tick" });
      assert.deepEqual(facts, []);
      assert.deepEqual(actions, []);
      assert.deepEqual(day.desk.follower.unknown, []);
    }),
    RUNS,
  );
});

test("at most one order of a leg is open, unless one rose from the dead", () => {
  fc.assert(
    fc.property(moves, fc.boolean(), (list, isInstant) => {
      const day = new RandomDay({ isInstant });
      for (const move of list) {
        day.play(move);
        if (day.desk.alarms().includes("order-rose-again")) return;
        for (const copy of day.desk.follower.copies.values()) {
          for (const leg of ["entry", "exit"] as const) {
            assert.ok(day.openChildren(copy.copyId, leg).length <= 1, `${copy.copyId} ${leg}`);
          }
        }
      }
    }),
    RUNS,
  );
});

const ENDED = new Set(["filled", "cancelled", "rejected", "expired"]);

test("filled units never fall, and an ended child stays ended unless a person hears of it", () => {
  fc.assert(
    fc.property(moves, fc.boolean(), (list, isInstant) => {
      const day = new RandomDay({ isInstant });
      for (const move of list) {
        const before = day.desk.follower;
        const alarms = day.desk.alarms().length;
        day.play(move);
        for (const child of before.children.values()) {
          const now = day.desk.follower.children.get(child.correlationId);
          assert.ok(now && now.filled >= child.filled);
          if (ENDED.has(child.state) && now.state !== child.state) {
            assert.ok(day.desk.alarms().length > alarms, `${child.state} became ${now.state}`);
          }
        }
      }
    }),
    RUNS,
  );
});

/** Checks every exit that is sent against what was copied when it was sent. */
function assertExitsFit(desk: Desk, seen: number): void {
  for (const { fact } of desk.recorded.slice(seen)) {
    if (fact.kind !== "placeIntended" && fact.kind !== "modifyIntended") continue;
    const child = desk.follower.children.get(fact.command.correlationId);
    if (child?.identity.leg !== "exit" || !isOpen(child.state)) continue;
    const copied = Math.max(0, -signOf(child.side) * copiedOf(desk.follower, child));
    const leaves = fact.command.terms.quantity - child.filled;
    assert.ok(leaves <= copied, `${leaves} to exit of ${copied} copied`);
  }
}

test("no exit is sent for more than was copied", () => {
  fc.assert(
    fc.property(moves, fc.boolean(), (list, isInstant) => {
      const day = new RandomDay({ isInstant });
      for (const move of list) {
        const seen = day.desk.recorded.length;
        day.play(move);
        assertExitsFit(day.desk, seen);
      }
    }),
    RUNS,
  );
});

/** Units filled by each leg on each side of each position: "NSE_EQ:1333|INTRADAY exit SELL". */
function filledByLeg(desk: Desk): Map<string, number> {
  const sums = new Map<string, number>();
  for (const child of desk.children()) {
    const position = toPositionKey(child.instrument, child.product);
    const key = `${position} ${child.identity.leg} ${child.side}`;
    sums.set(key, (sums.get(key) ?? 0) + child.filled);
  }
  return sums;
}

test("exits of a leader whose orders fill at once never take more than entries opened", () => {
  fc.assert(
    fc.property(moves, (list) => {
      const day = new RandomDay({ isInstant: true });
      for (const move of list) {
        day.play(move);
        const sums = filledByLeg(day.desk);
        for (const [key, exited] of sums) {
          if (!key.includes(" exit ")) continue;
          const entry = key.endsWith("SELL")
            ? key.replace("exit SELL", "entry BUY")
            : key.replace("exit BUY", "entry SELL");
          const opened = sums.get(entry) ?? 0;
          assert.ok(exited <= opened, `${key}: ${exited}, opened ${opened}`);
        }
      }
    }),
    RUNS,
  );
});

test("every order of the leader ends in a copy, a reason or a wait that is named", () => {
  fc.assert(
    fc.property(moves, fc.boolean(), (list, isInstant) => {
      const day = played(list, isInstant);
      day.calmsDown();
      const { copies } = day.desk.follower;
      for (const order of day.desk.leader.book.orders.values()) {
        const copy = [...copies.values()].find((c) => c.leaderOrderId === order.brokerOrderId);
        assert.ok(copy, `${order.brokerOrderId} left no trace`);
        const children = copy.children.entry.length + copy.children.exit.length;
        const reasons = Object.keys(copy.skips).length + Object.keys(copy.holds).length;
        const isWithdrawn = copy.withdrawn !== undefined;
        assert.ok(children + reasons > 0 || isWithdrawn, `${copy.copyId} ended in silence`);
      }
    }),
    RUNS,
  );
});

test("no order outlives its leader's: what rests after all is known is still due", () => {
  fc.assert(
    fc.property(moves, fc.boolean(), (list, isInstant) => {
      const day = played(list, isInstant);
      day.calmsDown();
      for (const child of day.desk.children()) {
        // What brings back a double exit is ours, and stands for no order of the leader's.
        if (!isOpen(child.state) || child.identity.leg === "repair") continue;
        const copy = day.desk.follower.copies.get(child.copyId);
        const order = copy && day.desk.leader.book.orders.get(copy.leaderOrderId);
        assert.ok(order);
        const isGone = isTerminal(order.status) && order.filledQuantity === 0;
        assert.ok(!isGone, `${child.copyId} rests though the leader's is ${order.status}`);
      }
    }),
    RUNS,
  );
});
