import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { eventually } from "../eventually.ts";

const LAUNCHER = fileURLToPath(new URL("../../bin/tandem.js", import.meta.url));
/** Where a machine keeps a Node of its own, older than the pinned one as a rule. */
const OWN_NODES = ["/usr/bin/node", "/usr/local/bin/node", "/opt/homebrew/bin/node"];

async function majorOf(node: string): Promise<number> {
  const child = spawn(node, ["-p", "process.versions.node.split('.')[0]"]);
  let text = "";
  child.stdout.on("data", (chunk) => {
    text += chunk;
  });
  await new Promise((resolve) => child.once("close", resolve));
  return Number(text);
}

test("a launcher on an older Node takes the program with it when it is killed", async (t) => {
  const older = OWN_NODES.find((node) => existsSync(node));
  if (older === undefined || (await majorOf(older)) >= 26) {
    t.skip("this machine has no older Node beside the pinned one");
    return;
  }
  const launcher = spawn(older, [LAUNCHER, "sim", "--port", "0"], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  let said = "";
  launcher.stdout.on("data", (chunk) => {
    said += chunk;
  });
  const port = await eventually(() => /127\.0\.0\.1:(\d+)/.exec(said)?.[1], {
    what: "the simulator's address",
    deadlineMs: 20_000,
  });
  assert.equal((await fetch(`http://127.0.0.1:${port}/sim/clock`)).status, 200);
  launcher.kill("SIGKILL");
  const isGone = async () => {
    try {
      await fetch(`http://127.0.0.1:${port}/sim/clock`);
      return false;
    } catch {
      return true;
    }
  };
  await eventually(isGone, { what: "the end of the program", deadlineMs: 5_000 });
});
