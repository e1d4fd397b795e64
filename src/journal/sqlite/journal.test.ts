import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { type TestContext, test } from "node:test";
import type { Journal, NewEntry } from "../../ports/journal.ts";
import { openSqliteJournal } from "./journal.ts";
import { toJournalFault } from "./schema.ts";

function temporaryFile(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "tandem-sqlite-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, "journal.db");
}

function note(text: string): NewEntry {
  return { kind: "note", atMs: 0, body: { text } };
}

async function appendOne(journal: Journal, text = "x"): Promise<void> {
  const expectedSeq = await journal.lastSeq("s");
  await journal.append([{ stream: "s", expectedSeq, entries: [note(text)] }]);
}

test("a full disk writes nothing, says so, and the next append that fits works", async (t) => {
  const file = temporaryFile(t);
  await using journal = openSqliteJournal({ file, pagesMax: 700 });
  await appendOne(journal);
  const appends = (stream: string) => ({
    stream,
    expectedSeq: 0,
    entries: Array.from({ length: 1_000 }, () => note("y".repeat(8_000))),
  });
  await assert.rejects(journal.append([appends("t"), appends("u")]), {
    name: "JournalFault",
    code: "JOURNAL_DISK_FULL",
  });
  assert.deepEqual(await journal.streams(), ["s"]);
  await appendOne(journal);
  assert.equal(await journal.lastSeq("s"), 2);
  assert.deepEqual(await journal.verify(), []);
});

test("room that could not be made, or was not enough, leaves the append refused, and is asked for once", async (t) => {
  for (const isMade of [false, true]) {
    let asked = 0;
    const makeRoom = () => {
      asked += 1;
      return isMade;
    };
    await using journal = openSqliteJournal({ file: temporaryFile(t), pagesMax: 700, makeRoom });
    const entries = Array.from({ length: 1_000 }, () => note("y".repeat(8_000)));
    const append = journal.append([{ stream: "t", expectedSeq: 0, entries }]);
    await assert.rejects(append, { code: "JOURNAL_DISK_FULL" });
    assert.equal(asked, 1);
    await appendOne(journal);
    assert.deepEqual(await journal.verify(), []);
  }
});

test("a file of a newer, breaking schema is refused and left alone", async (t) => {
  const file = temporaryFile(t);
  await openSqliteJournal({ file }).close();
  const database = new DatabaseSync(file);
  database.exec("UPDATE journal_schema SET version = 9, min_reader = 9");
  database.close();
  for (const readOnly of [false, true]) {
    assert.throws(() => openSqliteJournal({ file, readOnly }), { code: "JOURNAL_SCHEMA_TOO_NEW" });
  }
});

test("a file of a newer schema that older programs survive is opened", async (t) => {
  const file = temporaryFile(t);
  await openSqliteJournal({ file }).close();
  const database = new DatabaseSync(file);
  database.exec("UPDATE journal_schema SET version = 9");
  database.close();
  await using journal = openSqliteJournal({ file });
  await appendOne(journal);
});

test("another program's database is refused and left alone", (t) => {
  const file = temporaryFile(t);
  const database = new DatabaseSync(file);
  database.exec("CREATE TABLE theirs (x)");
  database.close();
  const before = statSync(file).size;
  assert.throws(() => openSqliteJournal({ file }), { code: "JOURNAL_NOT_A_JOURNAL" });
  assert.equal(statSync(file).size, before);
});

test("a file that is no database is refused", (t) => {
  const file = temporaryFile(t);
  writeFileSync(file, "these are not the bytes you are looking for".repeat(100));
  assert.throws(() => openSqliteJournal({ file }), { code: "JOURNAL_NOT_A_JOURNAL" });
});

test("looking at a journal that is not there says so and does not make one", (t) => {
  const file = temporaryFile(t);
  assert.throws(() => openSqliteJournal({ file, readOnly: true }), { code: "JOURNAL_MISSING" });
  assert.equal(existsSync(file), false);
});

test("a read-only journal follows the writer, and writes nothing itself", async (t) => {
  const file = temporaryFile(t);
  await using writer = openSqliteJournal({ file });
  await appendOne(writer);
  await using reader = openSqliteJournal({ file, readOnly: true });
  assert.equal(await reader.lastSeq("s"), 1);
  await appendOne(writer);
  assert.equal((await Array.fromAsync(reader.read("s"))).length, 2);
  assert.deepEqual(await reader.verify(), []);
  await assert.rejects(appendOne(reader), { code: "JOURNAL_READ_ONLY" });
});

test("a journal that was closed cleanly can be looked at", async (t) => {
  const file = temporaryFile(t);
  const writer = openSqliteJournal({ file });
  await appendOne(writer);
  await writer.close();
  await using reader = openSqliteJournal({ file, readOnly: true });
  assert.equal(await reader.lastSeq("s"), 1);
});

test("a checkpoint starts the log over, so that it does not grow with the day", async (t) => {
  const file = temporaryFile(t);
  await using journal = openSqliteJournal({ file });
  await appendOne(journal);
  const warmBytes = statSync(`${file}-wal`).size;
  for (let round = 0; round < 20; round++) {
    for (let count = 0; count < 20; count++) await appendOne(journal, "z".repeat(2_000));
    assert.equal(journal.checkpoint(), true);
  }
  assert.equal(statSync(`${file}-wal`).size, warmBytes);
});

test("streams are found again in old buckets", async (t) => {
  const file = temporaryFile(t);
  await using journal = openSqliteJournal({ file });
  await journal.append([{ stream: "old", expectedSeq: 0, entries: [note("a"), note("b")] }]);
  const entries = Array.from({ length: 5_000 }, () => note("x"));
  await journal.append([{ stream: "busy", expectedSeq: 0, entries }]);
  await using again = openSqliteJournal({ file });
  assert.equal(await again.lastSeq("old"), 2);
  await again.append([{ stream: "old", expectedSeq: 2, entries: [note("c")] }]);
  assert.equal((await Array.fromAsync(again.read("old"))).length, 3);
  assert.equal((await Array.fromAsync(again.read("busy", 4_999))).length, 2);
  assert.deepEqual(await again.verify(), []);
});

test("a stuck writer elsewhere is told apart from a broken disk", async (t) => {
  const file = temporaryFile(t);
  await using journal = openSqliteJournal({ file });
  const other = new DatabaseSync(file);
  t.after(() => other.close());
  other.exec("BEGIN IMMEDIATE");
  await assert.rejects(appendOne(journal), { code: "JOURNAL_BUSY" });
  other.exec("ROLLBACK");
  await appendOne(journal);
});

const results: readonly [errcode: number, code: string, why: string][] = [
  [5, "JOURNAL_BUSY", "SQLITE_BUSY"],
  [517, "JOURNAL_BUSY", "SQLITE_BUSY_SNAPSHOT, an extended code"],
  [10, "JOURNAL_IO", "SQLITE_IOERR"],
  [1034, "JOURNAL_IO", "SQLITE_IOERR_FSYNC"],
  [13, "JOURNAL_DISK_FULL", "SQLITE_FULL"],
  [11, "JOURNAL_CORRUPT", "SQLITE_CORRUPT"],
  [8, "JOURNAL_READ_ONLY", "SQLITE_READONLY"],
  [26, "JOURNAL_NOT_A_JOURNAL", "SQLITE_NOTADB"],
];

for (const [errcode, code, why] of results) {
  test(`result ${errcode} is ${code}: ${why}`, () => {
    const error = Object.assign(new Error("as SQLite says"), { errcode });
    const fault = toJournalFault(error, "journal.db") as { code: string; cause: unknown };
    assert.equal(fault.code, code);
    assert.equal(fault.cause, error);
  });
}

test("an error that is not the database's passes through unchanged", () => {
  const error = new Error("a bug");
  assert.equal(toJournalFault(error, "journal.db"), error);
});
