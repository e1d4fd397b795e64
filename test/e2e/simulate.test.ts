import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { eventually } from "../eventually.ts";
import { MAIN, Program, runOnce, temporaryFolder } from "./program.ts";

const DEADLINE_MS = 60_000;
/** Found by its check on most of the first days, on this one for certain. */
const PLANTED = ["--canary", "skip-fsync"];
const BROKEN_SEED = "3";

describe("tandem simulate", { concurrency: 2 }, () => {
  test("the same seeds leave the same traces, in one thread and in two", async (t) => {
    const folder = temporaryFolder(t);
    const days = async (...more: readonly string[]) => {
      const args = ["simulate", "--seeds", "6", "--from", "100", "--json", ...more];
      const { stdout } = await runOnce(args, { folder }, DEADLINE_MS);
      return JSON.parse(stdout);
    };
    const [alone, together] = [
      await days("--workers", "1"),
      await days("--workers", "2", "--twice"),
    ];
    assert.equal(alone.days, 6);
    assert.match(alone.tracesHash, /^[0-9a-f]{64}$/);
    assert.equal(together.tracesHash, alone.tracesHash);
    assert.equal(together.byCheck["same-trace"], undefined);
  });

  test("a broken day is told as a story, with the command that plays it again", async (t) => {
    const folder = temporaryFolder(t);
    const { code, stdout } = await runOnce(
      ["simulate", "--seed", BROKEN_SEED, ...PLANTED],
      { folder },
      DEADLINE_MS,
    );
    assert.equal(code, 1);
    assert.match(stdout, /^seed 3.*: \d+ events in \d+ s, trace [0-9a-f]{64}$/m);
    assert.match(stdout, /^\d\d:\d\d:\d\d\.\d{3} {2}leader +#\d+ new: (BUY|SELL) \d+/m);
    assert.match(stdout, /^\d\d:\d\d:\d\d\.\d{3} {2}BROKEN /m);
    const replay = /^ {2}npx tandem (simulate --seed 3 .*--keep \S+)$/m.exec(stdout)?.[1];
    assert.ok(replay, stdout);
    const again = await runOnce(replay.split(" "), { folder }, DEADLINE_MS);
    assert.equal(again.code, 1);
    const brokenIn = (text: string) => /^it breaks:\n((?: {2}.*\n)+)/m.exec(text)?.[1];
    assert.ok(brokenIn(stdout));
    assert.equal(brokenIn(again.stdout), brokenIn(stdout));
  });

  test("a table tells of broken days by check and of faults by kind, and the exit code of any", async (t) => {
    const folder = temporaryFolder(t);
    const args = ["simulate", "--seeds", "4", "--workers", "1", ...PLANTED];
    const { code, stdout } = await runOnce(args, { folder }, DEADLINE_MS);
    assert.equal(code, 1);
    assert.match(stdout, /^check +broken days$/m);
    assert.match(stdout, /^intent-first +\d$/m);
    assert.match(stdout, /^fault +happened +met an order in flight$/m);
    assert.match(stdout, /^4 days \(seeds 1 to 4\): \d broken; \d+ ms a day/m);
  });

  test("it ends at Ctrl-C with what was done", async (t) => {
    const folder = temporaryFolder(t);
    const args = [MAIN, "simulate", "--seeds", "100000", "--workers", "1"];
    const program = new Program(args, { folder });
    t.after(() => program.kill());
    const hasBegun = () => program.stderr.includes("0 of 100000 days");
    await eventually(hasBegun, { what: "the first line", deadlineMs: DEADLINE_MS });
    program.child.kill("SIGINT");
    const { code, stdout } = await program.ended(DEADLINE_MS);
    assert.equal(code, 1);
    assert.match(stdout, /^100000 days \(seeds 1 to 100000\), stopped after \d+: /m);
  });

  for (const [wrong, args] of [
    [/there is no canary "nightingale"/, ["--seeds", "1", "--canary", "nightingale"]],
    [/there is no family "straddle"/, ["--seeds", "1", "--families", "straddle"]],
    [/"acts=3-1" does not say what is kept/, ["--seed", "1", "--keep", "acts=3-1"]],
  ] as const) {
    test(`${args.slice(2).join(" ")} is refused with what there is`, async (t) => {
      const folder = temporaryFolder(t);
      const { code, stderr } = await runOnce(["simulate", ...args], { folder }, DEADLINE_MS);
      assert.equal(code, 1);
      assert.match(stderr, wrong);
    });
  }

  test("one of --seed and --seeds must be given", async (t) => {
    const folder = temporaryFolder(t);
    assert.equal((await runOnce(["simulate"], { folder }, DEADLINE_MS)).code, 2);
  });
});
