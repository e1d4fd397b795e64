import assert from "node:assert/strict";
import { test } from "node:test";
import { formatKeep, keepOf, listsOf, parseKeep } from "./keep.ts";

const PLAN = {
  seed: 7,
  followers: ["asha", "ravi"],
  day: { acts: [{ at: [1, 2] }, 5, 6], gap: 1 },
};

test("the lists of a plan are its arrays that are in no other array", () => {
  assert.deepEqual(listsOf(PLAN), { followers: 2, "day.acts": 3 });
});

test("what is kept of a plan is the plan with fewer parts, and the rest as it was", () => {
  assert.deepEqual(keepOf(PLAN, { followers: [1], "day.acts": [0, 2] }), {
    seed: 7,
    followers: ["ravi"],
    day: { acts: [{ at: [1, 2] }, 6], gap: 1 },
  });
  assert.deepEqual(keepOf(PLAN, {}), PLAN);
});

test("a list or a part that does not exist is not kept in silence", () => {
  assert.throws(() => keepOf(PLAN, { crashes: [] }), /no list crashes; it has followers, day.acts/);
  assert.throws(() => keepOf(PLAN, { followers: [0, 2] }), /has 2 parts, there is none at 2/);
});

test("the short text says the same", () => {
  const keep = { "day.acts": [0, 2, 3, 4, 9], faults: [], followers: [1] };
  const text = "day.acts=0,2-4,9/faults=none/followers=1";
  assert.equal(formatKeep(keep), text);
  assert.deepEqual(parseKeep(text), keep);
  assert.deepEqual(parseKeep(""), {});
});

test("a text that says nothing is not read", () => {
  for (const text of [
    "acts",
    "acts=",
    "acts=3-1",
    "acts=2,1",
    "acts=1/acts=2",
    "acts=0-999999999",
  ]) {
    assert.equal(parseKeep(text), undefined, text);
  }
});
