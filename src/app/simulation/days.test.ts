import assert from "node:assert/strict";
import { test } from "node:test";
import type { MakeCheck } from "./checks/check.ts";
import { flatEnd } from "./checks/flat-end.ts";
import { sides } from "./checks/sides.ts";
import { type DrawOptions, drawPlan } from "./draw-plan.ts";
import { seedOptionsOf } from "./plan.ts";
import { runSeed, type SeedOptions, type SeedReport } from "./run-seed.ts";

const FINE: DrawOptions = { families: ["plain"], strikes: [] };
const MIXED: DrawOptions = { families: ["plain", "super", "forever"], strikes: [] };
const FOUL: DrawOptions = { families: ["plain"] };

function optionsOf(seed: number, options: DrawOptions): SeedOptions {
  return seedOptionsOf(drawPlan(seed, options));
}

function assertKept(report: SeedReport, { families = [], strikes }: DrawOptions): void {
  const { seed, broken, tail } = report;
  const faults = strikes === undefined ? "" : " --faults none";
  const command = `npx tandem simulate --seed ${seed} --families ${families.join()}${faults}`;
  assert.deepEqual(broken, [], `${broken.join("\n")}\n${tail(20)}\nreplay: ${command}`);
}

for (const [name, plan] of [
  ["fine days", FINE],
  ["days of many kinds of orders", MIXED],
  ["days of faults and crashes", FOUL],
] as const) {
  test(`on ${name} the followers of one leader end as their rules say, within every limit`, async () => {
    for (let seed = 1; seed <= 10; seed += 1)
      assertKept(await runSeed(optionsOf(seed, plan)), plan);
  });
}

test("the same seed gives the same trace, and another seed another", async () => {
  const [first, second, other] = [
    await runSeed(optionsOf(3, FOUL)),
    await runSeed(optionsOf(3, FOUL)),
    await runSeed(optionsOf(4, FOUL)),
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
  // On the evening of a day with a night the risk desk would put it right.
  const isDayOnly = (seed: number) => drawPlan(seed, FINE).acts.every(({ night }) => !night);
  const seed = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10].find(isDayOnly) ?? 1;
  const { broken } = await runSeed({ ...optionsOf(seed, FINE), checks: [canary, sides, flatEnd] });
  assert.ok(broken.some((text) => text.startsWith("flat-end") && text.includes("asha")));
});
