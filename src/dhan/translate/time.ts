/** The broker's times: Indian wall clock without a zone, to the second. */
import { type EpochMs, IST_OFFSET_MS, toEpochMs } from "../../core/model/time.ts";

const IST_TIME = /^(\d{4})-(\d{2})-(\d{2})[ T](\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,3}))?/;

/**
 * "2026-08-05 10:02:11" in India. Undefined for the sentinel of year 1, "NA", "" and anything that is
 * no time: these times explain, they never order events.
 */
export function epochMsFromIst(text: string): EpochMs | undefined {
  const match = IST_TIME.exec(text);
  if (match === null) return undefined;
  const [, year, month, day, hour, minute, second, fraction] = match;
  const [y, m, d, h] = [Number(year), Number(month), Number(day), Number(hour)];
  if (y < 1970 || m < 1 || m > 12 || d < 1 || d > 31 || h > 23) return undefined;
  const ms = fraction === undefined ? 0 : Number(fraction.padEnd(3, "0"));
  return toEpochMs(Date.UTC(y, m - 1, d, h, Number(minute), Number(second), ms) - IST_OFFSET_MS);
}

/** The first of the texts that tells a time; `otherwise` when none does. */
export function firstIstTime(texts: readonly string[], otherwise: EpochMs): EpochMs {
  for (const text of texts) {
    const atMs = epochMsFromIst(text);
    if (atMs !== undefined) return atMs;
  }
  return otherwise;
}
