/**
 * The seal of one entry. What is hashed, in which order and with which separators is frozen by a
 * golden test: journals are kept for years, and a change here would break the proof of every one.
 */

import { assert } from "../platform/assert.ts";
import { sha256Hex } from "../platform/hash.ts";
import type { Entry, NewEntry, StreamName } from "../ports/journal.ts";

/** Version that new entries are written with. */
export const ENTRY_FORMAT = 1;

/** What the first entry of a stream has for the hash before it. */
export const NO_PREVIOUS_HASH = "0".repeat(64);

/** A stream's last entry, as the next one needs it. */
export interface StreamHead {
  readonly seq: number;
  readonly hash: string;
}

export const EMPTY_HEAD: StreamHead = { seq: 0, hash: NO_PREVIOUS_HASH };

/** An entry as stores keep it: the body as the exact text that was hashed. */
export interface SealedEntry extends Omit<Entry, "body" | "position"> {
  readonly bodyText: string;
}

/** The entry that follows `head`, numbered and hashed. Throws when it is not plain JSON data. */
export function sealEntry(stream: StreamName, head: StreamHead, entry: NewEntry): SealedEntry {
  assert(stream.length > 0 && entry.kind.length > 0, "an entry needs a stream and a kind");
  assert(Number.isSafeInteger(entry.atMs), () => `not epoch milliseconds: ${entry.atMs}`);
  const bodyText: string | undefined = JSON.stringify(entry.body);
  assert(bodyText !== undefined, () => `the body of ${entry.kind} is not JSON data`);
  const unsealed = {
    stream,
    seq: head.seq + 1,
    format: ENTRY_FORMAT,
    kind: entry.kind,
    atMs: entry.atMs,
    ...(entry.causedBy === undefined ? {} : { causedBy: entry.causedBy }),
    previousHash: head.hash,
    bodyText,
  };
  return { ...unsealed, hash: hashOfEntry(unsealed) };
}

/**
 * SHA-256 over a JSON array of everything but the body (JSON quotes, so no two entries render
 * alike), a line feed, and the body's text as stored.
 */
export function hashOfEntry(entry: Omit<SealedEntry, "hash">): string {
  const { stream, seq, format, kind, atMs, causedBy, previousHash, bodyText } = entry;
  const head = JSON.stringify([stream, seq, format, kind, atMs, causedBy ?? null, previousHash]);
  return sha256Hex(`${head}\n${bodyText}`);
}

/** The stored entry as readers get it; undefined when the body is not the text of any JSON value
 * that we would have written (a changed space counts, though it would parse). */
export function unsealEntry(sealed: SealedEntry, position: number): Entry | undefined {
  const { bodyText, ...rest } = sealed;
  try {
    const body: unknown = JSON.parse(bodyText);
    return JSON.stringify(body) === bodyText ? { ...rest, position, body } : undefined;
  } catch {
    return undefined;
  }
}
