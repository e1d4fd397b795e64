/** What became of a leader's order for every follower: as the journal tells it, for whoever shows it. */
import type { FollowerFact, LeaderFact } from "./fact.ts";
import type { EpochMs } from "./time.ts";

/** A fact, with when and where it stands in the journal. */
export interface Recorded<Fact> {
  readonly stream: string;
  readonly seq: number;
  /** When it was recorded, by this machine's clock. */
  readonly atMs: EpochMs;
  /** The leader's entry that led to it: "leader/main#17". */
  readonly causedBy?: string;
  readonly fact: Fact;
}

/**
 * copied: an order for it was placed; what is left of it works, filled, or ended with the leader's.
 * skipped: a final no. rejected: the broker's no. held: nothing can be done for now, and somebody
 * should look. pending: under way. unknown: an order was sent, and nothing proves either way.
 */
export type CopyOutcome = "copied" | "skipped" | "rejected" | "held" | "pending" | "unknown";

export interface CopyExplanation {
  readonly link: string;
  readonly follower: string;
  readonly outcome: CopyOutcome;
  /** Fixed code of a refusal, hold or rejection (docs/reference/reason-codes.md); "" when none. */
  readonly code: string;
  /** "50 of 50 filled at 1650.25; accepted by the broker 3 ms after the leader's order was seen" */
  readonly summary: string;
  /** The story with its inputs, oldest first, each line with its time in India. */
  readonly lines: readonly string[];
  /** What the story was told from. */
  readonly facts: readonly Recorded<FollowerFact>[];
}

export interface OrderExplanation {
  readonly leader: string;
  readonly leaderOrderId: string;
  /** "BUY 50 HDFCBANK LIMIT 1650.00 INTRADAY DAY: filled, 50 of 50 at 1650.00" */
  readonly leaderOrder: string;
  /** Date in India of the times in the lines. */
  readonly day: string;
  /** How the order was found when another id was asked for; "" otherwise. */
  readonly remark: string;
  /** What was observed of it, oldest first. */
  readonly lines: readonly string[];
  readonly facts: readonly Recorded<LeaderFact>[];
  readonly copies: readonly CopyExplanation[];
}
