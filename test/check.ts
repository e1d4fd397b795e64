/**
 * The one command before a commit: format and lint, types, then every test but those that start whole
 * programs (`npm test` has them). Stops at the first step that fails and shows what it said.
 */
import { spawnSync } from "node:child_process";
import { join } from "node:path";

interface Step {
  readonly name: string;
  /** Arguments to Node: each tool is started on the Node that runs this. */
  readonly args: readonly string[];
}

const steps: readonly Step[] = [
  {
    name: "format and lint",
    args: ["node_modules/@biomejs/biome/bin/biome", "ci", "--colors=off", "."],
  },
  { name: "types", args: ["node_modules/typescript/bin/tsc", "--noEmit"] },
  {
    name: "tests",
    args: [
      "--test",
      "--test-reporter=dot",
      "--test-concurrency=2",
      "--test-timeout=120000",
      "src/**/*.test.ts",
      "test/{contract,desk,tidy}/**/*.test.ts",
    ],
  },
];

/** Longer than this, and people stop running it. */
const BUDGET_S = 90;

function secondsSince(startedMs: number): number {
  return (performance.now() - startedMs) / 1000;
}

function passes({ name, args }: Step): boolean {
  const startedMs = performance.now();
  const { status, signal, stdout, stderr, error } = spawnSync(process.execPath, args, {
    cwd: join(import.meta.dirname, ".."),
    encoding: "utf8",
    maxBuffer: 256 * 1024 * 1024,
  });
  const isPassed = status === 0;
  const verdict = isPassed ? "ok" : "FAILED";
  console.log(`${name.padEnd(16)} ${verdict.padEnd(7)} ${secondsSince(startedMs).toFixed(1)} s`);
  if (!isPassed) console.log(stdout, stderr, error?.message ?? signal ?? "");
  return isPassed;
}

const startedMs = performance.now();
const failed = steps.find((step) => !passes(step));
const totalS = secondsSince(startedMs);
if (failed !== undefined) {
  console.log(`check FAILED at "${failed.name}" after ${totalS.toFixed(1)} s`);
  process.exitCode = 1;
} else {
  const note = totalS > BUDGET_S ? `; over its budget of ${BUDGET_S} s, make it faster` : "";
  console.log(`check passed in ${totalS.toFixed(1)} s${note}`);
}
