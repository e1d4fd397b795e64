/**
 * The journal's file: its tables, its settings, and who may open it.
 *
 * Two versions stand in the file. `version` is the schema it has; `min_reader` is the oldest Tandem
 * schema that can still read and extend it. A change that older programs survive raises only the
 * first; one that they would misread raises both, and they refuse the file.
 */
import { existsSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { JournalFault, type JournalFaultCode } from "../errors.ts";

export const SCHEMA_VERSION = 1;
const MIN_READER = 1;

/** "Tndm", in the file's header, so that no other SQLite database is taken for a journal. */
const APPLICATION_ID = 0x546e646d;

/** Another connection's commit takes well under this; longer means that somebody is stuck. */
const BUSY_TIMEOUT_MS = 1_000;

/** 8 KiB pages: a fan-out's rows share pages, and 4 KiB and 16 KiB measured slower. */
const PAGE_BYTES = 8_192;

/**
 * The write-ahead log is copied back into the file by `checkpoint`, when nothing is in flight. This
 * is only the bound for a day without an idle moment: 64 MiB.
 */
const WAL_PAGES_MAX = (64 * 1024 * 1024) / PAGE_BYTES;

/** Entries of one bucket stand together in the index. */
export const BUCKET_BITS = 10;

/**
 * The index leads with the position's bucket, because one by stream alone is written in as many
 * places as the fan-out has streams. 1,000 streams in one append, 300,000 entries behind them:
 * 4.4 ms with buckets, 16 ms without. Readers pay with one look per bucket.
 */
const TABLES = `
  CREATE TABLE journal_schema (
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
    version INTEGER NOT NULL,
    min_reader INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE stream (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
  CREATE TABLE entry (
    position INTEGER PRIMARY KEY CHECK (position > 0),
    stream_id INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    format INTEGER NOT NULL,
    kind TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    caused_by TEXT,
    previous_hash TEXT NOT NULL,
    hash TEXT NOT NULL,
    body TEXT NOT NULL
  ) STRICT;
  CREATE UNIQUE INDEX entry_by_stream ON entry (position >> ${BUCKET_BITS}, stream_id, seq);
  CREATE TABLE wal_filler (bytes BLOB NOT NULL) STRICT;
  INSERT INTO journal_schema VALUES (1, ${SCHEMA_VERSION}, ${MIN_READER});
  PRAGMA application_id = ${APPLICATION_ID};
`;

/** What the write-ahead log is grown to at opening; a hundred fan-outs to fifty followers. */
const WAL_WARM_BYTES = 4 * 1024 * 1024;

/** What is taken of the room that is made on a full disk, once for the log and once for the file. */
const CLAIM_BYTES = 4 * 1024 * 1024;

/** Opens or creates the file for writing. Throws a JournalFault. */
export function openForWriting(file: string): DatabaseSync {
  return openWith(file, false, (database) => {
    const isNew = readNumber(database, "SELECT count(*) FROM sqlite_schema") === 0;
    if (!isNew) checkSchema(database, file);
    // The page size can be chosen only before the first table, and before WAL. On macOS an fsync
    // leaves the data in the drive's cache; fullfsync does not. It means nothing elsewhere.
    database.exec(`
      PRAGMA page_size = ${PAGE_BYTES};
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = FULL;
      PRAGMA fullfsync = ON;
      PRAGMA checkpoint_fullfsync = ON;
      PRAGMA wal_autocheckpoint = ${WAL_PAGES_MAX};
    `);
    if (isNew) database.exec(`BEGIN IMMEDIATE; ${TABLES} COMMIT;`);
    warmIfRoom(database, file);
  });
}

/** Opens an existing file beside a writer, or after it; never changes it. Throws a JournalFault. */
export function openForReading(file: string): DatabaseSync {
  if (!existsSync(file)) throw new JournalFault("JOURNAL_MISSING", `there is no ${file}`);
  return openWith(file, true, (database) => checkSchema(database, file));
}

function openWith(
  file: string,
  readOnly: boolean,
  prepare: (database: DatabaseSync) => void,
): DatabaseSync {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(file, { readOnly, timeout: BUSY_TIMEOUT_MS });
    prepare(database);
    return database;
  } catch (error) {
    database?.close();
    throw toJournalFault(error, file);
  }
}

/**
 * Appending to a file makes each sync write the new length too: 0.35 ms for one row instead of
 * 0.18. So the log is grown once, here; a checkpoint starts it over and leaves its length alone.
 */
function warmWal(database: DatabaseSync, bytes: number): void {
  database.exec(`
    INSERT INTO wal_filler VALUES (zeroblob(${bytes}));
    DELETE FROM wal_filler;
    PRAGMA wal_checkpoint(PASSIVE);
  `);
}

/** Without it each sync takes longer, and no more than that: no reason to refuse a start. */
function warmIfRoom(database: DatabaseSync, file: string): void {
  try {
    warmWal(database, WAL_WARM_BYTES);
  } catch (error) {
    const fault = toJournalFault(error, file);
    if (!(fault instanceof JournalFault) || fault.code !== "JOURNAL_DISK_FULL") throw error;
  }
}

/**
 * Takes space on the disk for entries to come: pages of the file that are free, and as much of the log.
 * What is written into them later asks the disk for nothing. Throws where there is not so much; what it
 * had begun is rolled back, and what the log has grown by is kept.
 */
export function claimRoom(database: DatabaseSync): void {
  // What the log holds goes into the file first, so that the log is filled from its beginning.
  database.exec("PRAGMA wal_checkpoint(PASSIVE)");
  const free = readNumber(database, "PRAGMA freelist_count") * PAGE_BYTES;
  warmWal(database, free + CLAIM_BYTES);
}

function checkSchema(database: DatabaseSync, file: string): void {
  if (readNumber(database, "PRAGMA application_id") !== APPLICATION_ID) {
    throw new JournalFault("JOURNAL_NOT_A_JOURNAL", `${file} is not a journal of Tandem`);
  }
  const minReader = readNumber(database, "SELECT min_reader FROM journal_schema");
  if (minReader <= SCHEMA_VERSION) return;
  throw new JournalFault(
    "JOURNAL_SCHEMA_TOO_NEW",
    `${file} needs schema ${minReader}, this Tandem knows ${SCHEMA_VERSION}`,
  );
}

function readNumber(database: DatabaseSync, sql: string): number {
  const row = database.prepare(sql, { returnArrays: true }).get() as unknown as
    | [number]
    | undefined;
  return row?.[0] ?? 0;
}

/** SQLite's primary result codes, the low byte of what Node calls `errcode`. */
const CODES: Readonly<Record<number, JournalFaultCode>> = {
  5: "JOURNAL_BUSY",
  6: "JOURNAL_BUSY",
  8: "JOURNAL_READ_ONLY",
  10: "JOURNAL_IO",
  11: "JOURNAL_CORRUPT",
  13: "JOURNAL_DISK_FULL",
  14: "JOURNAL_IO",
  26: "JOURNAL_NOT_A_JOURNAL",
};

/** SQLite's errors as ours; anything else is given back as it is. */
export function toJournalFault(error: unknown, file: string): unknown {
  if (!(error instanceof Error) || !("errcode" in error)) return error;
  const code = CODES[Number(error.errcode) & 0xff];
  if (code === undefined) return error;
  return new JournalFault(code, `${file}: ${error.message}`, { cause: error });
}
