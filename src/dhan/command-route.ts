/** Through which of the broker's routes a command goes, and what comes back. */
import type {
  CancelCommand,
  CommandOutcome,
  ModifyCommand,
  PlaceCommand,
} from "../core/model/command.ts";
import type { ExitLeg } from "../core/model/order.ts";
import { changeForever } from "./change-forever.ts";
import { conclude } from "./conclude.ts";
import type { SentCommand } from "./outcome.ts";
import type { Calls } from "./rest/calls.ts";
import { cancelForever, placeForever } from "./rest/forever.ts";
import { cancelOrder, modifyOrder, placeOrder } from "./rest/orders.ts";
import { cancelSuperOrder, modifySuperOrder, placeSuperOrder } from "./rest/super-orders.ts";
import { foreverPlaceRequestOf } from "./translate/forever-request.ts";
import { wireNumberOf } from "./translate/leg-id.ts";
import { legNameOf, modifyRequestOf, placeRequestOf } from "./translate/request.ts";
import { superModifyRequestOf, superPlaceRequestOf } from "./translate/super-request.ts";

export function place(calls: Calls, command: PlaceCommand): Promise<CommandOutcome> {
  const { clientId } = calls;
  return conclude(calls, { kind: "place" }, () => {
    switch (command.vehicle) {
      case "super":
        return placeSuperOrder(calls, superPlaceRequestOf(command, clientId));
      case "forever":
        return placeForever(calls, foreverPlaceRequestOf(command, clientId));
      default:
        return placeOrder(calls, placeRequestOf(command, clientId));
    }
  });
}

export async function modify(calls: Calls, command: ModifyCommand): Promise<CommandOutcome> {
  const { clientId } = calls;
  const { vehicle } = command;
  if (vehicle === "forever") return changeForever(calls, command);
  const { orderNo, leg } = wireNumberOf(command.brokerOrderId);
  if (leg !== undefined && vehicle === undefined) return withoutNumber(orderNo, leg);
  const meant = leg === undefined ? command : { ...command, leg };
  return conclude(calls, changeOf(command), () =>
    vehicle === "super"
      ? modifySuperOrder(calls, superModifyRequestOf(meant, clientId))
      : modifyOrder(calls, modifyRequestOf(meant, clientId)),
  );
}

export async function cancel(calls: Calls, command: CancelCommand): Promise<CommandOutcome> {
  const { vehicle } = command;
  const { orderNo, leg } = wireNumberOf(command.brokerOrderId);
  if (leg !== undefined && vehicle !== "super") return withoutNumber(orderNo, leg);
  const meant = leg === undefined ? command : { ...command, leg };
  return conclude(calls, changeOf(command), () => {
    if (vehicle === "super") return cancelSuperOrder(calls, orderNo, legNameOf(meant));
    return vehicle === "forever" ? cancelForever(calls, orderNo) : cancelOrder(calls, orderNo);
  });
}

/** The plain route takes a number for the order whose number it is: here, the entry's. */
function withoutNumber(orderNo: string, leg: ExitLeg): CommandOutcome {
  return { kind: "notSent", text: `the ${leg} leg of ${orderNo} has no number of its own` };
}

/** The order whose number the reply has to repeat. */
function changeOf({ kind, brokerOrderId, leg }: ModifyCommand | CancelCommand): SentCommand {
  const { orderNo } = wireNumberOf(brokerOrderId);
  return { kind, brokerOrderId, orderNo, isLeg: leg !== undefined };
}
