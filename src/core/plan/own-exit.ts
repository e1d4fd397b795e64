/**
 * Orders of our own beside the broker's legs: a stop where none of theirs works, a way out where the
 * leader is out and the legs have ended, and what brings back to flat what was exited twice.
 *
 * Keeps: such an order, the legs and other exits never stand for more than is left. Does not: touch
 * the legs, but to end them where a link flattens what is unprotected.
 */
import { must } from "../../platform/assert.ts";
import { protectedLimit } from "../desire/price.ts";
import { atMarket } from "../desire/terms.ts";
import type { PriceE4 } from "../model/money.ts";
import { type ExitLeg, type OrderTerms, opposite, signOf } from "../model/order.ts";
import { netUnits } from "../order/account-book.ts";
import { isOpen } from "../order/child-state.ts";
import type { Copy } from "../order/copy.ts";
import type { Leg } from "../order/correlation-id.ts";
import { groupUnits, isAlive, isAtExchange } from "../order/group.ts";
import { copyNamed } from "../order/named.ts";
import { isSquaredOff } from "../order/stops.ts";
import { hasOpenChild, isSkipped, legFilled } from "./consider.ts";
import { endLegs } from "./exit-legs.ts";
import { leaderKeyOf } from "./family.ts";
import { heldOfGroup } from "./held.ts";
import { planLeg } from "./leg.ts";
import { backPrice, outPrice } from "./out-price.ts";
import { copiedBeside, openRepairUnits } from "./share.ts";
import { type GroupPlan, hasAliveLeg, isTooMuch, type Standing } from "./standing.ts";
import { alarmOnce, hasLasted } from "./watch.ts";

/**
 * An order of ours in place of the legs: a stop where units have filled and none of theirs is seen
 * working in time, a way out where the leader is out and the legs have ended.
 */
export function planOwnStop(
  plan: GroupPlan,
  standing: Standing,
  givenUp: readonly ExitLeg[],
): boolean {
  const { draft, copy, link } = plan;
  const { exits, held, left, claimed, stopFilled, isLeaderOut } = standing;
  const stop = exits?.protection.stop;
  const hasStop = stop !== undefined && !givenUp.includes("stop");
  const uncovered = left - coveredUnits(standing);
  const replaced = hasStop && !isLeaderOut ? Math.min(uncovered, replacedUnits(standing)) : 0;
  const bare = hasStop && !isLeaderOut ? uncovered - replaced : 0;
  const isLate = isUnprotectedLate(plan, standing, bare, stop);
  if (!takesPlainOrders(copy)) return true;
  const hasAliveLegs = held.some(hasAliveLeg);
  const mustFlatten = isLate && link.unprotected === "flatten";
  if (mustFlatten && outPrice(plan)) for (const one of held) endLegs(plan, one);
  const isOutDue = isLeaderOut && !hasAliveLegs && hasGrace(plan, "leader-out");
  const isRearmDue =
    isLate && (isProvedUnstopped(standing) || hasStoodFor(plan, draft.context.limits.rearmMs));
  const isClosing = isLeaderOut || mustFlatten;
  const due = isOutDue || (mustFlatten && !hasAliveLegs) ? left - claimed : 0;
  const asked = isClosing ? due : replaced + (isRearmDue ? bare : 0);
  // Nothing of ours sells more than is there, whatever somebody did by hand.
  const wanted = asked === 0 ? 0 : Math.min(asked, heldOfGroup(draft.state, copy, plan.key));
  if (wanted === 0 && copy.children.stop.length === 0) return true;
  return planWayOut(plan, "stop", stopFilled + wanted, (quantity) =>
    isClosing
      ? outTerms(plan, quantity)
      : stopTerms(plan, must(stop, "a stop of the leader's"), quantity),
  );
}

/** Under BO and CO the broker takes no plain orders: what a person is told of there, he must do. */
function takesPlainOrders({ vehicle }: Copy): boolean {
  return vehicle === "super";
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
  const sinceMs = copyNamed(draft.state, copy.copyId).graces[grace];
  return sinceMs !== undefined && draft.context.nowMs >= sinceMs + draft.context.limits.exitGraceMs;
}

/** The broker's list shows the stop as ended: it will not come any more. */
function isProvedUnstopped({ held }: Standing): boolean {
  return held.every(({ levels, inside }) => inside <= 0 || levels.stop?.status === "cancelled");
}

function hasStoodFor({ draft, copy }: GroupPlan, rearmMs: number): boolean {
  const { graces } = copyNamed(draft.state, copy.copyId);
  const sinceMs = must(graces.unprotected, "since when it is unprotected");
  if (draft.context.nowMs >= sinceMs + rearmMs) return true;
  draft.act({ kind: "wake", atMs: sinceMs + rearmMs });
  return false;
}

/** Target and stop have both filled, or a leg and another exit: what is short by that is bought back. */
export function planRepair(plan: GroupPlan, { held, stopFilled }: Standing): boolean {
  const { draft, key, copy, leader } = plan;
  const { state } = draft;
  const sign = signOf(copy.side);
  const repaired = legFilled(state, copy, "repair");
  const out = held.reduce((sum, { child }) => sum + child.exited, 0) + stopFilled;
  const beyond = -copiedBeside(state, copy, key);
  // Groups of the leader's on the other side stand beside this one: they are not what it was turned into.
  const leaderKey = leaderKeyOf(copy);
  const beside = groupUnits(leader.book, leaderKey, opposite(copy.side));
  const isLeaderThere = sign * netUnits(leader.book, leaderKey) + beside < 0;
  const others = openRepairUnits(state, copy, key);
  // News of the legs may overtake that of their entry: while it is open nothing is short for sure.
  const isSure = !held.some(
    ({ child }) => isOpen(child.state) && child.exited <= child.terms.quantity,
  );
  const isShort = isSure && !isLeaderThere && out > 0;
  const over = isShort ? Math.max(0, beyond - others) : 0;
  if (over > 0) alarmOnce(draft, copy.copyId, "double-exit", { over, exited: out });
  if (!takesPlainOrders(copy)) return true;
  if (over === 0 && copy.children.repair.length === 0) return true;
  return planWayOut(plan, "repair", repaired + over, (quantity) =>
    limitTerms(backPrice(plan), quantity),
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

/** What is squared off goes at the market: a price that is known may be old. */
function outTerms(plan: GroupPlan, quantity: number): OrderTerms | undefined {
  const isSquared = isSquaredOff(plan.draft.state.stops);
  return isSquared ? atMarket(quantity) : limitTerms(outPrice(plan), quantity);
}

/** A limit that trades at once; undefined while no price is known. */
function limitTerms(price: PriceE4 | undefined, quantity: number): OrderTerms | undefined {
  return price && { type: "LIMIT", validity: "DAY", quantity, disclosedQuantity: 0, price };
}

function stopTerms(
  { copy, instrument }: GroupPlan,
  trigger: PriceE4,
  quantity: number,
): OrderTerms {
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
