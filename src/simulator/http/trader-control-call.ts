/** The calls of the wire that stop trading. */
import { readKillSwitch, setKillSwitch } from "../exchange/kill-switch.ts";
import { dropPnlExit, setPnlExit, showPnlExit } from "../exchange/pnl-exit.ts";
import type { Reply } from "../exchange/replies.ts";
import type { Venue } from "../exchange/venue.ts";
import type { WireCall } from "./call.ts";

export function answerKillSwitch({ account, method, query }: WireCall): Reply {
  if (method === "GET") return readKillSwitch(account);
  return setKillSwitch(account, new URLSearchParams(query).get("killSwitchStatus"));
}

export function answerPnlExit(venue: Venue, { account, method, body }: WireCall): Reply {
  if (method === "GET") return showPnlExit(account);
  return method === "DELETE" ? dropPnlExit(account) : setPnlExit(venue, account, body);
}
