/**
 * Proof that a journal is what was written: every entry is hashed over its content and the hash of
 * the one before.
 *
 * Does not: notice that the newest entries of the whole store were cut off (nothing inside it can;
 * compare the last hash with one kept elsewhere), or prove the order between two streams.
 */
import type { ChainBreak, Entry, Journal } from "../ports/journal.ts";
import { EMPTY_HEAD, hashOfEntry } from "./entry.ts";
import { JournalFault } from "./errors.ts";

/** What the first of some entries must follow. */
export type ChainHead = Pick<Entry, "seq" | "hash" | "position">;

/**
 * Follows one stream from its first entry, or from the one after `head`; the first break, or undefined
 * when all of it holds.
 */
export async function verifyChain(
  entries: Iterable<Entry> | AsyncIterable<Entry>,
  head: ChainHead = { ...EMPTY_HEAD, position: 0 },
): Promise<ChainBreak | undefined> {
  let last = head;
  try {
    for await (const entry of entries) {
      const problem = problemOf(entry, last);
      if (problem !== undefined) return { stream: entry.stream, seq: entry.seq, problem };
      last = entry;
    }
  } catch (error) {
    if (!(error instanceof JournalFault) || error.code !== "JOURNAL_CORRUPT") throw error;
    return { stream: error.stream ?? "", seq: error.seq ?? 0, problem: error.message };
  }
  return undefined;
}

/**
 * Verifies every stream; the first break of each that has one. With `entriesInStore`, entries that
 * the store holds but no stream shows are a break too (of stream "").
 */
export async function verifyJournal(
  journal: Journal,
  entriesInStore?: number,
): Promise<readonly ChainBreak[]> {
  const breaks: ChainBreak[] = [];
  let seen = 0;
  for (const stream of await journal.streams()) {
    const last = { seq: 0 };
    const found = await verifyChain(counted(journal.read(stream), last));
    if (found !== undefined) breaks.push(found);
    else if (last.seq === 0) breaks.push({ stream, seq: 1, problem: "has no entries" });
    seen += last.seq;
  }
  if (breaks.length === 0 && entriesInStore !== undefined && seen !== entriesInStore) {
    const problem = `the streams show ${seen} entries, the store has room for ${entriesInStore}`;
    breaks.push({ stream: "", seq: 0, problem });
  }
  return breaks;
}

async function* counted(entries: AsyncIterable<Entry>, last: { seq: number }) {
  for await (const entry of entries) {
    last.seq = entry.seq;
    yield entry;
  }
}

function problemOf(
  entry: Entry,
  last: { seq: number; hash: string; position: number },
): string | undefined {
  if (entry.seq !== last.seq + 1) return `expected seq ${last.seq + 1}`;
  if (entry.previousHash !== last.hash) return "does not follow the entry before it";
  if (entry.position <= last.position) return "stands before the entry that it follows";
  const hash = hashOfEntry({ ...entry, bodyText: JSON.stringify(entry.body) });
  return hash === entry.hash ? undefined : "its content does not match its hash";
}
