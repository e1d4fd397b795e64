/** Time as the core sees it: numbers that somebody else read off a clock. */
import { assert } from "../../platform/assert.ts";

declare const epochMs: unique symbol;
declare const tradingDay: unique symbol;

/** Milliseconds since 1970 UTC. */
export type EpochMs = number & { readonly [epochMs]: true };
/** A date in Indian Standard Time, "YYYY-MM-DD". */
export type TradingDay = string & { readonly [tradingDay]: true };

export function toEpochMs(value: number): EpochMs {
  assert(Number.isSafeInteger(value), () => `not epoch milliseconds: ${value}`);
  return value as EpochMs;
}

/** India keeps one fixed offset with no summer time. */
export const IST_OFFSET_MS = 19_800_000;

/** The IST date of an instant. */
export function tradingDayOf(atMs: EpochMs): TradingDay {
  return new Date(atMs + IST_OFFSET_MS).toISOString().slice(0, 10) as TradingDay;
}

/** The first instant of the day. */
export function beginOfDay(day: TradingDay): EpochMs {
  return toEpochMs(Date.parse(day) - IST_OFFSET_MS);
}

const MINUTES_OF_HOUR = 60;

/** A minute of the day as "09:20". */
export function timeOfDay(minute: number): string {
  const parts = [Math.floor(minute / MINUTES_OF_HOUR), minute % MINUTES_OF_HOUR];
  return parts.map((part) => String(part).padStart(2, "0")).join(":");
}
