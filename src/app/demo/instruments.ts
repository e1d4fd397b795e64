/** What is traded in the demo. */
import type { ScriptInstrument } from "./expected-books.ts";

const share = (symbol: string, securityId: string): ScriptInstrument => {
  return { symbol, securityId, segment: "NSE_EQ", lot: 1 };
};
export const HDFCBANK = share("HDFCBANK", "1333");
export const RELIANCE = share("RELIANCE", "2885");
export const INFY = share("INFY", "1594");
export const TCS = share("TCS", "11536");
export const SBIN = share("SBIN", "3045");
export const ITC = share("ITC", "1660");
export const NIFTY_CALL: ScriptInstrument = {
  symbol: "NIFTY-Dec2026-24000-CE",
  securityId: "52002",
  segment: "NSE_FNO",
  lot: 65,
  most: 27 * 65,
};
