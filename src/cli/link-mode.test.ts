import assert from "node:assert/strict";
import { test } from "node:test";
import { Command } from "commander";
import { addLinkModeCommands, type LinkModeOrder, type LinkModeReport } from "./link-mode.ts";
import type { Terminal } from "./terminal.ts";

async function says(args: readonly string[], change: Partial<LinkModeReport> = {}) {
  const printed: string[] = [];
  const orders: LinkModeOrder[] = [];
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
  addLinkModeCommands(program, frame, async (order) => {
    orders.push(order);
    const { link, mode } = order;
    return { link, mode, positions: [], isRunning: true, ...change };
  });
  await program.parseAsync([...args], { from: "user" });
  return { out: printed.join("\n"), orders };
}

test("each command hands over its mode, and says what it means", async () => {
  for (const [name, mode, words] of [
    ["pause", "paused", /is paused: nothing new is copied, exits included$/],
    ["close-only", "close-only", /only closes: no new entries/],
    ["resume", "active", /is active: .*not copied later$/],
  ] as const) {
    const { out, orders } = await says([name, "leader-asha", "--data", "/d", "--reason", "lunch"]);
    assert.deepEqual(orders, [{ dataDir: "/d", link: "leader-asha", mode, reason: "lunch" }]);
    assert.match(out, words);
  }
});

test("who pauses with copies that are in is told what becomes of them", async () => {
  const positions = [{ symbol: "HDFCBANK", product: "CNC", copied: 50 }];
  const { out } = await says(["pause", "leader-asha"], { positions });
  assert.match(out, /the follower still has 50 HDFCBANK CNC\n.*exits of it are not copied/);
  assert.doesNotMatch((await says(["close-only", "leader-asha"], { positions })).out, /still has/);
});

test("where Tandem does not run it says from when on it holds, and for a program the report alone", async () => {
  const { out } = await says(["resume", "leader-asha"], { isRunning: false });
  assert.match(out, /not running: it holds from its next start on/);
  const { out: json } = await says(["pause", "leader-asha", "--json"]);
  const report = { link: "leader-asha", mode: "paused", positions: [], isRunning: true };
  assert.deepEqual(JSON.parse(json), report);
});
