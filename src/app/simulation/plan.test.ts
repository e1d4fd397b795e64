import assert from "node:assert/strict";
import { test } from "node:test";
import { virtualClock } from "../../platform/virtual-clock.ts";
import { drawPlan } from "./draw-plan.ts";
import { addCounts, STRIKE_KINDS, type StrikeCounts } from "./faults/strike.ts";
import { Troubles } from "./faults/troubles.ts";
import { type Plan, seedOptionsOf } from "./plan.ts";
import { runSeed } from "./run-seed.ts";

test("a plan that was printed and read again plays the same day", async () => {
  const plan = drawPlan(5);
  const read = JSON.parse(JSON.stringify(plan)) as Plan;
  const [first, second] = [await runSeed(seedOptionsOf(plan)), await runSeed(seedOptionsOf(read))];
  assert.deepEqual(read, plan);
  assert.equal(first.traceHash, second.traceHash);
});

test("the faults of a day do not change what the leader sets out to do", () => {
  const plan = drawPlan(7);
  assert.deepEqual(drawPlan(7, { strikes: [] }).acts, plan.acts);
  assert.deepEqual(drawPlan(7, { strikes: [] }).strikes, []);
});

test("each kind of fault is in the plans of about half of the days that have faults", () => {
  const plans = Array.from({ length: 400 }, (_, seed) => drawPlan(seed));
  for (const kind of STRIKE_KINDS) {
    const days = plans.filter(({ strikes }) => strikes.some((strike) => strike.kind === kind));
    assert.ok(days.length > 20 && days.length < 260, `${kind}: in ${days.length} of 400 plans`);
  }
});

test("what struck is counted, and so is what met an order in flight", async () => {
  let counts: StrikeCounts = {};
  for (let seed = 1; seed <= 12; seed += 1) {
    counts = addCounts(counts, (await runSeed(seedOptionsOf(drawPlan(seed)))).strikes);
  }
  const all = Object.values(counts);
  assert.ok(all.length > 15, `${all.length} kinds in twelve days`);
  assert.ok(all.some(({ metOrder }) => metOrder > 0));
  assert.ok(all.every(({ happened, metOrder }) => happened >= metOrder));
});

test("the longest quiet stretch is what no trouble of these accounts covers", async () => {
  const clock = virtualClock(0);
  const troubles = new Troubles(clock);
  await clock.run(1_000);
  const ends = troubles.begins("asha");
  await clock.run(500);
  ends();
  await clock.run(3_000);
  assert.equal(troubles.quietMs(["asha"], 0, 4_500), 3_000);
  assert.equal(troubles.quietMs(["ravi"], 0, 4_500), 4_500);
  troubles.begins();
  await clock.run(2_000);
  assert.equal(troubles.quietMs(["ravi"], 0, 6_500), 4_500);
});
