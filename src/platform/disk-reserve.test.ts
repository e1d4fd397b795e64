import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { diskReserve } from "./disk-reserve.ts";

const BYTES = 2_500_000;

function reserveIn(t: TestContext, bytes = BYTES) {
  const folder = mkdtempSync(join(tmpdir(), "tandem-reserve-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, "reserve");
  return { file, reserve: diskReserve({ file, bytes }) };
}

test("a reserve takes real blocks of the disk, and gives them back once", async (t) => {
  const { file, reserve } = reserveIn(t);
  assert.equal(await reserve.lay(), true);
  const { size, blocks } = statSync(file);
  assert.equal(size, BYTES);
  assert.ok(blocks * 512 >= BYTES, `${blocks} blocks`);
  assert.equal(reserve.spend(), true);
  assert.equal(existsSync(file), false);
  assert.equal(reserve.spend(), false);
});

test("a reserve of the run before is kept as it is", async (t) => {
  const { file, reserve } = reserveIn(t);
  await reserve.lay();
  const { ino, mtimeMs } = statSync(file);
  const next = diskReserve({ file, bytes: BYTES });
  assert.equal(await next.lay(), true);
  assert.deepEqual([statSync(file).ino, statSync(file).mtimeMs], [ino, mtimeMs]);
  assert.equal(next.spend(), true);
});

test("half a reserve is none: it is laid up anew", async (t) => {
  const { file, reserve } = reserveIn(t);
  writeFileSync(file, "");
  truncateSync(file, BYTES / 2);
  assert.equal(reserve.spend(), false);
  assert.equal(await reserve.lay(), true);
  assert.equal(statSync(file).size, BYTES);
});

test("where the disk has not twice as much, nothing is laid up", async (t) => {
  const { file, reserve } = reserveIn(t, Number.MAX_SAFE_INTEGER / 4);
  assert.equal(await reserve.lay(), false);
  assert.equal(existsSync(file), false);
  assert.equal(reserve.spend(), false);
});

test("a folder that is not there holds no reserve, and that is no fault", async (t) => {
  const { file } = reserveIn(t);
  const reserve = diskReserve({ file: join(file, "of", "nobody"), bytes: BYTES });
  assert.equal(await reserve.lay(), false);
});
