/**
 * The market calendar that comes with Tandem, and what an operator's own file says otherwise.
 *
 * Keeps: of his file a day takes the place of the whole day, and hours those of the whole segment. A
 * day outside of what the calendar covers is refused: nobody would ever look at it.
 */
import { readFileSync } from "node:fs";
import type { z } from "zod";
import type { Calendar, DayHours, NamedDay, SegmentCalendar } from "../../core/model/calendar.ts";
import { beginOfDay, type EpochMs, type TradingDay, tradingDayOf } from "../../core/model/time.ts";
import { AppError } from "../../platform/fault.ts";
import { readSmallYaml } from "../small-yaml.ts";
import {
  type CalendarFile,
  calendarFile,
  type PartialCalendarFile,
  partialCalendarFile,
  segmentsOf,
} from "./calendar-file.ts";

export interface LoadedCalendar {
  readonly calendar: Calendar;
  /** Where it was read, for people: the files, the sources and their dates. */
  readonly origins: readonly CalendarOrigin[];
}

export interface CalendarOrigin {
  readonly file: string;
  /** Absent where the file does not say. */
  readonly source?: string;
  /** "2026-11-23" */
  readonly asOf?: string;
}

const BUILT_IN = new URL("../../../data/market-calendar.yaml", import.meta.url);
const BUILT_IN_NAME = "data/market-calendar.yaml";
const DAY_MS = 86_400_000;
/** Long enough to find the lists of the next year, which come in December. */
const REMARK_DAYS = 30;

/** `path`: of a file whose parts take the place of ours. Throws an AppError. */
export function loadCalendar(path?: string): LoadedCalendar {
  const ours = readCalendar(textOf(BUILT_IN), BUILT_IN_NAME);
  if (path === undefined)
    return { calendar: calendarOf(ours), origins: [originOf(BUILT_IN_NAME, ours)] };
  const own = readOwnCalendar(textOf(path), path, ours);
  return {
    calendar: calendarOf(merged(ours, own)),
    origins: [originOf(path, own), originOf(BUILT_IN_NAME, ours)],
  };
}

/** A whole calendar; `origin` is the file's name in messages. Throws an AppError. */
export function readCalendar(text: string, origin: string): CalendarFile {
  return read(
    text,
    origin,
    calendarFile.superRefine((file, context) => checkDays(file, file, context)),
  );
}

/** A file that changes `base`. Throws an AppError. */
export function readOwnCalendar(
  text: string,
  origin: string,
  base: CalendarFile,
): PartialCalendarFile {
  const schema = partialCalendarFile.superRefine((own, context) =>
    checkDays(own, merged(base, own), context),
  );
  return read(text, origin, schema);
}

function read<Schema extends z.ZodType>(text: string, origin: string, schema: Schema) {
  return readSmallYaml(text, { schema, origin, what: "market calendar", unusable });
}

/** Days that a person has written down and that nothing would ever look at. */
function checkDays(
  { days = {}, validTo: ownValidTo }: PartialCalendarFile,
  { validFrom, validTo }: CalendarFile,
  context: z.core.$RefinementCtx,
): void {
  if (validFrom > validTo) {
    const path = [ownValidTo === undefined ? "validFrom" : "validTo"];
    context.addIssue({ code: "custom", path, message: "expected validFrom not after validTo" });
    return;
  }
  for (const day of Object.keys(days)) {
    if (day >= validFrom && day <= validTo) continue;
    const message = `expected a day from ${validFrom} to ${validTo} (validFrom and validTo)`;
    context.addIssue({ code: "custom", path: ["days", day], message });
  }
}

function merged(base: CalendarFile, own: PartialCalendarFile): CalendarFile {
  return {
    ...base,
    ...(own.validFrom === undefined ? {} : { validFrom: own.validFrom }),
    ...(own.validTo === undefined ? {} : { validTo: own.validTo }),
    hours: { ...base.hours, ...own.hours },
    days: { ...base.days, ...own.days },
  };
}

export function calendarOf({ validFrom, validTo, hours, days }: CalendarFile): Calendar {
  const segments = Object.entries(hours).map(([segment, rows]): [string, SegmentCalendar] => {
    const usual = rows.map(({ from, ...row }) => ({ from: from as TradingDay, ...hoursOf(row) }));
    return [segment, { usual, named: namedDaysOf(segment, days) }];
  });
  return {
    validFrom: validFrom as TradingDay,
    validTo: validTo as TradingDay,
    segments: new Map(segments),
  };
}

function namedDaysOf(segment: string, days: CalendarFile["days"]): Map<TradingDay, NamedDay> {
  const found = Object.entries(days).flatMap(([day, { name, closed, open }]) => {
    const isClosed = closed.flatMap(segmentsOf).includes(segment);
    const own = Object.entries(open).find(([key]) => segmentsOf(key as never).includes(segment));
    if (own === undefined && !isClosed) return [];
    const hours = own === undefined ? { open: [] } : hoursOf(own[1]);
    return [[day as TradingDay, { name, ...hours }] as const];
  });
  return new Map(found);
}

type FileHours = Omit<CalendarFile["hours"]["NSE_EQ"][number], "from">;

function hoursOf({ preOpen, open, squareOff }: FileHours): DayHours {
  return {
    ...(preOpen && { preOpen }),
    open,
    ...(squareOff === undefined ? {} : { squareOffMinute: squareOff }),
  };
}

function originOf(file: string, { source, asOf }: PartialCalendarFile): CalendarOrigin {
  return {
    file,
    ...(source === undefined ? {} : { source }),
    ...(asOf === undefined ? {} : { asOf }),
  };
}

/** What the operator should know at the start: that it has ended, or will soon. */
export function calendarRemarks({ validTo }: Calendar, nowMs: EpochMs): readonly string[] {
  const today = tradingDayOf(nowMs);
  const how = "renew it under broker.calendarFile; see `tandem calendar`";
  if (today > validTo) {
    return [`the market calendar ended on ${validTo}: all entries are refused; ${how}`];
  }
  const daysLeft = (beginOfDay(validTo) - beginOfDay(today)) / DAY_MS;
  if (daysLeft > REMARK_DAYS) return [];
  return [`the market calendar ends on ${validTo}: entries after that day are refused; ${how}`];
}

function textOf(place: string | URL): string {
  try {
    return readFileSync(place, "utf8");
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    throw unusable(`cannot read the market calendar: ${problem}`, error);
  }
}

function unusable(message: string, cause?: unknown): AppError {
  return new AppError({
    code: "MARKET_CALENDAR_UNUSABLE",
    message,
    remedy:
      "Correct the file under broker.calendarFile, or leave the key out to take the calendar that comes with Tandem.",
    ...(cause === undefined ? {} : { cause }),
  });
}
