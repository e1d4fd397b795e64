/** What goes wrong with the legs of a follower, and what is not read right. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { createLogger } from "../../../src/platform/logger.ts";
import { eventually } from "../../eventually.ts";
import type { Rig } from "../rig.ts";
import {
  alarms,
  endsFlat,
  type FamilyOptions,
  groupOf,
  groupsReach,
  isFlat,
  NAMES,
  openRows,
  shareOf,
  standing,
  startFamily,
  worstNet,
} from "./family-rig.ts";

const SUPER = { quantity: 100, price: 1640, targetPrice: 1700, stopLossPrice: 1600 };

/** Everybody is in at 1640 with his legs at work; the leader's entry. */
async function allIn(rig: Rig): Promise<string> {
  const id = rig.lead(SUPER);
  await groupsReach(rig, id, "its group rests", ({ entryStatus }) => entryStatus === "PENDING");
  rig.simulator.setPrice("HDFCBANK", 1640);
  await groupsReach(rig, id, "in", ({ unitsIn, stop }, name) => {
    return unitsIn === shareOf(name, 100) && stop?.status === "working";
  });
  return id;
}

function legIds(rig: Rig, name: string, entryId: string) {
  const group = groupOf(rig, name, entryId);
  assert.ok(group?.targetId && group.stopId, `${name} has no legs`);
  return { target: group.targetId, stop: group.stopId };
}

describe("a follower's legs", { concurrency: true }, () => {
  test("cancelled by his own hand: the leader's leg brings him out all the same", async () => {
    await using rig = await startFamily();
    const id = await allIn(rig);
    const legs = legIds(rig, "asha", id);
    for (const legId of [legs.target, legs.stop]) {
      rig.simulator.cancelByHand(rig.clientOf("asha"), legId);
      await rig.reaches("asha", legId, "CANCELLED");
    }
    rig.simulator.setPrice("HDFCBANK", 1700);
    await endsFlat(rig);
    assert.equal(rig.rows("ravi").length, 3, "ravi's own legs were enough");
  });

  test("of which the stop was taken away: an alarm, and a stop of ours in its place", async () => {
    await using rig = await startFamily({ limits: { protectionMs: 500 } });
    const id = await allIn(rig);
    const { stop } = legIds(rig, "asha", id);
    rig.simulator.cancelByHand(rig.clientOf("asha"), stop);
    await rig.fact("asha", "alarmed", ({ code }) => code === "unprotected");
    const own = () => rig.copiesOf("asha", id).find((row) => row.orderType === "STOP_LOSS");
    await eventually(() => own()?.orderStatus === "PENDING", { what: "a stop of ours" });
    assert.deepEqual([own()?.quantity, own()?.triggerPrice], [50, 1600]);
    rig.simulator.setPrice("HDFCBANK", 1600);
    await endsFlat(rig);
    assert.deepEqual(await alarms(rig, "ravi"), []);
  });

  test("of which the stop was taken away, by the rule that flattens", async () => {
    const options: FamilyOptions = {
      limits: { protectionMs: 500 },
      link: { unprotected: "flatten" },
    };
    await using rig = await startFamily(options);
    const id = await allIn(rig);
    rig.simulator.cancelByHand(rig.clientOf("asha"), legIds(rig, "asha", id).stop);
    await rig.fact("asha", "alarmed", ({ code }) => code === "unprotected");
    await eventually(() => isFlat(rig, "asha") && openRows(rig, "asha").length === 0, {
      what: "asha out",
      deadlineMs: 10_000,
    });
    assert.equal(rig.net("leader"), 100);
    assert.equal(rig.net("ravi"), 200);
    rig.simulator.setPrice("HDFCBANK", 1600);
    await endsFlat(rig);
  });

  test("that both fill are noticed, and what was sold twice is bought back", async () => {
    await using rig = await startFamily({ simulator: { switches: { siblingCancelMs: 1_000 } } });
    const id = await allIn(rig);
    const { target, stop } = legIds(rig, "asha", id);
    rig.simulator.fill({ orderId: target });
    rig.simulator.fill({ orderId: stop });
    assert.equal(rig.net("asha"), -50);
    await rig.fact("asha", "alarmed", ({ code }) => code === "double-exit");
    await eventually(() => rig.net("asha") === 0, { what: "asha flat", deadlineMs: 10_000 });
    rig.simulator.setPrice("HDFCBANK", 1700);
    for (const name of ["leader", ...NAMES]) {
      await eventually(() => isFlat(rig, name) && openRows(rig, name).length === 0, {
        what: `${name} flat`,
        deadlineMs: 10_000,
      });
    }
    await rig.settles("asha");
    assert.equal(worstNet(rig, "asha", "BUY"), -50, "never beyond what the two legs sold");
    assert.equal(rig.net("asha"), 0);
  });

  test("that nobody tells of: an alarm, a stop of ours, and its end when they are seen", async () => {
    await using rig = await startFamily({
      limits: { protectionMs: 500, rearmMs: 1_200 },
      cadence: { whileQuietMs: 300, afterFaultMs: 200 },
    });
    const id = rig.lead(SUPER);
    await groupsReach(rig, id, "its group rests", ({ entryStatus }) => entryStatus === "PENDING");
    const entryId = groupOf(rig, "asha", id)?.entryId;
    const match = { clientId: rig.clientOf("asha") };
    // From the entry's fill on neither the stream nor any list says anything of asha's account.
    const unwatch = rig.simulator.watch((order) => {
      if (order.orderId !== entryId || order.row.filledQty === 0) return;
      rig.simulator.addFault({ kind: "drop-frames", match });
      for (const path of ["orders", "super-orders"] as const) {
        rig.simulator.addFault({ kind: "status", code: 500, match: { ...match, path } });
      }
    });
    rig.simulator.setPrice("HDFCBANK", 1640);
    unwatch();
    await rig.fact("asha", "alarmed", ({ code }) => code === "unprotected");
    const own = () => rig.copiesOf("asha", id).find((row) => row.orderType === "STOP_LOSS");
    await eventually(() => own()?.orderStatus === "PENDING", { what: "a stop of ours" });
    rig.simulator.removeFault();
    await eventually(() => own()?.orderStatus === "CANCELLED", { what: "its end" });
    assert.equal(standing(rig, "asha", id)?.stop?.status, "working");
    rig.simulator.setPrice("HDFCBANK", 1600);
    await endsFlat(rig);
  });
});

describe("the link's rules", { concurrency: true }, () => {
  test("a market order that rests although the leader's has filled is chased to its bound", async () => {
    const chase = { kind: "chase", afterMs: 300, maxDistanceBps: 100 } as const;
    await using rig = await startFamily({ link: { afterLeaderFilled: chase } });
    rig.simulator.setLiquidity("HDFCBANK", 100);
    rig.simulator.setPrice("HDFCBANK", 1650);
    const id = rig.lead({ orderType: "MARKET", price: 0 });
    await rig.reaches("leader", id, "TRADED");
    // He took all that was for sale, and the next price is beyond what protects the copies.
    rig.simulator.setPrice("HDFCBANK", 1660);
    for (const name of NAMES) {
      await eventually(() => rig.copiesOf(name, id)[0]?.price === 1666.5, {
        what: `${name} at one percent from the leader's 1650`,
      });
    }
    rig.simulator.setLiquidity("HDFCBANK", null);
    rig.simulator.setPrice("HDFCBANK", 1660);
    for (const name of NAMES) {
      await eventually(() => rig.net(name) === shareOf(name, 100), { what: `${name} in` });
      assert.equal(rig.copiesOf(name, id).length, 1, name);
    }
    rig.lead({ orderType: "MARKET", price: 0, transactionType: "SELL" });
    await endsFlat(rig);
  });

  test("a link by fills copies what has filled and nothing that rests", async () => {
    await using rig = await startFamily({ link: { copy: "fills" } });
    const id = rig.lead({ price: 1645 });
    await rig.reaches("leader", id, "PENDING");
    const other = rig.lead({ price: 1630 });
    await rig.reaches("leader", other, "PENDING");
    rig.simulator.fill({ orderId: id, quantity: 30 });
    for (const name of NAMES) {
      await eventually(() => rig.net(name) === shareOf(name, 30), { what: `${name}: 30` });
      await rig.settles(name);
    }
    rig.simulator.fill({ orderId: id, quantity: 70 });
    for (const name of NAMES) {
      await eventually(() => rig.net(name) === shareOf(name, 100), { what: `${name}: 100` });
    }
    rig.cancel(other);
    const exit = rig.lead({ transactionType: "SELL", price: 1700 });
    await rig.reaches("leader", exit, "PENDING");
    rig.simulator.setPrice("HDFCBANK", 1700);
    await endsFlat(rig);
    for (const name of NAMES) assert.deepEqual(rig.copiesOf(name, other), [], name);
  });
});

test("a frame with a word that nobody knows is refused by its name, and nothing is copied", async () => {
  const lines: string[] = [];
  const destination = { write: (line: string) => lines.push(line) };
  await using rig = await startFamily({ logger: createLogger({ level: "warn", destination }) });
  const file = new URL("../../fixtures/dhan/order-alert-validity-gtc.json", import.meta.url);
  const text = readFileSync(file, "utf8").replace("1100000007", rig.clientOf("leader"));
  rig.simulator.addFault({
    kind: "stray-frame",
    text,
    match: { clientId: rig.clientOf("leader") },
  });
  const isNamed = (line: string) => line.includes("stream.unreadable") && line.includes("GTC");
  await eventually(() => lines.some(isNamed), { what: "a warning that names the word" });
  const next = rig.lead({});
  for (const name of NAMES) {
    await eventually(() => rig.copiesOf(name, next).length === 1, { what: `${name}'s next copy` });
    assert.equal(rig.rows(name).length, 1, name);
  }
});
