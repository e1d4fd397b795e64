/**
 * Repairs that are under way: a difference is brought to zero by an order of its own, like any other of
 * ours, as long as that is what was meant.
 *
 * Keeps: together with the exits that rest, a repair never stands for more than there is; it ends when
 * the difference has gone or changed, and in any case after a while. What it has brought in is for the
 * leader's exits to take out like any other entry. Does not: choose what is repaired (offer-repair.ts).
 */
import { must } from "../../platform/assert.ts";
import { splitAtZero } from "../desire/split.ts";
import { driftsOf } from "../drift/drift.ts";
import { toCopyId } from "../model/fact.ts";
import { type BrokerOrderId, toBrokerOrderId } from "../model/ids.ts";
import type { Link } from "../model/link.ts";
import { isTerminal, opposite, signOf } from "../model/order.ts";
import type { Inputs, SkipCode } from "../model/reason.ts";
import type { RepairAim, RepairOrder } from "../model/repair.ts";
import { type PositionKey, toPositionKey } from "../order/account-book.ts";
import { isOpen } from "../order/child-state.ts";
import type { Copy } from "../order/copy.ts";
import type { Leg } from "../order/correlation-id.ts";
import { copiedKeyOf, type FollowerState } from "../order/follower-state.ts";
import type { LeaderState } from "../order/leader.ts";
import { childrenNamed, copyNamed, hasUnknown, openCopiesOf } from "../order/named.ts";
import { isSquaredOff } from "../order/stops.ts";
import {
  exitableUnits,
  hasFiredOpen,
  hasOpenChild,
  isSameCopied,
  isSkipped,
  legFilled,
  resize,
  triggersOf,
} from "./consider.ts";
import type { Draft } from "./draft.ts";
import { heldShare } from "./held.ts";
import { hold, planLeg } from "./leg.ts";
import { claimedByRepairs } from "./repair-claim.ts";
import { type Differing, repairCopy } from "./repair-order.ts";
import { orderForRepair, termsOfRepair } from "./repair-terms.ts";
import { stillComing } from "./still-coming.ts";
import { refuseStopped, withdrawUnsent } from "./stopped.ts";
import { tradedBy } from "./traded.ts";
import { hasLasted } from "./watch.ts";

/** What a person was shown was of a moment: an order that has not filled by then has missed it. */
const OPEN_MS = 30_000;
/** Legs that take units out of what a repair takes them out of. */
const OUT: readonly Leg[] = ["exit", "stop"];

/** Opens the repair; its order goes with the planning of this step. Returns its name. */
export function beginRepair(
  draft: Draft,
  offer: Differing & { readonly order: RepairOrder },
  asked: Pick<RepairAim, "requestId" | "by">,
  leader: LeaderState,
): BrokerOrderId {
  const { linkId } = offer.drift;
  const name = toBrokerOrderId(`RP${draft.context.nextSeq + draft.facts.length}`);
  const copyId = toCopyId(linkId, name);
  const named = { copyId, leaderOrderId: name, leader: leader.account };
  draft.record(repairCopy(offer, named, asked));
  const link = draft.link(linkId);
  if (link !== undefined) shareAnew(draft, copyNamed(draft.state, copyId), link, leader);
  return name;
}

/**
 * The leader's exits that rest are a share of what he had when he placed them, and of what was copied
 * then. What a repair brings in is theirs to take out, too, and what it takes out is not.
 */
function shareAnew(draft: Draft, repair: Copy, link: Link, leader: LeaderState): void {
  const side = repair.exit === undefined ? opposite(repair.side) : repair.side;
  const key = toPositionKey(repair.instrument, repair.product);
  for (const copy of openCopiesOf(draft.state, key)) {
    const isExit = copy.side === side && copy.exit !== undefined && copy.repair === undefined;
    const order = leader.book.orders.get(copy.leaderOrderId);
    if (!isExit || !isSameCopied(copy, repair) || order === undefined) continue;
    if (isTerminal(order.status) || order.filledQuantity > 0) continue;
    if (splitAtZero(leader, order).leaderNet !== copy.split.leaderNet) continue;
    resize(draft, copy, link, leader, order);
  }
}

/** Brings the repairs of this contract on, or to their ends. */
export function planRepairs(draft: Draft, key: PositionKey): void {
  for (const { copyId, repair } of openCopiesOf(draft.state, key)) {
    if (repair !== undefined) planRepair(draft, key, copyNamed(draft.state, copyId));
  }
}

function planRepair(draft: Draft, key: PositionKey, opened: Copy): void {
  const { copyId } = opened;
  refuseStopped(draft, opened);
  const leg = opened.exit === undefined ? "entry" : "exit";
  const filled = legFilled(draft.state, opened, leg);
  const units = opened.split.leaderQuantity;
  if (filled < units && !isSkipped(copyNamed(draft.state, copyId), leg)) {
    const end = endOf(draft, opened, leg, units - filled);
    if (end !== undefined) draft.record({ kind: "skipped", copyId, leg, ...end });
  }
  const copy = copyNamed(draft.state, copyId);
  const isOver = isSkipped(copy, leg);
  if (!isOver && mustWaitForExits(draft.state, copy, key)) {
    hold({ draft, copy, leg }, "exits-first");
    return;
  }
  const leader = draft.context.leader(copy.leader);
  const link = draft.link(copy.linkId);
  if (link?.mode !== "active") withdrawUnsent(draft, copy);
  const isDone = planLeg({
    draft,
    copy,
    leg,
    link: link ?? linkOf(copy),
    order: orderForRepair(draft, copy, leader),
    instrument: tradedBy(draft, copy),
    total: isOver ? filled : units,
    isBlocked: hasUnknown(draft.state, key),
    terms: termsOfRepair(copy),
  });
  if (!isDone) return;
  const leaderFilled = legFilled(draft.state, copy, leg);
  draft.record({ kind: "copyClosed", copyId, leaderFilled });
  // What it did not take out is for the leader's exits that rest to stand for again.
  const isGivenBack = leg === "exit" && leaderFilled < units;
  if (isGivenBack && link && leader) shareAnew(draft, copy, link, leader);
}

/** Its link is not set any more: what is open is brought to its end. */
function linkOf({ linkId, leader, sizing }: Copy): Link {
  return {
    id: linkId,
    leader,
    follower: leader,
    mode: "close-only",
    sizing,
    marketOrders: "protected-limit",
    maxAgeMs: 0,
    guards: {},
  };
}

interface End {
  readonly code: SkipCode;
  readonly inputs: Inputs;
}

/** Why it goes no further; undefined while it does. */
function endOf(draft: Draft, copy: Copy, leg: Leg, left: number): End | undefined {
  const { state } = draft;
  const question = { grace: "repair-open", isSo: true, afterMs: OPEN_MS } as const;
  const hasRested = hasLasted(draft, copy.copyId, question);
  if (isSquaredOff(state.stops)) return { code: "squared-off", inputs: { left } };
  const last = childrenNamed(state, copy.children[leg]).at(-1);
  if (last?.state === "rejected") {
    const { reason, text } = must(last.rejection, "why it was rejected");
    return { code: "child-rejected", inputs: { reason, text } };
  }
  if (last?.state === "expired") return { code: "ended-short", inputs: { missing: left } };
  if (hasRested) return { code: "repair-not-filled", inputs: { left, afterMs: OPEN_MS } };
  const leader = draft.context.leader(copy.leader);
  if (draft.link(copy.linkId) === undefined) {
    return { code: "repair-over", inputs: { left, isLinkSet: false } };
  }
  // Not read again since a start: it waits for that, for as long as it may wait at all.
  if (leader === undefined) return undefined;
  const needed = neededUnits(state, copy, leader);
  return left <= needed ? undefined : { code: "repair-over", inputs: { left, needed } };
}

/** What is still too much or too little on the repair's side, and comes by no other order of ours. */
function neededUnits(follower: FollowerState, copy: Copy, leader: LeaderState): number {
  const { linkId, side, leaderOrderId } = copy;
  const only = copiedKeyOf(copy);
  const [drift] = driftsOf({ linkId, follower, leader, only });
  if (drift === undefined || Math.sign(drift.difference) !== -signOf(side)) return 0;
  const parts = drift.parts.filter((part) => part.leaderOrderId !== leaderOrderId);
  const coming = stillComing({ state: follower, leader, drift: { ...drift, parts } });
  const needed = Math.abs(drift.difference) - coming;
  if (copy.exit === undefined) return needed;
  // To flat and no further: the other side is another repair's.
  return Math.min(needed, Math.abs(drift.target + drift.difference));
}

/** Exits that rest stand for these units still: they are to make room before it is sent. */
function mustWaitForExits(state: FollowerState, repair: Copy, key: PositionKey): boolean {
  if (repair.exit === undefined || hasOpenChild(state, repair, "exit")) return false;
  const there = Math.min(exitableUnits(state, repair), heldShare(state, repair, key));
  const room = Math.max(0, there - claimedByRepairs(state, repair));
  return openCopiesOf(state, key)
    .filter((copy) => copy.copyId !== repair.copyId && isSameCopied(copy, repair))
    .some((copy) => {
      const children = OUT.flatMap((leg) => childrenNamed(state, copy.children[leg]));
      const isTooLarge = children
        .filter((child) => child.side === repair.side && isOpen(child.state))
        .some((child) => child.terms.quantity - child.filled > room);
      return isTooLarge || triggersOf(state, copy).some((child) => hasFiredOpen(state, child));
    });
}
