import assert from "node:assert/strict";
import { test } from "node:test";
import { toEpochMs } from "../../core/model/time.ts";
import { epochMsFromIst, firstIstTime } from "./time.ts";

// What the wire writes, and the same instant with its zone.
const ROWS: readonly (readonly [string, string | undefined])[] = [
  ["2026-08-05 10:02:11", "2026-08-05T10:02:11+05:30"],
  ["2026-08-05 00:00:00", "2026-08-04T18:30:00Z"],
  ["2026-08-05T10:02:11", "2026-08-05T10:02:11+05:30"],
  ["2026-08-05 10:02:11.0", "2026-08-05T10:02:11+05:30"],
  ["2026-08-05 10:02:11.25", "2026-08-05T10:02:11.250+05:30"],
  ["2028-02-29 23:59:59", "2028-02-29T23:59:59+05:30"],
  ["0001-01-01 00:00:00", undefined],
  ["0001-01-01", undefined],
  ["NA", undefined],
  ["", undefined],
  ["2026-13-05 10:02:11", undefined],
  ["05/08/2026 10:02", undefined],
];

for (const [text, instant] of ROWS) {
  test(`"${text}" is ${instant ?? "no time"}`, () => {
    assert.equal(epochMsFromIst(text), instant === undefined ? undefined : Date.parse(instant));
  });
}

test("the first text that tells a time is taken, and ours when none does", () => {
  const otherwise = toEpochMs(42);
  const expected = Date.parse("2026-08-05T10:02:11+05:30");
  const told = firstIstTime(["0001-01-01 00:00:00", "2026-08-05 10:02:11"], otherwise);
  assert.equal(told, expected);
  assert.equal(firstIstTime(["NA", ""], otherwise), 42);
});
