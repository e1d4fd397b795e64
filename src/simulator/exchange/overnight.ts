/**
 * What is left of a box when a night is over and nothing of it waits at the exchange: as plain data, from
 * which another box goes on. Money, prices and costs in 1/10,000 rupee, quantities in units.
 */
import type { Product } from "../../core/model/order.ts";
import { must } from "../../platform/assert.ts";
import type { SimAccount, SimPosition } from "./account.ts";
import { positionOf } from "./ledger.ts";
import type { SimInstrument } from "./order-records.ts";
import type { Venue } from "./venue.ts";

export interface Overnight {
  /** Numbers that were given out, so that none is given twice. */
  readonly exchangeOrders: number;
  readonly trades: number;
  /** Last prices by instrument key. */
  readonly prices: Readonly<Record<string, number>>;
  readonly accounts: readonly OvernightAccount[];
}

export interface OvernightAccount {
  readonly clientId: string;
  readonly startOfDay: number;
  readonly holdings: readonly {
    readonly instrument: string;
    readonly quantity: number;
    readonly fundedQuantity: number;
    readonly cost: number;
  }[];
  /** Signed: what is carried forward. */
  readonly positions: readonly {
    readonly instrument: string;
    readonly product: Product;
    readonly quantity: number;
    readonly value: number;
    readonly cost: number;
  }[];
}

/**
 * Undefined where something waits that this cannot tell of: a queued or Forever order, an alert, an exit
 * at a profit or loss, a kill switch, or a day that has begun.
 */
export function overnightOf(venue: Venue): Overnight | undefined {
  const accounts = [...venue.accounts.values()];
  if (venue.orderCount > 0 || accounts.some(isWaiting)) return undefined;
  const prices = [...venue.instruments.values()].map(({ key, lastE4 }) => [key, lastE4] as const);
  return {
    exchangeOrders: venue.exchangeOrderCount,
    trades: venue.tradeCount,
    prices: Object.fromEntries(prices),
    accounts: accounts.map(overnightAccount),
  };
}

function isWaiting(account: SimAccount): boolean {
  const { orders, groups, forevers, alerts, isKilled, pnlExit, blockedE4, positions } = account;
  const books = [orders, groups, forevers, alerts];
  if (books.some(({ size }) => size > 0) || isKilled || pnlExit !== undefined) return true;
  return blockedE4 !== 0 || [...positions.values()].some(hasTraded);
}

function hasTraded({ buyQuantity, sellQuantity, realizedE4 }: SimPosition): boolean {
  return buyQuantity > 0 || sellQuantity > 0 || realizedE4 !== 0;
}

function overnightAccount(account: SimAccount): OvernightAccount {
  const { clientId, startOfDayE4, holdings, positions } = account;
  return {
    clientId,
    startOfDay: startOfDayE4,
    holdings: [...holdings.values()].map(({ instrument, quantity, fundedQuantity, costE4 }) => {
      return { instrument: instrument.key, quantity, fundedQuantity, cost: costE4 };
    }),
    positions: [...positions.values()].map((position) => ({
      instrument: position.instrument.key,
      product: position.product,
      quantity: position.carriedQuantity,
      value: position.carriedValueE4,
      cost: position.costE4,
    })),
  };
}

/** The box has these accounts and instruments, and nothing has happened in it. */
export function goOnFrom(venue: Venue, overnight: Overnight): void {
  venue.exchangeOrderCount = overnight.exchangeOrders;
  venue.tradeCount = overnight.trades;
  for (const [key, lastE4] of Object.entries(overnight.prices)) {
    known(venue.instruments, key).lastE4 = lastE4;
  }
  for (const { clientId, startOfDay, holdings, positions } of overnight.accounts) {
    const account = known(venue.accounts, clientId);
    account.startOfDayE4 = startOfDay;
    for (const { instrument: key, quantity, fundedQuantity, cost } of holdings) {
      const instrument = known(venue.instruments, key);
      account.holdings.set(key, { instrument, quantity, fundedQuantity, costE4: cost });
    }
    for (const { instrument: key, product, quantity, value, cost } of positions) {
      const instrument: SimInstrument = known(venue.instruments, key);
      const carried = { carriedQuantity: quantity, carriedValueE4: value, costE4: cost };
      Object.assign(positionOf(account, instrument, product), carried);
    }
  }
}

function known<Thing>(things: ReadonlyMap<string, Thing>, name: string): Thing {
  return must(things.get(name), `${name} in the box`);
}
