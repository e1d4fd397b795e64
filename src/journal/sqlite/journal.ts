/**
 * The journal in one SQLite file: the default store.
 *
 * Keeps: one append is one transaction over all of its streams, synced before it returns; a writer
 * that lost its place is refused inside that transaction; a full disk refuses an append whole, and the
 * next one that fits is taken; after an I/O error nothing more is taken, because what reached the disk
 * is then unknown until the file is opened again.
 * Does not: copy its write-ahead log back by itself (call `checkpoint` when nothing is in flight),
 * verify hashes while reading (verifyChain does), or keep a second process out (instance-lock.ts).
 *
 * Work happens before the call returns: the promise is the port's manner, not a queue.
 */
import type { DatabaseSync, StatementSync } from "node:sqlite";
import { assert } from "../../platform/assert.ts";
import {
  type ChainBreak,
  type Entry,
  type Journal,
  type NewEntry,
  SeqConflict,
  type StreamAppend,
  type StreamName,
} from "../../ports/journal.ts";
import { verifyJournal } from "../chain.ts";
import { EMPTY_HEAD, type StreamHead, sealEntry, unsealEntry } from "../entry.ts";
import { JournalFault } from "../errors.ts";
import {
  BUCKET_BITS,
  claimRoom,
  openForReading,
  openForWriting,
  toJournalFault,
} from "./schema.ts";

export interface SqliteJournalOptions {
  /** Path of the file; "journal.db" in the data folder. Its folder must exist. */
  readonly file: string;
  /** For looking at a file that a running Tandem writes. Appends are refused. */
  readonly readOnly?: boolean;
  /** The file grows to this many pages of 8 KiB and no further; absent, the disk is the limit. */
  readonly pagesMax?: number;
  /**
   * Asked when the disk is full. True: some space was freed, at once; the journal takes what it can get
   * of it for itself and tries again. False: there is none to free, and the append is refused.
   */
  readonly makeRoom?: () => boolean;
}

export interface SqliteJournal extends Journal, AsyncDisposable {
  /**
   * Copies the write-ahead log back into the file and starts it over; cheap when done often, and
   * about 1 ms for each MiB written since the last one. Returns false when a reader held it up; throws
   * a JournalFault, and loses nothing, when the disk refuses it.
   */
  checkpoint(): boolean;
  /** Verifies every chain, and that the file holds no entry besides; the breaks, none when all holds. */
  verify(): Promise<readonly ChainBreak[]>;
}

/** Opens or creates the journal. Throws a JournalFault. */
export function openSqliteJournal(options: SqliteJournalOptions): SqliteJournal {
  return new FileJournal(options);
}

/** A stream's row number and its last entry. */
interface KnownStream extends StreamHead {
  readonly id: number;
}

type Row = [number, number, number, string, number, string | null, string, string, string];

class FileJournal implements SqliteJournal {
  readonly #file: string;
  readonly #database: DatabaseSync;
  readonly #sql: ReturnType<typeof prepareAll>;
  readonly #makeRoom: () => boolean;
  readonly #known = new Map<StreamName, KnownStream>();
  /** Last position of the store when `#known` was true of it. */
  #position = 0;
  /** Set by the first I/O error; every append after it is refused with it. */
  #broken: JournalFault | undefined;

  constructor(options: SqliteJournalOptions) {
    const { file, readOnly = false, pagesMax, makeRoom = () => false } = options;
    this.#file = file;
    this.#makeRoom = makeRoom;
    this.#database = readOnly ? openForReading(file) : openForWriting(file);
    if (pagesMax !== undefined) this.#database.exec(`PRAGMA max_page_count = ${pagesMax}`);
    this.#sql = prepareAll(this.#database);
  }

  async append(appends: readonly StreamAppend[]): Promise<readonly number[]> {
    if (this.#broken !== undefined) throw this.#broken;
    return this.#withRoom(() => this.#transact(appends));
  }

  async *read(stream: StreamName, fromSeq = 1): AsyncIterable<Entry> {
    const known = this.#guarded(() => this.#lookUp(stream));
    if (known === undefined) return;
    // Entries that come while the reader works wait for its next read, so that none is passed over.
    const lastPosition = this.#position;
    const lastBucket = bucketOf(lastPosition);
    for (let bucket = 0; bucket <= lastBucket; bucket++) {
      const rows = this.#guarded(
        () => this.#sql.ofBucket.all(bucket, known.id, fromSeq, lastPosition) as unknown as Row[],
      );
      for (const row of rows) yield toEntry(stream, row);
    }
  }

  async lastSeq(stream: StreamName): Promise<number> {
    return this.#guarded(() => this.#lookUp(stream)?.seq ?? 0);
  }

  async streams(): Promise<readonly StreamName[]> {
    const rows = this.#guarded(() => this.#sql.names.all() as unknown as [string][]);
    return rows.map(([name]) => name);
  }

  checkpoint(): boolean {
    const result = this.#withRoom(() => this.#sql.checkpoint.get() as unknown as number[]);
    const [busy, inLog, copied] = result;
    return busy === 0 && inLog === copied;
  }

  async verify(): Promise<readonly ChainBreak[]> {
    const [count] = this.#guarded(() => this.#sql.count.get() as unknown as [number]);
    return verifyJournal(this, count);
  }

  async close(): Promise<void> {
    if (this.#database.isOpen) this.#guarded(() => this.#database.close());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #transact(appends: readonly StreamAppend[]): number[] {
    this.#sql.begin.run();
    try {
      const lastSeqs = this.#appendAll(appends);
      this.#sql.commit.run();
      return lastSeqs;
    } catch (error) {
      this.#forget();
      this.#rollBack();
      throw error;
    }
  }

  #appendAll(appends: readonly StreamAppend[]): number[] {
    this.#refresh();
    return appends.map(({ stream, expectedSeq, entries }) => {
      const known = this.#find(stream);
      const actualSeq = known?.seq ?? 0;
      if (actualSeq !== expectedSeq) throw new SeqConflict(stream, expectedSeq, actualSeq);
      if (entries.length === 0) return actualSeq;
      return this.#insert(stream, known ?? this.#create(stream), entries);
    });
  }

  #insert(stream: StreamName, known: KnownStream, entries: readonly NewEntry[]): number {
    let head: StreamHead = known;
    for (const entry of entries) {
      const sealed = sealEntry(stream, head, entry);
      this.#sql.insert.run(
        ++this.#position,
        known.id,
        sealed.seq,
        sealed.format,
        sealed.kind,
        sealed.atMs,
        sealed.causedBy ?? null,
        sealed.previousHash,
        sealed.hash,
        sealed.bodyText,
      );
      head = sealed;
    }
    this.#known.set(stream, { id: known.id, seq: head.seq, hash: head.hash });
    return head.seq;
  }

  #create(stream: StreamName): KnownStream {
    const { lastInsertRowid } = this.#sql.create.run(stream);
    return { id: Number(lastInsertRowid), ...EMPTY_HEAD };
  }

  #lookUp(stream: StreamName): KnownStream | undefined {
    this.#refresh();
    return this.#find(stream);
  }

  /** Another connection's entries make everything remembered here doubtful. */
  #refresh(): void {
    const [position] = this.#sql.lastPosition.get() as unknown as [number | null];
    if (position === this.#position) return;
    this.#known.clear();
    this.#position = position ?? 0;
  }

  #forget(): void {
    this.#known.clear();
    this.#position = 0;
  }

  #find(stream: StreamName): KnownStream | undefined {
    const remembered = this.#known.get(stream);
    if (remembered !== undefined) return remembered;
    const named = this.#sql.idOf.get(stream) as unknown as [number] | undefined;
    if (named === undefined) return undefined;
    const found = { id: named[0], ...this.#headOf(named[0]) };
    this.#known.set(stream, found);
    return found;
  }

  /** Looks through the buckets from the newest back: active streams are found in the first. */
  #headOf(streamId: number): StreamHead {
    for (let bucket = bucketOf(this.#position); bucket >= 0; bucket--) {
      const row = this.#sql.headIn.get(bucket, streamId) as unknown as [number, string] | undefined;
      if (row !== undefined) return { seq: row[0], hash: row[1] };
    }
    return EMPTY_HEAD;
  }

  /** Some errors (a full disk) have rolled back already; one here must not hide the one before. */
  #rollBack(): void {
    try {
      if (this.#database.isTransaction) this.#sql.rollback.run();
    } catch (cause) {
      const message = `${this.#file}: a transaction could not be rolled back`;
      this.#broken = new JournalFault("JOURNAL_IO", message, { cause });
    }
  }

  /** Nothing of `work` is there when the disk was full, so it may be done again. */
  #withRoom<T>(work: () => T): T {
    try {
      return this.#guarded(work);
    } catch (error) {
      if (!isDiskFull(error) || !this.#makeRoom()) throw error;
      this.#claimRoom();
      return this.#guarded(work);
    }
  }

  /** Whatever else fills the disk would have what was freed in no time. */
  #claimRoom(): void {
    try {
      this.#guarded(() => claimRoom(this.#database));
    } catch (error) {
      if (!isDiskFull(error)) throw error;
    }
  }

  #guarded<T>(work: () => T): T {
    assert(this.#database.isOpen, "the journal is closed");
    try {
      return work();
    } catch (error) {
      const fault = toJournalFault(error, this.#file);
      if (fault instanceof JournalFault && fault.code === "JOURNAL_IO") this.#broken ??= fault;
      throw fault;
    }
  }
}

function isDiskFull(error: unknown): boolean {
  return error instanceof JournalFault && error.code === "JOURNAL_DISK_FULL";
}

function prepareAll(database: DatabaseSync) {
  const prepare = (sql: string): StatementSync => database.prepare(sql, { returnArrays: true });
  const bucket = `position >> ${BUCKET_BITS} = ?`;
  return {
    // IMMEDIATE takes the write lock before anything is read, so what is checked stays true.
    begin: prepare("BEGIN IMMEDIATE"),
    commit: prepare("COMMIT"),
    rollback: prepare("ROLLBACK"),
    lastPosition: prepare("SELECT max(position) FROM entry"),
    // Positions have no holes, so the last one counts those that were deleted, too.
    count: prepare("SELECT max(count(*), ifnull(max(position), 0)) FROM entry"),
    insert: prepare("INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"),
    create: prepare("INSERT INTO stream (name) VALUES (?)"),
    idOf: prepare("SELECT id FROM stream WHERE name = ?"),
    names: prepare("SELECT name FROM stream ORDER BY id"),
    headIn: prepare(
      `SELECT seq, hash FROM entry WHERE ${bucket} AND stream_id = ? ORDER BY seq DESC LIMIT 1`,
    ),
    ofBucket: prepare(
      `SELECT position, seq, format, kind, at_ms, caused_by, previous_hash, hash, body
       FROM entry WHERE ${bucket} AND stream_id = ? AND seq >= ? AND position <= ? ORDER BY seq`,
    ),
    checkpoint: prepare("PRAGMA wal_checkpoint(PASSIVE)"),
  };
}

function bucketOf(position: number): number {
  return Math.floor(position / 2 ** BUCKET_BITS);
}

function toEntry(stream: StreamName, row: Row): Entry {
  const [position, seq, format, kind, atMs, causedBy, previousHash, hash, bodyText] = row;
  const cause = causedBy === null ? {} : { causedBy };
  const sealed = { stream, seq, format, kind, atMs, ...cause, previousHash, hash, bodyText };
  const entry = unsealEntry(sealed, position);
  if (entry !== undefined) return entry;
  throw new JournalFault("JOURNAL_CORRUPT", `${stream}#${seq} does not hold what was written`, {
    stream,
    seq,
  });
}
