/** Names of things. Each is a string that only its own constructor may make. */
import { assert } from "../../platform/assert.ts";

declare const brand: unique symbol;
type Id<Name extends string> = string & { readonly [brand]: Name };

/** Our own name of an account, from the settings ("asha"). Never the broker's client id. */
export type AccountId = Id<"account">;
/** Our own name of a copy link, from the settings ("leader-asha"). */
export type LinkId = Id<"link">;
/** The broker's `orderId`. Opaque: never parsed for meaning. */
export type BrokerOrderId = Id<"brokerOrder">;
/** Our deterministic name of one attempt at one child order: exactly 25 characters. */
export type CorrelationId = Id<"correlation">;
/** One tradable contract: exchange segment and security id ("NSE_EQ:1333"). */
export type InstrumentKey = Id<"instrument">;

const NAME = /^[a-z0-9][a-z0-9-]{0,31}$/;

export function toAccountId(value: string): AccountId {
  assert(NAME.test(value), () => `not an account name: ${value}`);
  return value as AccountId;
}

export function toLinkId(value: string): LinkId {
  assert(NAME.test(value), () => `not a link name: ${value}`);
  return value as LinkId;
}

export function toBrokerOrderId(value: string): BrokerOrderId {
  assert(value.length > 0 && value.length <= 40, () => `not a broker order id: ${value}`);
  return value as BrokerOrderId;
}

/** "NSE_EQ" and "1333" to "NSE_EQ:1333". A security id is unique only within its segment. */
export function toInstrumentKey(segment: string, securityId: string): InstrumentKey {
  assert(
    segment.length > 0 && securityId.length > 0,
    "an instrument needs segment and security id",
  );
  return `${segment}:${securityId}` as InstrumentKey;
}

/** The two parts of an instrument key. */
export function splitInstrumentKey(key: InstrumentKey): { segment: string; securityId: string } {
  const at = key.indexOf(":");
  return { segment: key.slice(0, at), securityId: key.slice(at + 1) };
}

/** Ours begin with this character, so that a foreign id is told apart without a table. */
export const CORRELATION_VERSION = "T";
const CORRELATION = /^T[0-9A-Z]{24}$/;

/** The id, when it has the shape of ours; undefined for foreign and broker-made ones. */
export function asCorrelationId(value: string): CorrelationId | undefined {
  return CORRELATION.test(value) ? (value as CorrelationId) : undefined;
}
