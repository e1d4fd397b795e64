/** BO and CO of the leader: translated into Super Orders, sent on as what they are, or refused. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { eventually } from "../../eventually.ts";
import type { Rig } from "../rig.ts";
import {
  alarms,
  assertNoAlarms,
  endsFlat,
  type FamilyOptions,
  groupOf,
  groupsReach,
  NAMES,
  shareOf,
  standing,
  startFamily,
} from "./family-rig.ts";

const BO = {
  productType: "BO",
  quantity: 100,
  price: 1640,
  boProfitValue: 60,
  boStopLossValue: 40,
};
const CO = { productType: "CO", quantity: 100, price: 1640, triggerPrice: 1600 };

/** Bought at 1640 by everybody, with the exits where the leader has them. */
async function allIn(rig: Rig, order: Readonly<Record<string, unknown>>): Promise<string> {
  const id = rig.lead(order);
  await groupsReach(rig, id, "its group rests", ({ entryStatus }) => entryStatus === "PENDING");
  rig.simulator.setPrice("HDFCBANK", 1640);
  await groupsReach(rig, id, "in", ({ unitsIn, stop }, name) => {
    return unitsIn === shareOf(name, 100) && stop?.status === "working";
  });
  return id;
}

/** Every way that lets the broker have the group, and what it then is there. */
const WAYS: readonly { what: string; options: FamilyOptions; bo: string; co: string }[] = [
  { what: "translated", options: {}, bo: "super", co: "super" },
  {
    what: "sent as it is",
    options: { link: { brackets: "native" }, simulator: { switches: { brackets: "legacy" } } },
    bo: "bracket",
    co: "cover",
  },
];

for (const { what, options, bo, co } of WAYS) {
  describe(`a BO or CO of the leader, ${what}`, { concurrency: true }, () => {
    test("has the BO's exits as prices, and the target brings everybody out", async () => {
      await using rig = await startFamily(options);
      const id = await allIn(rig, BO);
      for (const name of NAMES) {
        assert.equal(groupOf(rig, name, id)?.kind, bo, name);
        assert.equal(standing(rig, name, id)?.target?.price, 1700, name);
        assert.equal(standing(rig, name, id)?.stop?.price, 1600, name);
      }
      rig.simulator.setPrice("HDFCBANK", 1700);
      await endsFlat(rig);
      for (const name of NAMES) assert.equal(rig.rows(name).length, 3, name);
      await assertNoAlarms(rig);
    });

    test("follows a BO's stop that he trails three times by hand, and it brings all out", async () => {
      await using rig = await startFamily(options);
      const id = await allIn(rig, BO);
      for (const stop of [1610, 1625, 1638]) {
        rig.modifyLeg(id, "STOP_LOSS_LEG", { stopLossPrice: stop });
        await groupsReach(rig, id, `a stop at ${stop}`, (moment) => moment.stop?.price === stop);
      }
      rig.simulator.setPrice("HDFCBANK", 1637);
      await endsFlat(rig);
      for (const name of NAMES) {
        assert.equal(standing(rig, name, id)?.stop?.filledQuantity, shareOf(name, 100), name);
      }
      await assertNoAlarms(rig);
    });

    test("leaves a BO by hand with him", async () => {
      await using rig = await startFamily(options);
      const id = await allIn(rig, BO);
      rig.simulator.setPrice("HDFCBANK", 1650);
      rig.simulator.exitGroupByHand(rig.clientOf("leader"), id);
      await eventually(() => rig.net("leader") === 0, { what: "the leader out" });
      await endsFlat(rig);
      await assertNoAlarms(rig);
    });

    test("follows a CO's stop, and its exit by hand", async () => {
      await using rig = await startFamily(options);
      const id = await allIn(rig, CO);
      for (const name of NAMES) {
        assert.equal(groupOf(rig, name, id)?.kind, co, name);
        assert.equal(standing(rig, name, id)?.stop?.price, 1600, name);
        assert.equal(standing(rig, name, id)?.target, null, name);
      }
      rig.modifyLeg(id, "STOP_LOSS_LEG", { stopLossPrice: 1620 });
      await groupsReach(rig, id, "a stop at 1620", ({ stop }) => stop?.price === 1620);
      rig.simulator.setPrice("HDFCBANK", 1650);
      rig.simulator.exitGroupByHand(rig.clientOf("leader"), id);
      await eventually(() => rig.net("leader") === 0, { what: "the leader out" });
      await endsFlat(rig);
      await assertNoAlarms(rig);
    });

    test("leaves by a CO's stop with him", async () => {
      await using rig = await startFamily(options);
      const id = await allIn(rig, CO);
      rig.simulator.setPrice("HDFCBANK", 1600);
      await endsFlat(rig);
      for (const name of NAMES) {
        assert.equal(standing(rig, name, id)?.stop?.filledQuantity, shareOf(name, 100), name);
      }
      await assertNoAlarms(rig);
    });
  });
}

describe("the stop of a CO", { concurrency: true }, () => {
  for (const coStop of ["trigger", "distance"] as const) {
    test(`is found where the broker tells it: ${coStop}`, async () => {
      await using rig = await startFamily({ simulator: { switches: { coStop } } });
      const id = await allIn(rig, CO);
      for (const name of NAMES) assert.equal(standing(rig, name, id)?.stop?.price, 1600, name);
      rig.simulator.setPrice("HDFCBANK", 1600);
      await endsFlat(rig);
      await assertNoAlarms(rig);
    });
  }

  test("that only its leg tells is not guessed: an alarm, and nothing without a stop", async () => {
    await using rig = await startFamily({ simulator: { switches: { coStop: "leg-only" } } });
    const id = rig.lead(CO);
    for (const name of NAMES) {
      await rig.skipped(name, id, "levels-not-found");
      assert.deepEqual(await alarms(rig, name), ["levels-not-found"], name);
    }
    rig.simulator.setPrice("HDFCBANK", 1640);
    await eventually(() => rig.net("leader") === 100, { what: "the leader in" });
    rig.simulator.setPrice("HDFCBANK", 1600);
    await endsFlat(rig);
    for (const name of NAMES) assert.deepEqual(rig.rows(name), [], name);
  });
});

describe("a BO or CO that does not come to the followers", { concurrency: true }, () => {
  for (const [family, order] of Object.entries({ BO, CO })) {
    test(`${family}: refused by the broker when sent as it is: an alarm, and nothing naked`, async () => {
      await using rig = await startFamily({ link: { brackets: "native" } });
      const id = rig.lead(order);
      for (const name of NAMES) {
        await rig.fact(name, "alarmed", ({ code }) => code === "entry-rejected");
        await rig.skipped(name, id, "child-rejected");
      }
      rig.simulator.setPrice("HDFCBANK", 1640);
      await eventually(() => rig.net("leader") === 100, { what: "the leader in" });
      rig.simulator.setPrice("HDFCBANK", 1600);
      await endsFlat(rig);
      for (const name of NAMES) assert.deepEqual(rig.rows(name), [], name);
    });

    test(`${family}: refused by the link: an alarm and a reason, and nothing is sent`, async () => {
      await using rig = await startFamily({ link: { brackets: "refuse" } });
      const id = rig.lead(order);
      for (const name of NAMES) {
        await rig.skipped(name, id, "brackets-refused");
        assert.deepEqual(await alarms(rig, name), ["brackets-refused"], name);
      }
      rig.simulator.setPrice("HDFCBANK", 1640);
      rig.simulator.setPrice("HDFCBANK", 1600);
      await endsFlat(rig);
      for (const name of NAMES) assert.deepEqual(rig.rows(name), [], name);
    });
  }
});
