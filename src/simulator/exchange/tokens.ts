/** Tokens: 24 hours, one live per account; a new one ends the one before (official docs). */
import type { SimAccount, SimToken } from "./account.ts";
import { istTime } from "./ist.ts";
import { loginRefusal, orderRefusal, type Reply, TEXT } from "./replies.ts";
import type { Venue } from "./venue.ts";

function base64url(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

/** Shaped like the broker's JWT, so that a client may read its claims; the signature is a word. */
function tokenText(venue: Venue, clientId: string, expiresAtMs: number): string {
  venue.tokenCount += 1;
  const head = base64url({ typ: "JWT", alg: "HS512" });
  const claims = base64url({
    iss: "dhan",
    exp: Math.floor(expiresAtMs / 1000),
    tokenConsumerType: "SELF",
    webhookUrl: "",
    dhanClientId: clientId,
  });
  return `${head}.${claims}.simulated-${venue.tokenCount}`;
}

/** A new live token; the account's previous one becomes superseded. */
export function issueToken(
  venue: Venue,
  clientId: string,
  previous: SimToken | undefined,
  given?: string,
): SimToken {
  const expiresAtMs = venue.agenda.nowMs() + venue.switches.tokenLifeMs;
  const text = given ?? tokenText(venue, clientId, expiresAtMs);
  if (previous?.state === "live") previous.state = "superseded";
  const token: SimToken = { text, clientId, expiresAtMs, state: "live" };
  venue.tokens.set(text, token);
  return token;
}

/** Whose token it is, or the refusal that its state deserves. */
export function authenticate(venue: Venue, text: string | undefined): SimAccount | Reply {
  const token = text === undefined ? undefined : venue.tokens.get(text);
  if (token === undefined) return loginRefusal(venue.switches.expiredTokenStatus);
  if (token.state === "superseded") return orderRefusal(TEXT.badToken);
  if (token.state === "expired" || token.expiresAtMs <= venue.agenda.nowMs()) {
    return loginRefusal(venue.switches.expiredTokenStatus);
  }
  return venue.accounts.get(token.clientId) ?? loginRefusal(venue.switches.expiredTokenStatus);
}

/** The six fields that minting and renewing answer with. */
export function tokenReply(account: SimAccount): object {
  return {
    dhanClientId: account.clientId,
    dhanClientName: account.name,
    dhanClientUcc: `UCC${account.clientId}`,
    givenPowerOfAttorney: false,
    accessToken: account.token.text,
    expiryTime: istTime(account.token.expiresAtMs).replace(" ", "T"),
  };
}
