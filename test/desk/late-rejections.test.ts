/** A leader's order that the broker refuses after it has taken it leaves nothing alive. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { eventually } from "../eventually.ts";
import { LEADER_CLIENT, Rig } from "./rig.ts";

const FRAME = readFileSync(
  new URL("../fixtures/dhan/order-alert-rejected-circuit.json", import.meta.url),
  "utf8",
);

/** Tells on the leader's stream that this order of his was rejected, whatever it was before. */
function rejectLate(rig: Rig, orderId: string): void {
  const row = rig.row("leader", orderId);
  const frame = JSON.parse(FRAME);
  Object.assign(frame.Data, {
    clientId: LEADER_CLIENT,
    orderNo: orderId,
    quantity: row.quantity,
    remainingQuantity: row.quantity,
    price: row.price,
    correlationId: "NA",
    orderDateTime: row.createTime,
    lastUpdatedTime: row.updateTime,
  });
  const match = { clientId: LEADER_CLIENT };
  rig.simulator.addFault({ kind: "stray-frame", text: JSON.stringify(frame), match });
}

describe("a leader's order that is rejected late", { concurrency: true }, () => {
  test("is not copied while it was only in transit", async () => {
    await using rig = await Rig.start({ followers: [{ name: "asha", bps: 10_000 }] });
    const id = rig.lead({ price: 4000 });
    await rig.reaches("leader", id, "REJECTED");
    await rig.skipped("asha", id, "leader-rejected");
    await rig.untilCaughtUp();
    assert.deepEqual(rig.rows("asha"), []);
  });

  test("does not leave its copy alive", async () => {
    await using rig = await Rig.start({ followers: [{ name: "asha", bps: 10_000 }] });
    const id = rig.lead({});
    await eventually(() => rig.rows("asha")[0]?.orderStatus === "PENDING", { what: "the copy" });
    rejectLate(rig, id);
    await eventually(() => rig.rows("asha")[0]?.orderStatus === "CANCELLED", { what: "its end" });
    await rig.fact("asha", "entryWithdrawn", ({ code }) => code === "leader-rejected");
    await rig.settles("asha");
    assert.equal(rig.rows("asha").length, 1);
  });

  test("does not leave its copy alive that is itself still in transit", async () => {
    await using rig = await Rig.start({
      followers: [{ name: "asha", bps: 10_000, account: { transitMs: 700 } }],
    });
    const id = rig.lead({});
    await eventually(() => rig.rows("asha")[0]?.orderStatus === "TRANSIT", { what: "the copy" });
    rejectLate(rig, id);
    await rig.fact("asha", "entryWithdrawn", ({ code }) => code === "leader-rejected");
    await eventually(() => rig.rows("asha")[0]?.orderStatus === "CANCELLED", { what: "its end" });
  });

  test("raises an alarm when its copy has filled", async () => {
    await using rig = await Rig.start({ followers: [{ name: "asha", bps: 10_000 }] });
    const id = rig.lead({});
    await eventually(() => rig.rows("asha")[0]?.orderStatus === "PENDING", { what: "the copy" });
    rig.simulator.fill({ orderId: rig.rows("asha")[0]?.orderId ?? "", quantity: 30 });
    await eventually(() => [...rig.follower("asha").state.children.values()][0]?.filled === 30, {
      what: "the fill",
    });
    rejectLate(rig, id);
    const alarm = await rig.fact("asha", "alarmed", ({ code }) => code === "withdrawn-after-fill");
    assert.equal(alarm.inputs.filled, 30);
    await eventually(() => rig.rows("asha")[0]?.orderStatus === "CANCELLED", { what: "its end" });
    assert.equal(rig.net("asha"), 30);
  });
});
