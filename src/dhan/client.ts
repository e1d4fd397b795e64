/** One DhanHQ account as a Broker and a DropCopy, composed from the endpoints and the translators. */
import { type Broker, BrokerFault, type DropCopy } from "../ports/broker.ts";
import type { Clock } from "../ports/clock.ts";
import type { Random } from "../ports/random.ts";
import type { HttpTransport, SocketTransport } from "../ports/transport.ts";
import { type BeyondPort, createBeyondPort } from "./beyond-port.ts";
import { cancel, modify, place } from "./command-route.ts";
import { Calls } from "./rest/calls.ts";
import { listForever } from "./rest/forever.ts";
import { listOrders, ordersByCorrelationId, ordersById } from "./rest/orders.ts";
import { listHoldings, listPositions, readFunds } from "./rest/portfolio.ts";
import { listSuperOrders } from "./rest/super-orders.ts";
import { createUndiciTransport, type UndiciTransportOptions } from "./rest/undici-transport.ts";
import { NO_ORDER_STREAM } from "./stream/no-order-stream.ts";
import { OrderUpdates, type OrderUpdatesTiming } from "./stream/order-updates.ts";
import { createWsTransport } from "./stream/ws-transport.ts";
import { observationsOfForever } from "./translate/forever-row.ts";
import { wireNumberOf } from "./translate/leg-id.ts";
import { type ObservationContext, observationsOfRows } from "./translate/order-row.ts";
import { fundsOf, netPositionOfRow, netPositionsOfHolding } from "./translate/portfolio.ts";
import { observationOfSuperRow } from "./translate/super-row.ts";
import type { OrderRow } from "./wire/order.ts";

export interface DhanBrokerOptions {
  readonly transport: HttpTransport;
  readonly clientId: string;
  readonly accessToken: string;
  readonly clock: Pick<Clock, "nowMs">;
  /** Deadline of every request. Default 10000. */
  readonly requestTimeoutMs?: number;
}

/** The Broker port, and what DhanHQ offers beyond it. */
export interface DhanBroker extends Broker, BeyondPort {
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
  const translate = <T>(what: string, translation: (context: ObservationContext) => T) =>
    calls.translate(what, () =>
      translation({ nowMs: options.clock.nowMs(), redact: calls.redact }),
    );
  const observe = (what: string, rows: readonly OrderRow[]) =>
    translate(what, (context) => observationsOfRows(rows, context));
  return {
    ...createBeyondPort(calls),
    place: (command, mayLeave) => place(calls.onlyWhile(mayLeave), command),
    modify: (command, mayLeave) => modify(calls.onlyWhile(mayLeave), command),
    cancel: (command) => cancel(calls, command),
    orders: async () => observe("order book", await listOrders(calls)),
    async order(id) {
      const { orderNo, leg } = wireNumberOf(id);
      // Of several orders under one number the lookup may show one alone; the book shows all.
      const rows = leg === undefined ? await ordersById(calls, orderNo) : await listOrders(calls);
      return observe("order by id", rows).find((order) => order.brokerOrderId === id);
    },
    async orderByCorrelationId(id) {
      const found = observe("order by correlation id", await ordersByCorrelationId(calls, id));
      // The legs of a group repeat the id of their entry on some brokers' rows.
      return found.find((order) => order.leg === undefined);
    },
    async superOrders() {
      const rows = await listSuperOrders(calls);
      return translate("super orders", (context) =>
        rows.map((row) => observationOfSuperRow(row, context)),
      );
    },
    async foreverOrders() {
      const rows = await listForever(calls);
      return translate("forever orders", (context) => observationsOfForever(rows, context));
    },
    async positions() {
      const rows = await listPositions(calls);
      return calls.translate("positions", () => rows.map(netPositionOfRow));
    },
    async holdings() {
      const rows = await listHoldings(calls);
      return calls.translate("holdings", () => rows.flatMap(netPositionsOfHolding));
    },
    async funds() {
      const limit = await readFunds(calls);
      return calls.translate("funds", () => fundsOf(limit));
    },
    useToken: (accessToken) => calls.useToken(accessToken),
    redact: (text) => calls.redact(text),
    close: () => calls.close(),
  };
}

/** Where the broker is: live, its sandbox, or a simulator. */
export interface DhanEndpoints {
  /** "https://api.dhan.co/v2". */
  readonly restUrl: string;
  /** "wss://api-order-update.dhan.co"; absent where there is no order stream (the sandbox). */
  readonly orderUpdateUrl?: string;
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
  const sockets = options.transports?.sockets ?? socketsAt(options.orderUpdateUrl);
  const broker = createDhanBroker({ ...options, transport });
  if (sockets === undefined) {
    return { broker, dropCopy: NO_ORDER_STREAM, useToken: (token) => broker.useToken(token) };
  }
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

function socketsAt(url: string | undefined): SocketTransport | undefined {
  return url === undefined ? undefined : createWsTransport({ url });
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
