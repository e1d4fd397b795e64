/**
 * Entries that the broker rejected: they are never asked again by themselves, so a person must see them
 * for as long as he could still do something, until the day ends or the leader's order is over.
 */
import type { FollowerFact, StopCause } from "../../core/model/fact.ts";
import type { BrokerOrderId, LinkId } from "../../core/model/ids.ts";
import { isTerminal, type Side } from "../../core/model/order.ts";
import { type EpochMs, toEpochMs } from "../../core/model/time.ts";
import type { Copy } from "../../core/order/copy.ts";
import type { FollowerState } from "../../core/order/follower-state.ts";
import { STOP_CAUSES } from "../../core/order/stops.ts";
import { leaderKeyOf } from "../../core/plan/family.ts";
import type { LeaderLevels } from "./leader-levels.ts";
import type { Recorded } from "./recorded.ts";
import { istTime } from "./words.ts";

export type Rejection = Recorded<Extract<FollowerFact, { kind: "skipped" }>>;

export interface ParkedCopy {
  readonly leaderOrderId: BrokerOrderId;
  readonly symbol: string;
  readonly side: Side;
  /** Units that were to be entered and are not. */
  readonly units: number;
  /** What kind of no it was ("funds", "price-band", …), and the broker's words. */
  readonly code: string;
  readonly text: string;
  /** "10:00:00.123", in India. */
  readonly at: string;
  readonly ageMs: number;
}

export interface ParkedQuestion {
  readonly linkId: LinkId;
  readonly follower: FollowerState;
  readonly leader: LeaderLevels;
  readonly symbols: ReadonlyMap<string, string>;
  readonly nowMs: EpochMs;
}

/** Whether the fact parks an entry. */
export function isParking(fact: FollowerFact): fact is Rejection["fact"] {
  return fact.kind === "skipped" && fact.code === "child-rejected" && fact.leg === "entry";
}

/** `rejections` are those of today, oldest first. */
export function parkedCopies(
  question: ParkedQuestion,
  rejections: readonly Rejection[],
): readonly ParkedCopy[] {
  const { linkId, follower, leader, symbols, nowMs } = question;
  // One that is cut into slices may be refused slice by slice: the last no stands for all.
  const last = new Map(rejections.map((rejection) => [rejection.fact.copyId, rejection]));
  return [...last].flatMap(([copyId, { fact, atMs }]) => {
    const copy = follower.copies.get(copyId);
    if (copy === undefined || copy.linkId !== linkId || isOver(leader, copy)) return [];
    const filled = copy.children.entry.map((id) => follower.children.get(id)?.filled ?? 0);
    const units = copy.entryQuantity - filled.reduce((sum, each) => sum + each, 0);
    const { leaderOrderId, side, instrument } = copy;
    const { reason = "", text = "" } = fact.inputs;
    return [
      {
        leaderOrderId,
        symbol: symbols.get(instrument) ?? instrument,
        side,
        units,
        code: String(reason),
        text: String(text),
        at: istTime(atMs, nowMs),
        ageMs: nowMs - atMs,
      },
    ];
  });
}

/** The leader's order has ended, and what it filled he holds no more. */
function isOver({ state, flatAtSeq, filledAtSeq }: LeaderLevels, copy: Copy): boolean {
  const order = state.book.orders.get(copy.leaderOrderId);
  if (order === undefined || !isTerminal(order.status)) return false;
  const filledAt = filledAtSeq.get(copy.leaderOrderId) ?? 0;
  return filledAt <= (flatAtSeq.get(leaderKeyOf(copy)) ?? 0);
}

/** Why no entries are sent for the account, the gravest first. */
export interface ReadStop {
  readonly cause: StopCause;
  readonly by: string;
  readonly text: string;
  /** "10:00:00.123", in India. */
  readonly at: string;
}

export function stopsOf({ stops }: FollowerState, nowMs: EpochMs): readonly ReadStop[] {
  return STOP_CAUSES.flatMap((cause) => {
    const stop = stops.causes[cause];
    if (stop === undefined) return [];
    const { by, text, atMs } = stop;
    return [{ cause, by, text, at: istTime(toEpochMs(atMs), nowMs) }];
  });
}
