import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { lockDataFolder } from "./instance-lock.ts";

function temporaryFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "tandem-lock-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

test("a second lock on the same folder is refused until the first is released", (t) => {
  const folder = join(temporaryFolder(t), "made", "for", "it");
  const first = lockDataFolder(folder);
  assert.throws(() => lockDataFolder(folder), {
    name: "DataLockedFault",
    code: "DATA_LOCKED",
    message: `${folder} is in use by another Tandem (process ${process.pid})`,
  });
  first.release();
  first.release();
  using second = lockDataFolder(folder);
  assert.ok(second);
});

test("two folders do not disturb each other", (t) => {
  using one = lockDataFolder(temporaryFolder(t));
  using other = lockDataFolder(temporaryFolder(t));
  assert.notEqual(one, other);
});

test("another process is refused, and the lock of a killed one is gone with it", async (t) => {
  const folder = temporaryFolder(t);
  const module = JSON.stringify(new URL("./instance-lock.ts", import.meta.url).href);
  const script = `
    const { lockDataFolder } = await import(${module});
    globalThis.lock = lockDataFolder(${JSON.stringify(folder)});
    process.stdout.write("locked");
    process.stdin.resume();
  `;
  const child = spawn(process.execPath, ["--input-type=module", "-e", script]);
  t.after(() => child.kill("SIGKILL"));
  await once(child.stdout, "data");
  assert.throws(() => lockDataFolder(folder), { code: "DATA_LOCKED" });

  child.kill("SIGKILL");
  await once(child, "exit");
  using lock = lockDataFolder(folder);
  assert.ok(lock);
});
