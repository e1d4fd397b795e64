/** One client of the broker: money, books, tokens and what it has asked for. */
import type { Product } from "../../core/model/order.ts";
import type { SimAlert } from "./alerts/alert-order.ts";
import type { SimForever } from "./forever/forever.ts";
import type { SimGroup, SimInstrument, SimOrder } from "./order-records.ts";
import { RequestLimits } from "./request-limits.ts";

/** The day's book of one instrument and product. Values in 1/10,000 rupee. */
export interface SimPosition {
  readonly instrument: SimInstrument;
  product: Product;
  buyQuantity: number;
  buyValueE4: number;
  sellQuantity: number;
  sellValueE4: number;
  /** What earlier days left: positive long, negative short, with its value. */
  carriedQuantity: number;
  carriedValueE4: number;
  /** Mean cost of the open units. */
  costE4: number;
  realizedE4: number;
}

export interface SimHolding {
  readonly instrument: SimInstrument;
  /** All units, those under margin funding included. */
  quantity: number;
  /** Bought as MTF, and sold as MTF only. */
  fundedQuantity: number;
  costE4: number;
}

export interface SimToken {
  readonly text: string;
  readonly clientId: string;
  expiresAtMs: number;
  state: "live" | "superseded" | "expired";
}

/** One request as the broker saw it. */
export interface RequestRecord {
  readonly atMs: number;
  readonly kind: string;
  readonly correlationId?: string;
  readonly orderId?: string;
  /** HTTP status given; 0 when the connection was cut without an answer. */
  readonly status: number;
}

/** Older ones are forgotten and counted; a test that needs them has lost its way by then. */
export const REQUEST_RECORDS_MAX = 200_000;

export interface SimAddress {
  ip: string;
  readonly changedAtMs: number;
}

export type PnlReach = "INTRADAY" | "DELIVERY";

/** An exit at a profit or a loss that waits; amounts in 1/10,000 rupee, 0 for none. */
export interface PnlExit {
  readonly profitE4: number;
  readonly lossE4: number;
  readonly reach: readonly PnlReach[];
  readonly enableKillSwitch: boolean;
  readonly unwatch: () => void;
}

export interface SimAccount {
  readonly clientId: string;
  readonly name: string;
  readonly pin: string;
  startOfDayE4: number;
  /** Sum of what the open orders block. */
  blockedE4: number;
  readonly positions: Map<string, SimPosition>;
  readonly holdings: Map<string, SimHolding>;
  /** Today's orders, oldest first. */
  readonly orders: Map<string, SimOrder>;
  /** Orders of the days before, kept for the truth alone. */
  readonly earlierOrders: SimOrder[];
  readonly byCorrelation: Map<string, SimOrder[]>;
  /** Today's order groups by their entry's id, and those of the days before. */
  readonly groups: Map<string, SimGroup>;
  readonly earlierGroups: SimGroup[];
  /** Forever orders, oldest first; they outlive the day. */
  readonly forevers: Map<string, SimForever>;
  /** Conditional alerts, oldest first; they outlive the day. */
  readonly alerts: Map<string, SimAlert>;
  /** The kill switch is on. */
  isKilled: boolean;
  pnlExit?: PnlExit;
  /** Those that had ended by the end of a day, kept for the truth alone. */
  readonly earlierForevers: SimForever[];
  token: SimToken;
  mintedAtMs: number;
  /** Every reply waits for this long. */
  replyMs: number;
  /** Own delay from acceptance to the exchange; absent takes the switch. */
  transitMs?: number;
  readonly limits: RequestLimits;
  primaryIp?: SimAddress;
  secondaryIp?: SimAddress;
  readonly requests: RequestRecord[];
  requestsForgotten: number;
  readonly requestCounts: Map<string, number>;
  throttled: number;
}

export interface AccountTerms {
  readonly clientId: string;
  readonly name: string;
  readonly pin: string;
  readonly availableE4: number;
  readonly limits: "dhan" | "off";
  readonly replyMs: number;
  readonly transitMs?: number | undefined;
  readonly token: SimToken;
}

export function newAccount(terms: AccountTerms): SimAccount {
  return {
    clientId: terms.clientId,
    name: terms.name,
    pin: terms.pin,
    startOfDayE4: terms.availableE4,
    blockedE4: 0,
    positions: new Map(),
    holdings: new Map(),
    orders: new Map(),
    earlierOrders: [],
    byCorrelation: new Map(),
    groups: new Map(),
    earlierGroups: [],
    forevers: new Map(),
    alerts: new Map(),
    isKilled: false,
    earlierForevers: [],
    token: terms.token,
    mintedAtMs: Number.NEGATIVE_INFINITY,
    replyMs: terms.replyMs,
    ...(terms.transitMs === undefined ? {} : { transitMs: terms.transitMs }),
    limits: new RequestLimits(terms.limits),
    requests: [],
    requestsForgotten: 0,
    requestCounts: new Map(),
    throttled: 0,
  };
}

export function recordRequest(account: SimAccount, record: RequestRecord): void {
  account.requestCounts.set(record.kind, (account.requestCounts.get(record.kind) ?? 0) + 1);
  if (record.status === 429) account.throttled += 1;
  if (account.requests.length >= REQUEST_RECORDS_MAX) account.requestsForgotten += 1;
  else account.requests.push(record);
}
