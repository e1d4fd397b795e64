/**
 * What the auditor is told, and what a check is. The same checks run beside the simulated days, told of
 * the broker's truth, and inside the running program, told of what is observed at its ports.
 *
 * Keeps: shares no code with the core but its vocabulary; a check is told, it never asks.
 */
import type { Clock } from "../ports/clock.ts";
import type { NewEntry, StreamName } from "../ports/journal.ts";
import type { Written } from "./written.ts";

/** Says what is broken, in words with numbers. */
export type Tell = (text: string) => void;

/** One order of one account, as it was seen. */
export interface SeenOrder {
  readonly account: string;
  readonly orderId: string;
  /** As the broker has it; in the running program only one of the shape of ours. */
  readonly correlationId?: string;
  /** "NSE_EQ:1333" */
  readonly instrument: string;
  /** Units that it was placed for; absent where they may have been changed since. */
  readonly placedQuantity?: number;
  /** Cumulative units. */
  readonly filled: number;
  readonly isAlive: boolean;
  /** An exit leg, or an order that the broker made for another one: nobody asked for it by itself. */
  readonly isPart: boolean;
  /** All prices of it, in 1/10,000 rupee; absent where nobody looks. */
  readonly pricesE4?: readonly number[];
  /** Monotonic: when the read that shows it began, or its frame came. */
  readonly seenAtMs: number;
  /** Shown by a read of the whole book. */
  readonly isOfBook?: true;
}

/** An order command as it leaves for the broker. */
export interface AuditCall {
  readonly account: string;
  readonly kind: "place" | "modify" | "cancel";
  /** Of a placement. */
  readonly correlationId?: string;
  /** Of a change: the order, or the group and the leg. */
  readonly orderId?: string;
  readonly instrument?: string;
  readonly quantity?: number;
  readonly pricesE4?: readonly number[];
  /** Monotonic. */
  readonly leftAtMs: number;
}

export interface AuditLink {
  readonly id: string;
  readonly leader: string;
  readonly follower: string;
}

/** What of an instrument the broker's rules are about. */
export interface TradeRules {
  readonly lotSize: number;
  readonly tickE4: number;
  /** Absent where none is known for certain. */
  readonly freezeUnits?: number;
}

export interface AuditWorld {
  /** Of the moment that is being told of, not of its telling. */
  readonly clock: Pick<Clock, "nowMs" | "monotonicMs">;
  readonly links: readonly AuditLink[];
  readonly secrets: readonly string[];
  /** What the journal says was decided; it has taken an append before the checks hear of it. */
  readonly written: Written;
  /** For how long what is seen may be behind what is; 0 where the truth itself is told. */
  readonly lagMs: number;
  /** Since when (monotonic) both accounts of the link are known and it acts; undefined: it does not. */
  armedSinceMs(linkId: string): number | undefined;
  rulesOf(instrument: string): TradeRules | undefined;
}

/** Entries of one stream that the journal has taken, or one that a start has read. */
export interface TakenEntries {
  readonly stream: StreamName;
  readonly firstSeq: number;
  readonly entries: readonly NewEntry[];
}

export interface AuditCheck {
  /** An order of an account, whenever something of it is seen. */
  onOrder?(seen: SeenOrder): void;
  /** All that a read of the account's whole book shows has been told. */
  onBook?(account: string): void;
  onEntries?(taken: TakenEntries): void;
  onCall?(call: AuditCall): void;
  /** Now and then: what should have come by now has not. */
  onTick?(): void;
  /** Nothing is on its way any more: what has not come by now will not. */
  atEnd?(): void;
  /** What is older than this (wall time) will not be seen again. */
  forget?(beforeMs: number): void;
}

export type MakeAuditCheck = (world: AuditWorld, tell: Tell) => AuditCheck;

export function isFollower(world: AuditWorld, account: string): boolean {
  return world.links.some(({ follower }) => follower === account);
}

/** Exit legs, orders that a trigger has fired and those of the broker's risk desk are not ours to name. */
export function isMadeByBroker(correlationId: string | undefined): boolean {
  return correlationId === undefined || /^(NA|NR)$|SQROFF|^\d+-\d+$/.test(correlationId);
}
