/** What is wrong with one account stays with that account. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { eventually } from "../eventually.ts";
import { HDFCBANK, RELIANCE, Rig } from "./rig.ts";

const NAMES = ["asha", "bala", "chitra", "dev", "esha", "farid", "gita", "hari", "indu", "jaya"];
const SLOW = "dev";
const DEAD = "gita";
const HEALTHY = NAMES.filter((name) => name !== SLOW && name !== DEAD);

async function startTen(): Promise<Rig> {
  const rig = await Rig.start({
    followers: NAMES.map((name) => ({ name, bps: 10_000 })),
    tokens: { [DEAD]: "token-of-nobody" },
    unready: [DEAD],
  });
  rig.simulator.changeAccount({ clientId: rig.clientOf(SLOW), replyMs: 5_000 });
  return rig;
}

describe("of ten followers", { concurrency: true }, () => {
  test("eight get their copies at once although one is slow and one is dead", async () => {
    await using rig = await startTen();
    const orders = [
      rig.lead({ quantity: 10 }),
      rig.lead({ securityId: RELIANCE, quantity: 20, price: 1300 }),
    ];
    const isCopied = (name: string) =>
      orders.every((id) => rig.copiesOf(name, id)[0]?.orderStatus === "PENDING");
    for (const name of HEALTHY) {
      await eventually(() => isCopied(name), { what: `the copies of ${name}` });
    }
    const slowReplies = rig.truth(SLOW).orders.map((order) => (order.arrivedAtMs ?? 0) + 5_000);
    for (const name of HEALTHY) {
      for (const order of rig.truth(name).orders) {
        const arrivedAtMs = order.arrivedAtMs ?? Number.POSITIVE_INFINITY;
        assert.ok(arrivedAtMs < Math.min(...slowReplies), `${name} waited for ${SLOW}`);
      }
    }
    // The slow one changes nothing about what comes next, either.
    rig.modify(orders[0] ?? "", { quantity: 30, price: 1601 });
    for (const name of HEALTHY) {
      await eventually(() => rig.rows(name)[0]?.price === 1601, { what: `${name}'s change` });
    }
    const slowUntilMs = Math.min(...slowReplies);
    assert.ok(rig.simulator.clock().nowMs < slowUntilMs, "only after the slow one had answered");
    for (const name of [...HEALTHY, SLOW]) assert.equal(rig.rows(name).length, 2, name);
  });

  test("the slow one loses nothing", async () => {
    await using rig = await startTen();
    const rested = rig.lead({ quantity: 10 });
    await eventually(() => rig.rows(SLOW).length === 1, { what: "its order" });
    rig.modify(rested, { quantity: 30, price: 1601 });
    const isChanged = () => rig.rows(SLOW)[0]?.price === 1601 && rig.rows(SLOW)[0]?.quantity === 30;
    await eventually(isChanged, { what: "its change", deadlineMs: 15_000 });
    assert.equal(rig.rows(SLOW).length, 1);
  });

  test("the dead one is suspended with an alarm, and the readiness names it", async () => {
    await using rig = await startTen();
    await rig.fact(DEAD, "suspended", ({ reason }) => reason === "auth");
    await rig.fact(DEAD, "alarmed", ({ code }) => code === "account-suspended");
    const { isReady, reasons } = rig.desk.readiness();
    assert.equal(isReady, false);
    assert.ok(reasons.length > 0 && reasons.every((reason) => reason.includes(DEAD)), `${reasons}`);
    rig.lead({ securityId: HDFCBANK });
    await eventually(() => rig.rows("asha").length === 1, { what: "the copy of another" });
    assert.deepEqual(rig.rows(DEAD), []);
  });
});
