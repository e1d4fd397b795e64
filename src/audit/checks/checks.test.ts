/** Each check as it runs inside the program: shown what it is for, and what it must keep quiet about. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { benchOf, intentOf, NAME_OF_OURS, OTHER_NAME, observedOf, openingOf } from "../bench.ts";
import { brokerRules } from "./broker-rules.ts";
import { exitSize } from "./exit-size.ts";
import { explained } from "./explained.ts";
import { intentFirst } from "./intent-first.ts";
import { killMeansStop } from "./kill-means-stop.ts";
import { neverLost } from "./never-lost.ts";
import { neverTwice } from "./never-twice.ts";
import { suspendedMeansStop } from "./suspended-means-stop.ts";
import { unknownIsAState } from "./unknown-is-a-state.ts";

const DAY_MS = 86_400_000;

test("two orders of one name are told of at once, and a leg has the name of its entry", () => {
  const { told, sees } = benchOf(neverTwice);
  sees({ orderId: "1" });
  sees({ orderId: "2", isPart: true });
  sees({ account: "leader", orderId: "3" });
  assert.deepEqual(told, []);
  sees({ orderId: "2" });
  assert.deepEqual(told, [`asha ${NAME_OF_OURS}: the orders 1 and 2 have one name`]);
});

test("names and parts of yesterday are not held against those of today", () => {
  const { told, sees, writes } = benchOf(neverTwice);
  sees({ orderId: "1" });
  writes({ kind: "dayBegan", day: "2026-12-02" });
  sees({ orderId: "2" });
  assert.deepEqual(told, []);
});

test("two orders alive for one part are told of when a late book shows both", () => {
  const { told, sees, writes, passes } = benchOf(neverTwice);
  writes(intentOf(NAME_OF_OURS, "71"), intentOf(OTHER_NAME, "71"));
  const both = (isOfBook?: true) => {
    sees({ orderId: "1", ...(isOfBook && { isOfBook }) });
    sees({ orderId: "2", correlationId: OTHER_NAME, ...(isOfBook && { isOfBook }) });
  };
  both();
  passes(59_000);
  both(true);
  passes(2_000);
  both();
  assert.deepEqual(told, []);
  both(true);
  assert.deepEqual(told, ["asha 71/entry/0: alive at once: 1, 2"]);
});

test("an order whose end is told later than its successor's beginning is nothing to tell of", () => {
  const { told, sees, writes, passes } = benchOf(neverTwice);
  writes(intentOf(NAME_OF_OURS, "71"), intentOf(OTHER_NAME, "71"));
  sees({ orderId: "1" });
  sees({ orderId: "2", correlationId: OTHER_NAME });
  sees({ orderId: "1", isAlive: false });
  passes(61_000);
  sees({ orderId: "2", correlationId: OTHER_NAME, isOfBook: true });
  sees({ orderId: "2", correlationId: OTHER_NAME, isAlive: false });
  assert.deepEqual(told, []);
});

test("a placement that is asked for twice is told of", () => {
  const { told, calls, check } = benchOf(neverTwice);
  calls({});
  calls({ kind: "cancel", orderId: "1" });
  assert.deepEqual(told, []);
  calls({});
  assert.deepEqual(told, [`asha: ${NAME_OF_OURS} was placed twice`]);
  check.forget?.(2_000);
  calls({});
  assert.equal(told.length, 1);
});

test("an order that the journal never intended is told of, unless it is older than the start", () => {
  const { told, sees, check, writes } = benchOf(intentFirst);
  sees({ orderId: "1" });
  check.onBook?.("asha");
  sees({ orderId: "1" });
  writes({ kind: "childAdopted", order: { correlationId: OTHER_NAME } });
  sees({ orderId: "2", correlationId: OTHER_NAME });
  sees({ orderId: "3", correlationId: "NA" });
  assert.deepEqual(told, []);
  sees({ orderId: "4" });
  assert.deepEqual(told, [`asha: 4 (${NAME_OF_OURS}) without an intent`]);
});

test("a placement that leaves without its intent, or for another quantity, is told of", () => {
  const { told, calls, writes } = benchOf(intentFirst);
  calls({});
  assert.deepEqual(told, [`asha: ${NAME_OF_OURS} leaves without an intent`]);
  writes(intentOf(NAME_OF_OURS, "71"));
  calls({});
  assert.equal(told.length, 1);
  calls({ quantity: 130 });
  assert.equal(told[1], `asha: ${NAME_OF_OURS} is for 130 units, intended are 65`);
});

test("a change that is asked for more often than intended is told of, a leg under its group", () => {
  const { told, calls, writes, check } = benchOf(intentFirst);
  const command = { kind: "modify", correlationId: NAME_OF_OURS, brokerOrderId: "12" };
  writes({ kind: "modifyIntended", command });
  calls({ kind: "modify", orderId: "12/stop" });
  assert.deepEqual(told, []);
  calls({ kind: "modify", orderId: "12/stop" });
  assert.match(told.join(), /modify 12\/stop asked more often than intended/);
  check.forget?.(DAY_MS);
  writes({ kind: "cancelIntended", command: { ...command, kind: "cancel" } });
  calls({ kind: "cancel", orderId: "12" });
  assert.equal(told.length, 1);
});

test("a leader's order that nothing is decided for within a minute is told of", () => {
  const { told, sees, passes, writes, leaderWrites } = benchOf(neverLost);
  writes({ kind: "linkOpened", linkId: "leader-asha", leaderSeq: 0 });
  leaderWrites(observedOf("", "7", 65), observedOf("", "8", 65));
  writes({ kind: "skipped", copyId: "leader-asha/8" });
  for (const orderId of ["7", "8"]) sees({ account: "leader", orderId, filled: 65 });
  sees({ account: "leader", orderId: "9", filled: 65, isPart: true });
  sees({ account: "leader", orderId: "10" });
  passes(59_000);
  assert.deepEqual(told, []);
  passes(1_000);
  assert.deepEqual(told, ["asha: nothing was decided for the leader's 7, 65 filled"]);
  sees({ account: "leader", orderId: "7", filled: 65 });
  passes(60_000);
  assert.equal(told.length, 1);
});

test("what is older than the link, or comes while it does not act, is not missed", () => {
  const { told, sees, passes, writes, leaderWrites, armed } = benchOf(neverLost);
  leaderWrites(observedOf("", "7", 65), observedOf("", "8", 65));
  writes({ kind: "linkOpened", linkId: "leader-asha", leaderSeq: 1 });
  for (const orderId of ["7", "8"]) sees({ account: "leader", orderId, filled: 65 });
  armed.sinceMs = undefined;
  passes(120_000);
  armed.sinceMs = 100_000;
  passes(1);
  assert.deepEqual(told, []);
  passes(60_000);
  assert.deepEqual(told, ["asha: nothing was decided for the leader's 8, 65 filled"]);
});

test("at the end nothing of the leader's may be without a verdict", () => {
  const { told, sees, check } = benchOf(neverLost, { lagMs: 0 });
  sees({ account: "leader", orderId: "7", filled: 65 });
  check.forget?.(0);
  check.atEnd?.();
  assert.equal(told.length, 1);
});

test("more than ten order calls within a second are told of, and so spaced they are not", () => {
  const { told, calls, passes } = benchOf(brokerRules);
  for (let count = 0; count < 20; count += 1) {
    calls({ kind: "cancel", orderId: String(count) });
    passes(100);
  }
  assert.deepEqual(told, []);
  calls({ kind: "cancel", orderId: "x" });
  calls({ kind: "cancel", orderId: "y" });
  assert.deepEqual(told, ["asha: 11 order calls within 900 ms"]);
});

test("the 26th modification that the broker has taken is told of, of each leg by itself", () => {
  const { told, calls, writes, passes } = benchOf(brokerRules);
  const answer = { kind: "commandAnswered", command: "modify", correlationId: NAME_OF_OURS };
  const change = (orderId: string, kind: string) => {
    passes(1_000);
    calls({ kind: "modify", orderId });
    writes({ ...answer, outcome: { kind } });
  };
  for (let count = 0; count < 25; count += 1) change("12", "accepted");
  change("12/stop", "accepted");
  change("12", "rejected");
  writes({ ...answer, correlationId: OTHER_NAME, outcome: { kind: "accepted" } });
  assert.deepEqual(told, []);
  change("12", "accepted");
  assert.deepEqual(told, ["asha: 12 changed 26 times"]);
});

test("an entry that is not of whole lots or above the freeze quantity is told of, an old exit is not", () => {
  const { told, calls, writes } = benchOf(brokerRules);
  writes(intentOf(NAME_OF_OURS, "71"), intentOf(OTHER_NAME, "72", { leg: "exit" }));
  calls({ correlationId: OTHER_NAME, quantity: 75 });
  calls({ instrument: "NSE_EQ:1333", quantity: 75 });
  assert.deepEqual(told, []);
  calls({ quantity: 75 });
  assert.match(told.join(), /75 of NSE_FNO:52002 is not whole lots/);
  calls({ quantity: 1_820 });
  assert.match(told.join(), /1820 of NSE_FNO:52002 is above the freeze quantity/);
});

test("a price between the ticks is told of where the leader keeps to them", () => {
  const { told, calls, sees } = benchOf(brokerRules);
  calls({ pricesE4: [1_000_100] });
  sees({ account: "leader", pricesE4: [1_000_000] });
  sees({ account: "leader" });
  calls({ pricesE4: [1_000_500] });
  assert.deepEqual(told, []);
  calls({ pricesE4: [1_000_100] });
  assert.match(told.join(), /at 100.01 is not whole ticks/);
  sees({ account: "leader", pricesE4: [1_000_100] });
  sees({ account: "leader", pricesE4: [1_000_000] });
  calls({ pricesE4: [1_000_200] });
  assert.equal(told.length, 1);
});

test("an entry that leaves after a stop is durable is told of, until every cause is gone", () => {
  const { told, calls, writes } = benchOf(killMeansStop);
  const exit = { correlationId: OTHER_NAME };
  writes(intentOf(NAME_OF_OURS, "71"), intentOf(OTHER_NAME, "71", { leg: "exit" }));
  calls({});
  writes({ kind: "entriesStopped", cause: "kill" }, { kind: "entriesStopped", cause: "breach" });
  calls(exit);
  calls({ kind: "cancel", orderId: "1" });
  calls({ kind: "modify", orderId: "1", quantity: 65 });
  writes({ kind: "entriesAllowed", cause: "kill" });
  assert.deepEqual(told, []);
  calls({ kind: "modify", orderId: "1", quantity: 130 });
  calls({});
  assert.match(told[0] ?? "", /is enlarged to 130 while entries are stopped \(breach\)/);
  assert.match(told[1] ?? "", /an entry, leaves while entries are stopped \(breach\)/);
  writes({ kind: "entriesAllowed", cause: "breach" });
  calls({});
  assert.equal(told.length, 2);
});

test("an exit for more than was copied is told of, also one that is enlarged to it", () => {
  const { told, writes } = benchOf(exitSize);
  writes(openingOf("71"), intentOf(NAME_OF_OURS, "71", { quantity: 130 }));
  writes(observedOf(NAME_OF_OURS, "1", 65), observedOf(NAME_OF_OURS, "2", 65));
  const exit = { leg: "exit", side: "SELL" };
  writes(openingOf("72"), intentOf(OTHER_NAME, "72", exit), observedOf(OTHER_NAME, "3", 30));
  const change = (quantity: number) => ({
    kind: "modifyIntended",
    command: { kind: "modify", correlationId: OTHER_NAME, terms: { quantity } },
  });
  writes(change(65));
  assert.deepEqual(told, []);
  writes(change(66));
  assert.match(told[0] ?? "", /for 36 units, copied are 35/);
  writes(intentOf("T0000000000000000000000C3", "72", { ...exit, quantity: 36 }));
  assert.equal(told.length, 2);
});

test("at the day's end intraday positions are gone, and what was queued for the open may still fill", () => {
  const { told, writes } = benchOf(exitSize);
  writes(openingOf("71"), intentOf(NAME_OF_OURS, "71"), { kind: "dayBegan", day: "2026-12-02" });
  writes(observedOf(NAME_OF_OURS, "1", 65));
  writes(openingOf("72"), intentOf(OTHER_NAME, "72", { leg: "exit", side: "SELL" }));
  assert.deepEqual(told, []);
  writes({ kind: "dayBegan", day: "2026-12-03" });
  writes(intentOf("T0000000000000000000000C3", "72", { leg: "exit", side: "SELL" }));
  assert.equal(told.length, 1);
});

test("contracts in which groups or triggers are traded are left out", () => {
  for (const vehicle of ["super", "forever"]) {
    const { told, writes, check } = benchOf(exitSize);
    writes(openingOf("71", { vehicle }), intentOf(NAME_OF_OURS, "71", { vehicle }));
    writes(openingOf("72"), intentOf(OTHER_NAME, "72", { leg: "exit", side: "SELL" }));
    check.forget?.(DAY_MS);
    assert.deepEqual(told, []);
  }
});

test("an adopted entry is copied, too, and each contract of the leader's by itself", () => {
  const { told, writes } = benchOf(exitSize);
  const of = { instrument: "NSE_FNO:52003", product: "INTRADAY" };
  const order = {
    correlationId: NAME_OF_OURS,
    brokerOrderId: "1",
    side: "BUY",
    filledQuantity: 65,
  };
  writes(openingOf("71", { of }), { kind: "childAdopted", copyId: "leader-asha/71", order });
  writes(openingOf("72", { of }), intentOf(OTHER_NAME, "72", { leg: "exit", side: "SELL" }));
  assert.deepEqual(told, []);
  writes(openingOf("73"));
  writes(intentOf("T0000000000000000000000C3", "73", { leg: "exit", side: "SELL" }));
  assert.equal(told.length, 1);
});

test("an order decided while another of its instrument is unknown is told of, until the day ends", () => {
  const { told, writes } = benchOf(unknownIsAState);
  const answer = { kind: "commandAnswered", command: "place", outcome: { kind: "unknown" } };
  writes(intentOf(NAME_OF_OURS, "71"), { ...answer, correlationId: NAME_OF_OURS });
  writes(intentOf(OTHER_NAME, "72"));
  assert.match(told.join(), new RegExp(`${OTHER_NAME} was decided while ${NAME_OF_OURS} was`));
  writes({ kind: "dayBegan", day: "2026-12-02" }, intentOf("T0000000000000000000000C3", "73"));
  assert.equal(told.length, 1);
});

test("an unknown outcome that nobody was told of for a minute is told of, an alarm is enough", () => {
  const { told, writes, passes, check } = benchOf(unknownIsAState);
  const unknown = (correlationId: string) => ({
    kind: "commandAnswered",
    command: "place",
    correlationId,
    outcome: { kind: "unknown" },
  });
  writes(unknown(NAME_OF_OURS), unknown(OTHER_NAME));
  writes({ kind: "alarmed", code: "unknown-order", correlationId: NAME_OF_OURS });
  passes(59_000);
  assert.deepEqual(told, []);
  passes(1_000);
  assert.match(told.join(), new RegExp(`${OTHER_NAME}: unknown since`));
  check.atEnd?.();
  check.forget?.(DAY_MS);
  assert.equal(told.length, 1);
});

test("what was declared absent and is at the broker is told of, whichever is heard first", () => {
  for (const isSeenFirst of [true, false]) {
    const { told, writes, sees } = benchOf(unknownIsAState);
    if (isSeenFirst) sees({});
    writes({ kind: "absenceProved", correlationId: NAME_OF_OURS });
    sees({});
    assert.deepEqual(told, [`asha: ${NAME_OF_OURS} was declared absent and is order 1`]);
  }
});

test("an entry that is decided for a suspended account is told of, and an exit is not", () => {
  const { told, writes } = benchOf(suspendedMeansStop);
  writes({ kind: "suspended" }, intentOf(NAME_OF_OURS, "71", { leg: "exit" }));
  assert.deepEqual(told, []);
  writes(intentOf(OTHER_NAME, "72"), { kind: "resumed" }, intentOf(OTHER_NAME, "73"));
  assert.deepEqual(told, ["asha: an entry of leader-asha/72 while suspended"]);
});

test("a fill that the journal does not tell of for a minute is told of", () => {
  const { told, writes, sees, passes } = benchOf(explained);
  writes(openingOf("71"), intentOf(NAME_OF_OURS, "71"));
  sees({ filled: 30 });
  passes(59_000);
  writes(observedOf(NAME_OF_OURS, "1", 30));
  passes(1_000);
  sees({ filled: 65 });
  passes(59_000);
  assert.deepEqual(told, []);
  passes(1_000);
  assert.deepEqual(told, ["asha: 1 filled 65, the journal says 30"]);
});

test("a token, a reason without inputs, an order of no copy are told of at once", () => {
  const { told, writes, check } = benchOf(explained);
  writes({ kind: "skipped", copyId: "leader-asha/71", text: "token-of-asha" });
  assert.match(told[0] ?? "", /a token in skipped/);
  assert.match(told[1] ?? "", /skipped without inputs/);
  writes(openingOf("71"), intentOf(NAME_OF_OURS, "71"), openingOf("72", { vehicle: "forever" }));
  assert.equal(told.length, 2);
  check.forget?.(DAY_MS);
  writes(intentOf(OTHER_NAME, "72"), intentOf(OTHER_NAME, "71"));
  assert.deepEqual(told.slice(2), [
    "follower/asha: an order for leader-asha/71, which was never opened",
  ]);
});
