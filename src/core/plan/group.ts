/**
 * A group of the leader's at a follower: one order with its exit legs at the broker, kept like the
 * leader's, watched until its stop is seen, and brought out when the leader is.
 *
 * Keeps: the broker's own legs exit, and an order of ours only where they do not; the legs and that
 * order never stand for more than is left; what was exited twice is brought back. Does not: copy the
 * leader's legs as orders (family.ts).
 */
import { protectedLimit } from "../desire/price.ts";
import { isStopRight, isTargetRight, type LeaderExits, leaderExits } from "../desire/protection.ts";
import { entryTotal } from "../desire/total.ts";
import type { ModifyCommand, Protection } from "../model/command.ts";
import type { BrokerOrderId } from "../model/ids.ts";
import type { Instrument } from "../model/instrument.ts";
import type { Link } from "../model/link.ts";
import { type PriceE4, roundToTickDown, roundToTickUp, toPriceE4 } from "../model/money.ts";
import {
  type ExitLeg,
  type ExitLevels,
  isTerminal,
  type OrderTerms,
  opposite,
  type Side,
  signOf,
} from "../model/order.ts";
import { type AccountBook, type BookOrder, netUnits, type PositionKey } from "../order/account-book.ts";
import { type Child, isGroup } from "../order/child.ts";
import { isOpen } from "../order/child-state.ts";
import type { Copy } from "../order/copy.ts";
import type { Leg } from "../order/correlation-id.ts";
import { toCopiedKey } from "../order/follower.ts";
import { exitedUnits, exitLevelsOf, isAlive, isAtExchange } from "../order/group.ts";
import type { LeaderState } from "../order/leader.ts";
import { approveReducing } from "../risk/approve.ts";
import { hasOpenChild, isSkipped, legFilled } from "./consider.ts";
import type { Draft } from "./draft.ts";
import { leaderKeyOf } from "./family.ts";
import { heldShare } from "./held.ts";
import { planLeg } from "./leg.ts";
import { termsAfterFilled } from "./resting.ts";
import { copiedForGroup, openExitUnits, openRepairUnits } from "./share.ts";
import { alarmOnce, hasLasted } from "./watch.ts";

const EXIT_LEGS: readonly ExitLeg[] = ["stop", "target"];

export interface GroupPlan {
  readonly draft: Draft;
  readonly key: PositionKey;
  readonly copy: Copy;
  readonly leader: LeaderState;
  readonly order: BookOrder;
  readonly link: Link;
  readonly instrument: Instrument;
  /** An order of this instrument has an unknown outcome. */
  readonly isBlocked: boolean;
}

/** One order of the follower's with its legs, as the broker has them. */
interface Held {
  readonly child: Child;
  readonly levels: ExitLevels;
  /** Units of it that are still in by its own account. */
  readonly inside: number;
  /** Units of those that are really left for its legs to take out. */
  readonly share: number;
}

/** How the group stands, at the leader and at the follower. */
interface Standing {
  readonly exits: LeaderExits | undefined;
  readonly isLeaderOut: boolean;
  readonly held: readonly Held[];
  /** Units that are still to get out, by all that is known. */
  readonly left: number;
  /** Units of those that an open exit of the leader's stands for at the follower. */
  readonly claimed: number;
  readonly stopFilled: number;
}

/** True when the group needs nothing more unless something changes. */
export function planGroup(plan: GroupPlan): boolean {
  withdrawEntry(plan);
  const isEntryDone = planGroupEntry(plan);
  const standing = standingOf(plan);
  const isRepaired = planRepair(plan, standing);
  shrinkLegs(plan, standing);
  if (standing.isLeaderOut) bringOut(plan, standing);
  else followLevels(plan, standing);
  const isOut = planOwnStop(plan, standingOf(plan));
  const hasLegs = standing.held.some(({ levels }) => EXIT_LEGS.some((leg) => isAlive(levels[leg])));
  const hasPending = standing.held.some(({ child }) => child.pending !== undefined);
  return isEntryDone && isRepaired && isOut && standing.left === 0 && !hasLegs && !hasPending;
}

/** His legs may have brought him out although he holds more of the contract by other orders. */
function withdrawEntry({ draft, copy, leader, order, instrument }: GroupPlan): void {
  if (copy.withdrawn !== undefined) return;
  const exits = leaderExits(leader.book, order, instrument);
  if (!hasLeaderLeft(copy, leader, order, exits)) return;
  draft.record({ kind: "entryWithdrawn", copyId: copy.copyId, code: "leader-flat" });
}

function planGroupEntry(plan: GroupPlan): boolean {
  const { draft, order, link, instrument, isBlocked } = plan;
  const copy = draft.state.copies.get(plan.copy.copyId) ?? plan.copy;
  const filled = legFilled(draft.state, copy, "entry");
  if (copy.children.entry.length === 0 && isSkipped(copy, "entry")) return true;
  const exits = leaderExits(plan.leader.book, order, instrument);
  const terms = termsAfterFilled({ draft, copy, order, link, instrument }, "entry");
  const isOver = isSkipped(draft.state.copies.get(copy.copyId) ?? copy, "entry");
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

function standingOf({ draft, key, copy, leader, order, instrument }: GroupPlan): Standing {
  const { state } = draft;
  const exits = leaderExits(leader.book, order, instrument);
  const children = copy.children.entry
    .map((id) => state.children.get(id))
    .filter((child) => child !== undefined)
    .filter((child) => isGroup(child) && child.filled > 0);
  const stopFilled = legFilled(state, copy, "stop");
  const inside = children.reduce((sum, child) => sum + child.filled - child.exited, 0) - stopFilled;
  const left = Math.max(0, Math.min(inside, copiedForGroup(state, copy, key)));
  return {
    exits,
    held: heldBy(state.book, children, left),
    stopFilled,
    left,
    claimed: Math.min(left, openExitUnits(state, copy, key)),
    isLeaderOut: hasLeaderLeft(copy, leader, order, exits),
  };
}

/** The oldest order keeps its units first. */
function heldBy(book: AccountBook, children: readonly Child[], left: number): readonly Held[] {
  let rest = left;
  return children.map((child) => {
    const inside = child.filled - child.exited;
    const share = Math.max(0, Math.min(inside, rest));
    rest -= share;
    return {
      child,
      levels: child.brokerOrderId ? exitLevelsOf(book, child.brokerOrderId) : {},
      inside,
      share,
    };
  });
}

/** By his legs, or because he has nothing of the contract any more. */
function hasLeaderLeft(
  copy: Copy,
  leader: LeaderState,
  order: BookOrder,
  exits: LeaderExits | undefined,
): boolean {
  if (order.filledQuantity === 0 || !isTerminal(order.status)) return false;
  const inside = order.filledQuantity - exitedUnits(exits?.seen ?? {});
  return inside <= 0 || signOf(copy.side) * netUnits(leader.book, leaderKeyOf(copy)) <= 0;
}

/**
 * What was exited otherwise (by a plain order of the leader's, or of ours) is no longer for the legs to
 * take out. The broker's legs cannot be made smaller, so the newest that stand for too much end; what
 * then lacks a stop gets one of our own.
 */
function shrinkLegs(plan: GroupPlan, { held }: Standing): void {
  for (const one of held) {
    if (isTooMuch(one) && !isOpen(one.child.state)) endLegs(plan, one);
  }
}

/** The legs stand for more than is left. */
function isTooMuch({ inside, share }: Held): boolean {
  return inside > share;
}

function endLegs(plan: GroupPlan, held: Held): void {
  for (const leg of EXIT_LEGS) if (isAlive(held.levels[leg])) cancelLeg(plan, held.child, leg);
}

/** Exit levels as the leader's, leg by leg, once the entry has filled and they have a life of their own. */
function followLevels(plan: GroupPlan, { exits, held }: Standing): void {
  if (exits === undefined) return;
  const gone = cancelledByLeader(plan, exits);
  for (const { child, levels } of held) {
    // With an entry that is still open they are restated together with it.
    if (isOpen(child.state)) continue;
    for (const leg of EXIT_LEGS) {
      if (!isAlive(levels[leg])) continue;
      if (gone.includes(leg)) cancelLeg(plan, child, leg);
      else if (!isLegRight(leg, child.protection, exits.protection)) {
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
  if (leg === "target") return target === undefined ? {} : { target };
  return {
    ...(stop === undefined ? {} : { stop }),
    ...(trail === undefined ? {} : { trail }),
  };
}

/**
 * Legs that the leader has given up although he is still in. One leg also ends when the other fills,
 * and the news of the two may come in any order, so this is believed only after a while.
 */
function cancelledByLeader({ draft, copy }: GroupPlan, { seen }: LeaderExits): readonly ExitLeg[] {
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
 * legs end and an order of ours exits.
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
  if (isOverdue(plan)) alarmOnce(draft, copyId, "still-in", inputs);
  for (const one of held) {
    if (one.inside <= 0 || isOpen(one.child.state)) continue;
    const leg = movableLeg(one);
    const price = leg === "stop" ? outTrigger(plan) : outPrice(plan);
    const canMove = leg !== undefined && price !== undefined && !isOverdue(plan);
    if (canMove && one.child.protection?.[leg] !== price) {
      modifyLeg(plan, one.child, leg, leg === "stop" ? { stop: price } : { target: price });
    }
    // No plain order can close what is in under BO or CO: without its legs it would be naked.
    if (!canMove && one.child.vehicle === "super") endLegs(plan, one);
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
  const sinceMs = draft.state.copies.get(copy.copyId)?.graces["leader-out"];
  if (sinceMs === undefined) return false;
  const dueAtMs = sinceMs + exitGraceMs + exitDeadlineMs;
  if (draft.context.nowMs >= dueAtMs) return true;
  draft.act({ kind: "wake", atMs: dueAtMs });
  return false;
}

/** A limit that trades at once, by the latest price that is known. */
function outPrice(plan: GroupPlan): PriceE4 | undefined {
  const reference = latestPrice(plan);
  return reference && protectedLimit(opposite(plan.copy.side), reference, plan.instrument);
}

/** A trigger that the latest known price touches already. */
function outTrigger(plan: GroupPlan): PriceE4 | undefined {
  const { copy, instrument } = plan;
  const reference = latestPrice(plan);
  if (reference === undefined) return undefined;
  const round = copy.side === "BUY" ? roundToTickUp : roundToTickDown;
  return toPriceE4(round(reference, instrument.tick));
}

function latestPrice({ leader, order }: GroupPlan): PriceE4 | undefined {
  const legs = (leader.book.byParent.get(order.brokerOrderId) ?? [])
    .map((id) => leader.book.orders.get(id))
    .filter((leg) => leg !== undefined);
  const last = legs.findLast(
    (leg) => leg.averagePrice !== undefined || leg.lastPrice !== undefined,
  );
  return last?.lastPrice ?? last?.averagePrice ?? order.lastPrice ?? order.averagePrice;
}

/**
 * An order of ours in place of the legs: a stop where units have filled and none of theirs is seen
 * working in time, a way out where the leader is out and the legs have ended.
 */
function planOwnStop(plan: GroupPlan, standing: Standing): boolean {
  const { draft, copy, link } = plan;
  const { exits, held, left, claimed, stopFilled, isLeaderOut } = standing;
  const stop = exits?.protection.stop;
  const hasStop = stop !== undefined && exits?.seen.stop?.status !== "cancelled";
  const uncovered = left - coveredUnits(standing);
  const replaced = hasStop && !isLeaderOut ? Math.min(uncovered, replacedUnits(standing)) : 0;
  const bare = hasStop && !isLeaderOut ? uncovered - replaced : 0;
  const isLate = isUnprotectedLate(plan, standing, bare, stop);
  const hasAliveLegs = held.some(({ levels }) => EXIT_LEGS.some((leg) => isAlive(levels[leg])));
  const mustFlatten = isLate && link.unprotected === "flatten";
  if (mustFlatten) for (const one of held) endLegs(plan, one);
  const isOutDue = isLeaderOut && !hasAliveLegs && hasGrace(plan, "leader-out");
  const isRearmDue =
    isLate && (isProvedUnstopped(standing) || hasStoodFor(plan, draft.context.limits.rearmMs));
  const isClosing = isLeaderOut || mustFlatten;
  const due = isOutDue || (mustFlatten && !hasAliveLegs) ? left - claimed : 0;
  const wanted = isClosing ? due : replaced + (isRearmDue ? bare : 0);
  if (wanted === 0 && copy.children.stop.length === 0) return true;
  return planWayOut(plan, "stop", stopFilled + wanted, (quantity) =>
    isClosing ? marketTerms(plan, opposite(copy.side), quantity) : stopTerms(plan, stop, quantity),
  );
}

/** Units whose stop the broker's legs are. */
function coveredUnits({ held, left }: Standing): number {
  const covered = held.reduce(
    (sum, one) => sum + (isAtExchange(one.levels.stop) ? one.inside : 0),
    0,
  );
  return Math.min(left, covered);
}

/** Units whose legs ended because they stood for too much: a stop of our own follows at once. */
function replacedUnits({ held }: Standing): number {
  return held
    .filter((one) => isTooMuch(one) && one.levels.stop !== undefined && !isAlive(one.levels.stop))
    .reduce((sum, { share }) => sum + share, 0);
}

function isUnprotectedLate(
  { draft, copy }: GroupPlan,
  { left }: Standing,
  bare: number,
  stop: PriceE4 | undefined,
): boolean {
  const { protectionMs: afterMs } = draft.context.limits;
  const question = { grace: "unprotected", isSo: bare > 0, afterMs } as const;
  const isLate = hasLasted(draft, copy.copyId, question);
  const inputs = { left, bare, stopE4: stop ?? 0 };
  if (isLate) alarmOnce(draft, copy.copyId, "unprotected", inputs);
  return isLate;
}

function hasGrace({ draft, copy }: GroupPlan, grace: "leader-out"): boolean {
  const sinceMs = draft.state.copies.get(copy.copyId)?.graces[grace];
  return sinceMs !== undefined && draft.context.nowMs >= sinceMs + draft.context.limits.exitGraceMs;
}

/** The broker's list shows the stop as ended: it will not come any more. */
function isProvedUnstopped({ held }: Standing): boolean {
  return held.every(({ levels, inside }) => inside <= 0 || levels.stop?.status === "cancelled");
}

function hasStoodFor({ draft, copy }: GroupPlan, rearmMs: number): boolean {
  const sinceMs = draft.state.copies.get(copy.copyId)?.graces.unprotected;
  if (sinceMs === undefined) return false;
  if (draft.context.nowMs >= sinceMs + rearmMs) return true;
  draft.act({ kind: "wake", atMs: sinceMs + rearmMs });
  return false;
}

/** Target and stop have both filled, or a leg and another exit: what is short by that is bought back. */
function planRepair(plan: GroupPlan, { held, stopFilled }: Standing): boolean {
  const { draft, key, copy, leader } = plan;
  const { state } = draft;
  const sign = signOf(copy.side);
  const repaired = legFilled(state, copy, "repair");
  const out = held.reduce((sum, { child }) => sum + child.exited, 0) + stopFilled;
  const beyond = -sign * (state.copied.get(toCopiedKey(copy.linkId, key)) ?? 0);
  const isLeaderThere = sign * netUnits(leader.book, leaderKeyOf(copy)) < 0;
  const others = openRepairUnits(state, copy, key);
  const over = isLeaderThere ? 0 : Math.max(0, Math.min(beyond - others, out));
  if (over > 0) alarmOnce(draft, copy.copyId, "double-exit", { over, exited: out });
  if (over === 0 && copy.children.repair.length === 0) return true;
  return planWayOut(plan, "repair", repaired + over, (quantity) =>
    marketTerms(plan, copy.side, quantity),
  );
}

/** True when it needs nothing more, or a person has ended it, who has heard of that. */
function planWayOut(
  { draft, copy, link, order, instrument, isBlocked }: GroupPlan,
  leg: Extract<Leg, "stop" | "repair">,
  total: number,
  terms: (quantity: number) => OrderTerms | undefined,
): boolean {
  if (isSkipped(copy, leg) && !hasOpenChild(draft.state, copy, leg)) return true;
  const side = leg === "stop" ? opposite(copy.side) : copy.side;
  return planLeg({
    draft,
    copy,
    leg,
    side,
    link,
    order,
    instrument,
    total,
    isBlocked,
    terms,
  });
}

function marketTerms(plan: GroupPlan, side: Side, quantity: number): OrderTerms | undefined {
  const out = outPrice(plan);
  if (out === undefined) return undefined;
  const price = side === opposite(plan.copy.side) ? out : backPrice(plan, side);
  return price && { type: "LIMIT", validity: "DAY", quantity, disclosedQuantity: 0, price };
}

/** What was sold twice is bought back at the market. */
function backPrice({ draft, copy, instrument, order }: GroupPlan, side: Side): PriceE4 | undefined {
  const legs = copy.children.entry
    .map((id) => draft.state.children.get(id)?.brokerOrderId)
    .flatMap((id) => (id === undefined ? [] : (draft.state.book.byParent.get(id) ?? [])))
    .map((id) => draft.state.book.orders.get(id))
    .filter((leg) => leg !== undefined);
  const last = legs.findLast((leg) => leg.averagePrice !== undefined);
  const reference = last?.lastPrice ?? last?.averagePrice ?? order.lastPrice ?? order.averagePrice;
  return reference && protectedLimit(side, reference, instrument);
}

function stopTerms(
  { copy, instrument }: GroupPlan,
  trigger: PriceE4 | undefined,
  quantity: number,
): OrderTerms | undefined {
  if (trigger === undefined) return undefined;
  const price = protectedLimit(opposite(copy.side), trigger, instrument);
  return {
    type: "STOP_LOSS",
    validity: "DAY",
    quantity,
    disclosedQuantity: 0,
    price,
    triggerPrice: trigger,
  };
}

function modifyLeg(
  { draft, copy, isBlocked }: GroupPlan,
  child: Child,
  leg: ExitLeg,
  protection: Protection,
): void {
  const { correlationId, brokerOrderId, terms, vehicle } = child;
  if (brokerOrderId === undefined || child.pending !== undefined || isBlocked) return;
  if (draft.state.suspended !== undefined || vehicle === undefined) return;
  if (isRefused(child, protection)) return;
  const { maxModifications } = draft.context.limits;
  if (child.modifications >= maxModifications) {
    alarmOnce(draft, copy.copyId, "change-refused", { modifications: child.modifications });
    return;
  }
  const command: ModifyCommand = {
    kind: "modify",
    correlationId,
    brokerOrderId,
    terms,
    vehicle,
    leg,
    protection,
  };
  draft.record({ kind: "modifyIntended", command });
  draft.act({ kind: "send", approved: approveReducing("exit", command) });
}

function isRefused({ refusedProtection }: Child, { target, stop, trail }: Protection): boolean {
  if (refusedProtection === undefined) return false;
  return (
    refusedProtection.target === target &&
    refusedProtection.stop === stop &&
    refusedProtection.trail === trail
  );
}

function cancelLeg({ draft }: GroupPlan, child: Child, leg: ExitLeg): void {
  const now = draft.state.children.get(child.correlationId);
  const { brokerOrderId, vehicle, correlationId } = child;
  if (now?.pending !== undefined || brokerOrderId === undefined || vehicle === undefined) return;
  if (draft.state.suspended !== undefined) return;
  if (child.cancels >= draft.context.limits.maxCancels) return;
  const id = vehicle === "super" ? brokerOrderId : ownLegId(draft, brokerOrderId, leg);
  if (id === undefined) return;
  const command = { kind: "cancel", correlationId, brokerOrderId: id, vehicle, leg } as const;
  draft.record({ kind: "cancelIntended", command, isReplacing: false });
  draft.act({ kind: "send", approved: approveReducing("cancel", command) });
}

/** A leg of a BO or CO is cancelled by its own number; by the entry's the entry would be. */
function ownLegId(draft: Draft, entryId: BrokerOrderId, leg: ExitLeg): BrokerOrderId | undefined {
  const { book } = draft.state;
  return book.byParent.get(entryId)?.findLast((id) => book.orders.get(id)?.leg === leg);
}
