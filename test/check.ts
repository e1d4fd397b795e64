/**
 * The one command before a commit: format and lint, types, and every test but those that start whole
 * programs (`npm test` has them), all at once: the tests wait for sockets more than they compute. The
 * first step that fails ends the others and shows what it said.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
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
      "--test-concurrency=3",
      "--test-timeout=120000",
      "src/**/*.test.ts",
      "test/{contract,desk,tidy}/**/*.test.ts",
    ],
  },
];

/** Longer than this, and people stop running it. */
const BUDGET_S = 90;

const startedMs = performance.now();
const running = new Set<ChildProcess>();

function secondsSoFar(): number {
  return (performance.now() - startedMs) / 1000;
}

/** Each of some hundred and seventy test files is a process of its own: halves what it compiles. */
const COMPILE_CACHE = join(import.meta.dirname, "../node_modules/.cache/tandem-tests");

/** Resolves to whether it passed; false without a word when another step has failed before. */
async function passes({ name, args }: Step): Promise<boolean> {
  const child = spawn(process.execPath, args, {
    cwd: join(import.meta.dirname, ".."),
    env: { ...process.env, NODE_COMPILE_CACHE: COMPILE_CACHE },
  });
  running.add(child);
  let said = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (chunk) => {
      said += chunk;
    });
  }
  const [code, signal] = await once(child, "close");
  if (!running.delete(child)) return false;
  const isPassed = code === 0;
  console.log(
    `${name.padEnd(16)} ${(isPassed ? "ok" : "FAILED").padEnd(7)} ${secondsSoFar().toFixed(1)} s`,
  );
  if (!isPassed) {
    console.log(said, signal ?? "");
    endOthers();
  }
  return isPassed;
}

function endOthers(): void {
  const others = [...running];
  running.clear();
  for (const child of others) child.kill();
}

const results = await Promise.all(steps.map(passes));
const totalS = secondsSoFar();
if (results.includes(false)) {
  console.log(`check FAILED after ${totalS.toFixed(1)} s`);
  process.exitCode = 1;
} else {
  const note = totalS > BUDGET_S ? `; over its budget of ${BUDGET_S} s, make it faster` : "";
  console.log(`check passed in ${totalS.toFixed(1)} s${note}`);
}
