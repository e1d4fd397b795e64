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
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match
    .slice(1, 7)
    .map(Number);
  if (year < 1970 || month < 1 || month > 12 || day < 1 || day > 31 || hour > 23) return undefined;
  const fraction = Number((match[7] ?? "").padEnd(3, "0"));
  return toEpochMs(Date.UTC(year, month - 1, day, hour, minute, second, fraction) - IST_OFFSET_MS);
}

/** The first of the texts that tells a time; `otherwise` when none does. */
export function firstIstTime(texts: readonly string[], otherwise: EpochMs): EpochMs {
  for (const text of texts) {
    const atMs = epochMsFromIst(text);
    if (atMs !== undefined) return atMs;
  }
  return otherwise;
}
