/**
 * When each segment trades: its usual days, and the days that are different, as dated data that
 * somebody else has read.
 *
 * Keeps: what the data does not cover is `unknown`, never taken for open or closed.
 * Does not: read a clock or a file; decide what is refused (risk/session.ts).
 */
import { type EpochMs, IST_OFFSET_MS, type TradingDay, tradingDayOf } from "./time.ts";

/** Minutes of the Indian day, the first one in and the last one out. */
export interface Span {
  readonly fromMinute: number;
  readonly toMinute: number;
}

export interface DayHours {
  /** The exchange collects orders and does not trade yet. Absent where there is no such session. */
  readonly preOpen?: Span;
  /** In their order, apart from each other; none: closed all day. */
  readonly open: readonly Span[];
  /** When the broker closes intraday positions. Absent where it is not known. */
  readonly squareOffMinute?: number;
}

/** The hours of Monday to Friday from a day on. */
export interface UsualHours extends DayHours {
  readonly from: TradingDay;
}

/** A holiday, or a day with sessions of its own. It may be a Sunday. */
export interface NamedDay extends DayHours {
  /** "Diwali Laxmi Pujan" */
  readonly name: string;
}

export interface SegmentCalendar {
  /** Oldest first. */
  readonly usual: readonly UsualHours[];
  readonly named: ReadonlyMap<TradingDay, NamedDay>;
}

export interface Calendar {
  /** The first and the last day that it tells of. */
  readonly validFrom: TradingDay;
  readonly validTo: TradingDay;
  /** By "NSE_EQ". */
  readonly segments: ReadonlyMap<string, SegmentCalendar>;
}

/** One day of one segment. */
export interface SegmentDay extends DayHours {
  /** Of a named day. */
  readonly name?: string;
  readonly isWeekend: boolean;
}

export type ClosedWhy = "holiday" | "weekend" | "before-open" | "between-sessions" | "after-close";

/** What a segment does at one moment. */
export type Session =
  | { readonly kind: "open" | "pre-open"; readonly toMinute: number }
  | {
      readonly kind: "closed";
      readonly why: ClosedWhy;
      /** Of a named day. */
      readonly name?: string;
      /** When it opens next on this day, and when it has closed. */
      readonly opensMinute?: number;
      readonly closedMinute?: number;
    }
  /** The calendar does not cover the day or the segment. */
  | { readonly kind: "unknown" };

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const DAYS_OF_WEEK = 7;
/** 1 January 1970 was a Thursday; Sunday is 0. */
const WEEKDAY_OF_EPOCH = 4;
const SUNDAY = 0;
const SATURDAY = 6;

/** Minutes since midnight in India. */
export function minuteOfDayAt(atMs: EpochMs): number {
  const sinceMidnightMs = (atMs + IST_OFFSET_MS) % DAY_MS;
  return Math.floor(sinceMidnightMs / MINUTE_MS);
}

export function isWeekend(day: TradingDay): boolean {
  const weekday = (Date.parse(day) / DAY_MS + WEEKDAY_OF_EPOCH) % DAYS_OF_WEEK;
  return weekday === SUNDAY || weekday === SATURDAY;
}

/** The segment's hours on a day; undefined where the calendar does not cover it. */
export function segmentDayOf(
  { validFrom, validTo, segments }: Calendar,
  segment: string,
  day: TradingDay,
): SegmentDay | undefined {
  const known = segments.get(segment);
  if (known === undefined || day < validFrom || day > validTo) return undefined;
  const usual = known.usual.findLast(({ from }) => from <= day);
  if (usual === undefined) return undefined;
  const named = known.named.get(day);
  const weekend = isWeekend(day);
  if (named !== undefined) return { ...withSquareOff(named, usual), isWeekend: weekend };
  if (weekend) return { open: [], isWeekend: true };
  const { from: _, ...hours } = usual;
  return { ...hours, isWeekend: false };
}

/** A named day that says nothing of it keeps the usual time, if the segment trades then. */
function withSquareOff(named: NamedDay, { squareOffMinute }: UsualHours): NamedDay {
  if (named.squareOffMinute !== undefined || squareOffMinute === undefined) return named;
  const isTrading = named.open.some((span) => isWithin(squareOffMinute, span));
  return isTrading ? { ...named, squareOffMinute } : named;
}

/** What the segment does at `atMs`. */
export function sessionAt(calendar: Calendar, segment: string, atMs: EpochMs): Session {
  const day = segmentDayOf(calendar, segment, tradingDayOf(atMs));
  return day === undefined ? { kind: "unknown" } : sessionOf(day, minuteOfDayAt(atMs));
}

function sessionOf({ name, isWeekend, preOpen, open }: SegmentDay, minute: number): Session {
  const now = open.find((span) => isWithin(minute, span));
  if (now !== undefined) return { kind: "open", toMinute: now.toMinute };
  if (preOpen !== undefined && isWithin(minute, preOpen)) {
    return { kind: "pre-open", toMinute: preOpen.toMinute };
  }
  const named = name === undefined ? {} : { name };
  if (open.length === 0) {
    // A holiday on a Sunday is told by its name.
    const why = isWeekend && name === undefined ? "weekend" : "holiday";
    return { kind: "closed", why, ...named };
  }
  const spans = preOpen === undefined ? open : [preOpen, ...open];
  const next = spans.find(({ fromMinute }) => fromMinute > minute);
  const last = spans.findLast(({ toMinute }) => toMinute <= minute);
  return {
    kind: "closed",
    why: whyClosed(next, last),
    ...named,
    ...(next && { opensMinute: next.fromMinute }),
    ...(last && { closedMinute: last.toMinute }),
  };
}

function whyClosed(next: Span | undefined, last: Span | undefined): ClosedWhy {
  if (next === undefined) return "after-close";
  return last === undefined ? "before-open" : "between-sessions";
}

function isWithin(minute: number, { fromMinute, toMinute }: Span): boolean {
  return minute >= fromMinute && minute < toMinute;
}
