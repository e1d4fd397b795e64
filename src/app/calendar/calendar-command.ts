/** What `tandem calendar` does: the calendar of a configuration, and no broker. */
import type {
  CalendarReport,
  CalendarRequest,
  CalendarRow,
  CalendarSpan,
} from "../../cli/calendar.ts";
import {
  type Calendar,
  isWeekend,
  minuteOfDayAt,
  type SegmentDay,
  type Session,
  type Span,
  segmentDayOf,
  sessionAt,
} from "../../core/model/calendar.ts";
import {
  beginOfDay,
  type EpochMs,
  type TradingDay,
  timeOfDay,
  tradingDayOf,
} from "../../core/model/time.ts";
import { loadConfig } from "../config/load-config.ts";
import type { BrokerSettings } from "../config/settings.ts";
import type { Surroundings } from "../settings-commands.ts";
import { calendarRemarks, loadCalendar } from "./load-calendar.ts";

const WEEKDAYS = new Intl.DateTimeFormat("en", { weekday: "long", timeZone: "Asia/Kolkata" });
const ALWAYS_OPEN =
  "broker.calendar is always-open: entries are copied at any time, and none of this is asked";

/** Throws an AppError for a configuration or a calendar that cannot be used. */
export function calendarDay(
  { date, config }: CalendarRequest,
  { environment, folder }: Surroundings,
  nowMs: EpochMs,
): CalendarReport {
  const broker: Partial<BrokerSettings> =
    config === undefined ? {} : loadConfig({ file: config, environment, folder }).settings.broker;
  const { calendar, origins } = loadCalendar(broker.calendarFile);
  const today = tradingDayOf(nowMs);
  const day = (date ?? today) as TradingDay;
  const at = day === today ? nowMs : undefined;
  const { validFrom, validTo, segments } = calendar;
  return {
    date: day,
    weekday: WEEKDAYS.format(beginOfDay(day)),
    ...(at === undefined ? {} : { time: timeOfDay(minuteOfDayAt(at)) }),
    segments: [...segments.keys()].map((segment) => rowOf(calendar, segment, day, at)),
    validFrom,
    validTo,
    origins,
    remarks: [
      ...(broker.calendar === "always-open" ? [ALWAYS_OPEN] : []),
      ...calendarRemarks(calendar, nowMs),
    ],
  };
}

function rowOf(
  calendar: Calendar,
  segment: string,
  day: TradingDay,
  atMs: EpochMs | undefined,
): CalendarRow {
  const hours = segmentDayOf(calendar, segment, day);
  const session = atMs === undefined ? undefined : sessionAt(calendar, segment, atMs);
  const squareOff = hours?.squareOffMinute;
  return {
    segment,
    isUnknown: hours === undefined,
    sessions: hours === undefined ? [] : spansOf(hours),
    day: hours?.name ?? (isWeekend(day) ? "weekend" : ""),
    squareOff: squareOff === undefined ? "" : timeOfDay(squareOff),
    ...(session && { now: session.kind }),
    nowText: session === undefined ? "" : sessionText(session),
  };
}

function spansOf({ preOpen, open }: SegmentDay): CalendarSpan[] {
  const times = ({ fromMinute, toMinute }: Span) => {
    return { from: timeOfDay(fromMinute), to: timeOfDay(toMinute) };
  };
  return [
    ...(preOpen === undefined ? [] : [{ kind: "pre-open", ...times(preOpen) } as const]),
    ...open.map((span) => ({ kind: "open", ...times(span) }) as const),
  ];
}

/** "open until 15:30", "closed, opens at 17:00" */
function sessionText(session: Session): string {
  switch (session.kind) {
    case "open":
    case "pre-open":
      return `${session.kind} until ${timeOfDay(session.toMinute)}`;
    case "closed": {
      const { opensMinute } = session;
      return opensMinute === undefined ? "closed" : `closed, opens at ${timeOfDay(opensMinute)}`;
    }
    case "unknown":
      return "not known";
  }
}
