/** What is traded in simulations: shares, and one option with a lot of its own. */
import { toInstrumentKey } from "../../core/model/ids.ts";
import type { Instrument } from "../../core/model/instrument.ts";
import { toPriceE4 } from "../../core/model/money.ts";

export interface Traded {
  readonly instrument: Instrument;
  readonly exchangeSegment: string;
  readonly securityId: string;
  /** Of the simulator's own list, in ticks of five paise. */
  readonly firstTicks: number;
  /**
   * Largest position of the leader: what follows from it in one order stays below the exchange's
   * freeze quantity, for him and for a follower of twice his size.
   */
  readonly lotsMax: number;
}

export const TICKS_PER_RUPEE = 20;
const TICK = toPriceE4(500);

function share(securityId: string, symbol: string, rupees: number): Traded {
  const instrument: Instrument = {
    key: toInstrumentKey("NSE_EQ", securityId),
    symbol,
    kind: "equity",
    lotSize: 1,
    tick: TICK,
  };
  return {
    instrument,
    exchangeSegment: "NSE_EQ",
    securityId,
    firstTicks: rupees * TICKS_PER_RUPEE,
    lotsMax: 1_000,
  };
}

const CALL: Traded = {
  instrument: {
    key: toInstrumentKey("NSE_FNO", "52002"),
    symbol: "NIFTY-Dec2026-24000-CE",
    kind: "option",
    lotSize: 65,
    tick: TICK,
    freeze: { units: 1_755, isStale: false },
  },
  exchangeSegment: "NSE_FNO",
  securityId: "52002",
  firstTicks: 310 * TICKS_PER_RUPEE,
  lotsMax: 13,
};

export const TRADED: readonly [Traded, ...Traded[]] = [
  share("1333", "HDFCBANK", 1_650),
  share("2885", "RELIANCE", 1_400),
  CALL,
];

const BY_KEY = new Map(TRADED.map(({ instrument }) => [instrument.key, instrument]));

export function instrumentByKey(key: Instrument["key"]): Instrument | undefined {
  return BY_KEY.get(key);
}
