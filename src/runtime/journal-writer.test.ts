import assert from "node:assert/strict";
import { test } from "node:test";
import { memoryJournal } from "../journal/memory/journal.ts";
import { silentLogger } from "../platform/logger.ts";
import { manualClock } from "../platform/manual-clock.ts";
import type { Journal, SeqConflict, StreamAppend } from "../ports/journal.ts";
import { JournalWriter } from "./journal-writer.ts";

const STREAM = "follower/asha";
const entry = (note: string) => ({ kind: "note", atMs: 1, body: { note } });

/** A journal whose appends are answered by hand. */
function slowJournal() {
  const journal = memoryJournal();
  const waiting: {
    finish(): Promise<void>;
    fail(error: Error): void;
    appends: readonly StreamAppend[];
  }[] = [];
  const slow: Journal = {
    ...journal,
    append: (appends) =>
      new Promise((resolve, reject) => {
        waiting.push({
          appends,
          finish: async () => resolve(await journal.append(appends)),
          fail: reject,
        });
      }),
  };
  return { journal: slow, waiting };
}

function writerOver(journal: Journal) {
  const clock = manualClock(0);
  const lost: SeqConflict[] = [];
  const writer = new JournalWriter({
    journal,
    clock,
    logger: silentLogger(),
    onLost: (error) => lost.push(error),
  });
  writer.open(STREAM, 0);
  return { writer, clock, lost };
}

async function settled(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

test("nothing that waits is released before its append has returned", async () => {
  const { journal, waiting } = slowJournal();
  const { writer } = writerOver(journal);
  const released: string[] = [];
  writer.record(STREAM, [entry("first")]);
  writer.whenDurable(() => released.push("first"));
  await settled();
  assert.deepEqual(released, []);
  await waiting[0]?.finish();
  await settled();
  assert.deepEqual(released, ["first"]);
});

test("a turn is one append, whoever records in it", async () => {
  const { journal, waiting } = slowJournal();
  const { writer } = writerOver(journal);
  writer.open("follower/ravi", 0);
  writer.turn(() => {
    writer.record(STREAM, [entry("one")]);
    writer.whenDurable(() => {});
    writer.record("follower/ravi", [entry("two")]);
    writer.whenDurable(() => {});
  });
  assert.equal(waiting.length, 1);
  assert.deepEqual(
    waiting[0]?.appends.map(({ stream }) => stream),
    [STREAM, "follower/ravi"],
  );
});

test("what is recorded while an append is under way goes into the next one, in order", async () => {
  const { journal, waiting } = slowJournal();
  const { writer } = writerOver(journal);
  const released: string[] = [];
  for (const note of ["a", "b", "c"]) {
    writer.record(STREAM, [entry(note)]);
    writer.whenDurable(() => released.push(note));
  }
  assert.equal(writer.nextSeq(STREAM), 4);
  assert.equal(waiting.length, 1);
  await waiting[0]?.finish();
  await settled();
  assert.equal(waiting[1]?.appends[0]?.expectedSeq, 1);
  assert.equal(waiting[1]?.appends[0]?.entries.length, 2);
  await waiting[1]?.finish();
  await settled();
  assert.deepEqual(released, ["a", "b", "c"]);
});

test("a fact that nothing waits for is appended soon by itself", async () => {
  const { journal, waiting } = slowJournal();
  const { writer, clock } = writerOver(journal);
  writer.record(STREAM, [entry("a fill")]);
  assert.equal(waiting.length, 0);
  clock.advance(100);
  assert.equal(waiting.length, 1);
});

test("while the store fails nothing is released, and the same append is tried again", async () => {
  const { journal, waiting } = slowJournal();
  const { writer, clock } = writerOver(journal);
  const released: string[] = [];
  writer.record(STREAM, [entry("intent")]);
  writer.whenDurable(() => released.push("intent"));
  waiting[0]?.fail(new Error("disk full"));
  await settled();
  assert.equal(writer.failure, "disk full");
  writer.record(STREAM, [entry("later")]);
  writer.whenDurable(() => released.push("later"));
  assert.equal(waiting.length, 1);
  clock.advance(1_000);
  assert.equal(waiting.length, 2);
  assert.equal(waiting[1]?.appends[0]?.entries.length, 2);
  await waiting[1]?.finish();
  await settled();
  assert.equal(writer.failure, undefined);
  assert.deepEqual(released, ["intent", "later"]);
});

test("a stream with another writer ends this one for good", async () => {
  const journal = memoryJournal();
  const { writer, lost, clock } = writerOver(journal);
  await journal.append([{ stream: STREAM, expectedSeq: 0, entries: [entry("theirs")] }]);
  let isReleased = false;
  writer.record(STREAM, [entry("ours")]);
  writer.whenDurable(() => {
    isReleased = true;
  });
  await settled();
  assert.equal(lost.length, 1);
  clock.advance(10_000);
  await settled();
  assert.equal(isReleased, false);
  assert.match(writer.failure ?? "", /expected 0/);
});

test("drain resolves when all that was recorded is in the store", async () => {
  const journal = memoryJournal();
  const { writer } = writerOver(journal);
  writer.record(STREAM, [entry("a"), entry("b")]);
  await writer.drain();
  assert.equal(await journal.lastSeq(STREAM), 2);
});
