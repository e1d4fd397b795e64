/** The check is shown what it is for, and that the days give it something to look at. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { drawPlan } from "../draw-plan.ts";
import { seedOptionsOf } from "../plan.ts";
import { runSeed } from "../run-seed.ts";
import { SHADOW_NAME } from "../shadow.ts";
import { World } from "../world.ts";
import type { MakeCheck } from "./check.ts";
import { noWrite } from "./no-write.ts";

const ORDER = {
  transactionType: "BUY",
  exchangeSegment: "NSE_EQ",
  productType: "INTRADAY",
  orderType: "LIMIT",
  validity: "DAY",
  securityId: "1333",
  quantity: 10,
  disclosedQuantity: 0,
  price: 1_600,
};
const DAYS = 24;

function shadowed() {
  const world = new World({ seed: 1, followers: [], shadow: { name: SHADOW_NAME, bps: 10_000 } });
  const told: string[] = [];
  const check = noWrite(world, (text) => told.push(text));
  world.simulator.watch((change) => check.onOrder?.(change));
  const clientId = world.clientOf(SHADOW_NAME);
  const account = world.simulator.accounts().find((one) => one.clientId === clientId);
  const headers = { "access-token": account?.accessToken ?? "" };
  const wire = world.shadow?.connect("test").http;
  assert.ok(wire !== undefined, "there is a shadow");
  return { world, check, told, headers, wire, clientId };
}

test("a write through a transport without the gate is told of, on its way and at the broker", async () => {
  const { world, check, told, headers, wire, clientId } = shadowed();
  const body = JSON.stringify({ dhanClientId: clientId, ...ORDER });
  const request = { method: "POST", path: "/orders", headers, body } as const;
  void wire.request(request, { timeoutMs: 5_000 });
  assert.deepEqual(told.splice(0), ["POST /orders at the transport of kiran"]);
  await world.clock.run(1_000);
  assert.match(told.splice(0).join(), /order \d+ of kiran at the broker/);
  await check.atEnd?.();
  assert.match(told.join(), /kiran: 1 orders .* the end,kiran: 1 requests of the kind place/);
});

test("reads are fine", async () => {
  const { world, check, told, headers, wire } = shadowed();
  void wire.request({ method: "GET", path: "/fundlimit", headers }, { timeoutMs: 5_000 });
  await world.clock.run(1_000);
  await check.atEnd?.();
  assert.deepEqual(told, []);
});

test("a leader who trades while nothing is decided for the shadow is told of", async () => {
  const { world, check, told } = shadowed();
  world.simulator.placeByHand(world.clientOf("leader"), {
    ...ORDER,
    orderType: "MARKET",
    price: 0,
  });
  await world.clock.run(1_000);
  await check.atEnd?.();
  assert.deepEqual(told, ["kiran: the leader traded, nothing was decided"]);
});

test("a third of the days have a shadow, and in most of these something is copied for it", async () => {
  const placed: number[] = [];
  const counts: MakeCheck = ({ shadow }) => ({
    name: "counts",
    atEnd() {
      if (shadow !== undefined) placed.push(shadow.placed);
    },
  });
  for (let seed = 1; seed <= DAYS; seed += 1) {
    const plan = drawPlan(seed);
    if (plan.shadows?.length !== 1) continue;
    const { broken } = await runSeed({ ...seedOptionsOf(plan), checks: [noWrite, counts] });
    assert.deepEqual(broken, []);
  }
  assert.ok(placed.length >= DAYS / 6, `${placed.length} of ${DAYS} days have a shadow`);
  const busy = placed.filter((count) => count > 0);
  assert.ok(2 * busy.length > placed.length, `placements in ${busy.length} of ${placed.length}`);
});
