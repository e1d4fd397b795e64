/** The instrument file in the broker's two layouts. The tick is in paise there, not in rupees. */
import type { SimInstrument } from "./order-records.ts";
import { isEquitySegment, lettersOf } from "./segment.ts";

const DETAILED = [
  "EXCH_ID",
  "SEGMENT",
  "SECURITY_ID",
  "ISIN",
  "INSTRUMENT",
  "UNDERLYING_SECURITY_ID",
  "UNDERLYING_SYMBOL",
  "SYMBOL_NAME",
  "DISPLAY_NAME",
  "INSTRUMENT_TYPE",
  "SERIES",
  "LOT_SIZE",
  "SM_EXPIRY_DATE",
  "STRIKE_PRICE",
  "OPTION_TYPE",
  "TICK_SIZE",
  "EXPIRY_FLAG",
  "BRACKET_FLAG",
  "COVER_FLAG",
  "ASM_GSM_FLAG",
  "ASM_GSM_CATEGORY",
  "BUY_SELL_INDICATOR",
  "BUY_CO_MIN_MARGIN_PER",
  "SELL_CO_MIN_MARGIN_PER",
  "BUY_CO_SL_RANGE_MAX_PERC",
  "SELL_CO_SL_RANGE_MAX_PERC",
  "BUY_CO_SL_RANGE_MIN_PERC",
  "SELL_CO_SL_RANGE_MIN_PERC",
  "BUY_BO_MIN_MARGIN_PER",
  "SELL_BO_MIN_MARGIN_PER",
  "BUY_BO_SL_RANGE_MAX_PERC",
  "SELL_BO_SL_RANGE_MAX_PERC",
  "BUY_BO_SL_RANGE_MIN_PERC",
  "SELL_BO_SL_MIN_RANGE",
  "BUY_BO_PROFIT_RANGE_MAX_PERC",
  "SELL_BO_PROFIT_RANGE_MAX_PERC",
  "BUY_BO_PROFIT_RANGE_MIN_PERC",
  "SELL_BO_PROFIT_RANGE_MIN_PERC",
  "MTF_LEVERAGE",
] as const;

const COMPACT = [
  "SEM_EXM_EXCH_ID",
  "SEM_SEGMENT",
  "SEM_SMST_SECURITY_ID",
  "SEM_INSTRUMENT_NAME",
  "SEM_EXPIRY_CODE",
  "SEM_TRADING_SYMBOL",
  "SEM_LOT_UNITS",
  "SEM_CUSTOM_SYMBOL",
  "SEM_EXPIRY_DATE",
  "SEM_STRIKE_PRICE",
  "SEM_OPTION_TYPE",
  "SEM_TICK_SIZE",
  "SEM_EXPIRY_FLAG",
  "SEM_EXCH_INSTRUMENT_TYPE",
  "SEM_SERIES",
  "SM_SYMBOL_NAME",
] as const;

type Row = Readonly<Record<string, string | number>>;

function optionLetters(instrument: SimInstrument): string {
  if (instrument.option === undefined) return "XX";
  return instrument.option === "CALL" ? "CE" : "PE";
}

function detailedRow(instrument: SimInstrument): Row {
  const isEquity = isEquitySegment(instrument.segment);
  const { exchange, letter } = lettersOf(instrument.segment);
  return {
    EXCH_ID: exchange,
    SEGMENT: letter,
    SECURITY_ID: instrument.securityId,
    ISIN: instrument.isin,
    INSTRUMENT: instrument.name,
    UNDERLYING_SECURITY_ID: instrument.underlying?.securityId ?? "",
    UNDERLYING_SYMBOL: instrument.underlying?.symbol ?? instrument.symbolName,
    SYMBOL_NAME: isEquity ? instrument.symbolName : instrument.tradingSymbol,
    DISPLAY_NAME: instrument.displayName,
    INSTRUMENT_TYPE: isEquity ? "ES" : instrument.name.slice(0, 3),
    SERIES: instrument.series,
    LOT_SIZE: instrument.lotSize.toFixed(1),
    SM_EXPIRY_DATE: instrument.expiry ?? "0001-01-01",
    STRIKE_PRICE: ((instrument.strikeE4 ?? 0) / 10_000).toFixed(5),
    OPTION_TYPE: optionLetters(instrument),
    TICK_SIZE: (instrument.tickE4 / 100).toFixed(4),
    EXPIRY_FLAG: isEquity ? "NA" : "M",
    BRACKET_FLAG: "N",
    COVER_FLAG: "N",
    ASM_GSM_FLAG: "N",
    ASM_GSM_CATEGORY: "NA",
    BUY_SELL_INDICATOR: "A",
    MTF_LEVERAGE: isEquity ? "4.0" : "0.0",
  };
}

function compactRow(instrument: SimInstrument): Row {
  const row = detailedRow(instrument);
  return {
    SEM_EXM_EXCH_ID: row.EXCH_ID ?? "",
    SEM_SEGMENT: row.SEGMENT ?? "",
    SEM_SMST_SECURITY_ID: instrument.securityId,
    SEM_INSTRUMENT_NAME: instrument.name,
    SEM_EXPIRY_CODE: 0,
    SEM_TRADING_SYMBOL: instrument.tradingSymbol,
    SEM_LOT_UNITS: instrument.lotSize.toFixed(1),
    SEM_CUSTOM_SYMBOL: instrument.displayName,
    SEM_EXPIRY_DATE: instrument.expiry === undefined ? "" : `${instrument.expiry} 14:30:00`,
    SEM_STRIKE_PRICE: row.STRIKE_PRICE ?? "",
    SEM_OPTION_TYPE: optionLetters(instrument),
    SEM_TICK_SIZE: row.TICK_SIZE ?? "",
    SEM_EXPIRY_FLAG: row.EXPIRY_FLAG ?? "",
    SEM_EXCH_INSTRUMENT_TYPE: row.INSTRUMENT_TYPE ?? "",
    SEM_SERIES: instrument.series,
    SM_SYMBOL_NAME: instrument.symbolName,
  };
}

function csv(columns: readonly string[], rows: readonly Row[]): string {
  const lines = rows.map((row) => columns.map((column) => row[column] ?? "").join(","));
  return `${[columns.join(","), ...lines].join("\n")}\n`;
}

export function detailedCsv(instruments: Iterable<SimInstrument>): string {
  return csv(DETAILED, [...instruments].map(detailedRow));
}

export function compactCsv(instruments: Iterable<SimInstrument>): string {
  return csv(COMPACT, [...instruments].map(compactRow));
}
