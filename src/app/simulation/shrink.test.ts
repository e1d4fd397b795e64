import assert from "node:assert/strict";
import { test } from "node:test";
import { shrink } from "./shrink.ts";

const LISTS = { faults: 12, acts: 40, followers: 4 };

test("only what the failure needs is left, in few runs", async () => {
  const { keep, runs, isSmallest } = await shrink({
    lists: LISTS,
    stillFails: async ({ faults = [], acts = [], followers = [] }) => {
      const needsActs = [3, 17, 18].every((place) => acts.includes(place));
      return needsActs && faults.includes(5) && followers.length > 0;
    },
    runsMax: 1_000,
  });
  assert.deepEqual(keep, { faults: [5], acts: [3, 17, 18], followers: [0] });
  assert.ok(isSmallest);
  assert.ok(runs < 120, `${runs} runs`);
});

test("what becomes needless later is found in another round", async () => {
  // A fault is needed as long as its follower is there.
  const { keep } = await shrink({
    lists: { faults: 2, followers: 2 },
    stillFails: async ({ faults = [], followers = [] }) => {
      return followers.includes(0) && followers.every((place) => faults.includes(place));
    },
    runsMax: 100,
  });
  assert.deepEqual(keep, { faults: [0], followers: [0] });
});

test("it ends where it is told to, with what it has", async () => {
  const { keep, runs, isSmallest } = await shrink({
    lists: LISTS,
    stillFails: async ({ faults = [] }) => faults.length === 0,
    runsMax: 1,
  });
  assert.deepEqual(keep, { faults: [] });
  assert.deepEqual([runs, isSmallest], [1, false]);
});
