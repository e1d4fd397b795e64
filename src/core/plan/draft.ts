/** A step in the making: the state as the facts so far leave it, the facts, and the actions. */
import type { Calendar } from "../model/calendar.ts";
import type { FollowerFact } from "../model/fact.ts";
import type { AccountId, InstrumentKey, LinkId } from "../model/ids.ts";
import type { Instrument } from "../model/instrument.ts";
import type { Link } from "../model/link.ts";
import type { OrderObservation } from "../model/order.ts";
import { type EpochMs, toEpochMs } from "../model/time.ts";
import type { Sha256 } from "../order/correlation-id.ts";
import { foldFollower } from "../order/follower.ts";
import type { FollowerState } from "../order/follower-state.ts";
import type { LeaderState } from "../order/leader.ts";
import { asMoved } from "../order/link-modes.ts";
import type { Action } from "../risk/approve.ts";

/** Named limits of planning. Reaching one is an explicit, tested outcome. */
export interface Limits {
  /** Attempts at one child order, each after proof that the one before was not accepted. */
  readonly maxAttempts: number;
  /** The broker allows 25 modifications; the next change is a cancel and a new order. */
  readonly maxModifications: number;
  readonly maxCancels: number;
  /** How long after it was last unsure an order must stay unseen to count as absent. */
  readonly absenceSettleMs: number;
  readonly absenceLookups: number;
  /** How long a book may still show the terms from before an accepted change. */
  readonly changeSettleMs: number;
  /** How long units of a group may stand without their stop being seen before a person hears of it. */
  readonly protectionMs: number;
  /** How long until a stop of our own takes the place of one that is not seen and not proved gone. */
  readonly rearmMs: number;
  /** How long the broker's legs may take to do what the leader's have done. */
  readonly exitGraceMs: number;
  /** How long the target, moved to the market, may take before the legs end and an order exits. */
  readonly exitDeadlineMs: number;
  /** How long a leg of the leader's must be gone, and the other not filled, to be given up. */
  readonly legGraceMs: number;
  /** How long exits must have taken out too much before it is brought back. */
  readonly repairMs: number;
  /** How long a difference must stand that nothing explains before a person hears of it. */
  readonly driftAlarmMs: number;
  /** How long the leader must be out of a position that no order takes the follower out of. */
  readonly leftInMs: number;
  /** So many entries rejected in a row, within that time, stop entries for the account. */
  readonly breakerRejections: number;
  readonly breakerWindowMs: number;
}

export const DEFAULT_LIMITS: Limits = {
  maxAttempts: 5,
  maxModifications: 24,
  maxCancels: 10,
  absenceSettleMs: 15_000,
  absenceLookups: 3,
  changeSettleMs: 3_000,
  protectionMs: 5_000,
  rearmMs: 12_000,
  exitGraceMs: 1_500,
  exitDeadlineMs: 3_000,
  legGraceMs: 3_000,
  repairMs: 2_500,
  driftAlarmMs: 60_000,
  leftInMs: 15_000,
  breakerRejections: 5,
  breakerWindowMs: 60_000,
};

/** All that a step may look at beside the follower's state. */
export interface StepContext {
  readonly nowMs: EpochMs;
  /** Seq that the first fact of this step will have in the follower's stream. */
  readonly nextSeq: number;
  /** As the settings have it. */
  readonly link: (id: LinkId) => Link | undefined;
  readonly leader: (id: AccountId) => LeaderState | undefined;
  /** The follower's own books were read since the process began. */
  readonly areBooksRead: () => boolean;
  /** How far the clock of the leader's broker is ahead of ours, as his frames showed it. */
  readonly brokerAheadMs: (leader: AccountId) => number;
  readonly instrument: (key: InstrumentKey) => Instrument | undefined;
  readonly sha256: Sha256;
  readonly limits: Limits;
  /** When each segment takes orders. Absent: always. */
  readonly calendar?: Calendar;
}

/**
 * By the broker's clock, since ours may be wrong; and not before he has taken the order, whatever the
 * clocks say.
 */
export function brokerNowMs(
  { nowMs, brokerAheadMs }: StepContext,
  leader: AccountId,
  { placedAtMs }: Pick<OrderObservation, "placedAtMs">,
): EpochMs {
  return toEpochMs(Math.max(nowMs + brokerAheadMs(leader), placedAtMs));
}

export class Draft {
  readonly context: StepContext;
  readonly facts: FollowerFact[] = [];
  readonly actions: Action[] = [];
  #state: FollowerState;

  constructor(state: FollowerState, context: StepContext) {
    this.#state = state;
    this.context = context;
  }

  get state(): FollowerState {
    return this.#state;
  }

  /** The link in the mode that holds; undefined where it is not set. */
  link(id: LinkId): Link | undefined {
    const link = this.context.link(id);
    return link && asMoved(link, this.#state.modes.get(id));
  }

  /** Adds the fact; what follows sees the state with it. */
  record(fact: FollowerFact): void {
    const seq = this.context.nextSeq + this.facts.length;
    this.#state = foldFollower(this.#state, fact, seq, this.context.nowMs);
    this.facts.push(fact);
  }

  act(action: Action): void {
    this.actions.push(action);
  }
}
