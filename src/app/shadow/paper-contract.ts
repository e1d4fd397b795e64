/** A contract of the instrument file as the simulator lists it. */
import { type InstrumentKey, splitInstrumentKey } from "../../core/model/ids.ts";
import type { Instrument } from "../../core/model/instrument.ts";
import type { InstrumentSpec } from "../../simulator/index.ts";
import type { PaperContract } from "./paper-log.ts";

/** As it is written into the paper log. */
export function paperContract(instrument: Instrument): PaperContract {
  const { key, symbol, kind, lotSize, tick, underlying, freeze } = instrument;
  return {
    key,
    symbol,
    kind,
    lotSize,
    tick,
    ...(underlying !== undefined && { underlying }),
    ...(freeze !== undefined && { freeze: freeze.units }),
  };
}

/** Where no limit is known, none is reached. */
const NO_FREEZE_UNITS = 1_000_000_000;
/** "NIFTY-Aug2026-24000-CE": strike and side, as the broker's trading symbols have them. */
const OPTION_SYMBOL = /-(\d+(?:\.\d+)?)-(CE|PE)$/;
/** An option whose symbol says neither is margined by its premium alone. */
const UNKNOWN_OPTION = { strikeE4: 0, option: "CALL" } as const;

const KIND_OF_SEGMENT: Readonly<Record<string, { future: Name; option: Name }>> = {
  MCX_COMM: { future: "FUTCOM", option: "OPTFUT" },
  NSE_COMM: { future: "FUTCOM", option: "OPTFUT" },
  NSE_CURRENCY: { future: "FUTCUR", option: "OPTCUR" },
  BSE_CURRENCY: { future: "FUTCUR", option: "OPTCUR" },
};
const SHARES: { future: Name; option: Name } = { future: "FUTSTK", option: "OPTSTK" };
type Name = InstrumentSpec["name"];

/** It begins at the lowest price that there is, which stands for none. */
export function simulatedContract(contract: PaperContract): InstrumentSpec {
  const { key, symbol, kind, lotSize, tick, underlying, freeze } = contract;
  const { segment, securityId } = splitInstrumentKey(key as InstrumentKey);
  const isEquity = kind === "equity";
  return {
    segment: segment as InstrumentSpec["segment"],
    securityId,
    tradingSymbol: symbol,
    displayName: symbol,
    symbolName: underlying ?? symbol,
    name: nameOf(segment, kind),
    isin: "NA",
    series: isEquity ? "EQ" : "NA",
    lotSize,
    tickE4: tick,
    freezeQuantity: freeze ?? NO_FREEZE_UNITS,
    ...(kind === "option" ? optionTerms(symbol) : {}),
    firstPriceE4: tick,
  };
}

function nameOf(segment: string, kind: PaperContract["kind"]): Name {
  if (kind === "equity" || kind === "index") return "EQUITY";
  return (KIND_OF_SEGMENT[segment] ?? SHARES)[kind];
}

function optionTerms(symbol: string): Pick<InstrumentSpec, "strikeE4" | "option"> {
  const [, strike, side] = OPTION_SYMBOL.exec(symbol) ?? [];
  if (strike === undefined) return UNKNOWN_OPTION;
  return {
    strikeE4: Math.round(Number(strike) * 10_000),
    option: side === "CE" ? "CALL" : "PUT",
  };
}
