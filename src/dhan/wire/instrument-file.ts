/**
 * The instrument file, detailed or compact, as a stream of rows.
 *
 * Keeps: quirks of the files end here as far as syntax goes (two sets of column names, "65.0" for a
 * lot of 65); units stay as written (the tick is in paise), because units change in one place only.
 * Rows that no order can name (no security id, no lot) are counted out, not fatal: the file has tens
 * of megabytes and a handful of them.
 */
import { Readable } from "node:stream";
import { parse } from "csv-parse";
import { z } from "zod";
import { AppError } from "../../platform/fault.ts";
import { decimalOrZero, text } from "./scalars.ts";

const instrumentRowFields = z.object({
  /** NSE, BSE, MCX. */
  exchange: z.string().min(1),
  /** E, D, C, M, I. Unique together with exchange and security id only. */
  segment: z.string().min(1),
  securityId: z.string().min(1),
  /** EQUITY, FUTIDX, OPTSTK, INDEX … */
  instrument: text,
  /** As order books write it, where the file has it; else the nearest name for people. */
  symbol: text,
  displayName: text,
  /** "NIFTY" of a NIFTY option; the detailed file alone has it. */
  underlying: text,
  series: text,
  lotSize: decimalOrZero,
  tickPaise: decimalOrZero,
  expiryDate: text,
  strikePrice: decimalOrZero,
  optionType: text,
});
export type InstrumentRow = z.infer<typeof instrumentRowFields>;
type Field = keyof InstrumentRow;

const DETAILED: Readonly<Record<Field, readonly string[]>> = {
  exchange: ["EXCH_ID"],
  segment: ["SEGMENT"],
  securityId: ["SECURITY_ID"],
  instrument: ["INSTRUMENT"],
  symbol: ["SYMBOL_NAME", "DISPLAY_NAME"],
  displayName: ["DISPLAY_NAME"],
  underlying: ["UNDERLYING_SYMBOL"],
  series: ["SERIES"],
  lotSize: ["LOT_SIZE"],
  tickPaise: ["TICK_SIZE"],
  expiryDate: ["SM_EXPIRY_DATE"],
  strikePrice: ["STRIKE_PRICE"],
  optionType: ["OPTION_TYPE"],
};

const COMPACT: Readonly<Record<Field, readonly string[]>> = {
  exchange: ["SEM_EXM_EXCH_ID"],
  segment: ["SEM_SEGMENT"],
  securityId: ["SEM_SMST_SECURITY_ID"],
  instrument: ["SEM_INSTRUMENT_NAME"],
  symbol: ["SEM_TRADING_SYMBOL", "SM_SYMBOL_NAME"],
  displayName: ["SEM_CUSTOM_SYMBOL"],
  underlying: [],
  series: ["SEM_SERIES"],
  lotSize: ["SEM_LOT_UNITS"],
  tickPaise: ["SEM_TICK_SIZE"],
  expiryDate: ["SEM_EXPIRY_DATE"],
  strikePrice: ["SEM_STRIKE_PRICE"],
  optionType: ["SEM_OPTION_TYPE"],
};

/** Columns without which the file is not an instrument file. */
const REQUIRED: readonly Field[] = ["exchange", "segment", "securityId", "lotSize", "tickPaise"];

/** The header has neither the detailed nor the compact columns: not an instrument file. */
export class InstrumentFileFault extends AppError {
  override readonly name = "InstrumentFileFault";
  constructor(message: string) {
    super({
      code: "INSTRUMENT_FILE_UNREADABLE",
      message,
      remedy: "Point broker.instruments at the broker's detailed or compact instrument CSV.",
    });
  }
}

/**
 * Rows of the file in `chunks`, in order, without holding the file in memory. Throws
 * InstrumentFileFault when the header is not one that we know.
 */
export async function* readInstrumentRows(
  chunks: AsyncIterable<Uint8Array | string> | Iterable<Uint8Array | string>,
): AsyncGenerator<InstrumentRow> {
  const parser = parse({ bom: true, relax_column_count: true, relax_quotes: true, trim: true });
  const source = Readable.from(chunks, { objectMode: true });
  source.on("error", (error) => parser.destroy(error));
  let pick: ((record: readonly string[]) => unknown) | undefined;
  for await (const record of source.pipe(parser) as AsyncIterable<string[]>) {
    if (pick === undefined) {
      pick = pickerOf(record);
      continue;
    }
    const row = instrumentRowFields.safeParse(pick(record));
    if (row.success && row.data.lotSize > 0) yield row.data;
  }
  if (pick === undefined) throw new InstrumentFileFault("the instrument file is empty");
}

function pickerOf(header: readonly string[]): (record: readonly string[]) => unknown {
  const names = header.includes("EXCH_ID") ? DETAILED : COMPACT;
  const columns = (Object.keys(names) as Field[]).map((field) => ({
    field,
    indexes: names[field].map((name) => header.indexOf(name)).filter((index) => index >= 0),
  }));
  const missing = columns.find(
    ({ field, indexes }) => indexes.length === 0 && REQUIRED.includes(field),
  );
  if (missing !== undefined) {
    const wanted = names[missing.field].join(" or ");
    throw new InstrumentFileFault(`the instrument file has no column ${wanted}`);
  }
  return (record) =>
    Object.fromEntries(
      columns.map(({ field, indexes }) => [field, firstFilled(record, indexes)] as const),
    );
}

function firstFilled(record: readonly string[], indexes: readonly number[]): string {
  for (const index of indexes) {
    const value = record[index];
    if (value !== undefined && value !== "" && value !== "NA") return value;
  }
  return "";
}
