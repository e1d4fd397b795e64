/** One DhanHQ account as a Broker and a DropCopy, composed from the endpoints and the translators. */
import type { CommandOutcome } from "../core/model/command.ts";
import { toBrokerOrderId } from "../core/model/ids.ts";
import { type Broker, BrokerFault, type DropCopy } from "../ports/broker.ts";
import type { Clock } from "../ports/clock.ts";
import type { Random } from "../ports/random.ts";
import type { HttpReply, HttpTransport, SocketTransport } from "../ports/transport.ts";
import { outcomeOfFault, outcomeOfReply, type SentCommand } from "./outcome.ts";
import { calculateMargin, readProfile } from "./rest/account.ts";
import { Calls } from "./rest/calls.ts";
import {
  cancelOrder,
  listOrders,
  modifyOrder,
  orderById,
  ordersByCorrelationId,
  placeOrder,
} from "./rest/orders.ts";
import { listHoldings, listPositions, readFunds } from "./rest/portfolio.ts";
import { listSuperOrderIds } from "./rest/super-orders.ts";
import { listTrades, tradesOfOrder } from "./rest/trades.ts";
import { createUndiciTransport, type UndiciTransportOptions } from "./rest/undici-transport.ts";
import { OrderUpdates, type OrderUpdatesTiming } from "./stream/order-updates.ts";
import { createWsTransport } from "./stream/ws-transport.ts";
import { observationOfRow } from "./translate/order-row.ts";
import { fundsOf, netPositionOfHolding, netPositionOfRow } from "./translate/portfolio.ts";
import { modifyRequestOf, placeRequestOf } from "./translate/request.ts";
import type { MarginReply, MarginRequest } from "./wire/margin.ts";
import type { OrderRow } from "./wire/order.ts";
import type { Profile } from "./wire/profile.ts";
import type { TradeRow } from "./wire/trade.ts";

export interface DhanBrokerOptions {
  readonly transport: HttpTransport;
  readonly clientId: string;
  readonly accessToken: string;
  readonly clock: Pick<Clock, "nowMs">;
  /** Deadline of every request. Default 10000. */
  readonly requestTimeoutMs?: number;
}

/** The Broker port, and what DhanHQ offers beyond it, with the names of the wire. */
export interface DhanBroker extends Broker {
  /** Today's fills. Rejects with a BrokerFault, like all reads. */
  trades(): Promise<readonly TradeRow[]>;
  tradesOf(orderId: string): Promise<readonly TradeRow[]>;
  profile(): Promise<Profile>;
  /** What an order would cost; the client id is added. */
  margin(request: Omit<MarginRequest, "dhanClientId">): Promise<MarginReply>;
  /** The token for every later request. */
  useToken(accessToken: string): void;
  /** The text without this account's tokens and client id. */
  redact(text: string): string;
}

/**
 * A broker over any transport. Commands resolve to an outcome and never reject; reads reject with a
 * BrokerFault, also when a row of the answer cannot be trusted.
 */
export function createDhanBroker(options: DhanBrokerOptions): DhanBroker {
  const calls = new Calls(options);
  const observe = (what: string, rows: readonly OrderRow[]) =>
    calls.translate(what, () => {
      const context = { nowMs: options.clock.nowMs(), redact: calls.redact };
      return rows.map((row) => observationOfRow(row, context));
    });
  return {
    place: (command) =>
      conclude(calls, { kind: "place" }, () =>
        placeOrder(calls, placeRequestOf(command, calls.clientId)),
      ),
    modify: (command) =>
      conclude(calls, command, () => modifyOrder(calls, modifyRequestOf(command, calls.clientId))),
    cancel: (command) => conclude(calls, command, () => cancelOrder(calls, command.brokerOrderId)),
    orders: async () => observe("order book", await listOrders(calls)),
    async order(id) {
      const row = await orderById(calls, id);
      return row && observe("order by id", [row])[0];
    },
    async orderByCorrelationId(id) {
      const rows = await ordersByCorrelationId(calls, id);
      return observe("order by correlation id", rows.slice(0, 1))[0];
    },
    async superOrderIds() {
      return new Set((await listSuperOrderIds(calls)).map(toBrokerOrderId));
    },
    async positions() {
      const rows = await listPositions(calls);
      return calls.translate("positions", () => rows.map(netPositionOfRow));
    },
    async holdings() {
      const rows = await listHoldings(calls);
      return calls.translate("holdings", () => rows.map(netPositionOfHolding));
    },
    async funds() {
      const limit = await readFunds(calls);
      return calls.translate("funds", () => fundsOf(limit));
    },
    trades: () => listTrades(calls),
    tradesOf: (orderId) => tradesOfOrder(calls, orderId),
    profile: () => readProfile(calls),
    margin: (request) => calculateMargin(calls, request),
    useToken: (accessToken) => calls.useToken(accessToken),
    redact: (text) => calls.redact(text),
    close: () => calls.close(),
  };
}

/** Where the broker is: live, its sandbox, or a simulator. */
export interface DhanEndpoints {
  /** "https://api.dhan.co/v2". */
  readonly restUrl: string;
  /** "wss://api-order-update.dhan.co". */
  readonly orderUpdateUrl: string;
}

export interface DhanAccountOptions
  extends DhanEndpoints,
    Omit<DhanBrokerOptions, "transport" | "clock">,
    Omit<UndiciTransportOptions, "clock"> {
  readonly clock: Clock;
  readonly random: Random;
  readonly timing?: Partial<OrderUpdatesTiming>;
  /** In place of the network, for simulations. */
  readonly transports?: { readonly http: HttpTransport; readonly sockets: SocketTransport };
}

export interface DhanAccount {
  readonly broker: DhanBroker;
  readonly dropCopy: DropCopy;
  /** For both: later requests, and the next login of the drop copy (at once if it was refused). */
  useToken(accessToken: string): void;
}

/** Both sides of one account on its own connection pool. Nothing connects before it is used. */
export function createDhanAccount(options: DhanAccountOptions): DhanAccount {
  const transport = options.transports?.http ?? createUndiciTransport(options);
  const sockets = options.transports?.sockets ?? createWsTransport({ url: options.orderUpdateUrl });
  const broker = createDhanBroker({ ...options, transport });
  const dropCopy = new OrderUpdates({
    ...options,
    sockets,
    redact: broker.redact,
    isTokenRefused: () => isTokenRefused(broker),
  });
  return {
    broker,
    dropCopy,
    useToken(accessToken) {
      broker.useToken(accessToken);
      dropCopy.useToken(accessToken);
    },
  };
}

/** True only when the broker says so; rejects when it says nothing. */
async function isTokenRefused(broker: Pick<DhanBroker, "profile">): Promise<boolean> {
  try {
    await broker.profile();
    return false;
  } catch (error) {
    if (error instanceof BrokerFault && error.reason === "auth") return true;
    throw error;
  }
}

async function conclude(
  calls: Calls,
  command: SentCommand,
  send: () => Promise<HttpReply>,
): Promise<CommandOutcome> {
  // Outside the try: a command that cannot be written down is a bug of ours and has to be loud.
  const sent = send();
  let reply: HttpReply;
  try {
    reply = await sent;
  } catch (error) {
    return outcomeOfFault(error, calls.redact);
  }
  return outcomeOfReply(command, reply, calls.redact);
}
