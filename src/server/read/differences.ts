/**
 * Where a follower is out of sync: what he should have by his link's rule and does not, or has and
 * should not. Four kinds, each with its size in units:
 *
 * flipped: his copied position has the other sign than the leader's.
 * left-over: the leader is flat, copied units are not, and no exit is under way.
 * not-entered: an entry that the leader filled ended short, for another reason than the link's rule,
 *   and the leader still holds that position.
 * not-exited: an exit ended short or cannot go on, and copied units are still there.
 * unprotected: an entry was copied with its stop, and an alarm has said that none is seen working.
 * exited-twice: more of a group was exited than had been copied, and no repair is under way.
 *
 * What the rule itself refuses (less than a lot, a paused link, a guard) is no difference. Units left
 * over under a position that the leader has opened again are not told apart from the new ones.
 */
import { exitUnits } from "../../core/desire/quantity.ts";
import { filledParts } from "../../core/desire/split.ts";
import type { BrokerOrderId, LinkId } from "../../core/model/ids.ts";
import { signOf } from "../../core/model/order.ts";
import type { SkipCode } from "../../core/model/reason.ts";
import { netUnits, type PositionKey, toPositionKey } from "../../core/order/account-book.ts";
import { isOpen } from "../../core/order/child-state.ts";
import type { Copy } from "../../core/order/copy.ts";
import type { Leg } from "../../core/order/correlation-id.ts";
import { copiedInto, copiedUnits, type FollowerState } from "../../core/order/follower.ts";
import { leaderKeyOf } from "../../core/plan/family.ts";
import { isLoudHold } from "./copy-summary.ts";
import type { LeaderLevels } from "./leader-levels.ts";
import { leaderUnits } from "./leader-units.ts";
import { isOverdue, unprotectedUnits } from "./overdue.ts";
import { basisOf } from "./sizes.ts";

export type DifferenceKind =
  | "flipped"
  | "left-over"
  | "not-entered"
  | "not-exited"
  | "unprotected"
  | "exited-twice";

export interface Difference {
  readonly kind: DifferenceKind;
  readonly key: PositionKey;
  readonly units: number;
  /** Code of the skip or hold behind it; "" when there is none. */
  readonly code: string;
  readonly leaderOrderId?: BrokerOrderId;
}

/** Refusals that are the link doing what it was told. */
const BY_RULE: ReadonlySet<SkipCode> = new Set([
  "below-one-lot",
  "close-only",
  "link-paused",
  "leader-rejected",
  "leader-cancelled",
  "nothing-to-exit",
  // The follower sold by hand: there is nothing left to be done for him.
  "account-holds-less",
  "order-value-above-limit",
  "price-too-far",
  "brackets-refused",
  "leader-filled",
  // What the follower holds himself gets him out, or in.
  "own-legs",
  "own-trigger",
]);

export interface DifferenceQuestion {
  readonly linkId: LinkId;
  readonly follower: FollowerState;
  readonly leader: LeaderLevels;
}

export function differencesOf(question: DifferenceQuestion): readonly Difference[] {
  const { linkId, follower } = question;
  const copies = [...follower.copies.values()].filter((copy) => copy.linkId === linkId);
  const keys = new Set(copies.map(({ instrument, product }) => toPositionKey(instrument, product)));
  const positions = [...keys].sort().flatMap((key) => positionDifference(question, key, copies));
  const legs = copies.flatMap((copy) => [
    ...legDifference(question, copy, "entry"),
    ...legDifference(question, copy, "exit"),
  ]);
  const unprotected = copies.flatMap((copy) => unprotectedDifference(question, copy));
  return [...unprotected, ...positions, ...legs];
}

function unprotectedDifference(
  { follower }: DifferenceQuestion,
  copy: Copy,
): readonly Difference[] {
  const units = isOverdue(copy, "unprotected") ? unprotectedUnits(follower, copy) : 0;
  if (units === 0) return [];
  const key = toPositionKey(copy.instrument, copy.product);
  const { leaderOrderId } = copy;
  return [{ kind: "unprotected", key, units, code: "unprotected", leaderOrderId }];
}

function positionDifference(
  { linkId, follower, leader }: DifferenceQuestion,
  key: PositionKey,
  copies: readonly Copy[],
): readonly Difference[] {
  const copied = copiedInto(follower, linkId, key);
  const net = leaderUnits(leader.state.book, key, copies);
  // What the follower has sold by hand he does not hold any more.
  const held = Math.max(0, Math.sign(copied) * netUnits(follower.book, key));
  const units = Math.min(Math.abs(copied), held);
  if (units === 0) return [];
  const about = { key, units, code: "" };
  if (Math.sign(net) === -Math.sign(copied)) return [{ kind: "flipped", ...about }];
  if (net !== 0) return [];
  const here = copies.filter((copy) => toPositionKey(copy.instrument, copy.product) === key);
  const twice = here.find((copy) => isExitedTwice(copy, copied));
  if (twice !== undefined) {
    if (isUnderWay(follower, twice, "repair")) return [];
    const { leaderOrderId } = twice;
    return [{ kind: "exited-twice", key, units, code: "double-exit", leaderOrderId }];
  }
  const exits = here.filter((copy) => signOf(copy.side) === -Math.sign(copied));
  const isExiting =
    exits.some((copy) => isUnderWay(follower, copy, "exit")) ||
    here.some((copy) => isLeaving(follower, copy));
  return isExiting ? [] : [{ kind: "left-over", ...about, ...lastExit(leader, exits) }];
}

/** The position is on the other side than the group's entry, and an alarm has said why. */
function isExitedTwice({ side, alarmed }: Copy, copied: number): boolean {
  return Math.sign(copied) === -signOf(side) && alarmed.includes("double-exit");
}

/** A group whose leader is out is given a moment, and then an exit of our own. */
function isLeaving(follower: FollowerState, copy: Copy): boolean {
  if (isUnderWay(follower, copy, "stop")) return true;
  return copy.graces["leader-out"] !== undefined && !isOverdue(copy, "leader-out");
}

/** The exit that should have closed the position: the newest that the leader filled. */
function lastExit(leader: LeaderLevels, exits: readonly Copy[]): Partial<Difference> {
  const filledAt = (copy: Copy) => leader.filledAtSeq.get(copy.leaderOrderId) ?? 0;
  const last = exits.toSorted((a, b) => filledAt(a) - filledAt(b)).at(-1);
  if (last === undefined) return {};
  const code = last.skips.all ?? last.skips.exit ?? last.holds.exit ?? "";
  return { code, leaderOrderId: last.leaderOrderId };
}

/** Something is at the broker for this leg, or it waits for something that comes by itself. */
export function isUnderWay(follower: FollowerState, copy: Copy, leg: Leg): boolean {
  if (copy.isClosed) return false;
  const hold = copy.holds[leg];
  if (hold !== undefined && !isLoudHold(hold)) return true;
  return copy.children[leg].some((id) => {
    const child = follower.children.get(id);
    return child !== undefined && isOpen(child.state);
  });
}

function legDifference(
  question: DifferenceQuestion,
  copy: Copy,
  leg: "entry" | "exit",
): readonly Difference[] {
  const { follower, leader } = question;
  const key = toPositionKey(copy.instrument, copy.product);
  const filledAtSeq = leader.filledAtSeq.get(copy.leaderOrderId) ?? 0;
  // Older than the position that the leader has now: whatever it left is his no more.
  if (filledAtSeq <= (leader.flatAtSeq.get(leaderKeyOf(copy)) ?? 0)) return [];
  if (isUnderWay(follower, copy, leg)) return [];
  const skip = copy.skips.all ?? copy.skips[leg];
  if ((skip !== undefined && BY_RULE.has(skip)) || copy.withdrawn !== undefined) return [];
  const net = netUnits(leader.state.book, leaderKeyOf(copy));
  const copied = copiedUnits(follower, copy);
  const sign = signOf(copy.side);
  const concerns = leg === "entry" ? Math.sign(net) === sign : Math.sign(copied) === -sign;
  const units = shortUnits(question, copy, leg);
  if (!concerns || units <= 0) return [];
  const code = skip ?? copy.holds[leg] ?? "";
  const kind = leg === "entry" ? "not-entered" : "not-exited";
  return [{ kind, key, units, code, leaderOrderId: copy.leaderOrderId }];
}

/** Units that the leg's share of what the leader's order has filled comes to, and are not filled. */
export function shortUnits(
  question: DifferenceQuestion,
  copy: Copy,
  leg: "entry" | "exit",
): number {
  const { follower, leader } = question;
  const order = leader.state.book.orders.get(copy.leaderOrderId);
  const filled = filledParts(copy.split, order?.filledQuantity ?? 0);
  const own = copy.children[leg].reduce(
    (sum, id) => sum + (follower.children.get(id)?.filled ?? 0),
    0,
  );
  if (leg === "entry") {
    const share = copy.split.open === 0 ? 0 : filled.open / copy.split.open;
    return Math.floor(copy.entryQuantity * share) - own;
  }
  if (copy.exit === undefined) return 0;
  const split = { ...copy.split, reduce: filled.reduce };
  return exitUnits({ copiedUnits: basisOf(copy.exit, follower) }, split, 1) - own;
}
