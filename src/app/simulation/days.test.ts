import assert from "node:assert/strict";
import { test } from "node:test";
import type { MakeCheck } from "./checks/check.ts";
import { flatEnd } from "./checks/flat-end.ts";
import { sides } from "./checks/sides.ts";
import { type PlanOptions, planOf } from "./plan.ts";
import { runSeed, type SeedReport } from "./run-seed.ts";

/** Runs one seed again and prints its last events. */
const REPLAY = "src/app/simulation/main.ts";

const FINE: PlanOptions = { families: ["plain"] };
const MIXED: PlanOptions = { families: ["plain", "super", "forever", "amo"] };
const FOUL: PlanOptions = { families: ["plain"], weatherPercent: 40, crashPercent: 4 };

function assertKept(report: SeedReport, plan: PlanOptions): void {
  const { seed, broken, tail } = report;
  const { families, weatherPercent = 0, crashPercent = 0 } = plan;
  const sky = `--weather ${weatherPercent} --crashes ${crashPercent}`;
  const command = `node ${REPLAY} --seed ${seed} --families ${families.join()} ${sky}`;
  assert.deepEqual(broken, [], `${broken.join("\n")}\n${tail(20)}\nreplay: ${command}`);
}

for (const [name, plan] of [
  ["fine days", FINE],
  ["days of many kinds of orders", MIXED],
  ["days of faults and crashes", FOUL],
] as const) {
  test(`on ${name} two followers of one leader end as their rules say, within every limit`, async () => {
    for (let seed = 1; seed <= 10; seed += 1) assertKept(await runSeed(planOf(seed, plan)), plan);
  });
}

test("the same seed gives the same trace, and another seed another", async () => {
  const [first, second, other] = [
    await runSeed(planOf(3, FOUL)),
    await runSeed(planOf(3, FOUL)),
    await runSeed(planOf(4, FOUL)),
  ];
  assert.equal(first.events, second.events);
  assert.equal(first.traceHash, second.traceHash);
  assert.notEqual(first.traceHash, other.traceHash);
});

test("a follower who sells by hand what he has not is found by the checks", async () => {
  const canary: MakeCheck = (world) => {
    let isDone = false;
    return {
      name: "canary",
      onOrder({ clientId }) {
        if (isDone || clientId !== world.clientOf("leader")) return;
        isDone = true;
        const order = { securityId: "1333", transactionType: "SELL", quantity: 7 };
        const terms = { orderType: "MARKET", price: 0 };
        world.simulator.placeByHand(world.clientOf("asha"), { ...order, ...terms });
      },
    };
  };
  const plan = planOf(1, { ...FINE, orders: 3 });
  const { broken } = await runSeed({ ...plan, checks: [canary, sides, flatEnd] });
  assert.ok(broken.some((text) => text.startsWith("flat-end") && text.includes("asha")));
});
