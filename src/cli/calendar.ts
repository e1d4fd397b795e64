import { type Command, InvalidArgumentError } from "commander";
import { addJsonOption, type CommandFrame, EXIT_FAULT, EXIT_OK } from "./command-frame.ts";
import { table } from "./table.ts";
import type { Tone } from "./terminal.ts";

export interface CalendarRequest {
  /** "2026-11-23"; absent: today in India. */
  readonly date?: string;
  /** A configuration, for its calendarFile; absent: the calendar that comes with Tandem alone. */
  readonly config?: string;
}

export interface CalendarSpan {
  readonly kind: "pre-open" | "open";
  /** "09:15", in India; the first minute in, the last one out. */
  readonly from: string;
  readonly to: string;
}

/** One segment on that day. */
export interface CalendarRow {
  readonly segment: string;
  /** The calendar does not cover the day. */
  readonly isUnknown: boolean;
  /** None: closed all day. */
  readonly sessions: readonly CalendarSpan[];
  /** A holiday or special day by its name, "weekend", or "". */
  readonly day: string;
  /** When the broker closes intraday positions; "" where it is not known. */
  readonly squareOff: string;
  /** Today alone: "open", "pre-open", "closed". */
  readonly now?: "open" | "pre-open" | "closed" | "unknown";
  /** Today alone: what comes next in it, "open until 15:30". */
  readonly nowText: string;
}

export interface CalendarReport {
  readonly date: string;
  /** "Monday" */
  readonly weekday: string;
  /** "14:05" in India; absent for another day than today. */
  readonly time?: string;
  readonly segments: readonly CalendarRow[];
  readonly validFrom: string;
  readonly validTo: string;
  /** The file, and what it says of itself; that of the operator first. */
  readonly origins: readonly {
    readonly file: string;
    readonly source?: string;
    readonly asOf?: string;
  }[];
  /** What the operator should know: that it ends soon, or is not asked. */
  readonly remarks: readonly string[];
}

export type ReadCalendarDay = (request: CalendarRequest) => CalendarReport;

interface CalendarOptions extends CalendarRequest {
  readonly json?: true;
}

export function addCalendarCommand(
  program: Command,
  frame: CommandFrame,
  read: ReadCalendarDay,
): void {
  const command = program
    .command("calendar")
    .summary("show when each segment trades today")
    .description(
      "Shows the sessions of each segment, holidays and the broker's square-off times, in Indian " +
        "time. Exits 0 when the calendar covers the day, else 1.",
    )
    .option("--date <day>", "another day than today, as YYYY-MM-DD", dayText)
    .option("--config <file>", "with the calendarFile of this configuration");
  addJsonOption(command).action(({ json, ...request }: CalendarOptions) => {
    const report = read(request);
    if (json) frame.terminal.printJson(report);
    else printCalendar(report, frame.terminal);
    const isCovered = report.segments.every(({ isUnknown }) => !isUnknown);
    frame.finish(isCovered ? EXIT_OK : EXIT_FAULT);
  });
}

/** "2026-02-30" is no day either. */
function dayText(text: string): string {
  const atMs = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(text) : Number.NaN;
  const isDay = !Number.isNaN(atMs) && new Date(atMs).toISOString().startsWith(text);
  if (isDay) return text;
  throw new InvalidArgumentError('expected a day such as "2026-12-25"');
}

function printCalendar(report: CalendarReport, terminal: CommandFrame["terminal"]): void {
  const { date, weekday, time, segments, validFrom, validTo, origins, remarks } = report;
  terminal.print(`${weekday} ${date}${time === undefined ? "" : `, ${time}`} in India\n`);
  const rows = table(
    segments,
    [
      { header: "segment", text: ({ segment }) => segment, isWhole: true },
      { header: "sessions", text: sessionsText, isWhole: true },
      { header: "square-off", text: ({ squareOff }) => squareOff, isWhole: true },
      ...(time === undefined
        ? []
        : [
            {
              header: "now",
              text: ({ nowText }: CalendarRow) => nowText,
              tone: toneOfRow,
              isWhole: true,
            },
          ]),
      { header: "day", text: ({ day }) => day },
    ],
    terminal,
  );
  terminal.print(rows);
  const read = origins.map(({ file, asOf }) => (asOf === undefined ? file : `${file} of ${asOf}`));
  terminal.print(`\nRead in ${read.join(", then ")}; covers ${validFrom} to ${validTo}.`);
  for (const remark of remarks) terminal.print(remark);
}

/** "pre-open 09:00-09:15, 09:15-15:30" */
function sessionsText({ isUnknown, sessions }: CalendarRow): string {
  if (isUnknown) return "not known";
  if (sessions.length === 0) return "closed";
  return sessions
    .map(({ kind, from, to }) => `${kind === "pre-open" ? "pre-open " : ""}${from}-${to}`)
    .join(", ");
}

function toneOfRow({ now }: CalendarRow): Tone {
  if (now === "unknown") return "bad";
  return now === "closed" ? "quiet" : "good";
}
