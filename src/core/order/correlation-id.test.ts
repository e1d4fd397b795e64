import assert from "node:assert/strict";
import { test } from "node:test";
import { ASHA, LEADER } from "../../../test/core/builders.ts";
import { sha256Bytes } from "../../platform/hash.ts";
import { asCorrelationId, toBrokerOrderId } from "../model/ids.ts";
import { type ChildIdentity, correlationIdOf } from "./correlation-id.ts";

const ENTRY: ChildIdentity = {
  leader: LEADER,
  leaderOrderId: toBrokerOrderId("342260805001234"),
  follower: ASHA,
  leg: "entry",
  slice: 0,
  revision: 0,
  attempt: 0,
};

// Changing one of these orphans every order that is open at a broker.
// biome-ignore format: a table is read in columns
const GOLDEN: readonly (readonly [string, ChildIdentity, string])[] = [
  ["an entry",                    ENTRY,                                       "TTXRDS4N3YN238B871HB3DSHM"],
  ["its second attempt",          { ...ENTRY, attempt: 1 },                    "TP702S1V5F6TB1PSFEXJ1B7CG"],
  ["an exit, sliced and revised", { ...ENTRY, leg: "exit", slice: 2, revision: 12 }, "T6YH86XF3GRYY7DNGWYHETC5G"],
];

for (const [what, identity, id] of GOLDEN) {
  test(`the name of ${what} is frozen`, () => {
    assert.equal(correlationIdOf(identity, sha256Bytes), id);
    assert.equal(asCorrelationId(id), id);
    assert.equal(id.length, 25);
  });
}

test("each part of the identity gives another name", () => {
  const identities: ChildIdentity[] = [
    ENTRY,
    { ...ENTRY, leader: ASHA, follower: LEADER },
    { ...ENTRY, leaderOrderId: toBrokerOrderId("342260805001235") },
    { ...ENTRY, leg: "exit" },
    { ...ENTRY, slice: 1 },
    { ...ENTRY, revision: 1 },
    { ...ENTRY, attempt: 1 },
    { ...ENTRY, revision: 11 },
    { ...ENTRY, slice: 1, revision: 1 },
  ];
  const names = new Set(identities.map((identity) => correlationIdOf(identity, sha256Bytes)));
  assert.equal(names.size, identities.length);
});

test("digits of neighbouring parts do not run into each other", () => {
  const a = correlationIdOf({ ...ENTRY, slice: 1, revision: 11 }, sha256Bytes);
  const b = correlationIdOf({ ...ENTRY, slice: 11, revision: 1 }, sha256Bytes);
  assert.notEqual(a, b);
});

test("a digest of another length is a bug", () => {
  assert.throws(() => correlationIdOf(ENTRY, () => new Uint8Array(20)), /32 bytes/);
});
