/**
 * The writes that the crash tests let a process die at: the same ones in every life, so that what is
 * found afterwards can be held against what must be there. Shaped as the runtime's are: a leader's
 * event with what it led to for all followers, an answer alone, a few observations together.
 */
import { isDeepStrictEqual } from "node:util";
import type { NewEntry, StreamAppend, StreamName } from "../../src/ports/journal.ts";

const LEADER = "leader/main";
const FOLLOWERS = ["follower/asha", "follower/ravi", "follower/meera"] as const;

/** Larger than SQLite's page cache of 2 MB, so that parts of it are in the log before its COMMIT. */
const LARGE_EVERY = 6;
const LARGE_ENTRIES = 240;
const LARGE_TEXT = "x".repeat(10_000);

/** Where a life ends: at one of these places in one of its writes. */
export const SEAMS = [
  "before the write",
  "in the middle of the transaction",
  "before COMMIT",
  "after COMMIT",
  "after the acknowledgement",
  "after a checkpoint",
] as const;
export type Seam = (typeof SEAMS)[number];

/** What a life finds when it opens what the last one has left. */
export interface Found {
  readonly tails: Tails;
  readonly breaks: readonly unknown[];
  /** What became of a second writer who knows less than there is. */
  readonly second: string;
}

/** Last seq of each stream. */
export type Tails = Readonly<Record<StreamName, number>>;

/** Write `n` of the sequence, the first is 1, to follow what the writes before have left. */
export function writeOf(n: number): StreamAppend[] {
  const before = tailsAfter(n - 1);
  return countsOf(n).map(([stream, count]) => ({
    stream,
    expectedSeq: before[stream] ?? 0,
    entries: Array.from({ length: count }, (_, index) => entryOf(n, index)),
  }));
}

/** What a journal holds that has the first `n` writes, whole, and nothing else. */
export function tailsAfter(n: number): Tails {
  const tails: Record<StreamName, number> = {};
  for (let write = 1; write <= n; write += 1) {
    for (const [stream, count] of countsOf(write)) tails[stream] = (tails[stream] ?? 0) + count;
  }
  return tails;
}

/** How many whole writes leave just this; undefined when none do. */
export function wholeWrites(tails: Tails): number | undefined {
  const total = (of: Tails) => Object.values(of).reduce((sum, seq) => sum + seq, 0);
  for (let n = 0; total(tailsAfter(n)) <= total(tails); n += 1) {
    if (isDeepStrictEqual(tailsAfter(n), { ...tails })) return n;
  }
  return undefined;
}

/** Entries of a write. */
export function entriesIn(n: number): number {
  return countsOf(n).reduce((sum, [, count]) => sum + count, 0);
}

function countsOf(n: number): [StreamName, number][] {
  const [asha, ravi] = FOLLOWERS;
  switch (n % 3) {
    case 1:
      return [[LEADER, 1], ...FOLLOWERS.map((name): [StreamName, number] => [name, 2])];
    case 2:
      return [[asha, 1]];
    default:
      return [
        [ravi, n % LARGE_EVERY === 0 ? LARGE_ENTRIES : 2],
        [`follower/late-${n}`, 1],
      ];
  }
}

function entryOf(n: number, index: number): NewEntry {
  const text = n % LARGE_EVERY === 0 ? LARGE_TEXT : "";
  return { kind: "note", atMs: 1_787_283_900_000 + n, body: { write: n, index, text } };
}
