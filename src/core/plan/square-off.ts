/**
 * Closing all that was copied, because a person says so: entries have been stopped, resting exits make
 * way, and one order at the market takes out what is left of each contract.
 *
 * Keeps: no more is closed than was copied and the account holds; the order goes when no other of ours
 * may trade the same units any more; it waits for no leader, whose account may be what has failed. What
 * groups hold leaves by the way of groups (group.ts). Does not: touch what was not copied.
 */
import { atMarket } from "../desire/terms.ts";
import { type CopyId, toCopyId } from "../model/fact.ts";
import { toBrokerOrderId } from "../model/ids.ts";
import type { Link } from "../model/link.ts";
import { isTerminal, signOf } from "../model/order.ts";
import { toEpochMs } from "../model/time.ts";
import type { BookOrder, PositionKey } from "../order/account-book.ts";
import { isGroup } from "../order/child.ts";
import type { Copy } from "../order/copy.ts";
import { LEGS } from "../order/correlation-id.ts";
import {
  type Copied,
  contractOfCopied,
  copiedKeyOf,
  copiedOf,
  copiedUnits,
  type FollowerState,
} from "../order/follower-state.ts";
import { copyNamed, hasUnknown, openCopiesOf } from "../order/named.ts";
import { isSquaredOff } from "../order/stops.ts";
import {
  exitableUnits,
  groupInside,
  hasFiredOpen,
  hasOpenChild,
  legFilled,
  triggersOf,
} from "./consider.ts";
import type { Draft } from "./draft.ts";
import { heldShare } from "./held.ts";
import { planLeg } from "./leg.ts";
import type { LegPlan } from "./slice.ts";
import { tradedBy } from "./traded.ts";
import { alarmOnce, hasLasted } from "./watch.ts";

/** An order at the market may rest behind the broker's own band: then another one is sent. */
const RENEW_MS = 15_000;
const RENEWALS_MAX = 20;
/** A person hears of what is not flat by then. */
const FLAT_WITHIN_MS = 10_000;

/** Closes what of this contract was copied, under every link, as far as nothing else does. */
export function squareOff(draft: Draft, key: PositionKey): void {
  if (isSquaredOff(draft.state.stops) && draft.context.areBooksRead()) {
    for (const [name] of draft.state.copied.entries()) {
      if (contractOfCopied(name) === key) beginClosing(draft, key, copiedOf(name));
    }
  }
  for (const copy of openCopiesOf(draft.state, key)) {
    if (copy.isSquareOff) planClosing(draft, key, copy.copyId);
  }
}

/**
 * The account is squared off, or it was and the order that closes the same units may still fill: a
 * square-off that is taken back ends that order first.
 */
export function mustGiveWay(state: FollowerState, exit: Copy, key: PositionKey): boolean {
  if (isSquaredOff(state.stops)) return true;
  return openCopiesOf(state, key).some((copy) => copy.isSquareOff && isSameAs(exit)(copy));
}

/**
 * A leader's exit while the account is squared off: its orders end, and none is placed. It is over when
 * nothing that it could take is left: if the square-off is taken back before, it goes on.
 */
export function giveWay(plan: Omit<LegPlan, "total">): boolean {
  const { draft, copy, order } = plan;
  const total = legFilled(draft.state, copy, "exit");
  const awaits = { code: "square-off", inputs: {} } as const;
  const isDone = planLeg({ ...plan, total, awaits });
  return isDone && isTerminal(order.status) && exitableUnits(draft.state, copy) === 0;
}

/** Tells of units that are still in long after they should have been closed. */
export function watchFlat(draft: Draft, copyId: CopyId, left: number): void {
  const isSo = left > 0 && isSquaredOff(draft.state.stops);
  const question = { grace: "not-flat", isSo, afterMs: FLAT_WITHIN_MS } as const;
  if (hasLasted(draft, copyId, question)) alarmOnce(draft, copyId, "not-flat", { left });
}

function beginClosing(draft: Draft, key: PositionKey, copied: Copied): void {
  const { state, context } = draft;
  const open = openCopiesOf(state, key).filter(isSameAs(copied));
  if (open.some(({ isSquareOff }) => isSquareOff)) return;
  const signed = copiedUnits(state, copied);
  const side = signed > 0 ? "SELL" : "BUY";
  const units = closableUnits(state, { ...copied, side }, key);
  const leader = state.links.get(copied.linkId)?.leader;
  if (units === 0 || leader === undefined) return;
  // Like an order of the leader's that nobody can mistake for one: the broker's ids are digits.
  const leaderOrderId = toBrokerOrderId(`SQ${context.nextSeq + draft.facts.length}`);
  draft.record({
    kind: "copyOpened",
    copyId: toCopyId(copied.linkId, leaderOrderId),
    ...copied,
    leader,
    leaderOrderId,
    side,
    isSquareOff: true,
    split: { leaderQuantity: units, leaderNet: signed, reduce: units, open: 0 },
    exit: { units, openEntries: [] },
    sizing: { kind: "fixed-quantity", quantity: units },
    entryQuantity: 0,
  });
}

function isSameAs(copied: Copied): (copy: Copy) => boolean {
  const name = copiedKeyOf(copied);
  return (copy) => copiedKeyOf(copy) === name;
}

/** Plain copied units on the other side of the order's that the account really holds. */
function closableUnits(
  state: FollowerState,
  closing: Copied & Pick<Copy, "side">,
  key: PositionKey,
): number {
  const sign = -signOf(closing.side);
  const groups = openCopiesOf(state, key)
    .filter(isSameAs(closing))
    .filter(isGroup)
    .map((copy) => sign * signOf(copy.side) * groupInside(state, copy));
  const inGroups = groups.reduce((sum, units) => sum + units, 0);
  const ofSide = groups.reduce((sum, units) => sum + Math.max(0, units), 0);
  const plain = sign * copiedUnits(state, closing) - inGroups;
  return Math.max(0, Math.min(plain, heldShare(state, closing, key) - ofSide));
}

function planClosing(draft: Draft, key: PositionKey, copyId: CopyId): void {
  const { state } = draft;
  const copy = copyNamed(state, copyId);
  const isOn = isSquaredOff(state.stops) && draft.context.areBooksRead();
  const units = closableUnits(state, copy, key);
  const due = isOn && !isAnotherOut(state, copy, key) ? units : 0;
  const mustRenew = isResting(draft, copy, due);
  const link = closeOnly(copy);
  const isDone = planLeg({
    draft,
    copy,
    leg: "exit",
    link,
    order: standIn(copy),
    instrument: tradedBy(draft, copy),
    total: legFilled(state, copy, "exit") + (mustRenew ? 0 : due),
    isBlocked: hasUnknown(state, key),
    terms: atMarket,
  });
  watchFlat(draft, copyId, isOn ? units : 0);
  const isOver = units === 0 || !isOn;
  if (!isDone || !isOver) return;
  draft.record({ kind: "copyClosed", copyId, leaderFilled: legFilled(draft.state, copy, "exit") });
}

/** It has rested for so long that another order is to take its place. */
function isResting(draft: Draft, copy: Copy, due: number): boolean {
  const isSo = due > 0 && hasOpenChild(draft.state, copy, "exit");
  const question = { grace: "square-off-rests", isSo, afterMs: RENEW_MS } as const;
  return hasLasted(draft, copy.copyId, question) && copy.children.exit.length <= RENEWALS_MAX;
}

/** Another order of ours may still trade these units. */
function isAnotherOut(state: FollowerState, closing: Copy, key: PositionKey): boolean {
  return openCopiesOf(state, key)
    .filter(isSameAs(closing))
    .filter((copy) => !isGroup(copy) && !copy.isSquareOff)
    .some(
      (copy) =>
        LEGS.some((leg) => hasOpenChild(state, copy, leg)) ||
        triggersOf(state, copy).some((child) => hasFiredOpen(state, child)),
    );
}

/** In place of the leader's order, which there is none of. */
function standIn({ leaderOrderId, instrument, product, side, split, openedAtMs }: Copy): BookOrder {
  return {
    brokerOrderId: leaderOrderId,
    instrument,
    symbol: "",
    product,
    side,
    family: "plain",
    terms: atMarket(split.reduce),
    status: "working",
    filledQuantity: 0,
    reason: "",
    placedAtMs: toEpochMs(openedAtMs),
    updatedAtMs: toEpochMs(openedAtMs),
    firstSeq: 0,
  };
}

/** The link's rules are for copies of orders; it may even be out of the settings by now. */
function closeOnly({ linkId, leader, sizing }: Copy): Link {
  return {
    id: linkId,
    leader,
    follower: leader,
    mode: "close-only",
    sizing,
    marketOrders: "pass",
    maxAgeMs: 0,
    guards: {},
  };
}
