/** The login host: minting a token with PIN and TOTP (official docs). TOTP digits are not checked. */
import { inputRefusal, ok, type Reply, refusal } from "../exchange/replies.ts";
import { issueToken, tokenReply } from "../exchange/tokens.ts";
import type { Venue } from "../exchange/venue.ts";

const SIX_DIGITS = /^[0-9]{6}$/;
/** Six digits that are always wrong, so that a refusal can be had. */
const WRONG_TOTP = "000000";

export function answerLogin(
  venue: Venue,
  method: string,
  path: string,
  query: string,
): Reply | undefined {
  if (method !== "POST" || path !== "/app/generateAccessToken") return undefined;
  const asked = new URLSearchParams(query);
  const account = venue.accounts.get(asked.get("dhanClientId") ?? "");
  const totp = asked.get("totp") ?? "";
  if (account === undefined) return inputRefusal("Invalid Client Id");
  if (asked.get("pin") !== account.pin) return inputRefusal("Invalid pin");
  if (!SIX_DIGITS.test(totp) || totp === WRONG_TOTP) return inputRefusal("Invalid TOTP");
  const nowMs = venue.agenda.nowMs();
  if (nowMs - account.mintedAtMs < venue.switches.mintIntervalMs) {
    return refusal(400, "Input_Exception", "DH-905", "Token can be generated once every 2 minutes");
  }
  account.mintedAtMs = nowMs;
  account.token = issueToken(venue, account.clientId, account.token);
  return ok(tokenReply(account));
}
