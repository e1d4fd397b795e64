/** A row of the instrument file to an instrument. Ticks change from paise here. */
import { toInstrumentKey } from "../../core/model/ids.ts";
import type { Instrument, InstrumentKind } from "../../core/model/instrument.ts";
import { toPriceE4 } from "../../core/model/money.ts";
import { SEGMENT_OF_LETTERS } from "../wire/enums.ts";
import type { InstrumentRow } from "../wire/instrument-file.ts";

const E4_PER_PAISA = 100;

/**
 * Undefined for rows that no order can name: unknown segments, and rows without a whole lot or a
 * tick. They are in the file by the dozen and must not stop it from loading.
 */
export function instrumentOfRow(row: InstrumentRow): Instrument | undefined {
  const segments: Readonly<Record<string, string>> = SEGMENT_OF_LETTERS;
  const segment = segments[`${row.exchange}:${row.segment}`];
  const tick = Math.round(row.tickPaise * E4_PER_PAISA);
  if (segment === undefined || tick <= 0 || !Number.isSafeInteger(row.lotSize)) return undefined;
  return {
    key: toInstrumentKey(segment, row.securityId),
    symbol: row.symbol,
    kind: kindOf(row.instrument),
    lotSize: row.lotSize,
    tick: toPriceE4(tick),
    ...underlyingOf(row),
  };
}

/** Derivatives are named "NIFTY-Aug2026-24000-CE" in both files: enough where a column is missing. */
const DERIVATIVE_NAME = /^(.+)-[A-Z][a-z]{2}\d{4}-/;

function underlyingOf({ underlying, symbol, instrument }: InstrumentRow): { underlying?: string } {
  const kind = kindOf(instrument);
  const isDerivative = kind === "future" || kind === "option";
  const named = isDerivative ? DERIVATIVE_NAME.exec(symbol)?.[1] : symbol;
  const found = underlying || named;
  return found === undefined || found === "" ? {} : { underlying: found };
}

/** FUTIDX, FUTSTK, FUTCOM, FUTCUR; OPTIDX, OPTSTK, OPTFUT, OPTCUR; INDEX; EQUITY and the rest. */
function kindOf(instrument: string): InstrumentKind {
  if (instrument.startsWith("FUT")) return "future";
  if (instrument.startsWith("OPT")) return "option";
  return instrument === "INDEX" ? "index" : "equity";
}
