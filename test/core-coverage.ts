/**
 * Every branch of the core is taken by a test that draws nothing at random: runs the core's tests but
 * those of properties, and lists what none of them has reached, with its text. A property may find more,
 * but a branch that only luck takes is one that a change breaks unseen.
 *
 * V8 counts the branches: each side of a condition, of `?.` and `??`, and each function. An `if` without
 * `else` has no other side to be counted.
 */
import { spawnSync } from "node:child_process";
import { globSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

interface Range {
  readonly startOffset: number;
  readonly endOffset: number;
  readonly count: number;
}

interface ScriptCoverage {
  readonly url: string;
  readonly functions: readonly { readonly ranges: readonly Range[] }[];
}

const ROOT = join(import.meta.dirname, "..");
const TEXT_MAX = 90;

/** Runs the tests in one process: counts of several would have to be joined. */
function runTests(folder: string): readonly ScriptCoverage[] {
  const tests = globSync("src/core/**/*.test.ts", { cwd: ROOT });
  const drawn = (path: string) => path.endsWith(".property.test.ts");
  const { status, stdout } = spawnSync(
    process.execPath,
    [
      "--test",
      "--test-isolation=none",
      "--test-reporter=dot",
      "--test-timeout=120000",
      ...tests.filter((path) => !drawn(path)).sort(),
    ],
    { cwd: ROOT, env: { ...process.env, NODE_V8_COVERAGE: folder }, encoding: "utf8" },
  );
  if (status !== 0) throw new Error(`the tests of the core fail\n${stdout}`);
  return readdirSync(folder).flatMap((name) => {
    const { result } = JSON.parse(readFileSync(join(folder, name), "utf8")) as {
      readonly result: readonly ScriptCoverage[];
    };
    return result;
  });
}

/** What was never run, without what lies inside of it: "path:line  text". */
function missedOf(path: string, { functions }: ScriptCoverage): readonly string[] {
  const text = readFileSync(join(ROOT, path), "utf8");
  const missed = functions
    .flatMap(({ ranges }) => ranges)
    .filter(({ count }) => count === 0)
    .sort((a, b) => a.startOffset - b.startOffset || b.endOffset - a.endOffset);
  let endedAt = -1;
  return missed.flatMap(({ startOffset, endOffset }) => {
    if (startOffset < endedAt) return [];
    endedAt = endOffset;
    const line = text.slice(0, startOffset).split("\n").length;
    const words = text.slice(startOffset, endOffset).trim().replaceAll(/\s+/g, " ");
    return [`${path}:${line}  ${words.slice(0, TEXT_MAX)}`];
  });
}

/** A file that no test has loaded has no branches only where it holds nothing but words. */
async function unloadedOf(path: string): Promise<readonly string[]> {
  const module = (await import(pathToFileURL(join(ROOT, path)).href)) as object;
  const hasCode = Object.values(module).some((value) => typeof value === "function");
  return hasCode ? [`${path}  no test loads it`] : [];
}

async function findMissed(): Promise<readonly string[]> {
  const folder = mkdtempSync(join(tmpdir(), "tandem-coverage-"));
  try {
    const scripts = new Map(runTests(folder).map((script) => [script.url, script]));
    const sources = globSync("src/core/**/*.ts", { cwd: ROOT }).sort();
    const missed: string[] = [];
    for (const path of sources.filter((name) => !name.endsWith(".test.ts"))) {
      const script = scripts.get(pathToFileURL(join(ROOT, path)).href);
      missed.push(...(script === undefined ? await unloadedOf(path) : missedOf(path, script)));
    }
    return missed;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const missed = await findMissed();
for (const line of missed) process.stdout.write(`${line}\n`);
const all = "every branch of the core is taken by its tests";
process.stdout.write(
  missed.length === 0 ? `${all}\n` : `${missed.length} branches are not taken\n`,
);
process.exitCode = missed.length === 0 ? 0 : 1;
