/** Whoever changes one field of one row of the file is found out. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import fc from "fast-check";
import { openSqliteJournal, type SqliteJournal } from "../../../src/journal/sqlite/journal.ts";
import { note, temporaryFolder } from "./stores.ts";

const COLUMNS = [
  "position",
  "stream_id",
  "seq",
  "format",
  "kind",
  "at_ms",
  "caused_by",
  "previous_hash",
  "hash",
  "body",
] as const;

async function writeDay(journal: SqliteJournal): Promise<void> {
  for (let seq = 0; seq < 8; seq++) {
    const entry = { ...note(`event ${seq}`), causedBy: `leader/main#${seq + 1}` };
    await journal.append([
      { stream: "leader/main", expectedSeq: seq, entries: [note(`frame ${seq}`)] },
      { stream: "follower/asha", expectedSeq: seq, entries: [entry] },
      { stream: "follower/ravi", expectedSeq: seq, entries: [entry] },
    ]);
  }
}

/** Another value of the same type: one character or one number away, or far off. */
function changed(value: unknown, at: number, by: number): string | number {
  if (typeof value === "number") return value + (at % 2 === 0 ? by : -by);
  const text = value === null ? "" : String(value);
  const index = at % (text.length + 1);
  const character = String.fromCharCode(33 + ((text.charCodeAt(index) + by) % 90));
  return text.slice(0, index) + character + text.slice(index + 1);
}

test("a change to any field of any row breaks the proof", async (t) => {
  const file = join(temporaryFolder(t), "journal.db");
  await using journal = openSqliteJournal({ file });
  await writeDay(journal);
  assert.deepEqual(await journal.verify(), []);
  const tamperer = new DatabaseSync(file, { enableForeignKeyConstraints: false });
  t.after(() => tamperer.close());

  const change = fc.record({
    position: fc.integer({ min: 1, max: 24 }),
    column: fc.constantFrom(...COLUMNS),
    at: fc.nat({ max: 200 }),
    by: fc.integer({ min: 1, max: 60 }),
  });
  await fc.assert(
    fc.asyncProperty(change, async ({ position, column, at, by }) => {
      const select = `SELECT ${column} AS value FROM entry WHERE position = ?`;
      const before = tamperer.prepare(select).get(position)?.value ?? null;
      const after = changed(before, at, by);
      if (after === before) return;
      tamperer.exec("BEGIN");
      try {
        tamperer.prepare(`UPDATE entry SET ${column} = ? WHERE position = ?`).run(after, position);
      } catch {
        // The file's own constraints refused it: nothing has changed.
        tamperer.exec("ROLLBACK");
        return;
      }
      tamperer.exec("COMMIT");
      const breaks = await journal.verify();
      const restored = column === "position" ? after : position;
      tamperer.prepare(`UPDATE entry SET ${column} = ? WHERE position = ?`).run(before, restored);
      assert.notEqual(breaks.length, 0, `${column} of ${position}: ${before} -> ${after}`);
    }),
    { numRuns: 600 },
  );
  assert.deepEqual(await journal.verify(), []);
});

test("a row that was deleted is missed, wherever it stood but at the very end", async (t) => {
  const file = join(temporaryFolder(t), "journal.db");
  await using journal = openSqliteJournal({ file });
  await writeDay(journal);
  const tamperer = new DatabaseSync(file);
  t.after(() => tamperer.close());
  for (let position = 1; position < 24; position++) {
    tamperer.exec(`
      CREATE TEMP TABLE kept AS SELECT * FROM entry WHERE position = ${position};
      DELETE FROM entry WHERE position = ${position};
    `);
    assert.notEqual((await journal.verify()).length, 0, `position ${position}`);
    tamperer.exec("INSERT INTO entry SELECT * FROM kept; DROP TABLE kept;");
  }
  assert.deepEqual(await journal.verify(), []);
});

test("a stream that was renamed is found out", async (t) => {
  const file = join(temporaryFolder(t), "journal.db");
  await using journal = openSqliteJournal({ file });
  await writeDay(journal);
  const tamperer = new DatabaseSync(file);
  tamperer.exec("UPDATE stream SET name = 'follower/mira' WHERE name = 'follower/ravi'");
  tamperer.close();
  const [found] = await journal.verify();
  assert.equal(found?.stream, "follower/mira");
  assert.equal(found.seq, 1);
});
