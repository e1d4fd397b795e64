import assert from "node:assert/strict";
import { test } from "node:test";
import type { Entry, Journal } from "../ports/journal.ts";
import { verifyChain, verifyJournal } from "./chain.ts";
import { memoryJournal } from "./memory/journal.ts";

async function threeEntries(): Promise<[Journal, Entry, Entry, Entry]> {
  const journal = memoryJournal();
  const entries = [1, 2, 3].map((n) => ({ kind: "note", atMs: n, body: { n } }));
  await journal.append([{ stream: "s", expectedSeq: 0, entries }]);
  const [a, b, c] = await Array.fromAsync(journal.read("s"));
  assert.ok(a && b && c);
  return [journal, a, b, c];
}

const rows: readonly [string, (a: Entry, b: Entry, c: Entry) => Entry[], number, RegExp][] = [
  ["an entry taken out", (a, _, c) => [a, c], 3, /expected seq 2/],
  ["an entry put in twice", (a, b, c) => [a, b, b, c], 2, /expected seq 3/],
  ["the first one cut off", (_, b, c) => [b, c], 2, /expected seq 1/],
  ["a changed body", (a, b, c) => [a, { ...b, body: { n: 9 } }, c], 2, /content/],
  ["a changed hash", (a, b, c) => [a, { ...b, hash: a.hash }, c], 2, /content/],
  ["another past", (a, b, c) => [{ ...a, previousHash: b.hash }, b, c], 1, /does not follow/],
  ["places exchanged", (a, b, c) => [a, { ...b, position: 3 }, { ...c, position: 2 }], 3, /before/],
];

for (const [what, change, seq, problem] of rows) {
  test(`finds ${what}`, async () => {
    const [, a, b, c] = await threeEntries();
    const found = await verifyChain(change(a, b, c));
    assert.equal(found?.stream, "s");
    assert.equal(found.seq, seq);
    assert.match(found.problem, problem);
  });
}

test("finds nothing in a chain that holds, nor in an empty one", async () => {
  const [, a, b, c] = await threeEntries();
  assert.equal(await verifyChain([a, b, c]), undefined);
  assert.equal(await verifyChain([]), undefined);
});

test("a store with more entries than its streams show is broken", async () => {
  const [journal] = await threeEntries();
  assert.deepEqual(await verifyJournal(journal, 3), []);
  assert.equal((await verifyJournal(journal, 4)).length, 1);
});
