import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { EMPTY_HEAD, hashOfEntry, sealEntry, unsealEntry } from "./entry.ts";

const intent = {
  kind: "orderIntended",
  atMs: 1_787_283_900_042,
  causedBy: "leader/main#17",
  body: { quantity: 75, price: 16_505_000, text: "₹" },
};

test("the hash of an entry is frozen: journals of years ago must still verify", () => {
  const sealed = sealEntry("follower/asha", EMPTY_HEAD, intent);
  assert.equal(sealed.hash, "64eee733ad458a77116f2b6943f13cd91ea287f4f07a456e787a4baa3986158a");
  const next = sealEntry("follower/asha", sealed, { kind: "k", atMs: 0, body: null });
  assert.equal(next.hash, "0889cc8f926d27230b43d313f2186c951a8a3ed8762a68a273da0b81908c5416");
});

test("the hash can be recomputed from its description with any SHA-256", () => {
  const sealed = sealEntry("follower/asha", EMPTY_HEAD, intent);
  const rendered =
    `["follower/asha",1,1,"orderIntended",1787283900042,"leader/main#17","${"0".repeat(64)}"]\n` +
    `{"quantity":75,"price":16505000,"text":"₹"}`;
  assert.equal(sealed.hash, createHash("sha256").update(rendered).digest("hex"));
});

test("every part of an entry takes part in its hash", () => {
  const sealed = sealEntry("s", { seq: 4, hash: "a".repeat(64) }, intent);
  const changes = [
    { stream: "t" },
    { seq: 6 },
    { format: 2 },
    { kind: "orderintended" },
    { atMs: sealed.atMs + 1 },
    { causedBy: "leader/main#18" },
    { previousHash: "b".repeat(64) },
    { bodyText: `${sealed.bodyText} ` },
  ];
  const hashes = changes.map((change) => hashOfEntry({ ...sealed, ...change }));
  assert.equal(new Set([...hashes, sealed.hash]).size, changes.length + 1);
});

test("an entry that JSON cannot carry is a bug of the writer", () => {
  for (const body of [undefined, () => 1]) {
    assert.throws(() => sealEntry("s", EMPTY_HEAD, { ...intent, body }), /not JSON data/);
  }
  assert.throws(() => sealEntry("s", EMPTY_HEAD, { ...intent, atMs: 0.5 }), /epoch milliseconds/);
  assert.throws(() => sealEntry("", EMPTY_HEAD, intent), /needs a stream/);
  assert.throws(() => sealEntry("s", EMPTY_HEAD, { ...intent, kind: "" }), /needs a stream/);
});

test("a body text that is not as a writer leaves it is not read, even when it would parse", () => {
  const sealed = sealEntry("s", EMPTY_HEAD, intent);
  assert.deepEqual(unsealEntry(sealed, 9)?.body, intent.body);
  for (const bodyText of [`${sealed.bodyText} `, '{"price":1.0}', '{"a":1,"a":1}', "{", ""]) {
    assert.equal(unsealEntry({ ...sealed, bodyText }, 9), undefined, bodyText);
  }
});
