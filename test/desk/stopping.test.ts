/** The kill switch and the breaker against the broker: what arrives there, and what does not. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { toAccountId } from "../../src/core/model/ids.ts";
import { followerStream } from "../../src/core/model/stream.ts";
import { memoryJournal, memoryStore } from "../../src/journal/memory/journal.ts";
import type { Journal } from "../../src/ports/journal.ts";
import { StopFault } from "../../src/runtime/desk.ts";
import { eventually } from "../eventually.ts";
import { RELIANCE, Rig } from "./rig.ts";

const MARKET = { orderType: "MARKET", price: 0, quantity: 100 };
const SALE = { ...MARKET, transactionType: "SELL" };
const ASHA = toAccountId("asha");
const RAVI = toAccountId("ravi");
/** What left just before the stop was durable may take so long to be there. */
const ON_THE_WAY_MS = 250;

async function startRig(names = ["asha"]): Promise<Rig> {
  return Rig.start({ followers: names.map((name) => ({ name, bps: 10_000 })) });
}

function working(rig: Rig, name: string) {
  return rig.rows(name).filter(({ orderStatus }) => orderStatus === "PENDING");
}

function entriesOf(rig: Rig, name: string) {
  return rig.truth(name).orders.filter(({ row }) => row.transactionType === "BUY");
}

describe("entries that are stopped", { concurrency: true }, () => {
  test("in the middle of a burst arrive nowhere, those that work are cancelled, exits are copied", async () => {
    await using rig = await startRig();
    rig.lead({ ...MARKET, securityId: RELIANCE });
    await eventually(() => rig.net("asha", RELIANCE) === 100, { what: "the position" });
    const ids = Array.from({ length: 30 }, (_, place) => rig.lead({ price: 1_500 + place }));
    await eventually(() => working(rig, "asha").length >= 5, { what: "some at the broker" });
    const stopped = await rig.desk.stopEntries("kill", "asha", "enough");
    const durableAtMs = rig.simulator.clock().nowMs;
    assert.deepEqual(stopped, [ASHA]);
    const exit = rig.lead({ ...SALE, securityId: RELIANCE });
    await eventually(() => rig.net("asha", RELIANCE) === 0, { what: "the exit" });
    await eventually(() => working(rig, "asha").length === 0, {
      what: "every working entry cancelled",
      deadlineMs: 10_000,
    });
    for (const id of ids) await rig.skipped("asha", id, "entries-stopped");
    await rig.settles("asha");
    const entries = entriesOf(rig, "asha");
    assert.ok(entries.length < 20, `${entries.length} of 30 had left`);
    for (const { arrivedAtMs, orderId } of entries) {
      assert.ok((arrivedAtMs ?? 0) <= durableAtMs + ON_THE_WAY_MS, `${orderId} arrived late`);
    }
    const facts = await rig.facts("asha");
    const after = facts.slice(facts.findIndex(({ kind }) => kind === "entriesStopped"));
    const placed = after.filter((fact) => fact.kind === "placeIntended");
    assert.deepEqual(
      placed.map(({ identity }) => [identity.leg, identity.leaderOrderId]),
      [["exit", exit]],
    );
  });

  test("stay so over a crash, until they are allowed", async () => {
    await using rig = await startRig();
    const rested = rig.lead({ price: 1_500 });
    await eventually(() => working(rig, "asha").length === 1, { what: "her copy" });
    await rig.desk.stopEntries("kill", "asha", "");
    await rig.crashDesk();
    await rig.startDesk();
    await eventually(() => working(rig, "asha").length === 0, { what: "the cancel" });
    const { isReady, isArmed, reasons } = rig.desk.readiness();
    assert.deepEqual([isReady, isArmed], [false, true]);
    assert.match(reasons.join(), /entries of asha are stopped \(kill, by asha\)/);
    const missed = rig.lead({ price: 1_501 });
    await rig.skipped("asha", missed, "entries-stopped");
    await rig.desk.allowEntries("kill", "asha");
    assert.equal(rig.desk.readiness().isReady, true);
    const copied = rig.lead({ price: 1_502 });
    await eventually(() => rig.copiesOf("asha", copied).length === 1, { what: "a new copy" });
    assert.equal(rig.copiesOf("asha", missed).length, 0);
    assert.equal(rig.copiesOf("asha", rested).length, 1);
  });

  test("of all accounts are stopped for one that follows only since then, and not otherwise", async () => {
    for (const isForAll of [true, false]) {
      const journal = memoryJournal(memoryStore());
      const body = { kind: "entriesStopped", cause: "kill", by: "ravi", text: "" };
      const stop = isForAll ? { ...body, isForAll } : body;
      const entries = [{ kind: body.kind, atMs: 0, body: stop }];
      await journal.append([{ stream: followerStream(RAVI), expectedSeq: 0, entries }]);
      const followers = ["asha", "ravi"].map((name) => ({ name, bps: 10_000 }));
      await using rig = await Rig.start({ journal, followers });
      const { causes } = rig.follower("asha").state.stops;
      assert.deepEqual(causes.kill?.by, isForAll ? "ravi" : undefined);
      await rig.desk.allowEntries("kill", "ravi", [ASHA]);
      await rig.stopDesk();
      await rig.startDesk();
      assert.deepEqual(rig.follower("asha").state.stops.causes, {});
    }
  });

  test("of one account leave the others alone", async () => {
    await using rig = await startRig(["asha", "ravi"]);
    await rig.desk.stopEntries("kill", "ravi", "", [ASHA]);
    const id = rig.lead({ price: 1_500 });
    await eventually(() => rig.copiesOf("ravi", id).length === 1, { what: "ravi's copy" });
    await rig.skipped("asha", id, "entries-stopped");
    assert.equal(rig.rows("asha").length, 0);
  });

  test("are stopped at once, and for sure only when the journal can be written again", async () => {
    const store = memoryJournal(memoryStore());
    let isBroken = false;
    const journal: Journal = {
      ...store,
      append: (appends) =>
        isBroken ? Promise.reject(new Error("the disk is full")) : store.append(appends),
    };
    await using rig = await Rig.start({ journal, followers: [{ name: "asha", bps: 10_000 }] });
    isBroken = true;
    let isDurable = false;
    const stopped = rig.desk.stopEntries("kill", "asha", "").then(() => {
      isDurable = true;
    });
    assert.equal(rig.desk.readiness().isReady, false);
    rig.lead({ price: 1_500 });
    const isFailing = () => rig.desk.readiness().reasons.some((text) => text.includes("disk"));
    await eventually(isFailing, { what: "the journal's failure" });
    assert.equal(isDurable, false);
    isBroken = false;
    await stopped;
    await rig.fact("asha", "entriesStopped");
    assert.equal(rig.rows("asha").length, 0);
  });

  test("of an account that does not follow are a fault, and nothing is stopped", async () => {
    await using rig = await startRig();
    await assert.rejects(
      rig.desk.stopEntries("kill", "asha", "", [toAccountId("nobody")]),
      StopFault,
    );
    await assert.rejects(rig.desk.allowEntries("kill", "asha", [toAccountId("leader")]), StopFault);
    assert.equal(rig.desk.readiness().isReady, true);
  });

  test("by the breaker end with its reset; what was parked meanwhile is not sent again", async () => {
    await using rig = await startRig();
    rig.simulator.addFault({
      kind: "status",
      code: 400,
      body: { errorType: "Order_Error", errorCode: "DH-906", errorMessage: "Insufficient funds" },
      match: { clientId: rig.clientOf("asha"), path: "place" },
      count: 5,
    });
    const ids = [0, 1, 2, 3, 4].map((place) => rig.lead({ price: 1_500 + place }));
    for (const id of ids) await rig.skipped("asha", id, "child-rejected");
    await rig.fact("asha", "alarmed", ({ code }) => code === "breaker-open");
    const missed = rig.lead({ price: 1_510 });
    await rig.skipped("asha", missed, "entries-stopped");
    await rig.desk.allowEntries("breaker", "asha", [ASHA]);
    const copied = rig.lead({ price: 1_511 });
    await eventually(() => rig.copiesOf("asha", copied).length === 1, { what: "a new copy" });
    assert.equal(rig.rows("asha").length, 1);
  });
});
