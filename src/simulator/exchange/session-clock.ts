/** When the market is open: as told, or by the exchange's hours (no holidays). */
import { istTimeOfDayMs, istWeekday } from "./ist.ts";
import type { Venue } from "./venue.ts";

const OPEN_MS = (9 * 60 + 15) * 60_000;
const CLOSE_MS = (15 * 60 + 30) * 60_000;
const DAY_MS = 86_400_000;

export function isMarketOpen(venue: Venue): boolean {
  if (venue.session !== "market-hours") return venue.session === "open";
  const nowMs = venue.agenda.nowMs();
  const weekday = istWeekday(nowMs);
  if (weekday === 0 || weekday === 6) return false;
  const timeOfDay = istTimeOfDayMs(nowMs);
  return timeOfDay >= OPEN_MS && timeOfDay < CLOSE_MS;
}

/** Milliseconds until the session may next change by itself. */
export function nextBoundaryMs(venue: Venue): number {
  const timeOfDay = istTimeOfDayMs(venue.agenda.nowMs());
  if (timeOfDay < OPEN_MS) return OPEN_MS - timeOfDay;
  if (timeOfDay < CLOSE_MS) return CLOSE_MS - timeOfDay;
  return DAY_MS - timeOfDay + OPEN_MS;
}
