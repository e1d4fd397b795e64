/** What DhanHQ offers beyond the Broker port, with the names of the wire. */
import { z } from "zod";
import type { PlaceCommand } from "../core/model/command.ts";
import { calculateMargin, readProfile } from "./rest/account.ts";
import type { Calls } from "./rest/calls.ts";
import {
  alertById,
  cancelAlert,
  listAlerts,
  modifyAlert,
  placeAlert,
  placeMulti,
} from "./rest/conditional.ts";
import { placeSliced } from "./rest/orders.ts";
import { convertPosition, exitAll } from "./rest/portfolio.ts";
import {
  readKillSwitch,
  readPnlExit,
  setKillSwitch,
  setPnlExit,
  stopPnlExit,
} from "./rest/trader-control.ts";
import { listTrades, tradesOfOrder } from "./rest/trades.ts";
import { placeRequestOf } from "./translate/request.ts";
import {
  type AlertCondition,
  type AlertOrder,
  type AlertReply,
  type AlertRow,
  alertReply,
  type MultiOrder,
  type MultiOrdersReply,
  multiOrdersReply,
} from "./wire/conditional.ts";
import { parseErrorBody } from "./wire/error.ts";
import type { MarginReply, MarginRequest } from "./wire/margin.ts";
import { type OrderReply, slicingReply } from "./wire/order.ts";
import type { ConvertRequest } from "./wire/portfolio.ts";
import type { Profile } from "./wire/profile.ts";
import type { TradeRow } from "./wire/trade.ts";
import {
  type ExitAllReply,
  exitAllReply,
  type KillSwitchReply,
  type KillSwitchWord,
  killSwitchReply,
  type PnlExit,
  type PnlExitReply,
  type PnlExitRequest,
  pnlExitReply,
} from "./wire/trader-control.ts";
import { type WriteOutcome, write } from "./write.ts";

/**
 * Reads reject with a BrokerFault. Writes resolve to an outcome and are never sent twice, like order
 * commands; the client id is added to every body.
 */
export interface BeyondPort {
  /** Today's fills. */
  trades(): Promise<readonly TradeRow[]>;
  tradesOf(orderId: string): Promise<readonly TradeRow[]>;
  profile(): Promise<Profile>;
  /** What an order would cost. */
  margin(request: Omit<MarginRequest, "dhanClientId">): Promise<MarginReply>;
  /** One order that the broker cuts at the freeze quantity; all slices carry the correlation id. */
  placeSliced(command: PlaceCommand): Promise<WriteOutcome<readonly OrderReply[]>>;
  /** Up to 15 orders in one call; nothing promises that all are taken or none. */
  placeMulti(orders: readonly MultiOrder[]): Promise<WriteOutcome<MultiOrdersReply>>;
  alerts(): Promise<readonly AlertRow[]>;
  alert(alertId: string): Promise<AlertRow | undefined>;
  placeAlert(
    condition: AlertCondition,
    orders: readonly AlertOrder[],
  ): Promise<WriteOutcome<AlertReply>>;
  modifyAlert(
    alertId: string,
    condition: AlertCondition,
    orders?: readonly AlertOrder[],
  ): Promise<WriteOutcome<AlertReply>>;
  cancelAlert(alertId: string): Promise<WriteOutcome<AlertReply>>;
  /** Closes every position and cancels every open order of the account. */
  exitAll(): Promise<WriteOutcome<ExitAllReply>>;
  convert(request: Omit<ConvertRequest, "dhanClientId">): Promise<WriteOutcome<undefined>>;
  killSwitch(): Promise<KillSwitchReply>;
  setKillSwitch(word: KillSwitchWord): Promise<WriteOutcome<KillSwitchReply>>;
  /** Undefined when none is set. */
  pnlExit(): Promise<PnlExit | undefined>;
  setPnlExit(request: Omit<PnlExitRequest, "dhanClientId">): Promise<WriteOutcome<PnlExitReply>>;
  stopPnlExit(): Promise<WriteOutcome<PnlExitReply>>;
}

/** A body that says ERROR with status 200 proves nothing. */
const exitSuccess = exitAllReply.refine(({ status }) => status.toUpperCase() === "SUCCESS");

/** No body is documented; anything but an error will do. */
const nothing = z
  .unknown()
  .refine((body) => parseErrorBody(body) === undefined)
  .transform(() => undefined);

export function createBeyondPort(calls: Calls): BeyondPort {
  return {
    trades: () => listTrades(calls),
    tradesOf: (orderId) => tradesOfOrder(calls, orderId),
    profile: () => readProfile(calls),
    margin: (request) => calculateMargin(calls, request),
    placeSliced: (command) =>
      write(calls, "place", slicingReply, () =>
        placeSliced(calls, placeRequestOf(command, calls.clientId)),
      ),
    placeMulti: (orders) =>
      write(calls, "place", multiOrdersReply, () => placeMulti(calls, orders)),
    alerts: () => listAlerts(calls),
    alert: (alertId) => alertById(calls, alertId),
    placeAlert: (condition, orders) =>
      write(calls, "place", alertReply, () => placeAlert(calls, condition, orders)),
    modifyAlert: (alertId, condition, orders) =>
      write(calls, "modify", alertReply, () => modifyAlert(calls, alertId, condition, orders)),
    cancelAlert: (alertId) => write(calls, "cancel", alertReply, () => cancelAlert(calls, alertId)),
    exitAll: () => write(calls, "cancel", exitSuccess, () => exitAll(calls)),
    convert: (request) => write(calls, "modify", nothing, () => convertPosition(calls, request)),
    killSwitch: () => readKillSwitch(calls),
    setKillSwitch: (word) =>
      write(calls, "modify", killSwitchReply, () => setKillSwitch(calls, word)),
    pnlExit: () => readPnlExit(calls),
    setPnlExit: (request) => write(calls, "modify", pnlExitReply, () => setPnlExit(calls, request)),
    stopPnlExit: () => write(calls, "cancel", pnlExitReply, () => stopPnlExit(calls)),
  };
}
