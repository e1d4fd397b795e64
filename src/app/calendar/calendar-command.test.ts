import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { toEpochMs } from "../../core/model/time.ts";
import { EXAMPLE, exampleVariables } from "../config/example-config.ts";
import { calendarDay } from "./calendar-command.ts";

const ist = (text: string) => toEpochMs(Date.parse(`${text}+05:30`));
const HERE = { environment: {}, folder: "/nowhere" };

function segment(report: ReturnType<typeof calendarDay>, name: string) {
  const row = report.segments.find(({ segment }) => segment === name);
  assert.ok(row, name);
  return row;
}

test("today: what each segment does now, in Indian time", () => {
  const report = calendarDay({}, HERE, ist("2026-11-23T16:40:00"));
  const { date, weekday, time, remarks } = report;
  assert.deepEqual([date, weekday, time, remarks], ["2026-11-23", "Monday", "16:40", []]);
  assert.equal(segment(report, "NSE_EQ").nowText, "closed");
  assert.equal(segment(report, "NSE_CURRENCY").nowText, "open until 17:00");
  assert.deepEqual(segment(report, "MCX_COMM").sessions, [
    { kind: "open", from: "09:00", to: "23:55" },
  ]);
  assert.equal(segment(report, "MCX_COMM").squareOff, "23:45");
});

test("before the open it says when, on a holiday which, at a weekend that", () => {
  const early = calendarDay({}, HERE, ist("2026-11-24T08:00:00"));
  assert.equal(segment(early, "MCX_COMM").nowText, "closed, opens at 17:00");
  assert.equal(segment(early, "NSE_EQ").day, "Guru Nanak Jayanti");
  const sunday = calendarDay({}, HERE, ist("2026-11-22T10:00:00"));
  assert.deepEqual([sunday.weekday, segment(sunday, "MCX_COMM").day], ["Sunday", "weekend"]);
});

test("another day has no now, also around midnight in India", () => {
  const report = calendarDay({ date: "2026-12-25" }, HERE, ist("2026-12-24T23:59:59"));
  assert.deepEqual([report.time, segment(report, "NSE_EQ").now], [undefined, undefined]);
  assert.equal(calendarDay({}, HERE, ist("2026-12-25T00:00:00")).date, "2026-12-25");
});

test("a day that is not covered is unknown, with the remark that the calendar has ended", () => {
  const report = calendarDay({}, HERE, ist("2027-01-04T10:00:00"));
  assert.ok(report.segments.every(({ isUnknown, now }) => isUnknown && now === "unknown"));
  assert.match(report.remarks.join(), /ended on 2026-12-31: all entries are refused/);
});

test("a configuration brings its own file, and says that nothing is asked of it", (t) => {
  const folder = mkdtempSync(join(tmpdir(), "tandem-calendar-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const config = EXAMPLE.replace(
    "calendar: always-open",
    "calendar: always-open\n  calendarFile: own.yaml",
  );
  writeFileSync(join(folder, "tandem.yaml"), config);
  writeFileSync(
    join(folder, "own.yaml"),
    'days: { "2026-11-23": { name: A feast, closed: [all] } }',
  );
  const names = [...config.matchAll(/\$\{(\w+)\}/g)].map(([, name = ""]) => name);
  const environment = Object.fromEntries(names.map((name) => [name, exampleVariables(name)]));
  const request = { config: join(folder, "tandem.yaml") };
  const report = calendarDay(request, { environment, folder }, ist("2026-11-23T10:00:00"));
  assert.deepEqual(segment(report, "NSE_EQ").sessions, []);
  assert.equal(segment(report, "NSE_EQ").day, "A feast");
  assert.equal(report.origins[0]?.file, join(folder, "own.yaml"));
  assert.match(report.remarks.join(), /always-open/);
});
