/** The SQLite journal on a disk that is really full. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { openSqliteJournal, type SqliteJournal } from "../../../src/journal/sqlite/journal.ts";
import { diskReserve } from "../../../src/platform/disk-reserve.ts";
import { smallDisk } from "../../small-disk.ts";
import { note, temporaryFolder } from "./stores.ts";

const RESERVE_BYTES = 16 * 1024 * 1024;

/** Appends to two streams at once until the disk refuses; how many were taken. */
async function writeUntilFull(journal: SqliteJournal): Promise<number> {
  for (let taken = 0; ; taken += 1) {
    try {
      await appendTo(journal);
    } catch (error) {
      assert.equal((error as { code?: string }).code, "JOURNAL_DISK_FULL", String(error));
      return taken;
    }
  }
}

async function appendTo(journal: SqliteJournal): Promise<void> {
  const entries = [note("x".repeat(3_000))];
  const expectedSeq = await journal.lastSeq("leader/main");
  await journal.append([
    { stream: "leader/main", expectedSeq, entries },
    { stream: "follower/asha", expectedSeq, entries },
  ]);
}

function checkpointRefusal(journal: SqliteJournal): unknown {
  try {
    journal.checkpoint();
    return undefined;
  } catch (error) {
    return error;
  }
}

async function assertWhole(journal: SqliteJournal): Promise<void> {
  assert.equal(await journal.lastSeq("leader/main"), await journal.lastSeq("follower/asha"));
  assert.deepEqual(await journal.verify(), []);
}

test("a full disk refuses appends whole, and takes them again when somebody has made room", async (t) => {
  using disk = smallDisk(t, temporaryFolder(t), 16);
  if (disk === undefined) return;
  const file = join(disk.folder, "journal.db");
  await using journal = openSqliteJournal({ file });
  await appendTo(journal);
  disk.fill();
  // A checkpoint starts the log over for as long as the file has pages that are free.
  let refusal: unknown;
  while (refusal === undefined) {
    await writeUntilFull(journal);
    refusal = checkpointRefusal(journal);
  }
  assert.equal((refusal as { code?: string }).code, "JOURNAL_DISK_FULL");
  assert.equal(await writeUntilFull(journal), 0);
  await assertWhole(journal);
  {
    await using reader = openSqliteJournal({ file, readOnly: true });
    await assertWhole(reader);
  }
  disk.free();
  await appendTo(journal);
  assert.equal(journal.checkpoint(), true);
  await assertWhole(journal);
});

test("a reserve lets the journal write on, also when others take at once what it gave back", async (t) => {
  using disk = smallDisk(t, temporaryFolder(t), 56);
  if (disk === undefined) return;
  const reserve = diskReserve({ file: join(disk.folder, "reserve"), bytes: RESERVE_BYTES });
  assert.equal(await reserve.lay(), true);
  let asked = 0;
  const makeRoom = () => {
    asked += 1;
    return reserve.spend();
  };
  await using journal = openSqliteJournal({ file: join(disk.folder, "journal.db"), makeRoom });
  disk.fill();
  while (asked === 0) await appendTo(journal);
  disk.fill();
  const taken = await writeUntilFull(journal);
  t.diagnostic(`${taken} appends of two streams after the disk was full`);
  assert.ok(taken > 100, `${taken} appends`);
  await assertWhole(journal);
  disk.free();
  await appendTo(journal);
  await assertWhole(journal);
});

test("a journal on a full disk is opened all the same, without what makes it fast", async (t) => {
  using disk = smallDisk(t, temporaryFolder(t), 12);
  if (disk === undefined) return;
  const file = join(disk.folder, "journal.db");
  {
    await using journal = openSqliteJournal({ file });
    await appendTo(journal);
  }
  // Room for the log's first pages, and not for what it is grown to otherwise.
  disk.fill({ butBytes: 512 * 1024 });
  await using journal = openSqliteJournal({ file });
  await appendTo(journal);
  await assertWhole(journal);
});
