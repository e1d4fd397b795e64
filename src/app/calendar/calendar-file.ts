/**
 * The market calendar as people write it, whole (ours) or in part (an operator's own).
 *
 * Keeps: what does not make sense is refused by its line and field. Does not: put two files
 * together (load-calendar.ts).
 */
import { z } from "zod";
import type { Span } from "../../core/model/calendar.ts";
import { SEGMENTS } from "../config/contract.ts";

/** Names for several segments at once. */
const GROUPS = {
  equity: ["NSE_EQ", "BSE_EQ", "NSE_FNO", "BSE_FNO"],
  currency: ["NSE_CURRENCY", "BSE_CURRENCY"],
  commodity: ["NSE_COMM", "MCX_COMM"],
  all: SEGMENTS,
} as const satisfies Record<string, readonly (typeof SEGMENTS)[number][]>;

type SegmentName = keyof typeof GROUPS | (typeof SEGMENTS)[number];
const NAMES: readonly SegmentName[] = [
  ...SEGMENTS,
  ...(Object.keys(GROUPS) as (keyof typeof GROUPS)[]),
];

/** "equity" to its segments, a segment to itself. */
export function segmentsOf(name: SegmentName): readonly string[] {
  return Object.hasOwn(GROUPS, name) ? GROUPS[name as keyof typeof GROUPS] : [name];
}

const day = z.iso.date('expected a day such as "2026-02-01"');
const text = z.string("expected a text").trim().min(1, "expected a text that is not empty");
const segment = z.enum(SEGMENTS, `expected one of ${SEGMENTS.join(", ")}`);
const segmentName = z.enum(
  NAMES as [SegmentName, ...SegmentName[]],
  `expected one of ${NAMES.join(", ")}`,
);

const TIME = "([01]\\d|2[0-3]):([0-5]\\d)";
const MINUTES_OF_HOUR = 60;
const minuteOf = (hours = "", minutes = "") => Number(hours) * MINUTES_OF_HOUR + Number(minutes);

const TIME_WORDS = 'expected a time of the Indian day, such as "15:20"';
const minute = z
  .string(TIME_WORDS)
  .regex(new RegExp(`^${TIME}$`), TIME_WORDS)
  .transform((value) => minuteOf(...value.split(":")));

/** A session may last until midnight. */
const SPAN = new RegExp(`^${TIME}-(?:${TIME}|24:00)$`);
const SPAN_WORDS = 'expected times of the Indian day, such as "09:15-15:30"';
const span = z
  .string(SPAN_WORDS)
  .regex(SPAN, SPAN_WORDS)
  .transform((value): Span => {
    const [, fromHour, fromMinute, toHour = "24", toMinute] = SPAN.exec(value) ?? [];
    return {
      fromMinute: minuteOf(fromHour, fromMinute),
      toMinute: minuteOf(toHour, toMinute),
    };
  })
  .refine(({ fromMinute, toMinute }) => fromMinute < toMinute, "expected a begin before the end");

/** One session, or several in their order. */
const open = z
  .preprocess(
    (value) => (Array.isArray(value) ? value : [value]),
    z.array(span).min(1, 'expected one session or more; for a holiday use "closed"'),
  )
  .refine(isAscending, "expected sessions one after the other");

const hours = {
  preOpen: span.optional(),
  open,
  squareOff: minute.optional(),
};
const isBeforeOpen = ({ preOpen, open: [first] }: { preOpen?: Span | undefined; open: Span[] }) =>
  preOpen === undefined || first === undefined || preOpen.toMinute <= first.fromMinute;
const PRE_OPEN_WORDS = { path: ["preOpen"], error: "expected an end not after the first session" };

const usual = z
  .strictObject(
    { from: day, ...hours },
    "expected a map with from, open, and maybe preOpen and squareOff",
  )
  .refine(isBeforeOpen, PRE_OPEN_WORDS);
const usualHours = z
  .array(usual, "expected a list of hours, each from a day on")
  .min(1, "expected hours from one day on, or more")
  .refine((rows) => rows.every(({ from }, at) => at === 0 || (rows[at - 1]?.from ?? "") < from), {
    error: "expected days one after the other",
  });

const ownHours = z
  .strictObject(hours, "expected a map with open, and maybe preOpen and squareOff")
  .refine(isBeforeOpen, PRE_OPEN_WORDS);
const namedDay = z
  .strictObject(
    {
      name: text,
      closed: z.array(segmentName, "expected a list of segments").default([]),
      open: z
        .partialRecord(segmentName, ownHours, "expected a map of segments to hours")
        .default({}),
    },
    "expected a map with name, and closed or open",
  )
  .refine(({ closed, open }) => closed.length + Object.keys(open).length > 0, {
    error: "expected segments under closed or open",
  })
  .refine(({ closed, open }) => isOnce([...closed, ...(Object.keys(open) as SegmentName[])]), {
    error: "expected each segment once, under closed or open",
  });

const parts = {
  source: text,
  asOf: day,
  validFrom: day,
  validTo: day,
  days: z.record(day, namedDay, "expected a map of days"),
};

/** A whole calendar. */
export const calendarFile = z.strictObject(
  { ...parts, hours: z.record(segment, usualHours, "expected a map of segments to hours") },
  "expected a map with source, asOf, validFrom, validTo, hours and days",
);
export type CalendarFile = z.output<typeof calendarFile>;

/** What an operator's file may say: any part of it. */
export const partialCalendarFile = z
  .strictObject(
    {
      ...parts,
      hours: z.partialRecord(segment, usualHours, "expected a map of segments to hours"),
    },
    "expected a map with any of source, asOf, validFrom, validTo, hours and days",
  )
  .partial();
export type PartialCalendarFile = z.output<typeof partialCalendarFile>;

function isAscending(spans: readonly Span[]): boolean {
  return spans.every(
    ({ fromMinute }, at) => at === 0 || (spans[at - 1]?.toMinute ?? 0) <= fromMinute,
  );
}

function isOnce(names: readonly SegmentName[]): boolean {
  const segments = names.flatMap(segmentsOf);
  return new Set(segments).size === segments.length;
}
