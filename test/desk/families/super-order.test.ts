/** Super Orders of the leader, from his placement to the last leg. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { eventually } from "../../eventually.ts";
import type { Rig } from "../rig.ts";
import {
  assertNoAlarms,
  endsFlat,
  fillEntries,
  groupOf,
  groupsReach,
  leaderStanding,
  NAMES,
  shareOf,
  standing,
  startFamily,
} from "./family-rig.ts";

const SUPER = { quantity: 100, price: 1640, targetPrice: 1700, stopLossPrice: 1600 };

/** The leader's Super Order is in, and so are the copies. */
async function allIn(rig: Rig, order: Readonly<Record<string, unknown>> = {}): Promise<string> {
  const id = rig.lead({ ...SUPER, ...order });
  await groupsReach(rig, id, "its group rests", ({ entryStatus }) => entryStatus === "PENDING");
  return id;
}

describe("a Super Order of the leader", { concurrency: true }, () => {
  test("is copied with its levels, and the targets bring everybody out", async () => {
    await using rig = await startFamily();
    const id = await allIn(rig);
    for (const name of NAMES) {
      const moment = standing(rig, name, id);
      assert.equal(
        rig.row(name, groupOf(rig, name, id)?.entryId ?? "").quantity,
        shareOf(name, 100),
      );
      assert.equal(moment?.target?.price, 1700, name);
      assert.equal(moment?.stop?.price, 1600, name);
    }
    rig.simulator.setPrice("HDFCBANK", 1640);
    await groupsReach(rig, id, "in", ({ unitsIn }, name) => unitsIn === shareOf(name, 100));
    rig.simulator.setPrice("HDFCBANK", 1700);
    await endsFlat(rig);
    for (const name of NAMES) {
      assert.equal(standing(rig, name, id)?.target?.filledQuantity, shareOf(name, 100), name);
      assert.equal(rig.rows(name).length, 3, `${name}: an entry and two legs, nothing else`);
    }
    await assertNoAlarms(rig);
  });

  test("that fills in part and trails its stop leaves everybody at the trailed stop", async () => {
    await using rig = await startFamily();
    const id = await allIn(rig, { trailingJump: 10 });
    fillEntries(rig, id, 40);
    await groupsReach(rig, id, "in with 40", ({ stop }, name) => {
      return stop?.status === "working" && stop.quantity === shareOf(name, 40);
    });
    // What he has is enough for him: the entry ends there, and the legs stay.
    rig.modify(id, { quantity: 40, targetPrice: 1700, stopLossPrice: 1600, trailingJump: 10 });
    await groupsReach(rig, id, "ended at its share of 40", ({ entryStatus, unitsIn }, name) => {
      return entryStatus === "TRADED" && unitsIn === shareOf(name, 40);
    });
    rig.simulator.setPrice("HDFCBANK", 1661);
    await groupsReach(rig, id, "trailed by two steps", ({ stop }) => stop?.price === 1620);
    assert.equal(leaderStanding(rig, id).stop?.price, 1620);
    rig.simulator.setPrice("HDFCBANK", 1619);
    await endsFlat(rig);
    for (const name of NAMES) {
      const moment = standing(rig, name, id);
      assert.equal(moment?.stop?.filledQuantity, shareOf(name, 40), name);
      assert.equal(moment?.target?.status, "cancelled", name);
    }
    await assertNoAlarms(rig);
  });

  test("whose levels and quantity he changes by hand is changed leg by leg", async () => {
    await using rig = await startFamily();
    const id = await allIn(rig);
    rig.modify(id, { quantity: 120, price: 1641, targetPrice: 1710, stopLossPrice: 1605 });
    await groupsReach(rig, id, "the new levels", ({ target, stop }, name) => {
      const row = rig.row(name, groupOf(rig, name, id)?.entryId ?? "");
      const isEntrySo = row.quantity === shareOf(name, 120) && row.price === 1641;
      return isEntrySo && target?.price === 1710 && stop?.price === 1605;
    });
    rig.simulator.setPrice("HDFCBANK", 1641);
    await groupsReach(rig, id, "in", ({ unitsIn }, name) => unitsIn === shareOf(name, 120));
    rig.modifyLeg(id, "STOP_LOSS_LEG", { stopLossPrice: 1625 });
    rig.modifyLeg(id, "TARGET_LEG", { targetPrice: 1690 });
    await groupsReach(rig, id, "the legs where he has them", ({ target, stop }) => {
      return target?.price === 1690 && stop?.price === 1625;
    });
    rig.simulator.setPrice("HDFCBANK", 1625);
    await endsFlat(rig);
    await assertNoAlarms(rig);
  });

  test("cancelled before any fill leaves nothing of it anywhere", async () => {
    await using rig = await startFamily();
    const id = await allIn(rig);
    rig.cancel(id);
    await groupsReach(rig, id, "cancelled", ({ entryStatus }) => entryStatus === "CANCELLED");
    rig.simulator.setPrice("HDFCBANK", 1600);
    await endsFlat(rig);
    for (const name of NAMES) assert.equal(rig.rows(name).length, 1, name);
    await assertNoAlarms(rig);
  });

  test("cancelled after a part of it filled keeps the legs for that part", async () => {
    await using rig = await startFamily();
    const id = await allIn(rig);
    fillEntries(rig, id, 40);
    await groupsReach(rig, id, "in with 40", ({ unitsIn }, name) => unitsIn === shareOf(name, 40));
    rig.cancel(id);
    await groupsReach(rig, id, "no more than 40", ({ entryStatus, stop }, name) => {
      return entryStatus === "TRADED" && stop?.quantity === shareOf(name, 40);
    });
    rig.simulator.setPrice("HDFCBANK", 1600);
    await endsFlat(rig);
    await assertNoAlarms(rig);
  });

  test("whose target he takes away goes on with the stop alone", async () => {
    await using rig = await startFamily();
    const id = await allIn(rig);
    rig.simulator.setPrice("HDFCBANK", 1640);
    await groupsReach(rig, id, "in", ({ target }) => target?.status === "working");
    rig.cancelLeg(id, "TARGET_LEG");
    await groupsReach(rig, id, "without its target", ({ target, stop }) => {
      return target?.status === "cancelled" && stop?.status === "working";
    });
    rig.simulator.setPrice("HDFCBANK", 1700);
    for (const name of NAMES) assert.equal(rig.net(name), shareOf(name, 100), name);
    rig.simulator.setPrice("HDFCBANK", 1600);
    await endsFlat(rig);
    await assertNoAlarms(rig);
  });

  test("that he closes in the app brings the followers out with him", async () => {
    await using rig = await startFamily();
    const id = await allIn(rig);
    rig.simulator.setPrice("HDFCBANK", 1640);
    await groupsReach(rig, id, "in", ({ stop }) => stop?.status === "working");
    rig.simulator.setPrice("HDFCBANK", 1650);
    rig.simulator.exitGroupByHand(rig.clientOf("leader"), id);
    await eventually(() => rig.net("leader") === 0, { what: "the leader out" });
    await endsFlat(rig);
    await assertNoAlarms(rig);
  });

  test("is read right when the broker shows its legs under the entry's own id", async () => {
    await using rig = await startFamily({ simulator: { switches: { superLegIds: "same" } } });
    const id = await allIn(rig);
    rig.simulator.setPrice("HDFCBANK", 1640);
    await groupsReach(rig, id, "in", ({ stop }) => stop?.status === "working");
    rig.modifyLeg(id, "STOP_LOSS_LEG", { stopLossPrice: 1620 });
    await groupsReach(rig, id, "the new stop", ({ stop }) => stop?.price === 1620);
    rig.simulator.setPrice("HDFCBANK", 1619);
    await endsFlat(rig);
    await assertNoAlarms(rig);
  });
});
