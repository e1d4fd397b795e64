/** What is typed first: versions, helps, and the ways in that package.json and bin offer. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { describe, test } from "node:test";
import { promisify } from "node:util";
import {
  assertFault,
  cleanEnvironment,
  contentsOf,
  PROJECT,
  runOnce,
  temporaryFolder,
} from "./program.ts";

const run = promisify(execFile);
const { version } = JSON.parse(readFileSync(join(PROJECT, "package.json"), "utf8"));
const COMMANDS = [
  "run",
  "demo",
  "sim",
  "apply",
  "export",
  "status",
  "kill",
  "breaker",
  "explain",
  "audit",
  "bench",
];

describe("every command", { concurrency: 2 }, () => {
  for (const command of COMMANDS) {
    test(`${command} --help says what it takes, and nothing else happens`, async (t) => {
      const folder = temporaryFolder(t);
      const { code, stdout, stderr } = await runOnce([command, "--help"], { folder });
      assert.equal(code, 0);
      assert.equal(stderr, "");
      assert.match(stdout, new RegExp(`^Usage: tandem ${command} .+\n\n[\\s\\S]+--help`));
      for (const line of stdout.split("\n")) assert.ok(line.length <= 100, line);
      assert.deepEqual(contentsOf(folder), {});
    });
  }

  test("that reads says the same of a folder where Tandem never ran, and does not make it", async (t) => {
    const folder = temporaryFolder(t);
    for (const args of [
      ["status", "--json"],
      ["explain", "1"],
      ["audit", "verify"],
      ["kill"],
      ["breaker", "reset", "asha"],
    ]) {
      const ended = await runOnce([...args, "--data", "data"], { folder });
      assertFault(ended, /there is no data\/journal.db/, "JOURNAL_MISSING");
    }
    assert.equal(existsSync(join(folder, "data")), false);
  });
});

/** As in a shell: npm's own Node first on PATH, whichever that is. */
function shell(): { cwd: string; env: Record<string, string> } {
  const npm = (process.env.PATH ?? "")
    .split(delimiter)
    .find((folder) => existsSync(join(folder, "npm")));
  const env = cleanEnvironment({ npm_config_update_notifier: "false" });
  return { cwd: PROJECT, env: { ...env, PATH: `${npm}${delimiter}${dirname("/bin/sh")}` } };
}

describe("the ways in", { concurrency: 3 }, () => {
  test("npx tandem", async () => {
    const { stdout } = await run("npx", ["--no-install", "tandem", "--version"], shell());
    assert.equal(stdout, `${version}\n`);
  });

  test("npm run tandem", async () => {
    const { stdout } = await run("npm", ["run", "--silent", "tandem", "--", "--help"], shell());
    assert.match(stdout, /^Usage: tandem \[options\] \[command\]\n/);
    for (const command of COMMANDS) assert.match(stdout, new RegExp(`^ {2}${command}\\b`, "m"));
  });

  test("bin/tandem.js passes on how the command ended", async () => {
    const bin = join(PROJECT, "bin/tandem.js");
    const started = run("node", [bin, "run", "--port", "high"], shell());
    await assert.rejects(started, { code: 2 });
  });
});
