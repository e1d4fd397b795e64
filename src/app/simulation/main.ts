/**
 * Runs seeds from the command line and tells of each that breaks a promise:
 *   node src/app/simulation/main.ts --seed 20
 *   node src/app/simulation/main.ts --from 1 --count 1000 --families plain --weather 10 --crashes 2
 */
import { parseArgs } from "node:util";
import type { FamilyName } from "./day/families.ts";
import { planOf } from "./plan.ts";
import { runSeed } from "./run-seed.ts";

const TAIL = 60;

const { values } = parseArgs({
  options: {
    seed: { type: "string" },
    from: { type: "string", default: "1" },
    count: { type: "string", default: "100" },
    families: { type: "string", default: "plain" },
    weather: { type: "string", default: "0" },
    crashes: { type: "string", default: "0" },
  },
});

const families = values.families.split(",") as [FamilyName, ...FamilyName[]];
const weatherPercent = Number(values.weather);
const crashPercent = Number(values.crashes);
const from = Number(values.seed ?? values.from);
const count = values.seed === undefined ? Number(values.count) : 1;
const startedAtMs = performance.now();
let bad = 0;
let turns = 0;
for (let seed = from; seed < from + count; seed += 1) {
  const report = await runSeed(planOf(seed, { families, weatherPercent, crashPercent }));
  turns += report.turns;
  if (count === 1) console.log(`seed ${seed}: trace ${report.traceHash}, ${report.events} events`);
  if (report.broken.length === 0) continue;
  bad += 1;
  console.log(`seed ${seed}: ${report.broken.join("\n  ")}`);
  if (count === 1) console.log(report.tail(TAIL));
}
const tookMs = performance.now() - startedAtMs;
const perDay = (tookMs / count).toFixed(1);
console.log(
  `${bad} of ${count} days broken; ${perDay} ms a day, ${Math.round(turns / count)} turns`,
);
process.exitCode = bad === 0 ? 0 : 1;
