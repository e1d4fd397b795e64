/**
 * The order that a follower's own trigger has fired. It follows no order of the leader's by itself:
 * when the leader's trigger or its fired order has ended short, he has left again, or the account is
 * squared off, what rests of it is cancelled.
 */
import { must } from "../../platform/assert.ts";
import type { CancelCommand } from "../model/command.ts";
import type { Grace } from "../model/fact.ts";
import { isTerminal, signOf } from "../model/order.ts";
import type { AlarmCode } from "../model/reason.ts";
import { type BookOrder, netUnits } from "../order/account-book.ts";
import type { Child } from "../order/child.ts";
import type { Copy } from "../order/copy.ts";
import type { FollowerState } from "../order/follower-state.ts";
import { firedOrders, firedUnits } from "../order/group.ts";
import type { LeaderState } from "../order/leader.ts";
import { childNamed } from "../order/named.ts";
import { isSquaredOff } from "../order/stops.ts";
import { approveReducing } from "../risk/approve.ts";
import { hasFired, hasFiredOpen, hasOpenChild, triggersOf } from "./consider.ts";
import type { Draft } from "./draft.ts";
import { leaderKeyOf } from "./family.ts";
import { alarmOnce, hasLasted } from "./watch.ts";

/** A cancel may be refused in transit, or be lost: it is asked again for as long as the order rests. */
const ASK_AGAIN_MS = 2_000;

/**
 * True when no order that a trigger of the copy has fired rests any more, nor one of the leader's that
 * says what an entry stands for in the end.
 */
export function planFired(
  draft: Draft,
  copy: Copy,
  leader: LeaderState,
  trigger: BookOrder,
): boolean {
  if (copy.vehicle !== "forever") return true;
  const resting = triggersOf(draft.state, copy).flatMap((child) =>
    restingOf(draft.state, child).map((order) => ({ child, order })),
  );
  const grace = "fired-left";
  const isOver = isSquaredOff(draft.state.stops) || hasLeaderLeft(copy, leader, trigger);
  const isSo = resting.length > 0 && isOver;
  const isFirst = copy.graces[grace] === undefined;
  const isDue = hasLasted(draft, copy.copyId, { grace, isSo, afterMs: ASK_AGAIN_MS });
  if (isSo && (isFirst || isDue) && draft.state.suspended === undefined) {
    for (const { child, order } of resting) cancelFired(draft, child, order);
    if (isDue) draft.record({ kind: "graceBegan", copyId: copy.copyId, grace });
    draft.act({ kind: "wake", atMs: draft.context.nowMs + ASK_AGAIN_MS });
  }
  const isLeaders =
    copy.split.open > 0 && !hasEnded(firedOrders(leader.book, trigger.brokerOrderId));
  return !isStillOut(draft, copy) && !isLeaders;
}

function hasEnded(fired: readonly BookOrder[]): boolean {
  return fired.every(({ status }) => isTerminal(status));
}

/** A trigger fills nothing itself: where what it has fired has ended short, it stands for what that filled. */
export function asFired({ book }: LeaderState, order: BookOrder): BookOrder {
  const fired = order.family === "forever" ? firedOrders(book, order.brokerOrderId) : [];
  if (!hasEnded(fired) || fired.every(({ status }) => status === "filled")) return order;
  const filledQuantity = firedUnits(book, order.brokerOrderId);
  return { ...order, status: "cancelled", filledQuantity };
}

/** How long the order of a trigger that has fired may stay unseen before a person hears of it. */
const UNSEEN_MS = 30_000;

/** An order of a trigger that has fired rests, or is not seen yet. */
function isStillOut(draft: Draft, copy: Copy): boolean {
  const out = triggersOf(draft.state, copy).filter((child) => hasFiredOpen(draft.state, child));
  const isSo = out.some((child) => !hasFired(draft.state, child));
  const hasStood = hasLasted(draft, copy.copyId, {
    grace: "fired-unseen",
    isSo,
    afterMs: UNSEEN_MS,
  });
  if (hasStood) alarmOnce(draft, copy.copyId, "fired-unseen", { afterMs: UNSEEN_MS });
  return out.length > 0;
}

/** Units that what the trigger has fired may still trade; all of it until its order is seen. */
export function firedLeaves(state: FollowerState, child: Child): number {
  const brokerOrderId = must(child.brokerOrderId, "the broker's id of what has fired");
  if (firedOrders(state.book, brokerOrderId).length === 0) {
    return child.terms.quantity - child.filled;
  }
  return restingOf(state, child).reduce(
    (sum, { terms, filledQuantity }) => sum + terms.quantity - filledQuantity,
    0,
  );
}

/** How long one of the two triggers may fire after the other. */
const TRIGGER_GRACE_MS = 30_000;

/** One trigger has fired and the other one rests: a person looks why. */
export function watchTrigger(draft: Draft, copy: Copy, order: BookOrder): void {
  if (copy.vehicle !== "forever") return;
  const rests = hasOpenChild(draft.state, copy, "entry") || hasOpenChild(draft.state, copy, "exit");
  const hasOwnFired = triggersOf(draft.state, copy).some((child) => hasFired(draft.state, child));
  const isAlone = hasOwnFired && !isTerminal(order.status);
  tellTrigger(draft, copy, "leader-filled", order.status === "filled" && rests);
  tellTrigger(draft, copy, "fired-alone", isAlone);
}

const TRIGGER_ALARMS = {
  "leader-filled": "trigger-not-fired",
  "fired-alone": "trigger-fired-alone",
} as const satisfies Partial<Record<Grace, AlarmCode>>;

function tellTrigger(
  draft: Draft,
  { copyId }: Copy,
  grace: keyof typeof TRIGGER_ALARMS,
  isSo: boolean,
): void {
  const afterMs = TRIGGER_GRACE_MS;
  if (!hasLasted(draft, copyId, { grace, isSo, afterMs })) return;
  alarmOnce(draft, copyId, TRIGGER_ALARMS[grace], { afterMs });
}

function restingOf({ book }: FollowerState, { brokerOrderId }: Child): BookOrder[] {
  if (brokerOrderId === undefined) return [];
  return firedOrders(book, brokerOrderId).filter(({ status }) => !isTerminal(status));
}

/** He is without his trigger, or without what it has fired; or he has left what that had filled. */
function hasLeaderLeft(copy: Copy, leader: LeaderState, trigger: BookOrder): boolean {
  if (isTerminal(trigger.status) && trigger.status !== "filled") return true;
  const fired = firedOrders(leader.book, trigger.brokerOrderId);
  if (fired.length === 0 || !hasEnded(fired)) return false;
  if (fired.some(({ status }) => status !== "filled")) return true;
  return copy.split.open > 0 && signOf(copy.side) * netUnits(leader.book, leaderKeyOf(copy)) <= 0;
}

function cancelFired(draft: Draft, { correlationId }: Child, { brokerOrderId }: BookOrder): void {
  const child = childNamed(draft.state, correlationId);
  if (child.cancels >= draft.context.limits.maxCancels) {
    alarmOnce(draft, child.copyId, "change-refused", { asked: child.cancels, brokerOrderId });
    return;
  }
  const command: CancelCommand = { kind: "cancel", correlationId, brokerOrderId };
  draft.record({ kind: "cancelIntended", command, isReplacing: false });
  draft.act({ kind: "send", approved: approveReducing("cancel", command) });
}
