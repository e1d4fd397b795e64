/** Times as the broker writes them: Indian Standard Time, one-second resolution, no zone. */
import { IST_OFFSET_MS } from "../../core/model/time.ts";

/** The broker's "never" for times. */
export const NEVER = "0001-01-01 00:00:00";
/** The broker's "none" for dates. */
export const NO_DATE = "0001-01-01";

const DAY_MS = 86_400_000;
let lastSecond = Number.NaN;
let lastText = "";

/** "2026-08-05 10:02:11". Remembers its last answer: a busy second asks thousands of times. */
export function istTime(atMs: number): string {
  const second = Math.floor(atMs / 1000);
  if (second !== lastSecond) {
    lastText = new Date(second * 1000 + IST_OFFSET_MS).toISOString().slice(0, 19).replace("T", " ");
    lastSecond = second;
  }
  return lastText;
}

/** "2026-08-05". */
export function istDate(atMs: number): string {
  return istTime(atMs).slice(0, 10);
}

/** "05/08/2026 10:02", as the profile prints a token's end. */
export function istProfileTime(atMs: number): string {
  const text = istTime(atMs);
  return `${text.slice(8, 10)}/${text.slice(5, 7)}/${text.slice(0, 4)} ${text.slice(11, 16)}`;
}

/** 0 is Sunday. */
export function istWeekday(atMs: number): number {
  return new Date(atMs + IST_OFFSET_MS).getUTCDay();
}

/** Milliseconds since IST midnight. */
export function istTimeOfDayMs(atMs: number): number {
  return (((atMs + IST_OFFSET_MS) % DAY_MS) + DAY_MS) % DAY_MS;
}
