/**
 * A typed DhanHQ v2 client: `tandem/dhan`.
 *
 * - Order commands never throw for an answer. They resolve to `accepted`, `rejected`, `notSent` or
 *   `unknown`, by one table of evidence. A time-out is `unknown`, and nothing is ever sent twice.
 * - Reads throw a `BrokerFault` that says why: `auth`, `address`, `throttle`, `unreachable`, `other`.
 * - The drop copy (order-update socket) stays connected for ever and tells its gaps.
 * - Prices are integers of 1/10,000 rupee, times are epoch milliseconds, quantities are units.
 *
 * @example
 * ```ts
 * import {
 *   asCorrelationId,
 *   createDhanAccount,
 *   type DhanEndpoints,
 *   systemClock,
 *   systemRandom,
 *   toInstrumentKey,
 *   toPriceE4,
 * } from "tandem/dhan";
 *
 * export async function buyTenWhileWatching(endpoints: DhanEndpoints): Promise<string> {
 *   const { broker, dropCopy } = createDhanAccount({
 *     ...endpoints,
 *     clientId: "1100000007",
 *     accessToken: "token-of-asha",
 *     clock: systemClock(),
 *     random: systemRandom(),
 *   });
 *   const isUp = new Promise<void>((resolve) => {
 *     dropCopy.start((event) => event.kind === "up" && resolve());
 *   });
 *   await isUp;
 *   const correlationId = asCorrelationId("T0123456789ABCDEFGHJKMNPQ");
 *   if (correlationId === undefined) throw new Error("not one of our correlation ids");
 *   const outcome = await broker.place({
 *     kind: "place",
 *     correlationId,
 *     instrument: toInstrumentKey("NSE_EQ", "1333"),
 *     side: "BUY",
 *     product: "INTRADAY",
 *     terms: {
 *       type: "LIMIT",
 *       validity: "DAY",
 *       quantity: 10,
 *       disclosedQuantity: 0,
 *       price: toPriceE4(16_505_000), // 1650.50 rupees
 *     },
 *   });
 *   await dropCopy.stop();
 *   await broker.close();
 *   return outcome.kind === "accepted" ? outcome.brokerOrderId : outcome.text;
 * }
 * ```
 */
export type {
  CancelCommand,
  CommandOutcome,
  ModifyCommand,
  OrderCommand,
  PlaceCommand,
  Protection,
  RejectionClass,
  Vehicle,
} from "../core/model/command.ts";
export {
  asCorrelationId,
  splitInstrumentKey,
  toBrokerOrderId,
  toInstrumentKey,
} from "../core/model/ids.ts";
export type { Instrument } from "../core/model/instrument.ts";
export { formatE4, type MoneyE4, type PriceE4, toPriceE4 } from "../core/model/money.ts";
export type {
  ExitDistances,
  ExitLeg,
  ExitLegStatus,
  ExitLevel,
  ExitLevels,
  OrderFamily,
  OrderObservation,
  OrderStatus,
  OrderTerms,
  TriggerTerms,
} from "../core/model/order.ts";
export { systemClock } from "../platform/clock.ts";
export { seededRandom, systemRandom } from "../platform/random.ts";
export {
  type Broker,
  BrokerFault,
  type BrokerFaultClass,
  type DropCopy,
  type DropCopyEvent,
  type Funds,
  type NetPosition,
} from "../ports/broker.ts";
export {
  type HttpReply,
  type HttpRequest,
  type HttpTransport,
  type SocketConnection,
  type SocketEvent,
  type SocketTransport,
  TransportFault,
} from "../ports/transport.ts";
export type { BeyondPort } from "./beyond-port.ts";
export {
  createDhanAccount,
  createDhanBroker,
  type DhanAccount,
  type DhanAccountOptions,
  type DhanBroker,
  type DhanBrokerOptions,
  type DhanEndpoints,
} from "./client.ts";
export { UnknownOrderStatus, WireFault } from "./errors.ts";
export { type ReadOnlyTransport, readOnlyTransport } from "./rest/read-only-transport.ts";
export { createUndiciTransport, type UndiciTransportOptions } from "./rest/undici-transport.ts";
export {
  ORDER_UPDATES_TIMING,
  OrderUpdates,
  type OrderUpdatesOptions,
  type OrderUpdatesTiming,
} from "./stream/order-updates.ts";
export { createWsTransport, type WsTransportOptions } from "./stream/ws-transport.ts";
export { instrumentOfRow } from "./translate/instrument.ts";
export type {
  AlertCondition,
  AlertOrder,
  AlertReply,
  AlertRow,
  MultiOrder,
  MultiOrdersReply,
} from "./wire/conditional.ts";
export {
  InstrumentFileFault,
  type InstrumentRow,
  readInstrumentRows,
} from "./wire/instrument-file.ts";
export type { MarginReply, MarginRequest } from "./wire/margin.ts";
export type { OrderReply } from "./wire/order.ts";
export type { ConvertRequest } from "./wire/portfolio.ts";
export type { Profile } from "./wire/profile.ts";
export type { TradeRow } from "./wire/trade.ts";
export type {
  ExitAllReply,
  KillSwitchReply,
  KillSwitchWord,
  PnlExit,
  PnlExitReply,
  PnlExitRequest,
} from "./wire/trader-control.ts";
export type { WriteOutcome } from "./write.ts";
