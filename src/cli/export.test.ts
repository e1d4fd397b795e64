import assert from "node:assert/strict";
import { test } from "node:test";
import { Command } from "commander";
import { addExportCommand } from "./export.ts";
import type { Terminal } from "./terminal.ts";

const EXPORTED = {
  yaml: "links: []\n",
  settings: { links: [] },
  appliedBy: "ravi",
  appliedAtMs: 0,
  seq: 3,
  movedModes: [
    { link: "leader-asha", mode: "paused", by: "asha", reason: "lunch\nlinks: {}", sinceMs: 1_000 },
  ],
};

async function says(...args: readonly string[]): Promise<string> {
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
  const frame = { terminal, untilStopped: async () => {}, finish: () => {} };
  addExportCommand(program, frame, async () => EXPORTED);
  await program.parseAsync(["export", ...args], { from: "user" });
  return printed.join("\n");
}

test("a mode that a person has set is a comment of one line above the settings", async () => {
  assert.equal(
    await says(),
    "# applied by ravi at 1970-01-01T00:00:00.000Z (entry 3)\n" +
      "# leader-asha is paused since 1970-01-01T00:00:01.000Z, by asha: lunch links: {}; " +
      "below stands the settings' mode\nlinks: []",
  );
});

test("for a program it is a field beside the settings", async () => {
  const { yaml: _, ...fields } = EXPORTED;
  assert.deepEqual(JSON.parse(await says("--json")), fields);
});
