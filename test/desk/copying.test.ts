import assert from "node:assert/strict";
import { test } from "node:test";
import { eventually } from "../eventually.ts";
import { Rig } from "./rig.ts";

test("a leader's limit order is copied, modified twice, part-filled and cancelled with him", async () => {
  await using rig = await Rig.start({
    followers: [
      { name: "asha", bps: 10_000 },
      { name: "ravi", bps: 5_000 },
    ],
  });
  const id = rig.lead({ quantity: 101, price: 1600 });
  await eventually(() => rig.rows("asha")[0]?.orderStatus === "PENDING", { what: "asha's copy" });
  await eventually(() => rig.rows("ravi")[0]?.orderStatus === "PENDING", { what: "ravi's copy" });
  assert.equal(rig.rows("asha")[0]?.quantity, 101);
  assert.equal(rig.rows("ravi")[0]?.quantity, 50);

  rig.simulator.modifyByHand("1100000001", {
    orderId: id,
    changes: { quantity: 201, price: 1601 },
  });
  rig.simulator.modifyByHand("1100000001", {
    orderId: id,
    changes: { quantity: 201, price: 1602 },
  });
  await eventually(() => rig.rows("ravi")[0]?.price === 1602, { what: "ravi's modification" });
  await eventually(() => rig.rows("ravi")[0]?.quantity === 100, { what: "ravi's new quantity" });
  await eventually(() => rig.rows("asha")[0]?.price === 1602, { what: "asha's modification" });

  rig.simulator.fill({ orderId: id, quantity: 40 });
  rig.simulator.cancelByHand("1100000001", id);
  // Asha has nothing filled, the leader 40: her order shrinks to 40 and rests there.
  await eventually(() => rig.rows("asha")[0]?.quantity === 40, { what: "asha's order at 40" });
  await eventually(() => rig.rows("ravi")[0]?.quantity === 20, { what: "ravi's order at 20" });
  assert.equal(rig.rows("asha").length, 1);
  assert.equal(rig.rows("ravi").length, 1);
});

test("a broker whose clock shows another day than ours is copied from all the same", async () => {
  await using rig = await Rig.start({ followers: [{ name: "asha", bps: 10_000 }] });
  rig.simulator.setClock({ now: "2026-08-05T10:00:00+05:30" });
  rig.lead({ quantity: 10, price: 1600 });
  await eventually(() => rig.rows("asha")[0]?.orderStatus === "PENDING", { what: "the copy" });
  assert.match(rig.rows("asha")[0]?.createTime ?? "", /^2026-08-05/);
});
