import assert from "node:assert/strict";
import { test } from "node:test";
import { toEpochMs } from "../core/model/time.ts";
import { formatIstDateTime, formatIstTime } from "./ist.ts";

test("an instant is shown in India's time, whatever zone the machine is in", () => {
  const opening = toEpochMs(Date.UTC(2026, 7, 21, 3, 45, 0, 42));
  assert.equal(formatIstTime(opening), "09:15:00.042");
  assert.equal(formatIstDateTime(opening), "2026-08-21 09:15:00");
});

test("the date turns at midnight in India", () => {
  const lastOfYear = toEpochMs(Date.UTC(2026, 11, 31, 18, 29, 59, 999));
  assert.equal(formatIstDateTime(lastOfYear), "2026-12-31 23:59:59");
  assert.equal(formatIstDateTime(toEpochMs(lastOfYear + 1)), "2027-01-01 00:00:00");
});
