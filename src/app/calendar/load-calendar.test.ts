import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import {
  type Calendar,
  isWeekend,
  type Span,
  segmentDayOf,
  sessionAt,
} from "../../core/model/calendar.ts";
import { type TradingDay, timeOfDay, toEpochMs } from "../../core/model/time.ts";
import { AppError } from "../../platform/fault.ts";
import { SEGMENTS } from "../config/contract.ts";
import { calendarRemarks, loadCalendar, readCalendar, readOwnCalendar } from "./load-calendar.ts";

const BUILT_IN = new URL("../../../data/market-calendar.yaml", import.meta.url);
const ours = readCalendar(readFileSync(BUILT_IN, "utf8"), "ours.yaml");
const ist = (text: string) => toEpochMs(Date.parse(`${text}+05:30`));

/** "09:00-09:15 09:15-15:30"; "closed". */
function spansOn(calendar: Calendar, segment: string, day: string): string {
  const hours = segmentDayOf(calendar, segment, day as TradingDay);
  assert.ok(hours, `${segment} is not covered on ${day}`);
  const words = ({ fromMinute, toMinute }: Span) =>
    `${timeOfDay(fromMinute)}-${timeOfDay(toMinute)}`;
  const spans = [...(hours.preOpen ? [hours.preOpen] : []), ...hours.open];
  return spans.length === 0 ? "closed" : spans.map(words).join(" ");
}

// biome-ignore format: a table is read in columns
const BUILT_IN_ROWS: readonly (readonly [string, string, string, string])[] = [
  ["2026-11-23", "NSE_EQ",       "09:00-09:15 09:15-15:30", "15:20"],
  ["2026-11-23", "NSE_FNO",      "09:15-15:40",             "15:20"],
  ["2026-07-31", "BSE_FNO",      "09:15-15:30",             "15:20"],
  ["2026-08-03", "BSE_FNO",      "09:15-15:40",             "15:20"],
  ["2026-11-23", "NSE_CURRENCY", "09:00-17:00",             "16:45"],
  ["2026-03-06", "MCX_COMM",     "09:00-23:55",             "23:45"],
  ["2026-03-09", "MCX_COMM",     "09:00-23:30",             "23:15"],
  ["2026-10-30", "MCX_COMM",     "09:00-23:30",             "23:15"],
  ["2026-11-02", "MCX_COMM",     "09:00-23:55",             "23:45"],
  ["2026-11-24", "MCX_COMM",     "17:00-23:55",             "23:45"],
  ["2026-11-24", "NSE_FNO",      "closed",                  ""],
  ["2026-12-25", "MCX_COMM",     "closed",                  ""],
  ["2026-04-01", "BSE_CURRENCY", "closed",                  ""],
  ["2026-04-01", "BSE_EQ",       "09:00-09:15 09:15-15:30", "15:20"],
  ["2026-02-01", "NSE_EQ",       "09:00-09:15 09:15-15:30", "15:20"],
  ["2026-02-01", "NSE_CURRENCY", "closed",                  ""],
];

for (const [day, segment, spans, squareOff] of BUILT_IN_ROWS) {
  test(`the calendar that comes with Tandem, ${segment} on ${day}: ${spans}`, () => {
    const { calendar } = loadCalendar();
    const minute = segmentDayOf(calendar, segment, day as TradingDay)?.squareOffMinute;
    assert.equal(spansOn(calendar, segment, day), spans);
    assert.equal(minute === undefined ? "" : timeOfDay(minute), squareOff);
  });
}

test("it has hours of every segment, 16 equity holidays on weekdays, and a source", () => {
  const { calendar, origins } = loadCalendar();
  assert.deepEqual([...calendar.segments.keys()].toSorted(), SEGMENTS.toSorted());
  const closed = [...(calendar.segments.get("NSE_EQ")?.named ?? [])].filter(
    ([day, { open }]) => open.length === 0 && !isWeekend(day),
  );
  assert.equal(closed.length, 16);
  assert.ok(origins[0]?.source && origins[0].asOf);
});

const OWN = `source: my broker's mail
validTo: "2027-06-30"
hours:
  NSE_CURRENCY: [{ from: "2026-01-01", open: "09:00-15:30" }]
days:
  "2026-11-24": { name: Moved, closed: [equity] }
  "2026-11-08":
    name: Muhurat
    open:
      NSE_EQ: { preOpen: "17:45-18:00", open: "18:00-19:00", squareOff: "18:45" }
  "2026-11-28":
    name: Drill
    open: { equity: { open: ["09:15-10:00", "11:30-12:30"] } }
`;

test("an own file's day takes the place of the whole day, its hours those of the segment", (t) => {
  const folder = mkdtempSync(join(tmpdir(), "tandem-calendar-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const path = join(folder, "own.yaml");
  assert.throws(() => loadCalendar(path), /cannot read the market calendar/);
  writeFileSync(path, OWN);
  const { calendar, origins } = loadCalendar(path);
  assert.equal(spansOn(calendar, "NSE_EQ", "2026-11-24"), "closed");
  assert.equal(spansOn(calendar, "MCX_COMM", "2026-11-24"), "09:00-23:55");
  assert.equal(spansOn(calendar, "NSE_EQ", "2026-11-08"), "17:45-18:00 18:00-19:00");
  assert.equal(spansOn(calendar, "MCX_COMM", "2026-11-08"), "closed");
  assert.equal(spansOn(calendar, "BSE_FNO", "2026-11-28"), "09:15-10:00 11:30-12:30");
  assert.equal(spansOn(calendar, "NSE_CURRENCY", "2026-11-23"), "09:00-15:30");
  assert.equal(spansOn(calendar, "BSE_CURRENCY", "2026-11-23"), "09:00-17:00");
  assert.equal(sessionAt(calendar, "NSE_EQ", ist("2027-06-30T10:00:00")).kind, "open");
  assert.deepEqual(origins[0], { file: path, source: "my broker's mail" });
});

// biome-ignore format: one row a line
const WRONG: readonly (readonly [string, string, RegExp])[] = [
  ["Drill", '""', /line 12, days\.2026-11-28\.name: expected a text that is not empty/],
  ["2027-06-30", "soon", /line 2, validTo: expected a day/],
  ["2027-06-30", "2025-06-30", /line 2, validTo: expected validFrom not after validTo/],
  ["2026-11-28", "2026-02-30", /line 11, days\.2026-02-30: expected a day/],
  ["2026-11-28", "2027-07-01", /days\.2027-07-01: expected a day from 2026-01-01 to 2027-06-30/],
  ["09:00-15:30", "9-15:30", /line 4, hours\.NSE_CURRENCY\[0\]\.open\[0\]: expected times of the Indian day/],
  ["09:00-15:30", "09:00-24:01", /expected times of the Indian day/],
  ["09:00-15:30", "15:30-09:00", /expected a begin before the end/],
  ["18:45", "6 pm", /line 10, .*squareOff: expected a time of the Indian day/],
  ["17:45-18:00", "17:45-18:01", /preOpen: expected an end not after the first session/],
  ['"11:30-12:30"', '"09:30-12:30"', /open\.equity\.open: expected sessions one after the other/],
  ["closed: [equity]", "closed: [NSE]", /line 6, .*closed\[0\]: expected one of NSE_EQ, .*equity/],
  ["closed: [equity]", "closed: []", /line 6, days\.2026-11-24: expected segments under closed or open/],
  ["closed: [equity]", "closed: [equity, NSE_EQ]", /expected each segment once/],
  ["  NSE_CURRENCY:", "  NSE_CASH:", /line 4, hours\.NSE_CASH: /],
  ["validTo:", "validUntil:", /line 2, validUntil: unknown key/],
  ["source: my", "source: a: b", /is not YAML: .*line 1/],
  [OWN, "", /expected a map with any of source/],
  [OWN, "[]", /expected a map with any of source/],
];

for (const [good, bad, message] of WRONG) {
  test(`an own file with ${JSON.stringify(bad).slice(0, 40)} is refused by its line and field`, () => {
    assert.throws(
      () => readOwnCalendar(OWN.replace(good, bad), "own.yaml", ours),
      (error) => {
        assert.ok(error instanceof AppError);
        assert.equal(error.code, "MARKET_CALENDAR_UNUSABLE");
        assert.match(error.message, /^own\.yaml is no/);
        assert.match(error.message, message);
        return true;
      },
    );
  });
}

test("the file on the guide's page is a right one", () => {
  const page = new URL("../../../docs/guide/calendar.md", import.meta.url);
  const [, block] = /^```yaml\n([\s\S]*?)^```$/m.exec(readFileSync(page, "utf8")) ?? [];
  assert.ok(block, "the page has an example");
  const own = readOwnCalendar(block, "calendar.md", ours);
  assert.deepEqual(Object.keys(own.days ?? {}), ["2026-12-04", "2026-12-06"]);
});

test("a whole calendar tells of every segment and names its source", () => {
  assert.throws(() => readCalendar(OWN, "ours.yaml"), /asOf: expected a day.*hours\.NSE_EQ: /s);
});

test("a month before its end it is told, and after it that entries are refused", () => {
  const { calendar } = loadCalendar();
  const at = (day: string) => calendarRemarks(calendar, ist(`${day}T23:59:59`)).join();
  assert.equal(at("2026-11-30"), "");
  assert.match(at("2026-12-01"), /ends on 2026-12-31: entries after that day are refused/);
  assert.match(at("2026-12-31"), /ends on/);
  assert.match(at("2027-01-01"), /ended on 2026-12-31: all entries are refused/);
});
