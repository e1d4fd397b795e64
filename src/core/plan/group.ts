/**
 * A group of the leader's at a follower: one order with its exit legs at the broker, kept like the
 * leader's, watched until its stop is seen, and brought out when the leader is.
 *
 * Keeps: the broker's own legs exit, and an order of ours only where they do not; the legs and that
 * order never stand for more than is left; what was exited twice is brought back. Does not: copy the
 * leader's legs as orders (family.ts).
 */
import { must } from "../../platform/assert.ts";
import { isStopRight, isTargetRight, leaderExits } from "../desire/protection.ts";
import { entryTotal } from "../desire/total.ts";
import type { Protection } from "../model/command.ts";
import type { ExitLeg } from "../model/order.ts";
import { isOpen } from "../order/child-state.ts";
import { isAlive } from "../order/group.ts";
import { copyNamed } from "../order/named.ts";
import { isSquaredOff } from "../order/stops.ts";
import { isSkipped, legFilled } from "./consider.ts";
import { cancelLeg, endLegs, modifyLeg } from "./exit-legs.ts";
import { planLeg } from "./leg.ts";
import { outPrice, outTrigger } from "./out-price.ts";
import { planOwnStop, planRepair } from "./own-exit.ts";
import { termsAfterFilled } from "./resting.ts";
import { watchFlat } from "./square-off.ts";
import {
  EXIT_LEGS,
  type GroupPlan,
  type Held,
  hasAliveLeg,
  hasLeaderLeft,
  hasWorkingLeg,
  isTooMuch,
  type Standing,
  standingOf,
} from "./standing.ts";
import { alarmOnce, hasLasted } from "./watch.ts";

/** True when the group needs nothing more unless something changes. */
export function planGroup(plan: GroupPlan): boolean {
  withdrawEntry(plan);
  const isEntryDone = planGroupEntry(plan);
  const standing = standingOf(plan);
  watchFlat(plan.draft, plan.copy.copyId, standing.left);
  const isRepaired = planRepair(plan, standing);
  shrinkLegs(plan, standing);
  const givenUp = standing.isLeaderOut ? [] : givenUpLegs(plan, standing);
  if (standing.isLeaderOut) bringOut(plan, standing);
  else followLevels(plan, standing, givenUp);
  const isOut = planOwnStop(plan, standingOf(plan), givenUp);
  const hasLegs = standing.held.some(hasAliveLeg);
  const hasPending = standing.held.some(({ child }) => child.pending !== undefined);
  return isEntryDone && isRepaired && isOut && standing.left === 0 && !hasLegs && !hasPending;
}

/** His legs may have brought him out although he holds more of the contract by other orders. */
function withdrawEntry({ draft, copy, leader, order, instrument }: GroupPlan): void {
  if (copy.withdrawn !== undefined || order.filledQuantity === 0) return;
  const exits = leaderExits(leader.book, order, instrument);
  if (!hasLeaderLeft(copy, leader, order, exits)) return;
  draft.record({ kind: "entryWithdrawn", copyId: copy.copyId, code: "leader-flat" });
}

function planGroupEntry(plan: GroupPlan): boolean {
  const { draft, order, link, instrument, isBlocked } = plan;
  const copy = copyNamed(draft.state, plan.copy.copyId);
  const filled = legFilled(draft.state, copy, "entry");
  if (copy.children.entry.length === 0 && isSkipped(copy, "entry")) return true;
  const exits = leaderExits(plan.leader.book, order, instrument);
  const terms = termsAfterFilled({ draft, copy, order, link, instrument }, "entry");
  const isOver = isSkipped(copyNamed(draft.state, copy.copyId), "entry");
  const wanted = isOver ? 0 : entryTotal(copy, order, instrument.lotSize);
  return planLeg({
    draft,
    copy,
    leg: "entry",
    link,
    order,
    instrument,
    total: Math.max(wanted, filled),
    isBlocked,
    ...(exits && { protection: exits.protection }),
    ...(terms && { terms }),
  });
}

/**
 * What was exited otherwise (by a plain order of the leader's, or of ours) is no longer for the legs to
 * take out. The broker's legs cannot be made smaller, so the newest that stand for too much end; what
 * then lacks a stop gets one of our own.
 */
function shrinkLegs(plan: GroupPlan, { held }: Standing): void {
  for (const one of held) {
    if (canEndLegs(one) && isTooMuch(one) && !isOpen(one.child.state)) endLegs(plan, one);
  }
  // The broker ends one leg when the other has filled; where it did not in time, we do.
  const left = held.filter(
    (one) => one.inside <= 0 && hasWorkingLeg(one) && !isOpen(one.child.state),
  );
  const { exitGraceMs: afterMs } = plan.draft.context.limits;
  const question = { grace: "leg-left", isSo: left.length > 0, afterMs } as const;
  if (!hasLasted(plan.draft, plan.copy.copyId, question)) return;
  for (const one of left) endLegs(plan, one);
}

/** No plain order can close what is in under BO or CO: without its legs it would be naked. */
function canEndLegs({ child }: Held): boolean {
  return child.vehicle === "super";
}

/** Exit levels as the leader's, leg by leg, once the entry has filled and they have a life of their own. */
function followLevels(
  plan: GroupPlan,
  { exits, held }: Standing,
  givenUp: readonly ExitLeg[],
): void {
  if (exits === undefined) return;
  for (const { child, levels } of held) {
    // With an entry that is still open they are restated together with it.
    if (isOpen(child.state)) continue;
    for (const leg of EXIT_LEGS) {
      if (!isAlive(levels[leg])) continue;
      const theirs = exits.seen[leg]?.status;
      const isFiring = theirs === "triggered" || theirs === "filled";
      if (givenUp.includes(leg)) cancelLeg(plan, child, leg);
      else if (!isFiring && !isLegRight(leg, child.protection, exits.protection)) {
        modifyLeg(plan, child, leg, legOf(leg, exits.protection));
      }
    }
  }
}

function isLegRight(leg: ExitLeg, known: Protection | undefined, wanted: Protection): boolean {
  return leg === "target" ? isTargetRight(known, wanted) : isStopRight(known, wanted);
}

/** The part of the levels that one leg's modification restates: a trail that is not said again ends. */
function legOf(leg: ExitLeg, { target, stop, trail }: Protection): Protection {
  if (leg === "target") return { target: must(target, "a target to be moved to") };
  return {
    stop: must(stop, "a stop to be moved to"),
    ...(trail === undefined ? {} : { trail }),
  };
}

/**
 * Legs that the leader has given up although he is still in. One leg also ends when the other fills,
 * and the news of the two may come in any order, so this is believed only after a while.
 */
function givenUpLegs({ draft, copy }: GroupPlan, { exits }: Standing): readonly ExitLeg[] {
  const seen = exits?.seen ?? {};
  const isFiring = EXIT_LEGS.some(
    (leg) => seen[leg]?.status === "filled" || seen[leg]?.status === "triggered",
  );
  const gone = isFiring ? [] : EXIT_LEGS.filter((leg) => seen[leg]?.status === "cancelled");
  const afterMs = draft.context.limits.legGraceMs;
  const isSo = gone.length > 0;
  return hasLasted(draft, copy.copyId, { grace: "leg-cancelled", isSo, afterMs }) ? gone : [];
}

/**
 * The leader is out. Where the follower's legs saw the same prices they are filling by themselves;
 * where they are not, he was brought out by hand, and so is the follower: his target is moved to the
 * market, so that the broker's own one-cancels-other still holds, and only if that does not help the
 * legs end and an order of ours exits: at once where a person squares the account off.
 */
function bringOut(plan: GroupPlan, { held, left, claimed }: Standing): void {
  const { draft, copy, order } = plan;
  const { copyId } = copy;
  const { exitGraceMs } = draft.context.limits;
  const isDue = hasLasted(draft, copyId, {
    grace: "leader-out",
    isSo: left > 0,
    afterMs: exitGraceMs,
  });
  if (!isDue) return;
  const inputs = { left, leaderStatus: order.status };
  const isSquared = isSquaredOff(draft.state.stops);
  if (isOverdue(plan) && !isSquared) alarmOnce(draft, copyId, "still-in", inputs);
  // What an exit of its own takes out already must not be taken out by the legs as well.
  if (claimed === left || (claimed > 0 && !isOverdue(plan))) return;
  for (const one of held) {
    if (one.inside <= 0 || isOpen(one.child.state)) continue;
    // A stop that has fired is at the market already: the target would fill beside it there.
    if (one.levels.stop?.status === "triggered" && !isOverdue(plan)) continue;
    const leg = movableLeg(one);
    const price = leg === "stop" ? outTrigger(plan) : outPrice(plan);
    const mustEnd = isOverdue(plan) || (isSquared && canEndLegs(one));
    // Without a price no order of ours could follow: the legs stay, and a person has been told.
    if (price === undefined && !isSquared) continue;
    const canMove = leg !== undefined && price !== undefined && !mustEnd;
    if (canMove && one.child.protection?.[leg] !== price) {
      modifyLeg(plan, one.child, leg, leg === "stop" ? { stop: price } : { target: price });
    }
    // While an outcome is unknown no order of ours could follow: until then the legs are all there is.
    if (!canMove && canEndLegs(one) && !plan.isBlocked) endLegs(plan, one);
  }
}

/** The leg that goes to the market: the target, or of a CO, which has none, the stop. */
function movableLeg({ child, levels }: Held): ExitLeg | undefined {
  if (isAlive(levels.target)) return "target";
  return child.vehicle === "cover" && levels.stop?.status === "working" ? "stop" : undefined;
}

/** The gentle way has had its time. */
function isOverdue({ draft, copy }: GroupPlan): boolean {
  const { exitGraceMs, exitDeadlineMs } = draft.context.limits;
  const { graces } = copyNamed(draft.state, copy.copyId);
  const sinceMs = must(graces["leader-out"], "since when the leader is out");
  const dueAtMs = sinceMs + exitGraceMs + exitDeadlineMs;
  if (draft.context.nowMs >= dueAtMs) return true;
  draft.act({ kind: "wake", atMs: dueAtMs });
  return false;
}
