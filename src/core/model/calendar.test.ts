import assert from "node:assert/strict";
import { test } from "node:test";
import {
  type Calendar,
  isWeekend,
  minuteOfDayAt,
  type Session,
  segmentDayOf,
  sessionAt,
} from "./calendar.ts";
import { type TradingDay, toEpochMs } from "./time.ts";

const day = (text: string) => text as TradingDay;
const span = (fromMinute: number, toMinute: number) => ({ fromMinute, toMinute });
const [NINE, QUARTER_PAST_NINE, FIVE, CLOSE] = [540, 555, 1_020, 930];

const CALENDAR: Calendar = {
  validFrom: day("2026-01-01"),
  validTo: day("2026-12-31"),
  segments: new Map([
    [
      "NSE_EQ",
      {
        usual: [
          {
            from: day("2026-01-01"),
            preOpen: span(NINE, QUARTER_PAST_NINE),
            open: [span(QUARTER_PAST_NINE, CLOSE)],
            squareOffMinute: 920,
          },
        ],
        named: new Map([
          [day("2026-11-24"), { name: "Guru Nanak Jayanti", open: [] }],
          [
            day("2026-11-22"),
            { name: "Muhurat", preOpen: span(1_065, 1_080), open: [span(1_080, 1_140)] },
          ],
          [day("2026-11-28"), { name: "Drill", open: [span(555, 600), span(690, 750)] }],
          [day("2026-11-29"), { name: "A feast on a Sunday", open: [] }],
        ]),
      },
    ],
    [
      "BSE_FNO",
      {
        usual: [{ from: day("2026-06-01"), open: [span(QUARTER_PAST_NINE, CLOSE)] }],
        named: new Map(),
      },
    ],
    [
      "MCX_COMM",
      {
        usual: [
          { from: day("2026-01-01"), open: [span(NINE, 1_435)], squareOffMinute: 1_425 },
          { from: day("2026-03-09"), open: [span(NINE, 1_410)], squareOffMinute: 1_395 },
        ],
        named: new Map([
          [day("2026-11-24"), { name: "Guru Nanak Jayanti", open: [span(FIVE, 1_410)] }],
          [day("2026-11-26"), { name: "Half a day", open: [span(NINE, FIVE)] }],
        ]),
      },
    ],
  ]),
};

const ist = (text: string) => toEpochMs(Date.parse(`${text}+05:30`));

function words(session: Session): string {
  switch (session.kind) {
    case "closed":
      return [session.why, session.name, session.opensMinute, session.closedMinute]
        .filter((part) => part !== undefined)
        .join(" ");
    case "unknown":
      return "unknown";
    default:
      return `${session.kind} to ${session.toMinute}`;
  }
}

// Monday is 23 November 2026.
// biome-ignore format: a table is read in columns
const ROWS: readonly (readonly [string, string, string, string])[] = [
  ["a millisecond before pre-open",      "NSE_EQ",   "2026-11-23T08:59:59.999", "before-open 540"],
  ["the first millisecond of pre-open",  "NSE_EQ",   "2026-11-23T09:00:00.000", "pre-open to 555"],
  ["the last one of it",                 "NSE_EQ",   "2026-11-23T09:14:59.999", "pre-open to 555"],
  ["the first one of the session",       "NSE_EQ",   "2026-11-23T09:15:00.000", "open to 930"],
  ["the last one of it",                 "NSE_EQ",   "2026-11-23T15:29:59.999", "open to 930"],
  ["its end",                            "NSE_EQ",   "2026-11-23T15:30:00.000", "after-close 930"],
  ["no pre-open elsewhere",              "MCX_COMM", "2026-11-23T08:59:59.999", "before-open 540"],
  ["the evening of commodities",         "MCX_COMM", "2026-11-23T23:29:59.999", "open to 1410"],
  ["their end by daylight time",         "MCX_COMM", "2026-11-23T23:30:00.000", "after-close 1410"],
  ["their end before it",                "MCX_COMM", "2026-03-06T23:54:59.999", "open to 1435"],
  ["the last millisecond of a day",      "MCX_COMM", "2026-11-23T23:59:59.999", "after-close 1410"],
  ["the first one of the next",          "MCX_COMM", "2026-11-25T00:00:00.000", "before-open 540"],
  ["a holiday",                          "NSE_EQ",   "2026-11-24T10:00:00.000", "holiday Guru Nanak Jayanti"],
  ["its morning at MCX",                 "MCX_COMM", "2026-11-24T16:59:59.999", "before-open Guru Nanak Jayanti 1020"],
  ["its evening at MCX",                 "MCX_COMM", "2026-11-24T17:00:00.000", "open to 1410"],
  ["a Saturday",                         "MCX_COMM", "2026-11-21T10:00:00.000", "weekend"],
  ["a Sunday",                           "MCX_COMM", "2026-11-22T10:00:00.000", "weekend"],
  ["a holiday on a Sunday",              "NSE_EQ",   "2026-11-29T10:00:00.000", "holiday A feast on a Sunday"],
  ["before a session on a Sunday",       "NSE_EQ",   "2026-11-22T17:44:59.999", "before-open Muhurat 1065"],
  ["its pre-open",                       "NSE_EQ",   "2026-11-22T17:45:00.000", "pre-open to 1080"],
  ["a session on a Sunday",              "NSE_EQ",   "2026-11-22T18:00:00.000", "open to 1140"],
  ["its last millisecond",               "NSE_EQ",   "2026-11-22T18:59:59.999", "open to 1140"],
  ["its end",                            "NSE_EQ",   "2026-11-22T19:00:00.000", "after-close Muhurat 1140"],
  ["between two sessions",               "NSE_EQ",   "2026-11-28T10:00:00.000", "between-sessions Drill 690 600"],
  ["the second of them",                 "NSE_EQ",   "2026-11-28T12:29:59.999", "open to 750"],
  ["the first moment that is covered",   "MCX_COMM", "2026-01-01T00:00:00.000", "before-open 540"],
  ["the moment before",                  "MCX_COMM", "2025-12-31T23:59:59.999", "unknown"],
  ["the last day that is covered",       "MCX_COMM", "2026-12-31T23:29:59.999", "open to 1410"],
  ["the day after",                      "MCX_COMM", "2027-01-01T00:00:00.000", "unknown"],
  ["another segment",                    "NSE_FNO",  "2026-11-23T10:00:00.000", "unknown"],
  ["before the segment's first hours",   "BSE_FNO",  "2026-05-29T10:00:00.000", "unknown"],
  ["from them on",                       "BSE_FNO",  "2026-06-01T10:00:00.000", "open to 930"],
];

for (const [what, segment, at, answer] of ROWS) {
  test(`${what} (${segment}, ${at}): ${answer}`, () => {
    assert.equal(words(sessionAt(CALENDAR, segment, ist(at))), answer);
  });
}

test("the minute of the Indian day, whatever the host's zone", () => {
  assert.equal(minuteOfDayAt(ist("2026-11-23T00:00:59.999")), 0);
  assert.equal(minuteOfDayAt(ist("2026-11-23T23:59:00.000")), 1_439);
});

test("Saturdays and Sundays, from far back on", () => {
  const days = ["1970-01-03", "1970-01-04", "2026-02-01", "2028-02-27"];
  assert.deepEqual(
    days.map((text) => isWeekend(day(text))),
    [true, true, true, true],
  );
  const others = ["1970-01-02", "1970-01-05", "2026-02-02", "2028-02-29"];
  assert.deepEqual(
    others.map((text) => isWeekend(day(text))),
    [false, false, false, false],
  );
});

test("a day of its own keeps the usual square-off time only where the segment trades then", () => {
  const squareOff = (segment: string, text: string) =>
    segmentDayOf(CALENDAR, segment, day(text))?.squareOffMinute;
  assert.equal(squareOff("MCX_COMM", "2026-11-24"), 1_395);
  assert.equal(squareOff("MCX_COMM", "2026-11-26"), undefined);
  assert.equal(squareOff("NSE_EQ", "2026-11-22"), undefined);
  assert.equal(squareOff("NSE_EQ", "2026-11-23"), 920);
});
