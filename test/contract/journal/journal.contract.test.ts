import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { verifyChain, verifyJournal } from "../../../src/journal/chain.ts";
import { NO_PREVIOUS_HASH } from "../../../src/journal/entry.ts";
import { SeqConflict } from "../../../src/ports/journal.ts";
import { note, readAll, stores } from "./stores.ts";

for (const [name, makeStore] of Object.entries(stores)) {
  test(`${name}: numbers entries from 1 within each stream, and chains them`, async (t) => {
    const journal = makeStore(t).open();
    const lastSeqs = await journal.append([
      { stream: "leader/main", expectedSeq: 0, entries: [note("a"), note("b")] },
      { stream: "follower/asha", expectedSeq: 0, entries: [note("c")] },
    ]);
    assert.deepEqual(lastSeqs, [2, 1]);
    await journal.append([{ stream: "leader/main", expectedSeq: 2, entries: [note("d")] }]);

    const entries = await readAll(journal, "leader/main");
    assert.deepEqual(
      entries.map(({ seq, body }) => ({ seq, body })),
      [
        { seq: 1, body: { text: "a" } },
        { seq: 2, body: { text: "b" } },
        { seq: 3, body: { text: "d" } },
      ],
    );
    assert.deepEqual(
      entries.map((entry) => entry.previousHash),
      [NO_PREVIOUS_HASH, entries[0]?.hash, entries[1]?.hash],
    );
    assert.deepEqual(await verifyJournal(journal), []);
  });

  test(`${name}: positions follow the order of writing over all streams`, async (t) => {
    const journal = makeStore(t).open();
    await journal.append([
      { stream: "a", expectedSeq: 0, entries: [note("1")] },
      { stream: "b", expectedSeq: 0, entries: [note("2"), note("3")] },
    ]);
    await journal.append([{ stream: "a", expectedSeq: 1, entries: [note("4")] }]);
    const all = [...(await readAll(journal, "a")), ...(await readAll(journal, "b"))];
    all.sort((one, other) => one.position - other.position);
    assert.deepEqual(
      all.map(({ body }) => body),
      ["1", "2", "3", "4"].map((text) => ({ text })),
    );
  });

  test(`${name}: gives back exactly what was written`, async (t) => {
    const journal = makeStore(t).open();
    const body = { b: [1, null, -0.5, '₹ \u0000 \ud800 "quoted"'], a: { 7: true, "": {} } };
    const written = { kind: "note", atMs: 0, causedBy: "leader/main#17", body };
    await journal.append([{ stream: "s", expectedSeq: 0, entries: [written] }]);
    const [entry] = await readAll(journal, "s");
    const { kind, atMs, causedBy, body: read } = entry ?? assert.fail("nothing was read");
    assert.deepEqual({ kind, atMs, causedBy, body: read }, written);
  });

  test(`${name}: leaves out the cause of what came from outside`, async (t) => {
    const journal = makeStore(t).open();
    await journal.append([{ stream: "s", expectedSeq: 0, entries: [note("a")] }]);
    const [entry] = await readAll(journal, "s");
    assert.equal(entry !== undefined && "causedBy" in entry, false);
  });

  test(`${name}: writes to no stream when one of them has moved on`, async (t) => {
    const journal = makeStore(t).open();
    await journal.append([{ stream: "b", expectedSeq: 0, entries: [note("b1")] }]);
    await assert.rejects(
      journal.append([
        { stream: "a", expectedSeq: 0, entries: [note("a1")] },
        { stream: "b", expectedSeq: 0, entries: [note("too late")] },
        { stream: "c", expectedSeq: 0, entries: [note("c1")] },
      ]),
      SeqConflict,
    );
    assert.deepEqual(await journal.streams(), ["b"]);
    assert.equal(await journal.lastSeq("a"), 0);
    assert.equal((await readAll(journal, "b")).length, 1);
  });

  test(`${name}: refuses a seq ahead of the stream as well as one behind`, async (t) => {
    const journal = makeStore(t).open();
    for (const expectedSeq of [1, 7]) {
      await assert.rejects(journal.append([{ stream: "s", expectedSeq, entries: [note("a")] }]), {
        code: "JOURNAL_SEQ_CONFLICT",
        message: `stream s is at 0, the writer expected ${expectedSeq}`,
      });
    }
  });

  test(`${name}: leaves nothing behind when an entry is not JSON data`, async (t) => {
    const journal = makeStore(t).open();
    const unwritable = { kind: "note", atMs: 0, body: undefined };
    await assert.rejects(
      journal.append([{ stream: "s", expectedSeq: 0, entries: [note("a"), unwritable] }]),
      { name: "AssertionFault" },
    );
    assert.deepEqual(await journal.streams(), []);
    assert.deepEqual(
      await journal.append([{ stream: "s", expectedSeq: 0, entries: [note("a")] }]),
      [1],
    );
    assert.deepEqual(await verifyJournal(journal), []);
  });

  test(`${name}: takes the same stream twice in one append, in order`, async (t) => {
    const journal = makeStore(t).open();
    const lastSeqs = await journal.append([
      { stream: "s", expectedSeq: 0, entries: [note("a")] },
      { stream: "s", expectedSeq: 1, entries: [note("b")] },
    ]);
    assert.deepEqual(lastSeqs, [1, 2]);
    assert.equal(await verifyChain(journal.read("s")), undefined);
  });

  test(`${name}: an append of nothing checks the seq and writes nothing`, async (t) => {
    const journal = makeStore(t).open();
    assert.deepEqual(await journal.append([{ stream: "s", expectedSeq: 0, entries: [] }]), [0]);
    assert.deepEqual(await journal.streams(), []);
    await assert.rejects(
      journal.append([{ stream: "s", expectedSeq: 1, entries: [] }]),
      SeqConflict,
    );
  });

  test(`${name}: reads from any seq, past the end too`, async (t) => {
    const journal = makeStore(t).open();
    const entries = ["a", "b", "c"].map(note);
    await journal.append([{ stream: "s", expectedSeq: 0, entries }]);
    assert.deepEqual(
      (await readAll(journal, "s", 2)).map((entry) => entry.seq),
      [2, 3],
    );
    assert.deepEqual(await readAll(journal, "s", 4), []);
    assert.deepEqual(await readAll(journal, "unheard of"), []);
  });

  test(`${name}: what was read cannot be changed by the reader or by the writer`, async (t) => {
    const journal = makeStore(t).open();
    const body = { text: "as written" };
    await journal.append([{ stream: "s", expectedSeq: 0, entries: [{ ...note(""), body }] }]);
    body.text = "changed by the writer";
    const [first] = await readAll(journal, "s");
    (first?.body as { text: string }).text = "changed by a reader";
    const [again] = await readAll(journal, "s");
    assert.deepEqual(again?.body, { text: "as written" });
  });

  test(`${name}: goes on where it was after closing and opening`, async (t) => {
    const store = makeStore(t);
    const before = store.open();
    await before.append([{ stream: "s", expectedSeq: 0, entries: [note("a"), note("b")] }]);
    await before.close();
    const after = store.open();
    assert.equal(await after.lastSeq("s"), 2);
    await after.append([{ stream: "s", expectedSeq: 2, entries: [note("c")] }]);
    assert.equal((await readAll(after, "s")).length, 3);
    assert.deepEqual(await verifyJournal(after), []);
  });

  test(`${name}: refuses every use after closing`, async (t) => {
    const journal = makeStore(t).open();
    await journal.close();
    await assert.rejects(journal.append([]), { name: "AssertionFault" });
    await assert.rejects(journal.lastSeq("s"), { name: "AssertionFault" });
    await assert.rejects(readAll(journal, "s"), { name: "AssertionFault" });
    await assert.rejects(journal.streams(), { name: "AssertionFault" });
    await journal.close();
  });

  test(`${name}: of two writers of one stream the slower is refused, and learns the truth`, async (t) => {
    const store = makeStore(t);
    const [one, other] = [store.open(), store.open()];
    await one.append([{ stream: "s", expectedSeq: 0, entries: [note("one")] }]);
    await other.append([{ stream: "s", expectedSeq: 1, entries: [note("other")] }]);
    await assert.rejects(
      one.append([{ stream: "s", expectedSeq: 1, entries: [note("late")] }]),
      SeqConflict,
    );
    assert.equal(await one.lastSeq("s"), 2);
    await one.append([{ stream: "s", expectedSeq: 2, entries: [note("one again")] }]);
    assert.deepEqual(
      (await readAll(other, "s")).map((entry) => entry.body),
      ["one", "other", "one again"].map((text) => ({ text })),
    );
    assert.deepEqual(await verifyJournal(other), []);
  });

  test(`${name}: two writers of different streams do not disturb each other`, async (t) => {
    const store = makeStore(t);
    const [one, other] = [store.open(), store.open()];
    for (let seq = 0; seq < 20; seq++) {
      await one.append([{ stream: "one", expectedSeq: seq, entries: [note(`${seq}`)] }]);
      await other.append([{ stream: "other", expectedSeq: seq, entries: [note(`${seq}`)] }]);
    }
    assert.equal((await readAll(one, "other")).length, 20);
    assert.deepEqual(await verifyJournal(other), []);
  });

  test(`${name}: a reader sees what was there when it began, while others write`, async (t) => {
    const store = makeStore(t);
    const [reading, writing] = [store.open(), store.open()];
    const entries = Array.from({ length: 50 }, (_, index) => note(`${index}`));
    await writing.append([{ stream: "s", expectedSeq: 0, entries }]);
    const seqs: number[] = [];
    for await (const entry of reading.read("s")) {
      seqs.push(entry.seq);
      const expectedSeq = await writing.lastSeq("s");
      await writing.append([{ stream: "s", expectedSeq, entries: [note("meanwhile")] }]);
    }
    assert.deepEqual(
      seqs,
      Array.from({ length: 50 }, (_, index) => index + 1),
    );
    assert.equal((await readAll(reading, "s")).length, 100);
  });

  test(`${name}: streams have no holes, whatever is appended and refused`, async (t) => {
    const append = fc.record({
      stream: fc.constantFrom("a", "b", "c"),
      offset: fc.constantFrom(0, 0, 0, 0, 1, -1),
      count: fc.nat({ max: 3 }),
    });
    const history = fc.array(fc.array(append, { minLength: 1, maxLength: 4 }), { maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(history, async (batches) => {
        const journal = makeStore(t).open();
        const model = new Map<string, number>();
        for (const batch of batches) {
          const next = new Map(model);
          const appends = batch.map(({ stream, offset, count }) => {
            const expectedSeq = Math.max((next.get(stream) ?? 0) + offset, 0);
            if ((next.get(stream) ?? 0) !== expectedSeq) next.set("refused", 1);
            next.set(stream, expectedSeq + count);
            return { stream, expectedSeq, entries: Array.from({ length: count }, () => note("x")) };
          });
          const isRefused = next.delete("refused");
          const outcome = await journal.append(appends).catch((error: unknown) => error);
          assert.equal(outcome instanceof SeqConflict, isRefused);
          if (!isRefused) for (const [stream, seq] of next) model.set(stream, seq);
        }
        for (const [stream, seq] of model) {
          assert.equal(await journal.lastSeq(stream), seq);
          assert.equal((await readAll(journal, stream)).length, seq);
        }
        assert.deepEqual(await verifyJournal(journal), []);
        await journal.close();
      }),
      { numRuns: name === "memory" ? 200 : 20 },
    );
  });
}
