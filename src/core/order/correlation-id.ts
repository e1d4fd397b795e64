/**
 * Names of child orders, computed from what they are for, so that a restart, even one that lost its
 * journal, finds its own orders in the broker's book.
 *
 * One version character and 120 bits of SHA-256 in base 32: 25 characters, which is the broker's
 * real limit (30 is documented; 25 is what was measured). The inputs, their order and the separator
 * are frozen by a test with golden values: changing them orphans every order that is open.
 */
import { assert } from "../../platform/assert.ts";
import {
  type AccountId,
  type BrokerOrderId,
  CORRELATION_VERSION,
  type CorrelationId,
} from "../model/ids.ts";

/**
 * Which part of the leader's order a child stands for. A plain order that crosses zero becomes an
 * exit (the reducing part) and then an entry (the opening part).
 * stop: an order of our own that gets a group out where the broker's legs do not. repair: what brings
 * back to flat what was exited twice.
 */
export type Leg = "entry" | "exit" | "stop" | "repair";
export const LEGS: readonly Leg[] = ["exit", "entry", "stop", "repair"];

export interface ChildIdentity {
  readonly leader: AccountId;
  readonly leaderOrderId: BrokerOrderId;
  readonly follower: AccountId;
  readonly leg: Leg;
  /** Which of several orders cut because of the freeze quantity; 0 alone. */
  readonly slice: number;
  /** Rises when an accepted order is replaced by a new one. */
  readonly revision: number;
  /** Rises only on evidence that the one before was not accepted. */
  readonly attempt: number;
}

/** Crockford's alphabet: no letters that look like digits. */
const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const SEPARATOR = "\u001f";
const ID_BYTES = 15;

export type Sha256 = (text: string) => Uint8Array;

export function correlationIdOf(identity: ChildIdentity, sha256: Sha256): CorrelationId {
  const text = [
    identity.leader,
    identity.leaderOrderId,
    identity.follower,
    identity.leg,
    String(identity.slice),
    String(identity.revision),
    String(identity.attempt),
  ].join(SEPARATOR);
  const digest = sha256(text);
  assert(digest.length === 32, "sha256 gives 32 bytes");
  return (CORRELATION_VERSION + base32(digest)) as CorrelationId;
}

/** 15 bytes are exactly 24 characters of five bits. */
function base32(bytes: Uint8Array): string {
  let text = "";
  let buffer = 0;
  let bits = 0;
  for (const byte of bytes.subarray(0, ID_BYTES)) {
    buffer = (buffer << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += ALPHABET[(buffer >>> bits) & 31];
    }
    buffer &= (1 << bits) - 1;
  }
  return text;
}
