/** Commands that meet an order on its way, filling, or not yet answered. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { eventually } from "../eventually.ts";
import { Rig, type RigFollower, type RigOptions } from "./rig.ts";

async function startRig(
  account: RigFollower["account"] = {},
  options: Partial<RigOptions> = {},
): Promise<Rig> {
  return Rig.start({ ...options, followers: [{ name: "asha", bps: 10_000, account }] });
}

function firstRow(rig: Rig) {
  return rig.rows("asha")[0];
}

describe("a race", { concurrency: true }, () => {
  test("a cancel waits for the end of transit, and is asked for once", async () => {
    await using rig = await startRig({ transitMs: 800 });
    const id = rig.lead({});
    await eventually(() => firstRow(rig)?.orderStatus === "TRANSIT", { what: "the copy" });
    rig.cancel(id);
    await eventually(() => firstRow(rig)?.orderStatus === "CANCELLED", { what: "its end" });
    await rig.settles("asha");
    assert.equal(rig.rows("asha").length, 1);
    assert.equal(rig.truth("asha").requestCounts.cancel, 1);
  });

  test("a cancel waits for the end of transit although no frame tells of it", async () => {
    await using rig = await startRig({ transitMs: 800 });
    rig.simulator.addFault({ kind: "drop-frames", match: { clientId: rig.clientOf("asha") } });
    const id = rig.lead({});
    await eventually(() => firstRow(rig)?.orderStatus === "TRANSIT", { what: "the copy" });
    rig.cancel(id);
    await eventually(() => firstRow(rig)?.orderStatus === "CANCELLED", { what: "its end" });
    assert.equal(rig.truth("asha").requestCounts.cancel, 1);
  });

  test("a modification made before the copy is answered reaches it", async () => {
    await using rig = await startRig();
    rig.simulator.changeAccount({ clientId: rig.clientOf("asha"), replyMs: 600 });
    const id = rig.lead({});
    await eventually(() => rig.rows("asha").length === 1, { what: "the copy's arrival" });
    rig.modify(id, { quantity: 250, price: 1610 });
    await eventually(() => firstRow(rig)?.price === 1610, { what: "the change" });
    assert.equal(firstRow(rig)?.quantity, 250);
    assert.equal(rig.rows("asha").length, 1);
  });

  test("a cancel made before the copy is sent sends nothing, or takes it back", async () => {
    await using rig = await startRig();
    const id = rig.lead({});
    await rig.reaches("leader", id, "PENDING");
    rig.cancel(id);
    await rig.untilCaughtUp();
    assert.ok(rig.rows("asha").every((row) => row.orderStatus === "CANCELLED"));
    assert.ok(rig.rows("asha").length <= 1);
  });

  test("a fill that wins against an accepted cancel is counted", async () => {
    await using rig = await startRig();
    const id = rig.lead({});
    await eventually(() => firstRow(rig)?.orderStatus === "PENDING", { what: "the copy" });
    await rig.settles("asha");
    rig.cancel(id);
    rig.simulator.changeSwitches({ changeMs: 600 });
    await eventually(() => rig.truth("asha").requestCounts.cancel === 1, { what: "the cancel" });
    rig.simulator.fill({ orderId: firstRow(rig)?.orderId ?? "" });
    const [name] = [...rig.follower("asha").state.children.entries()].map(([key]) => key);
    assert.ok(name !== undefined);
    const childNow = () => rig.follower("asha").state.children.get(name);
    await eventually(() => childNow()?.state === "filled", { what: "the fill is known" });
    await rig.settles("asha");
    assert.equal(childNow()?.filled, 100);
    assert.deepEqual(
      [...rig.follower("asha").state.copied.values()],
      [100],
      "what must be exited one day",
    );
    assert.equal(rig.rows("asha").length, 1);
    assert.equal(rig.truth("asha").requestCounts.cancel, 1);
  });

  test("a position that the leader does not have is not left in silence", async () => {
    await using rig = await startRig();
    const id = rig.lead({});
    await eventually(() => firstRow(rig)?.orderStatus === "PENDING", { what: "the copy" });
    await rig.settles("asha");
    rig.cancel(id);
    rig.simulator.changeSwitches({ changeMs: 600 });
    await eventually(() => rig.truth("asha").requestCounts.cancel === 1, { what: "the cancel" });
    rig.simulator.fill({ orderId: firstRow(rig)?.orderId ?? "" });
    await eventually(() => [...rig.follower("asha").state.copied.values()][0] === 100, {
      what: "the fill is known",
    });
    await rig.settles("asha");
    await rig.fact("asha", "alarmed", ({ code }) => code === "filled-beyond-leader");
  });

  test("a part that fills while the cancel is under way stays, and the rest is gone", async () => {
    await using rig = await startRig();
    const id = rig.lead({});
    await eventually(() => firstRow(rig)?.orderStatus === "PENDING", { what: "the copy" });
    await rig.settles("asha");
    rig.cancel(id);
    rig.simulator.changeSwitches({ changeMs: 400 });
    await eventually(() => rig.truth("asha").requestCounts.cancel === 1, { what: "the cancel" });
    rig.simulator.fill({ orderId: firstRow(rig)?.orderId ?? "", quantity: 35 });
    await eventually(() => firstRow(rig)?.orderStatus === "CANCELLED", { what: "its end" });
    await rig.settles("asha");
    assert.deepEqual([...rig.follower("asha").state.copied.values()], [35]);
    assert.equal(rig.rows("asha").length, 1);
  });

  test("a flurry of modifications ends at the last one, without a request for each", async () => {
    await using rig = await startRig();
    const id = rig.lead({});
    await eventually(() => firstRow(rig)?.orderStatus === "PENDING", { what: "the copy" });
    await rig.settles("asha");
    // All of them come while the first change is under way, however slow the machine is.
    rig.simulator.changeAccount({ clientId: rig.clientOf("asha"), replyMs: 400 });
    for (let step = 1; step <= 20; step += 1) {
      rig.modify(id, { quantity: 100 + step, price: 1600 + step });
    }
    const isLast = () => firstRow(rig)?.price === 1620;
    await eventually(isLast, { what: "the last price", deadlineMs: 10_000 });
    await rig.settles("asha");
    assert.equal(firstRow(rig)?.quantity, 120);
    assert.ok((rig.truth("asha").requestCounts.modify ?? 0) <= 5, "coalesced");
  });

  test("the twenty-sixth modification finds a new order, and the total is right", async () => {
    await using rig = await startRig();
    const id = rig.lead({ quantity: 100, price: 1600 });
    await eventually(() => firstRow(rig)?.orderStatus === "PENDING", { what: "the copy" });
    rig.simulator.fill({ orderId: firstRow(rig)?.orderId ?? "", quantity: 30 });
    for (let step = 1; step <= 26; step += 1) {
      // The broker allows 25 to everybody; the leader's 26th stands for one that it let pass.
      rig.simulator.changeSwitches({ modificationLimit: step });
      rig.modify(id, { quantity: 100 + step, price: 1600 + step });
      rig.simulator.changeSwitches({ modificationLimit: 25 });
      const isThere = () => rig.rows("asha").at(-1)?.price === 1600 + step;
      await eventually(isThere, { what: `modification ${step}` });
    }
    await rig.settles("asha");
    const rows = rig.rows("asha");
    assert.equal(rows.length, 2);
    assert.deepEqual(
      rows.map((row) => [row.orderStatus, row.filledQty]),
      [
        ["CANCELLED", 30],
        ["PENDING", 0],
      ],
    );
    assert.equal(rows[1]?.quantity, 96, "126 in all, of which 30 have filled");
    assert.ok(rig.truth("asha").orders.every(({ modifications }) => modifications <= 25));
    rig.cancel(id);
    await eventually(() => rig.rows("asha")[1]?.orderStatus === "CANCELLED", { what: "the end" });
    assert.equal(rig.net("asha"), 30);
    assert.equal(rig.rows("asha").length, 2);
  });
});
