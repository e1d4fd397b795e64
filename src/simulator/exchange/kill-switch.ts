/** The kill switch: no trading for the rest of the day (official docs). */
import type { SimAccount } from "./account.ts";
import { netOf } from "./margin.ts";
import { isOpen } from "./order.ts";
import { inputRefusal, ok, orderRefusal, type Reply, refusal, TEXT } from "./replies.ts";
import type { Venue } from "./venue.ts";

/** What every placement is answered while the switch is on; its words were never captured. */
export function refusedByKillSwitch(venue: Venue, account: SimAccount): Reply | undefined {
  if (!account.isKilled) return undefined;
  if (venue.switches.killSwitchRefusal === "DH-906") return orderRefusal(TEXT.killSwitch);
  return refusal(400, "User_Account", "DH-903", TEXT.killSwitch);
}

/** On only without open positions and pending orders. It ends with the day. */
export function setKillSwitch(account: SimAccount, wanted: string | null): Reply {
  if (wanted !== "ACTIVATE" && wanted !== "DEACTIVATE") return inputRefusal();
  const isOn = wanted === "ACTIVATE";
  if (isOn && isBusy(account)) return orderRefusal(TEXT.killSwitchBusy);
  account.isKilled = isOn;
  const sentence = `Kill Switch has been successfully ${isOn ? "activated" : "deactivated"}`;
  return ok({ dhanClientId: account.clientId, killSwitchStatus: sentence });
}

export function readKillSwitch({ clientId, isKilled }: SimAccount): Reply {
  return ok({ dhanClientId: clientId, killSwitchStatus: isKilled ? "ACTIVATE" : "DEACTIVATE" });
}

function isBusy(account: SimAccount): boolean {
  const hasPosition = [...account.positions.values()].some((position) => netOf(position) !== 0);
  return hasPosition || [...account.orders.values()].some(isOpen);
}
