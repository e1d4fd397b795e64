import assert from "node:assert/strict";
import { test } from "node:test";
import { type DrawOptions, drawPlan } from "./draw-plan.ts";
import { seedOptionsOf } from "./plan.ts";
import { runSeed, type SeedOptions, type SeedReport } from "./run-seed.ts";

const FINE: DrawOptions = { families: ["plain"], strikes: [] };
const MIXED: DrawOptions = { families: ["plain", "super", "forever", "amo"], strikes: [] };
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
