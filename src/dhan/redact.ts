/** Takes secrets and client ids out of broker texts before they reach outcomes, faults and logs. */
import { createRedactor, REDACTED } from "../platform/redact.ts";

const JSON_WEB_TOKEN = /eyJ[\w-]+\.[\w-]+(?:\.[\w-]+)?/g;
/** Broker texts are one sentence; a gateway's page is not. */
const MAX_LENGTH = 300;

export type Redact = (text: string) => string;

/** One account's own redaction: of what was registered, and of anything that looks like a token. */
export interface AccountRedaction {
  readonly redact: Redact;
  registerToken(token: string): void;
}

export function createAccountRedaction(clientId: string, accessToken: string): AccountRedaction {
  const redactor = createRedactor();
  redactor.registerClientId(clientId);
  redactor.register(accessToken);
  return {
    redact(text) {
      const clean = redactor.redact(text).replace(JSON_WEB_TOKEN, REDACTED);
      return clean.length > MAX_LENGTH ? `${clean.slice(0, MAX_LENGTH)}…` : clean;
    },
    registerToken: (token) => redactor.register(token),
  };
}
