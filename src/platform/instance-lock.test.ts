import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { Worker } from "node:worker_threads";
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

test("a look at the lock, as `tandem status` takes one, does not keep an owner out", async (t) => {
  const folder = temporaryFolder(t);
  lockDataFolder(folder).release();
  const file = JSON.stringify(join(folder, "instance.lock"));
  const looker = new Worker(
    `const { DatabaseSync } = require("node:sqlite");
     const database = new DatabaseSync(${file}, { readOnly: true });
     database.exec("BEGIN; SELECT count(*) FROM sqlite_schema");
     require("node:worker_threads").parentPort.postMessage("looking");
     Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
     database.close();`,
    { eval: true },
  );
  const gone = once(looker, "exit");
  await once(looker, "message");
  using lock = lockDataFolder(folder);
  assert.ok(lock);
  await gone;
});

test("a file where the folder should be is a fault that says so", (t) => {
  const file = join(temporaryFolder(t), "file");
  writeFileSync(file, "mine");
  for (const folder of [file, join(file, "below")]) {
    assert.throws(() => lockDataFolder(folder), {
      name: "DataFolderFault",
      code: "DATA_FOLDER_UNUSABLE",
    });
  }
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
