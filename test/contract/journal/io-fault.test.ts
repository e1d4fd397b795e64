import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import { openSqliteJournal } from "../../../src/journal/sqlite/journal.ts";
import { temporaryFolder } from "./stores.ts";

const skip = process.platform === "win32" ? "Windows has no limit on the size of files" : false;

/** Files end at 8 MiB or 16, whichever unit this shell counts in; writes beyond that fail. */
const LIMITED = 'ulimit -f 16384; trap "" XFSZ; exec "$0" "$@"';

test("after a refused write nothing more is taken, and what was acknowledged is there", {
  skip,
}, async (t) => {
  const file = join(temporaryFolder(t), "journal.db");
  const child = join(import.meta.dirname, "io-fault.child.ts");
  const { stdout, stderr } = spawnSync("sh", ["-c", LIMITED, process.execPath, child, file], {
    encoding: "utf8",
  });
  assert.equal(stderr, "");
  const { acknowledged, codes } = JSON.parse(stdout) as { acknowledged: number; codes: string[] };
  assert.deepEqual(codes, ["JOURNAL_IO", "JOURNAL_IO"]);
  assert.ok(acknowledged > 0);

  await using journal = openSqliteJournal({ file });
  assert.equal(await journal.lastSeq("s"), acknowledged);
  assert.deepEqual(await journal.verify(), []);
});
