import assert from "node:assert/strict";
import { test } from "node:test";
import { Command } from "commander";
import { addBreakerCommand } from "./breaker.ts";
import { addKillCommand, type Released } from "./kill.ts";
import type { Terminal } from "./terminal.ts";

const NOTHING: Released = { ended: [], stillStopped: [] };
const BREAKER = [{ account: "ravi", causes: ["breaker"] }];

/** What is printed where a release of asha and ravi came to this, and no Tandem runs. */
async function says(released: Released, ...args: readonly string[]): Promise<string> {
  const printed: string[] = [];
  const terminal: Terminal = {
    columns: 100,
    canRedraw: false,
    print: (text) => void printed.push(text),
    remark: () => {},
    printJson: (value) => void printed.push(JSON.stringify(value)),
    paint: (_tone, text) => text,
  };
  const program = new Command().exitOverride();
  const finish = (code: number) => assert.fail(`it ended with ${code}`);
  const frame = { terminal, untilStopped: async () => {}, finish };
  const stop = async () => ({ accounts: ["asha", "ravi"], isRunning: false, released });
  addKillCommand(program, frame, stop);
  addBreakerCommand(program, frame, stop);
  await program.parseAsync([...args], { from: "user" });
  return printed.join("\n");
}

test("a release where nothing was stopped says so, and is no failure", async () => {
  const said = await says(NOTHING, "kill", "--release");
  assert.equal(said, "nothing to release: no entries were stopped");
});

test("a release names those whose entries something else stops", async () => {
  const stays = "entries of ravi stay stopped (breaker): see `tandem status`";
  assert.equal(
    await says({ ended: ["asha", "ravi"], stillStopped: BREAKER }, "kill", "--release"),
    `entries of asha flow again\n${stays}\nTandem is not running: it holds from its next start on.`,
  );
  assert.equal(
    await says({ ended: [], stillStopped: BREAKER }, "kill", "--release"),
    `nothing to release\n${stays}`,
  );
});

test("a reset of a breaker that has not opened says so", async () => {
  const said = await says(NOTHING, "breaker", "reset", "asha");
  assert.equal(said, "nothing to reset: the breaker of asha, ravi has not opened");
});
