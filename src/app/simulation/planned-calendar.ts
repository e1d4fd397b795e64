/** When the market of a simulated day takes orders, by Tandem's calendar: the simulator has no hours. */
import type { Calendar, DayHours, SegmentCalendar } from "../../core/model/calendar.ts";
import type { TradingDay } from "../../core/model/time.ts";

export interface PlannedCalendar {
  /** From the first minute of the Indian day to the one at which it ends. */
  readonly spans: readonly (readonly [number, number])[];
  /** The days that it covers, one after the other: "2026-12-01". */
  readonly days: readonly string[];
}

const SEGMENTS = ["NSE_EQ", "NSE_FNO"];

export function calendarOf({ spans, days }: PlannedCalendar): Calendar {
  const hours: DayHours = {
    open: spans.map(([fromMinute, toMinute]) => ({ fromMinute, toMinute })),
  };
  const [first = ""] = days;
  const validFrom = first as TradingDay;
  const segment: SegmentCalendar = { usual: [{ from: validFrom, ...hours }], named: new Map() };
  return {
    validFrom,
    validTo: (days.at(-1) ?? first) as TradingDay,
    segments: new Map(SEGMENTS.map((name) => [name, segment])),
  };
}
