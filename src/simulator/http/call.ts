/** One call of the wire, once it is known whose it is and that it may be made. */
import type { SimAccount } from "../exchange/account.ts";
import type { Origin } from "../exchange/place.ts";
import type { Route } from "./route.ts";

export interface WireCall {
  readonly account: SimAccount;
  readonly route: Route;
  readonly method: string;
  /** Decoded JSON; undefined when the body was empty or malformed. */
  readonly body: unknown;
  /** After the "?", undecoded; "" without one. */
  readonly query: string;
  readonly remoteIp: string;
  readonly origin: Origin;
}

/** The body names another client than the token's. */
export function isForeign({ account }: WireCall, clientId: string | undefined): boolean {
  return clientId !== undefined && clientId !== account.clientId;
}
