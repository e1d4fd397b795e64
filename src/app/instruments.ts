/**
 * The instrument file: fetched at every start, with the last good copy kept beside the journal. The
 * copy is used when the broker's cannot be had, since lots and ticks change rarely and exits must go
 * on; without either nothing can be sized, so Tandem does not start.
 */
import { createReadStream } from "node:fs";
import { mkdir, rename, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { request } from "undici";
import type { InstrumentKey } from "../core/model/ids.ts";
import type { Instrument } from "../core/model/instrument.ts";
import type { EpochMs } from "../core/model/time.ts";
import { instrumentOfRow } from "../dhan/translate/instrument.ts";
import { readInstrumentRows } from "../dhan/wire/instrument-file.ts";
import { AppError } from "../platform/fault.ts";
import { type FreezeTable, freezeLimitOf, isStale } from "./freeze-table.ts";

export interface LoadedInstruments {
  readonly byKey: ReadonlyMap<InstrumentKey, Instrument>;
  /** What the operator should know of where they came from. */
  readonly remarks: readonly string[];
}

const COPY = "instruments.csv";
const FETCH_TIMEOUT_MS = 60_000;

/**
 * `source` is a URL or a path. Throws an AppError when neither it nor a stored copy can be read, and
 * the signal's reason when that ends it.
 */
export async function loadInstruments(
  source: string,
  dataDir: string,
  signal?: AbortSignal,
): Promise<LoadedInstruments> {
  const copy = join(dataDir, COPY);
  try {
    if (!/^https?:/.test(source)) return { byKey: await readFile(source), remarks: [] };
    const text = await fetchText(source, signal);
    const byKey = await indexed([text]);
    await keep(copy, text);
    return { byKey, remarks: [] };
  } catch (error) {
    signal?.throwIfAborted();
    const problem = error instanceof Error ? error.message : String(error);
    return await fromCopy(copy, `${source}: ${problem}`, error);
  }
}

/**
 * The same, each contract with its freeze quantity as far as the table has one. Whether the table is
 * past its date is decided here, once: a Tandem that runs on through that night goes on with it.
 */
export function withFreezeLimits(
  { byKey, remarks }: LoadedInstruments,
  table: FreezeTable,
  nowMs: EpochMs,
): LoadedInstruments {
  const limited = [...byKey.values()].map((instrument): [InstrumentKey, Instrument] => {
    const freeze = freezeLimitOf(table, instrument, nowMs);
    return [instrument.key, freeze === undefined ? instrument : { ...instrument, freeze }];
  });
  if (!isStale(table, nowMs)) return { byKey: new Map(limited), remarks };
  const remark =
    `the table of freeze quantities of ${table.asOf} was to be reviewed by ${table.reviewBy}: ` +
    "entries that would have to be cut by it are refused; see broker.freezeTable";
  return { byKey: new Map(limited), remarks: [...remarks, remark] };
}

async function fetchText(url: string, signal: AbortSignal | undefined): Promise<string> {
  const { statusCode, body } = await request(url, {
    headersTimeout: FETCH_TIMEOUT_MS,
    bodyTimeout: FETCH_TIMEOUT_MS,
    signal: signal ?? null,
  });
  const text = await body.text();
  if (statusCode !== 200) throw new Error(`the server answered ${statusCode}`);
  return text;
}

function readFile(path: string): Promise<Map<InstrumentKey, Instrument>> {
  return indexed(createReadStream(path));
}

async function indexed(
  chunks: AsyncIterable<Uint8Array | string> | Iterable<Uint8Array | string>,
): Promise<Map<InstrumentKey, Instrument>> {
  const byKey = new Map<InstrumentKey, Instrument>();
  for await (const row of readInstrumentRows(chunks)) {
    const instrument = instrumentOfRow(row);
    if (instrument !== undefined) byKey.set(instrument.key, instrument);
  }
  if (byKey.size === 0) throw new Error("no row of it can be used");
  return byKey;
}

/** Whole or not at all: a crash must not leave half a file as the good copy. */
async function keep(copy: string, text: string): Promise<void> {
  const half = `${copy}.part`;
  await mkdir(join(copy, ".."), { recursive: true });
  await writeFile(half, text);
  await rename(half, copy);
}

async function fromCopy(copy: string, problem: string, cause: unknown): Promise<LoadedInstruments> {
  try {
    const { mtime } = await stat(copy);
    const byKey = await readFile(copy);
    const remark = `the instrument file cannot be read (${problem}); using the copy of ${mtime.toISOString()}`;
    return { byKey, remarks: [remark] };
  } catch {
    throw new AppError({
      code: "INSTRUMENTS_UNREADABLE",
      message: `cannot read the instrument file ${problem}`,
      remedy:
        "Check broker.instruments in the configuration and the network; nothing is copied without lot sizes.",
      cause,
    });
  }
}
