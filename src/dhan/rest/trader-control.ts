/** What stops an account: the kill switch and the exit on profit or loss. Writes give the raw reply. */
import type { HttpReply } from "../../ports/transport.ts";
import { isNoPnlExit } from "../errors.ts";
import {
  type KillSwitchReply,
  type KillSwitchWord,
  killSwitchReply,
  type PnlExit,
  type PnlExitRequest,
  pnlExit,
} from "../wire/trader-control.ts";
import type { Calls } from "./calls.ts";

/** `GET /killswitch`. */
export function readKillSwitch(calls: Calls): Promise<KillSwitchReply> {
  return calls.read({ what: "kill switch", method: "GET", path: "/killswitch" }, killSwitchReply);
}

/** `POST /killswitch?killSwitchStatus=…`, without a body. Needs a flat account (official docs). */
export function setKillSwitch(calls: Calls, killSwitchStatus: KillSwitchWord): Promise<HttpReply> {
  return calls.send("POST", `/killswitch?killSwitchStatus=${killSwitchStatus}`);
}

/** `GET /pnlExit`; undefined when none is set (400 DH-907). */
export async function readPnlExit(calls: Calls): Promise<PnlExit | undefined> {
  const request = { what: "P&L exit", method: "GET", path: "/pnlExit" } as const;
  const reply = await calls.ask(request);
  return isNoPnlExit(reply) ? undefined : calls.decode(request, reply, pnlExit);
}

/** `POST /pnlExit`, until the end of the day. */
export function setPnlExit(
  calls: Calls,
  request: Omit<PnlExitRequest, "dhanClientId">,
): Promise<HttpReply> {
  const body: PnlExitRequest = { dhanClientId: calls.clientId, ...request };
  return calls.send("POST", "/pnlExit", body);
}

/** `DELETE /pnlExit`. */
export function stopPnlExit(calls: Calls): Promise<HttpReply> {
  return calls.send("DELETE", "/pnlExit");
}
