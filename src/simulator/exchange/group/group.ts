/**
 * An order group: an entry with a target, a stop, or both. Super Orders, bracket orders (BO) and
 * cover orders (CO) are the same machine behind different doors. Prices are in 1/10,000 rupee.
 */
import type { ExitLeg } from "../../../core/model/order.ts";
import { isOpen, isWorking } from "../order.ts";
import type { GroupKind, SimExit, SimGroup, SimOrder } from "../order-records.ts";
import type { ExitState } from "./group-moment.ts";

export const EXIT_LEGS = ["stop", "target"] as const satisfies readonly ExitLeg[];

/** What a placement asks for. An exit is absent, at a price, or so far from the entry's price. */
export interface GroupTerms {
  readonly kind: GroupKind;
  readonly target?: ExitTerms;
  readonly stop?: ExitTerms;
}

export interface ExitTerms {
  /** A target's limit or a stop's trigger; 0 when it is told as a distance. */
  readonly levelE4: number;
  /** From the entry's average; 0 when it is told as a level. */
  readonly distanceE4: number;
  /** The step in which a stop trails; 0 stands still. */
  readonly trailE4: number;
}

export function exitState(exit: SimExit): ExitState {
  const { order } = exit;
  if (exit.endedAs !== undefined) return exit.endedAs;
  if (order === undefined) return "waiting";
  switch (order.status) {
    case "TRADED":
      return "filled";
    case "CANCELLED":
    case "REJECTED":
      return "cancelled";
    case "EXPIRED":
      return "expired";
    default:
      return exit.leg === "stop" && hasFired(order) ? "triggered" : "working";
  }
}

/** A stop has touched its trigger, or anything of a leg has traded. */
export function hasFired(order: SimOrder): boolean {
  return order.triggered || order.filled > 0;
}

/** Neither ended nor on its way out: its terms may still be changed. */
export function isChangeable(exit: SimExit | undefined): exit is SimExit {
  if (exit === undefined) return false;
  const state = exitState(exit);
  return state === "waiting" || state === "working";
}

export function exitsOf(group: SimGroup): SimExit[] {
  return EXIT_LEGS.flatMap((leg) => group[leg] ?? []);
}

/** Units that have left through the legs. */
export function unitsOut(group: SimGroup): number {
  return (group.target?.order?.filled ?? 0) + (group.stop?.order?.filled ?? 0);
}

/** All that came in is out through the legs, and no more can come in. */
export function isClosed(group: SimGroup): boolean {
  const { entry } = group;
  return entry.filled > 0 && !isOpen(entry) && unitsOut(group) >= entry.filled;
}

/** Units in without a stop that works or has fired; 0 for a group that never had a stop to lose. */
export function unprotectedUnits(group: SimGroup): number {
  const open = Math.max(0, group.entry.filled - unitsOut(group));
  const order = group.stop?.order;
  const covered = order !== undefined && isWorking(order) ? order.terms.quantity - order.filled : 0;
  return Math.max(0, open - covered);
}

/** The order is an exit leg: it only ever closes, so it blocks no money of its own. */
export function isExitLeg(order: SimOrder): boolean {
  return order.part !== undefined && order.part.role !== "entry";
}
