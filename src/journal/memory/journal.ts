/**
 * The journal in memory, for tests and simulation. It keeps what the port promises except that it
 * does not outlive the process, and it is stricter than the others: a body that JSON would change
 * on the way (NaN, undefined in an array) is a bug, and it is found here.
 */
import { assert } from "../../platform/assert.ts";
import { canonicalJson } from "../../platform/canonical-json.ts";
import {
  type Entry,
  type Journal,
  SeqConflict,
  type StreamAppend,
  type StreamName,
} from "../../ports/journal.ts";
import { EMPTY_HEAD, type SealedEntry, type StreamHead, sealEntry, unsealEntry } from "../entry.ts";
import { JournalFault } from "../errors.ts";

interface StoredEntry {
  readonly sealed: SealedEntry;
  readonly position: number;
}

/** What outlives a journal's closing: hand it to the next one to reopen, or to two to compete. */
export interface MemoryStore {
  readonly streams: Map<StreamName, StoredEntry[]>;
  lastPosition: number;
}

export function memoryStore(): MemoryStore {
  return { streams: new Map(), lastPosition: 0 };
}

export function memoryJournal(store: MemoryStore = memoryStore()): Journal {
  let isOpen = true;
  const use = () => assert(isOpen, "the journal is closed");

  return {
    async append(appends) {
      use();
      return appendAll(store, appends);
    },
    async *read(stream, fromSeq = 1) {
      use();
      const entries = store.streams.get(stream) ?? [];
      const end = entries.length;
      for (let index = fromSeq - 1; index < end; index++) {
        yield toEntry(entries[index] as StoredEntry);
      }
    },
    async lastSeq(stream) {
      use();
      return store.streams.get(stream)?.length ?? 0;
    },
    async streams() {
      use();
      return [...store.streams.keys()];
    },
    async close() {
      isOpen = false;
    },
  };
}

function appendAll(store: MemoryStore, appends: readonly StreamAppend[]): number[] {
  const grown = new Map<StreamName, StoredEntry[]>();
  const lastSeqs: number[] = [];
  let position = store.lastPosition;
  for (const { stream, expectedSeq, entries } of appends) {
    const added = grown.get(stream) ?? [];
    grown.set(stream, added);
    let head: StreamHead =
      (added.at(-1) ?? store.streams.get(stream)?.at(-1))?.sealed ?? EMPTY_HEAD;
    if (head.seq !== expectedSeq) throw new SeqConflict(stream, expectedSeq, head.seq);
    for (const entry of entries) {
      canonicalJson(entry.body);
      const sealed = sealEntry(stream, head, entry);
      added.push({ sealed, position: ++position });
      head = sealed;
    }
    lastSeqs.push(head.seq);
  }
  for (const [stream, added] of grown) {
    if (added.length === 0) continue;
    const stored = store.streams.get(stream);
    if (stored === undefined) store.streams.set(stream, added);
    else for (const entry of added) stored.push(entry);
  }
  store.lastPosition = position;
  return lastSeqs;
}

function toEntry({ sealed, position }: StoredEntry): Entry {
  const entry = unsealEntry(sealed, position);
  if (entry !== undefined) return entry;
  const { stream, seq } = sealed;
  throw new JournalFault("JOURNAL_CORRUPT", `${stream}#${seq} is unreadable`, { stream, seq });
}
