import assert from "node:assert/strict";
import { test } from "node:test";
import { Command } from "commander";
import {
  addCalendarCommand,
  type CalendarReport,
  type CalendarRequest,
  type CalendarRow,
} from "./calendar.ts";

const OPEN: CalendarRow = {
  segment: "NSE_EQ",
  isUnknown: false,
  sessions: [
    { kind: "pre-open", from: "09:00", to: "09:15" },
    { kind: "open", from: "09:15", to: "15:30" },
  ],
  day: "",
  squareOff: "15:20",
  now: "open",
  nowText: "open until 15:30",
};
const HOLIDAY: CalendarRow = {
  segment: "NSE_FNO",
  isUnknown: false,
  sessions: [],
  day: "Christmas",
  squareOff: "",
  now: "closed",
  nowText: "closed",
};
const REPORT: CalendarReport = {
  date: "2026-11-23",
  weekday: "Monday",
  time: "14:05",
  segments: [OPEN, HOLIDAY],
  validFrom: "2026-01-01",
  validTo: "2026-12-31",
  origins: [{ file: "own.yaml" }, { file: "data/ours.yaml", source: "NSE", asOf: "2026-11-20" }],
  remarks: ["it ends soon"],
};

async function show(report: CalendarReport, ...args: readonly string[]) {
  const asked: CalendarRequest[] = [];
  const printed: string[] = [];
  let code: number | undefined;
  const terminal = {
    columns: 100,
    paint: (tone: string, text: string) => (tone === "bad" ? `!${text}!` : text),
    print: (text: string) => printed.push(text),
    printJson: (value: unknown) => printed.push(JSON.stringify(value)),
  };
  const frame = { terminal, untilStopped: async () => {}, finish: (exit: number) => (code = exit) };
  const program = new Command();
  addCalendarCommand(program, frame as never, (request) => {
    asked.push(request);
    return report;
  });
  await program.parseAsync(["calendar", ...args], { from: "user" });
  return { asked, out: printed.join("\n"), code };
}

test("a line for each segment, with sessions, square-off, what it does now and the holiday", async () => {
  const { out, code, asked } = await show(REPORT);
  assert.equal(
    out,
    [
      "Monday 2026-11-23, 14:05 in India",
      "",
      "segment  sessions                           square-off  now               day",
      "NSE_EQ   pre-open 09:00-09:15, 09:15-15:30  15:20       open until 15:30",
      "NSE_FNO  closed                                         closed            Christmas",
      "",
      "Read in own.yaml, then data/ours.yaml of 2026-11-20; covers 2026-01-01 to 2026-12-31.",
      "it ends soon",
    ].join("\n"),
  );
  assert.deepEqual([asked, code], [[{}], 0]);
});

test("another day has no column for now, and is asked for by its date", async () => {
  const { time: _, ...other } = REPORT;
  const { out, asked } = await show(other, "--date", "2026-12-25", "--config", "tandem.yaml");
  assert.doesNotMatch(out, /now|until 15:30|14:05/);
  assert.deepEqual(asked, [{ date: "2026-12-25", config: "tandem.yaml" }]);
});

test("a day that the calendar does not cover is told, and exits 1", async () => {
  const unknown = {
    ...HOLIDAY,
    isUnknown: true,
    now: "unknown",
    nowText: "not known",
    day: "",
  } as const;
  const { out, code } = await show({ ...REPORT, segments: [OPEN, unknown] });
  assert.match(out, /^NSE_FNO +not known +!not known!$/m);
  assert.equal(code, 1);
});

test("as JSON for programs", async () => {
  assert.deepEqual(JSON.parse((await show(REPORT, "--json")).out), REPORT);
});
