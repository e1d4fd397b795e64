/** Positions, holdings and funds. */
import { toInstrumentKey } from "../../core/model/ids.ts";
import type { Funds, NetPosition } from "../../ports/broker.ts";
import { WireFault } from "../errors.ts";
import type { FundLimit } from "../wire/funds.ts";
import type { HoldingRow, PositionRow } from "../wire/portfolio.ts";
import { moneyFromRupees } from "./money.ts";
import { toProduct, toSegment } from "./words.ts";

/** Throws WireFault on an unknown product or a fraction of a unit. */
export function netPositionOfRow(row: PositionRow): NetPosition {
  return {
    instrument: toInstrumentKey(toSegment(row.exchangeSegment), row.securityId),
    product: toProduct(row.productType),
    symbol: row.tradingSymbol,
    net: wholeUnits(row.netQty, row.tradingSymbol),
  };
}

/**
 * All delivered units and those on their way (T+1), because both can be sold. The row names no
 * segment: exchange is "ALL" on the wire, and the security id is NSE's unless it says BSE. Units under
 * margin funding are sold as MTF; that the total counts them is a guess (the server's own schema names
 * them beside it).
 */
export function netPositionsOfHolding(row: HoldingRow): NetPosition[] {
  const segment = row.exchange.trim().toUpperCase() === "BSE" ? "BSE_EQ" : "NSE_EQ";
  const instrument = toInstrumentKey(segment, row.securityId);
  const { tradingSymbol: symbol } = row;
  const funded = wholeUnits(row.mtf_qty + row.mtf_t1_qty, symbol);
  const own = Math.max(0, wholeUnits(row.totalQty, symbol) - funded);
  const delivered: NetPosition = { instrument, product: "CNC", symbol, net: own };
  return funded === 0 ? [delivered] : [delivered, { ...delivered, product: "MTF", net: funded }];
}

export function fundsOf(limit: FundLimit): Funds {
  return {
    available: moneyFromRupees(limit.availabelBalance),
    startOfDay: moneyFromRupees(limit.sodLimit),
    collateral: moneyFromRupees(limit.collateralAmount),
    utilized: moneyFromRupees(limit.utilizedAmount),
  };
}

function wholeUnits(value: number, symbol: string): number {
  if (!Number.isSafeInteger(value)) throw new WireFault(`${value} units of ${symbol}`);
  return value;
}
