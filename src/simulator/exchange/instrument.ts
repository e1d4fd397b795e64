/** The instruments that every box has. Prices and steps are in 1/10,000 rupee. */
import type { OrderSegment } from "./segment.ts";

export type InstrumentName =
  | "EQUITY"
  | "FUTIDX"
  | "OPTIDX"
  | "FUTSTK"
  | "OPTSTK"
  | "FUTCOM"
  | "OPTFUT"
  | "FUTCUR"
  | "OPTCUR";

export interface InstrumentSpec {
  readonly segment: OrderSegment;
  readonly securityId: string;
  readonly tradingSymbol: string;
  readonly displayName: string;
  readonly symbolName: string;
  readonly name: InstrumentName;
  readonly isin: string;
  readonly series: string;
  readonly lotSize: number;
  readonly tickE4: number;
  /** Most units that one order may carry. */
  readonly freezeQuantity: number;
  /** "2026-12-29"; absent on equities. */
  readonly expiry?: string;
  readonly strikeE4?: number;
  readonly option?: "CALL" | "PUT";
  readonly underlying?: { readonly securityId: string; readonly symbol: string };
  readonly firstPriceE4: number;
}

type Equity = readonly [
  securityId: string,
  symbol: string,
  displayName: string,
  isin: string,
  rupees: number,
];

const EQUITIES: readonly Equity[] = [
  ["1333", "HDFCBANK", "HDFC Bank", "INE040A01034", 1650],
  ["2885", "RELIANCE", "Reliance Industries", "INE002A01018", 1400],
  ["1594", "INFY", "Infosys", "INE009A01021", 1500],
  ["11536", "TCS", "Tata Consultancy Services", "INE467B01029", 3100],
  ["3045", "SBIN", "State Bank of India", "INE062A01020", 820],
  ["4963", "ICICIBANK", "ICICI Bank", "INE090A01021", 1380],
  ["1660", "ITC", "ITC", "INE154A01025", 410],
  ["14366", "IDEA", "Vodafone Idea", "INE669E01016", 9.5],
];

function equity([securityId, symbol, displayName, isin, rupees]: Equity): InstrumentSpec {
  return {
    segment: "NSE_EQ",
    securityId,
    tradingSymbol: symbol,
    displayName,
    symbolName: symbol,
    name: "EQUITY",
    isin,
    series: "EQ",
    lotSize: 1,
    tickE4: 500,
    freezeQuantity: 1_000_000,
    firstPriceE4: Math.round(rupees * 10_000),
  };
}

const NIFTY = { securityId: "26000", symbol: "NIFTY" };
const BANKNIFTY = { securityId: "26009", symbol: "BANKNIFTY" };
const RELIANCE = { securityId: "2885", symbol: "RELIANCE" };
const DERIVATIVE = {
  segment: "NSE_FNO",
  isin: "NA",
  series: "NA",
  expiry: "2026-12-29",
  tickE4: 500,
} as const;

interface Lots {
  readonly lotSize: number;
  readonly freezeQuantity: number;
}

/** The exchange's 1800 and 600 units in whole lots; a stock future's is made up. */
const NIFTY_LOTS: Lots = { lotSize: 65, freezeQuantity: 65 * 27 };
const BANKNIFTY_LOTS: Lots = { lotSize: 35, freezeQuantity: 35 * 17 };
const RELIANCE_LOTS: Lots = { lotSize: 500, freezeQuantity: 500 * 40 };

function option(
  securityId: string,
  underlying: { securityId: string; symbol: string },
  terms: { strike: number; side: "CE" | "PE"; rupees: number } & Lots,
): InstrumentSpec {
  return {
    ...DERIVATIVE,
    securityId,
    tradingSymbol: `${underlying.symbol}-Dec2026-${terms.strike}-${terms.side}`,
    displayName: `${underlying.symbol} 29 DEC ${terms.strike} ${terms.side === "CE" ? "CALL" : "PUT"}`,
    symbolName: underlying.symbol,
    name: "OPTIDX",
    lotSize: terms.lotSize,
    freezeQuantity: terms.freezeQuantity,
    strikeE4: terms.strike * 10_000,
    option: terms.side === "CE" ? "CALL" : "PUT",
    underlying,
    firstPriceE4: Math.round(terms.rupees * 10_000),
  };
}

function future(
  securityId: string,
  underlying: { securityId: string; symbol: string },
  terms: { name: "FUTIDX" | "FUTSTK"; rupees: number } & Lots,
): InstrumentSpec {
  return {
    ...DERIVATIVE,
    securityId,
    tradingSymbol: `${underlying.symbol}-Dec2026-FUT`,
    displayName: `${underlying.symbol} DEC FUT`,
    symbolName: underlying.symbol,
    name: terms.name,
    lotSize: terms.lotSize,
    freezeQuantity: terms.freezeQuantity,
    underlying,
    firstPriceE4: terms.rupees * 10_000,
  };
}

/** Equities carry the exchange's usual ids; the derivatives' ids are made up. */
export const BUILT_IN: readonly InstrumentSpec[] = [
  ...EQUITIES.map(equity),
  future("52001", NIFTY, { ...NIFTY_LOTS, name: "FUTIDX", rupees: 24_100 }),
  option("52002", NIFTY, { ...NIFTY_LOTS, strike: 24_000, side: "CE", rupees: 310 }),
  option("52003", NIFTY, { ...NIFTY_LOTS, strike: 24_000, side: "PE", rupees: 180 }),
  option("52004", NIFTY, { ...NIFTY_LOTS, strike: 24_500, side: "CE", rupees: 95 }),
  future("52011", BANKNIFTY, { ...BANKNIFTY_LOTS, name: "FUTIDX", rupees: 52_300 }),
  option("52012", BANKNIFTY, { ...BANKNIFTY_LOTS, strike: 52_000, side: "CE", rupees: 720 }),
  option("52013", BANKNIFTY, { ...BANKNIFTY_LOTS, strike: 52_000, side: "PE", rupees: 430 }),
  future("52021", RELIANCE, { ...RELIANCE_LOTS, name: "FUTSTK", rupees: 1_405 }),
];
