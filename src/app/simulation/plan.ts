/**
 * What a seed stands for, as plain data: who follows and by which rules, what the leader does, what
 * goes wrong and when. It can be printed, reduced and played again.
 */
import type { Link } from "../../core/model/link.ts";
import type { Latencies, Switches } from "../../simulator/index.ts";
import { CHECKS } from "./checks/checks.ts";
import type { Act } from "./day/act.ts";
import type { OperatorAct } from "./day/operator.ts";
import { playActs } from "./day/play-acts.ts";
import type { RepairAct } from "./day/repairs.ts";
import type { RuleEdit } from "./day/rule-edit.ts";
import type { Strike } from "./faults/strike.ts";
import type { PlannedCalendar } from "./planned-calendar.ts";
import type { SeedOptions } from "./run-seed.ts";

/** The rules of a link that days differ in; all of them are plain data. */
export type PlannedRules = Pick<
  Partial<Link>,
  | "mode"
  | "sizing"
  | "guards"
  | "marketOrders"
  | "copy"
  | "brackets"
  | "afterLeaderFilled"
  | "unprotected"
  | "repair"
>;

export interface PlannedFollower {
  readonly name: string;
  /** Where the link has no sizing of its own: 10_000 copies one for one. */
  readonly bps: number;
  readonly link: PlannedRules;
}

export interface Plan {
  readonly seed: number;
  readonly followers: readonly PlannedFollower[];
  /** Keys: "NSE_EQ:1333". */
  readonly instruments: readonly string[];
  readonly latencies: Latencies;
  readonly switches: Partial<Switches>;
  /** The leader's day in order of time. */
  readonly acts: readonly Act[];
  readonly strikes: readonly Strike[];
  /** Rules that are edited while the day goes on; absent in plans that are older than that: none. */
  readonly edits?: readonly RuleEdit[];
  /** What a person says to Tandem; absent in plans that are older than that: nothing. */
  readonly operator?: readonly OperatorAct[];
  /** The same of links' modes, and of what he says beside them. */
  readonly modes?: readonly OperatorAct[];
  /** After ten; absent: on the stroke. */
  readonly beginsLateMs?: number;
  /** Absent: the market is always open. */
  readonly calendar?: PlannedCalendar;
  /** When somebody repairs what differs; absent in plans that are older than that: never. */
  readonly repairs?: readonly RepairAct[];
  /** Who follows on paper, one at the most; absent in plans that are older than that: nobody. */
  readonly shadows?: readonly PlannedFollower[];
}

/** How a plan is run. */
export function seedOptionsOf(plan: Plan): SeedOptions {
  const {
    seed,
    followers,
    switches,
    latencies,
    calendar,
    beginsLateMs,
    shadows: [shadow] = [],
  } = plan;
  return {
    seed,
    followers,
    switches,
    latencies,
    ...(shadow && { shadow }),
    ...(calendar && { calendar }),
    ...(beginsLateMs !== undefined && { beginsLateMs }),
    play: (world) => playActs(world, plan),
    checks: CHECKS,
  };
}
