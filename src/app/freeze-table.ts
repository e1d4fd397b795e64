/**
 * The largest order that an exchange takes, for each underlying: a dated table, because the
 * instrument file does not have it and the exchanges change it by circular.
 *
 * Keeps: what does not make sense is refused by the name of its field before anything is copied.
 */
import { readFileSync } from "node:fs";
import { z } from "zod";
import type { FreezeLimit, Instrument } from "../core/model/instrument.ts";
import { type EpochMs, tradingDayOf } from "../core/model/time.ts";
import { AppError } from "../platform/fault.ts";
import { UNITS_MAX } from "./config/amounts.ts";
import { readSmallYaml } from "./small-yaml.ts";

export interface FreezeTable {
  /** Where the quantities were read, for people. */
  readonly source: string;
  /** "2026-02-01". */
  readonly asOf: string;
  /** The last day on which the table may be trusted. */
  readonly reviewBy: string;
  /** Units, as the exchange writes them: not yet whole lots. */
  readonly units: Readonly<Record<string, number>>;
}

const BUILT_IN = new URL("../../data/freeze-quantities.yaml", import.meta.url);

const day = z.iso.date('expected a day such as "2026-02-01"');
const schema = z
  .strictObject(
    {
      source: z.string("expected a text").trim().min(1, "expected a text that is not empty"),
      asOf: day,
      reviewBy: day,
      units: z.record(
        z.string().regex(/^[A-Z0-9&-]{1,40}$/, "expected an underlying such as NIFTY"),
        z
          .int("expected whole units above 0")
          .min(1, "expected whole units above 0")
          .max(UNITS_MAX, `expected ${UNITS_MAX} units at most`),
        "expected a map of underlyings to units",
      ),
    },
    "expected a map with source, asOf, reviewBy and units",
  )
  .refine(({ asOf, reviewBy }) => asOf <= reviewBy, {
    path: ["reviewBy"],
    error: "expected a day that is not before asOf",
  });

/** The table of the file, or the one that comes with Tandem. Throws an AppError. */
export function loadFreezeTable(path?: string): FreezeTable {
  return readFreezeTable(textOf(path ?? BUILT_IN), path ?? "data/freeze-quantities.yaml");
}

/** `origin` is the file's name in messages. Throws an AppError that lists every wrong field. */
export function readFreezeTable(text: string, origin: string): FreezeTable {
  return readSmallYaml(text, { schema, origin, what: "table of freeze quantities", unusable });
}

/**
 * The contract's limit in whole lots; undefined where the table has none for its underlying. A limit
 * of less than one lot contradicts the instrument file, so that one of the two is out of date.
 */
export function freezeLimitOf(
  table: FreezeTable,
  { kind, underlying, lotSize }: Instrument,
  nowMs: EpochMs,
): FreezeLimit | undefined {
  if (kind !== "future" && kind !== "option") return undefined;
  const has = underlying !== undefined && Object.hasOwn(table.units, underlying);
  const limit = has ? table.units[underlying] : undefined;
  if (limit === undefined) return undefined;
  const lots = Math.floor(limit / lotSize);
  if (lots === 0) return { units: lotSize, isStale: true };
  return { units: lots * lotSize, isStale: isStale(table, nowMs) };
}

/** Past its review date, by the calendar of India. */
export function isStale(table: FreezeTable, nowMs: EpochMs): boolean {
  return tradingDayOf(nowMs) > table.reviewBy;
}

function textOf(place: string | URL): string {
  try {
    return readFileSync(place, "utf8");
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    throw unusable(`cannot read the table of freeze quantities: ${problem}`, error);
  }
}

function unusable(message: string, cause?: unknown): AppError {
  return new AppError({
    code: "FREEZE_TABLE_UNUSABLE",
    message,
    remedy:
      "Correct the file under broker.freezeTable, or leave the key out to take the table that comes with Tandem.",
    ...(cause === undefined ? {} : { cause }),
  });
}
