import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { test } from "node:test";
import { openSqliteJournal } from "../../../src/journal/sqlite/journal.ts";
import { seededRandom } from "../../../src/platform/random.ts";
import { temporaryFolder } from "./stores.ts";

const ROUNDS = 10;
const CHILD = join(import.meta.dirname, "kill.child.ts");

/** Runs the child until it has acknowledged `appends` more, kills it, and gives the last seq it saw. */
async function runAndKill(file: string, appends: number): Promise<number> {
  const child = spawn(process.execPath, [CHILD, file], { stdio: ["ignore", "pipe", "inherit"] });
  const exited = once(child, "exit");
  let printed = "";
  for await (const chunk of child.stdout.setEncoding("utf8")) {
    printed += chunk;
    if (printed.split("\n").length > appends) child.kill("SIGKILL");
  }
  const [, signal] = await exited;
  assert.equal(signal, "SIGKILL", "the child ended by itself");
  // The last line may be torn; what stands before a line feed was acknowledged.
  return Number(printed.slice(0, printed.lastIndexOf("\n")).split("\n").at(-1));
}

test("a killed process loses nothing that it had acknowledged, and half-writes nothing", async (t) => {
  const file = join(temporaryFolder(t), "journal.db");
  const random = seededRandom(20_260_821);
  for (let round = 0; round < ROUNDS; round++) {
    const acknowledged = await runAndKill(file, 1 + Math.floor(random.next() * 120));
    await using journal = openSqliteJournal({ file });
    const leader = await journal.lastSeq("leader/main");
    assert.ok(
      leader >= acknowledged,
      `round ${round}: ${acknowledged} acknowledged, ${leader} kept`,
    );
    assert.equal(
      await journal.lastSeq("follower/asha"),
      leader,
      "one transaction for both streams",
    );
    assert.deepEqual(await journal.verify(), []);
  }
});
