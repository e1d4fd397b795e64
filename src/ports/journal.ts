/**
 * The journal: numbered, hash-chained streams. State is a fold over them.
 *
 * Keeps: an append is all or nothing over all of its streams; `expectedSeq` makes every stream
 * single-writer, so a writer that lost its ownership is refused by the store; entries are durable
 * (they survive a power cut) when `append` returns.
 */

/** A stream's name: "settings", "leader/ACCOUNT", "follower/ACCOUNT". */
export type StreamName = string;

/** What a writer hands over. `body` is plain JSON data of the kind that `kind` names. */
export interface NewEntry {
  readonly kind: string;
  readonly atMs: number;
  /** What led to it: "leader/main#17"; absent for what came from outside. */
  readonly causedBy?: string;
  readonly body: unknown;
}

export interface Entry extends NewEntry {
  readonly stream: StreamName;
  /** 1, 2, 3 … within the stream, with no holes. */
  readonly seq: number;
  /** Order over all streams of this store; has holes in stores that number otherwise. */
  readonly position: number;
  /** Version of the entry's format. */
  readonly format: number;
  /** Hash of the entry before in this stream; 64 zeros for the first. */
  readonly previousHash: string;
  /** SHA-256 over everything above (not `position`), hex. */
  readonly hash: string;
}

export interface StreamAppend {
  readonly stream: StreamName;
  /** Seq of the last entry that the writer knows; 0 for a new stream. */
  readonly expectedSeq: number;
  readonly entries: readonly NewEntry[];
}

/** Somebody else has written to the stream: this writer no longer owns it. */
export class SeqConflict extends Error {
  override readonly name = "SeqConflict";
  readonly code = "JOURNAL_SEQ_CONFLICT";
  constructor(stream: StreamName, expectedSeq: number, actualSeq: number) {
    super(`stream ${stream} is at ${actualSeq}, the writer expected ${expectedSeq}`);
  }
}

export interface Journal {
  /**
   * Appends to one or more streams in one durable transaction; resolves to the last seq of each
   * stream, in the order given. Rejects with SeqConflict and writes nothing when any of them has
   * moved on. An embedded store may do the work before it returns.
   */
  append(appends: readonly StreamAppend[]): Promise<readonly number[]>;
  /** Entries with seq >= fromSeq (default 1), in order. */
  read(stream: StreamName, fromSeq?: number): AsyncIterable<Entry>;
  /** Last seq of the stream; 0 when it is empty. */
  lastSeq(stream: StreamName): Promise<number>;
  streams(): Promise<readonly StreamName[]>;
  close(): Promise<void>;
}

/** The first entry that does not match its hash or its place; undefined when the chain holds. */
export interface ChainBreak {
  readonly stream: StreamName;
  readonly seq: number;
  readonly problem: string;
}
