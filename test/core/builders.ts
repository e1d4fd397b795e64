/** Values that tests of the core need, complete, with the one that matters given by the test. */
import {
  type AccountId,
  type BrokerOrderId,
  type CorrelationId,
  type InstrumentKey,
  type LinkId,
  toAccountId,
  toBrokerOrderId,
  toInstrumentKey,
  toLinkId,
} from "../../src/core/model/ids.ts";
import type { Instrument } from "../../src/core/model/instrument.ts";
import type { Link } from "../../src/core/model/link.ts";
import { type PriceE4, toPriceE4 } from "../../src/core/model/money.ts";
import type { OrderObservation, OrderTerms } from "../../src/core/model/order.ts";
import { type EpochMs, toEpochMs } from "../../src/core/model/time.ts";

export const LEADER: AccountId = toAccountId("leader");
export const ASHA: AccountId = toAccountId("asha");
export const LINK: LinkId = toLinkId("leader-asha");
export const SHARE: InstrumentKey = toInstrumentKey("NSE_EQ", "1333");
export const OPTION: InstrumentKey = toInstrumentKey("NSE_FNO", "42000");
/** 22 November 2026, 10:00 IST. */
export const TEN_O_CLOCK_MS: EpochMs = toEpochMs(1_795_321_800_000);

export function rupees(amount: number): PriceE4 {
  return toPriceE4(Math.round(amount * 10_000));
}

export const SHARE_ROW: Instrument = {
  key: SHARE,
  symbol: "HDFCBANK",
  kind: "equity",
  lotSize: 1,
  tick: toPriceE4(500),
};

export const OPTION_ROW: Instrument = {
  key: OPTION,
  symbol: "NIFTY-Nov2026-24000-CE",
  kind: "option",
  lotSize: 65,
  tick: toPriceE4(500),
};

export function linkOf(change: Partial<Link> = {}): Link {
  return {
    id: LINK,
    leader: LEADER,
    follower: ASHA,
    mode: "active",
    sizing: { kind: "multiplier", bps: 5_000 },
    marketOrders: "protected-limit",
    maxAgeMs: 30_000,
    guards: {},
    ...change,
  };
}

export function limitTerms(change: Partial<OrderTerms> = {}): OrderTerms {
  return {
    type: "LIMIT",
    validity: "DAY",
    quantity: 100,
    disclosedQuantity: 0,
    price: rupees(1650),
    ...change,
  };
}

export type OrderChange = Partial<Omit<OrderObservation, "terms">> & {
  readonly terms?: Partial<OrderTerms>;
};

/** A plain working BUY of 100 shares at 1650.00, INTRADAY, changed as told. */
export function orderOf(id: string, change: OrderChange = {}): OrderObservation {
  const { terms, ...rest } = change;
  return {
    brokerOrderId: toBrokerOrderId(id),
    instrument: SHARE,
    symbol: "HDFCBANK",
    side: "BUY",
    product: "INTRADAY",
    family: "plain",
    terms: limitTerms(terms),
    status: "working",
    filledQuantity: 0,
    reason: "",
    placedAtMs: TEN_O_CLOCK_MS,
    updatedAtMs: TEN_O_CLOCK_MS,
    ...rest,
  };
}

export type { AccountId, BrokerOrderId, CorrelationId };
