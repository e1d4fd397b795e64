/** Start-up is recovery: what was under way is settled, what was missed is judged, nothing is twice. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { memoryJournal, memoryStore } from "../../src/journal/memory/journal.ts";
import type { Journal } from "../../src/ports/journal.ts";
import { eventually } from "../eventually.ts";
import { assertNoOrderTwice } from "./busy-day.ts";
import { RELIANCE, Rig, type RigFollower, type RigOptions } from "./rig.ts";

const MARKET = { orderType: "MARKET", price: 0, quantity: 100 };
const SALE = { ...MARKET, transactionType: "SELL" };

async function startRig(
  options: Partial<RigOptions> & { readonly asha?: Partial<RigFollower> } = {},
): Promise<Rig> {
  const { asha, ...rest } = options;
  return Rig.start({ ...rest, followers: [{ name: "asha", bps: 10_000, ...asha }] });
}

function isPending(rig: Rig, count: number): boolean {
  const rows = rig.rows("asha");
  return rows.length === count && rows.every((row) => row.orderStatus === "PENDING");
}

/** Both ways of ending: with a farewell, and without one. */
const ENDS: readonly (readonly [string, (rig: Rig) => Promise<void>])[] = [
  ["is stopped", (rig) => rig.stopDesk()],
  ["crashes", (rig) => rig.crashDesk()],
];

describe("a desk that starts again", { concurrency: true }, () => {
  for (const [what, end] of ENDS) {
    test(`has one order each although it ${what} with replies lost on the way`, async () => {
      await using rig = await startRig();
      rig.simulator.addFault({ kind: "lose-reply", match: { path: "place" }, count: 6 });
      const ids = [0, 1, 2, 3, 4, 5].map((place) => rig.lead({ price: 1500 + place }));
      await eventually(() => rig.rows("asha").length >= 3, { what: "some of them at the broker" });
      await end(rig);
      await rig.startDesk();
      await eventually(() => isPending(rig, 6), { what: "all six", deadlineMs: 10_000 });
      await rig.settles("asha");
      await rig.untilCaughtUp();
      assert.equal(rig.rows("asha").length, 6);
      assertNoOrderTwice(rig, "asha");
      for (const id of ids) rig.cancel(id);
      const isOver = () => rig.rows("asha").every((row) => row.orderStatus === "CANCELLED");
      await eventually(isOver, { what: "their cancels" });
      assert.equal(rig.rows("asha").length, 6);
    });

    test(`sends what it had only intended when it ${what}, once`, async () => {
      await using rig = await startRig();
      for (let place = 0; place < 15; place += 1) rig.lead({ price: 1500 + place });
      await eventually(() => rig.rows("asha").length >= 4, { what: "some of them at the broker" });
      await end(rig);
      assert.ok(rig.rows("asha").length < 15, "all were sent before the end");
      await rig.startDesk();
      await eventually(() => isPending(rig, 15), { what: "all fifteen", deadlineMs: 15_000 });
      await rig.untilCaughtUp();
      assert.equal(rig.rows("asha").length, 15);
      assertNoOrderTwice(rig, "asha");
      assert.ok(rig.truth("asha").orderRequestsPerSecondMax <= 10);
      assert.equal(rig.truth("asha").throttled, 0);
    });

    test(`goes on with what works at the broker after it ${what}`, async () => {
      await using rig = await startRig();
      const first = rig.lead({ price: 1500 });
      const second = rig.lead({ price: 1501 });
      const third = rig.lead({ price: 1502 });
      await rig.untilCaughtUp();
      await end(rig);
      rig.cancel(third);
      rig.simulator.fill({ orderId: rig.rows("asha")[1]?.orderId ?? "", quantity: 40 });
      await rig.startDesk();
      const [a, b, c] = [first, second, third].map((id) => rig.copiesOf("asha", id)[0]?.orderId);
      await rig.reaches("asha", c ?? "", "CANCELLED");
      rig.modify(first, { quantity: 150, price: 1510 });
      rig.cancel(second);
      await eventually(() => rig.row("asha", a ?? "").price === 1510, { what: "the change" });
      assert.equal(rig.row("asha", a ?? "").quantity, 150);
      await rig.reaches("asha", b ?? "", "CANCELLED");
      assert.equal(rig.net("asha"), 40);
      assert.equal(rig.rows("asha").length, 3);
    });
  }

  test("settles a modification and a cancel whose outcome it had not heard", async () => {
    await using rig = await startRig();
    const first = rig.lead({ price: 1500 });
    const second = rig.lead({ price: 1501 });
    await rig.untilCaughtUp();
    const [a, b] = rig.rows("asha").map((row) => row.orderId);
    rig.simulator.addFault({ kind: "drop", match: { clientId: rig.clientOf("asha") }, count: 2 });
    rig.modify(first, { quantity: 150, price: 1510 });
    rig.cancel(second);
    await rig.fact("asha", "modifyIntended");
    await rig.fact("asha", "cancelIntended");
    await rig.crashDesk();
    await rig.startDesk();
    await eventually(() => rig.row("asha", a ?? "").price === 1510, { what: "the change" });
    await rig.reaches("asha", b ?? "", "CANCELLED");
    assert.equal(rig.rows("asha").length, 2);
  });

  test("copies what the leader did meanwhile while it is fresh", async () => {
    await using rig = await startRig();
    await rig.stopDesk();
    const rested = rig.lead({ price: 1500 });
    rig.lead({ ...MARKET, securityId: RELIANCE });
    const gone = rig.lead({ price: 1501 });
    await rig.reaches("leader", gone, "PENDING");
    rig.modify(rested, { quantity: 120, price: 1510 });
    rig.cancel(gone);
    await rig.reaches("leader", gone, "CANCELLED");
    await rig.startDesk();
    await eventually(() => rig.net("asha", RELIANCE) === 100, { what: "the position" });
    await eventually(() => rig.copiesOf("asha", rested)[0]?.price === 1510, { what: "the rest" });
    await rig.skipped("asha", gone, "leader-cancelled");
    await rig.untilCaughtUp();
    assert.equal(rig.rows("asha").length, 2);
  });

  test("does not enter late what is too old by now, and exits whatever its age", async () => {
    await using rig = await startRig({ asha: { link: { maxAgeMs: 2_000 } } });
    rig.lead(MARKET);
    await eventually(() => rig.net("asha") === 100, { what: "the position" });
    await rig.settles("asha");
    await rig.stopDesk();
    const late = rig.lead({ price: 1500, securityId: RELIANCE });
    rig.lead(SALE);
    const startedAtMs = rig.simulator.clock().nowMs;
    // The broker's clock counts whole seconds, so three of them are surely more than two.
    await eventually(() => rig.simulator.clock().nowMs - startedAtMs > 3_000, { what: "age" });
    await rig.startDesk();
    await eventually(() => rig.net("asha") === 0, { what: "the exit" });
    await rig.skipped("asha", late, "too-old");
    await rig.untilCaughtUp();
    assert.equal(rig.copiesOf("asha", late).length, 0);
  });

  test("for the first time copies nothing that was there before, nor its exits", async () => {
    await using rig = await startRig();
    await rig.stopDesk();
    rig.loseJournal();
    const rested = rig.lead({ price: 1300, securityId: RELIANCE });
    rig.lead(MARKET);
    await eventually(() => rig.net("leader") === 100, { what: "his position" });
    await rig.reaches("leader", rested, "PENDING");
    await rig.startDesk();
    rig.modify(rested, { quantity: 50, price: 1310 });
    const exit = rig.lead(SALE);
    await rig.skipped("asha", exit, "nothing-to-exit");
    const fresh = rig.lead({ price: 1502 });
    await eventually(() => rig.copiesOf("asha", fresh).length === 1, { what: "a new order" });
    rig.cancel(rested);
    await rig.settles("asha");
    assert.equal(rig.rows("asha").length, 1);
    assert.equal(rig.net("asha"), 0);
  });

  test("without its journal finds its own orders, and places none twice", async () => {
    await using rig = await startRig();
    const rested = rig.lead({ price: 1500 });
    rig.lead({ ...MARKET, securityId: RELIANCE });
    await rig.untilCaughtUp();
    await eventually(() => rig.net("asha", RELIANCE) === 100, { what: "the position" });
    await rig.crashDesk();
    rig.loseJournal();
    await rig.startDesk();
    await rig.fact("asha", "childAdopted");
    rig.modify(rested, { quantity: 150, price: 1510 });
    await eventually(() => rig.rows("asha")[0]?.price === 1510, { what: "the change" });
    assert.equal(rig.rows("asha")[0]?.quantity, 150);
    rig.lead({ ...SALE, securityId: RELIANCE });
    await eventually(() => rig.net("asha", RELIANCE) === 0, { what: "the exit" });
    rig.cancel(rested);
    await eventually(() => rig.rows("asha")[0]?.orderStatus === "CANCELLED", { what: "the end" });
    await rig.settles("asha");
    assert.equal(rig.rows("asha").length, 3);
    assertNoOrderTwice(rig, "asha");
  });

  test("without its journal does not sell what it cannot prove to have copied", async () => {
    const holding = { instrument: "NSE_EQ:1333", quantity: 100 };
    await using rig = await startRig({ asha: { account: { holdings: [holding] } } });
    const delivery = { ...MARKET, productType: "CNC", quantity: 10 };
    rig.lead(delivery);
    await eventually(() => rig.net("asha") === 10, { what: "the position" });
    await rig.crashDesk();
    rig.loseJournal();
    await rig.startDesk();
    const exit = rig.lead({ ...delivery, transactionType: "SELL" });
    await rig.reaches("leader", exit, "TRADED");
    await eventually(() => rig.net("asha") === 0, { what: "the exit of what was adopted" });
    const more = rig.lead({ ...delivery, transactionType: "SELL", quantity: 5 });
    await eventually(() => rig.row("leader", more).orderStatus === "REJECTED", { what: "his no" });
    await rig.settles("asha");
    assert.equal(rig.net("asha"), 0, "her own hundred are untouched");
  });

  test("is stopped in good order although its journal is slow", async () => {
    const journal = memoryJournal(memoryStore());
    const slow: Journal = {
      ...journal,
      async append(appends) {
        await new Promise((resolve) => setImmediate(resolve));
        return journal.append(appends);
      },
    };
    await using rig = await startRig({ journal: slow });
    for (let place = 0; place < 5; place += 1) rig.lead({ price: 1500 + place });
    await eventually(() => rig.rows("asha").length >= 1, { what: "the first copy" });
    await rig.stopDesk();
    const intended = (await rig.facts("asha")).filter(({ kind }) => kind === "placeIntended");
    assert.ok(intended.length >= rig.rows("asha").length, "what was sent was written first");
  });

  test("twice in a row changes nothing", async () => {
    await using rig = await startRig();
    const rested = rig.lead({ price: 1500 });
    rig.lead(MARKET);
    await rig.untilCaughtUp();
    for (let round = 0; round < 2; round += 1) {
      await rig.crashDesk();
      await rig.startDesk();
    }
    await rig.untilCaughtUp();
    assert.equal(rig.rows("asha").length, 2);
    rig.cancel(rested);
    rig.lead(SALE);
    await eventually(() => rig.net("asha") === 0, { what: "the exit" });
    assert.equal(rig.rows("asha").length, 3);
  });
});
