import assert from "node:assert/strict";
import { test } from "node:test";
import type { AccountTruth } from "../../simulator/index.ts";
import { exitDifferences } from "./exit-differences.ts";
import type { ExpectedExit } from "./expected-exits.ts";

type GroupTruth = AccountTruth["groups"][number];
type Exit = NonNullable<GroupTruth["moments"][number]["stop"]>;

const STOP: Exit = {
  orderId: "2",
  status: "working",
  price: 390,
  trailingJump: 0,
  quantity: 100,
  filledQuantity: 0,
};
const EXPECTED: ExpectedExit = { level: 390, quantity: 100, filled: 0, status: "working" };

/** A group with this stop and no target. */
function groupWith(stop: Exit | null): GroupTruth {
  const entry = { entryStatus: "TRADED", unitsIn: 100, unitsOut: 0, unprotected: 0 };
  return {
    kind: "super",
    entryId: "1",
    correlationId: "NA",
    targetId: null,
    stopId: "2",
    moments: [{ atMs: 1, ...entry, target: null, stop }],
  };
}

const found = (stop: Exit | null, expected?: ExpectedExit) =>
  exitDifferences(groupWith(stop), expected === undefined ? {} : { stop: expected });

test("an exit that is as it should be says nothing", () => {
  assert.deepEqual(found(STOP, EXPECTED), []);
});

test("an exit that is missing is named with its level", () => {
  assert.deepEqual(found(null, EXPECTED), ["has no stop, expected one at 390"]);
  assert.deepEqual(exitDifferences(undefined, { stop: EXPECTED }), [
    "has no stop, expected one at 390",
  ]);
});

test("an exit that nobody asked for is named", () => {
  assert.deepEqual(found(STOP), ["has a stop, expected none"]);
  assert.deepEqual(exitDifferences(groupWith(STOP), undefined), ["has exits, expected none"]);
});

test("every field that differs is named", () => {
  const stop = { ...STOP, price: 391, quantity: 60, filledQuantity: 40, status: "filled" } as const;
  assert.deepEqual(found(stop, EXPECTED), [
    "has a stop with level 391, expected 390",
    "has a stop with quantity 60, expected 100",
    "has a stop with filled 40, expected 0",
    "has a stop with status filled, expected working",
  ]);
});

test("an exit that still waits as a distance has no level to compare", () => {
  const waiting = { ...STOP, status: "waiting", price: 0, quantity: 0 } as const;
  assert.deepEqual(found(waiting, { ...EXPECTED, status: "waiting", quantity: 0 }), []);
  assert.equal(found({ ...STOP, price: 0 }, EXPECTED).length, 1);
});
