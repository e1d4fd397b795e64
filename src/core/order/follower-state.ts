/** What is known of a follower's account: copies, child orders and copied positions. */
import type { CopyId } from "../model/fact.ts";
import type { AccountId, BrokerOrderId, CorrelationId, LinkId } from "../model/ids.ts";
import type { MoneyE4 } from "../model/money.ts";
import { PersistentMap } from "../model/persistent-map.ts";
import type { RepairAnswer } from "../model/repair.ts";
import type { TradingDay } from "../model/time.ts";
import { type AccountBook, EMPTY_BOOK, type PositionKey, toPositionKey } from "./account-book.ts";
import type { Child } from "./child.ts";
import type { Copy } from "./copy.ts";
import type { KnownDrift } from "./known-drift.ts";
import type { MovedMode } from "./link-modes.ts";
import { NO_STOPS, type Stops } from "./stops.ts";

export interface OpenedLink {
  readonly leader: AccountId;
  readonly leaderSeq: number;
}

declare const copiedKey: unique symbol;
/** What one link has copied of one contract of the leader's into one of the follower's. */
export type CopiedKey = string & { readonly [copiedKey]: true };

/**
 * The leader's contract is a part of it: his BO and his plain orders may be one position at a follower
 * and are two at him, and an exit of the one must not take what was copied of the other.
 */
export function toCopiedKey(
  linkId: LinkId,
  leaderKey: PositionKey,
  key: PositionKey = leaderKey,
): CopiedKey {
  return `${linkId}|${leaderKey}|${key}` as CopiedKey;
}

export function linkOfCopied(name: CopiedKey): LinkId {
  return name.slice(0, name.indexOf("|")) as LinkId;
}

/** The follower's contract. */
export function contractOfCopied(name: CopiedKey): PositionKey {
  return name.split("|").slice(-2).join("|") as PositionKey;
}

export type Copied = Pick<Copy, "linkId" | "instrument" | "product" | "of">;

/** What the name is of. */
export function copiedOf(name: CopiedKey): Copied {
  const [linkId, ...parts] = name.split("|") as [LinkId, ...string[]];
  const [leaders, own] = [contractAt(parts, 0), contractAt(parts, 2)];
  const isSame = leaders.instrument === own.instrument && leaders.product === own.product;
  return { linkId, ...own, ...(!isSame && { of: leaders }) };
}

function contractAt(parts: readonly string[], index: number): Pick<Copy, "instrument" | "product"> {
  const [instrument, product] = parts.slice(index) as [Copy["instrument"], Copy["product"]];
  return { instrument, product };
}

export function copiedKeyOf({ linkId, instrument, product, of }: Copied): CopiedKey {
  const key = toPositionKey(instrument, product);
  return toCopiedKey(linkId, of ? toPositionKey(of.instrument, of.product) : key, key);
}

/** Signed units that were copied of the same contract of the leader's. */
export function copiedUnits(state: Pick<FollowerState, "copied">, copy: Copied): number {
  return state.copied.get(copiedKeyOf(copy)) ?? 0;
}

declare const carriedKey: unique symbol;
/** Entries of one side into one contract under one link. */
export type CarriedKey = string & { readonly [carriedKey]: true };

export function carriedKeyOf(entry: Copied & Pick<Copy, "side">): CarriedKey {
  return `${copiedKeyOf(entry)}|${entry.side}` as CarriedKey;
}

/** What whole lots have lost of such entries so far today, in ten-thousandths of a unit. */
export function carriedFor(
  state: Pick<FollowerState, "carried">,
  entry: Copied & Pick<Copy, "side">,
): number {
  return state.carried.get(carriedKeyOf(entry)) ?? 0;
}

/** The follower's contracts that a link has copied anything into. */
export function copiedContracts(
  state: Pick<FollowerState, "copied">,
  linkId: LinkId,
): readonly PositionKey[] {
  const names = [...state.copied.entries()].map(([name]) => name);
  const own = names.filter((name) => linkOfCopied(name) === linkId);
  return [...new Set(own.map(contractOfCopied))];
}

/** Signed units that a link has copied into one of the follower's contracts, of whatever of the leader's. */
export function copiedInto(
  state: Pick<FollowerState, "copied">,
  linkId: LinkId,
  key: PositionKey,
): number {
  let units = 0;
  for (const [name, copied] of state.copied.entries()) {
    if (linkOfCopied(name) === linkId && contractOfCopied(name) === key) units += copied;
  }
  return units;
}

export interface RepairRequest {
  readonly requestId: string;
  readonly answers: readonly RepairAnswer[];
}

export interface FollowerState {
  readonly account: AccountId;
  readonly book: AccountBook;
  readonly links: PersistentMap<LinkId, OpenedLink>;
  readonly copies: PersistentMap<CopyId, Copy>;
  readonly children: PersistentMap<CorrelationId, Child>;
  /** The child by the broker's id of its order, which is all that some lists tell. */
  readonly placed: PersistentMap<BrokerOrderId, CorrelationId>;
  /** Children whose outcome is unknown; as a rule none. */
  readonly unknown: readonly CorrelationId[];
  /** Children queued over a night: the book of the day tells whether they are still there. */
  readonly queued: readonly CorrelationId[];
  /** Copies that may still need something, by instrument and product, oldest first. */
  readonly openCopies: PersistentMap<PositionKey, readonly CopyId[]>;
  /** Copies opened last, oldest first: orders that came together are looked for among them. */
  readonly recent: readonly CopyId[];
  /** Signed units that copying opened and has not closed. */
  readonly copied: PersistentMap<CopiedKey, number>;
  /** Entries that each link has placed today; what surely never left is not among them. */
  readonly entriesToday: PersistentMap<LinkId, number>;
  /** What whole lots have lost of entries so far today, for rules that carry it to the next. */
  readonly carried: PersistentMap<CarriedKey, number>;
  /** What the account had at the start of the day; absent until it was read. */
  readonly capital?: MoneyE4;
  /** Positions that are not where the link's rule would have them, since they were last seen so. */
  readonly drifts: PersistentMap<CopiedKey, KnownDrift>;
  /** What became of the last requests for repairs, oldest first. */
  readonly repairs: readonly RepairRequest[];
  readonly day?: TradingDay;
  readonly suspended?: "auth" | "address";
  /** Modes into which a person has put links. */
  readonly modes: PersistentMap<LinkId, MovedMode>;
  /** Why no new entries are sent, if so. */
  readonly stops: Stops;
}

export function emptyFollower(account: AccountId): FollowerState {
  return {
    account,
    book: EMPTY_BOOK,
    links: PersistentMap.empty(),
    copies: PersistentMap.empty(),
    children: PersistentMap.empty(),
    placed: PersistentMap.empty(),
    unknown: [],
    queued: [],
    openCopies: PersistentMap.empty(),
    copied: PersistentMap.empty(),
    entriesToday: PersistentMap.empty(),
    carried: PersistentMap.empty(),
    recent: [],
    drifts: PersistentMap.empty(),
    repairs: [],
    modes: PersistentMap.empty(),
    stops: NO_STOPS,
  };
}
