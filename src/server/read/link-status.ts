/**
 * How a link stands, from the journal's fold, in one word:
 *
 * disarmed: new leader orders are not acted on (nothing runs, the books are not read yet, the broker
 *   refuses the account, the link is gone from the settings).
 * unknown: an order or a change was sent, and nothing proves either way.
 * out of sync: the follower has not what he should have (differences.ts).
 * catching up: something is on its way, waits, or rests although the leader's order has filled.
 * in sync: none of these.
 */
import type { CopyId } from "../../core/model/fact.ts";
import type { LinkId } from "../../core/model/ids.ts";
import type { AlarmCode } from "../../core/model/reason.ts";
import type { Child } from "../../core/order/child.ts";
import { isOpen } from "../../core/order/child-state.ts";
import type { Copy } from "../../core/order/copy.ts";
import { copiedContracts, copiedInto, type FollowerState } from "../../core/order/follower.ts";
import { childIdsOf } from "./child-ids.ts";
import { type CopiedGroup, copiedGroups } from "./copied-groups.ts";
import { isLoudHold } from "./copy-summary.ts";
import { type Difference, differencesOf, isUnderWay, shortUnits } from "./differences.ts";
import type { LeaderLevels } from "./leader-levels.ts";
import { leaderUnits } from "./leader-units.ts";
import { unprotectedUnits } from "./overdue.ts";

export type LinkState = "in sync" | "catching up" | "out of sync" | "unknown" | "disarmed";

export interface CopiedPosition {
  /** "NSE_EQ:1333" */
  readonly instrument: string;
  readonly product: string;
  readonly symbol: string;
  /** Signed units that copying opened and has not closed. */
  readonly copiedUnits: number;
  readonly leaderUnits: number;
}

export interface ReadAlarm {
  /** "10:00:00.123", in India. */
  readonly at: string;
  readonly code: AlarmCode;
  readonly sentence: string;
  readonly copyId?: CopyId;
}

export interface LinkLevels {
  readonly openCopies: number;
  readonly openChildOrders: number;
  readonly unknownChildOrders: number;
  readonly heldCopies: number;
  readonly positions: readonly CopiedPosition[];
  /** Entries that are in with exits of their own. */
  readonly groups: readonly CopiedGroup[];
  readonly differences: readonly Difference[];
}

export interface LinkQuestion {
  readonly linkId: LinkId;
  readonly follower: FollowerState;
  readonly leader: LeaderLevels;
}

export function linkLevels(question: LinkQuestion): LinkLevels {
  const { linkId, follower } = question;
  const copies = [...follower.copies.values()].filter((copy) => copy.linkId === linkId);
  const children = copies.flatMap((copy) => childrenOf(follower, copy));
  const open = copies.filter((copy) => !copy.isClosed);
  return {
    openCopies: open.length,
    openChildOrders: children.filter((child) => isOpen(child.state)).length,
    unknownChildOrders: children.filter(isUnknown).length,
    heldCopies: open.filter((copy) => Object.values(copy.holds).some(isLoudHold)).length,
    positions: positionsOf(question, copies),
    groups: copiedGroups(follower, copies, symbolsOf(question.leader, follower)),
    differences: differencesOf(question),
  };
}

/** The state of a link that is armed. */
export function armedState(question: LinkQuestion, levels: LinkLevels): LinkState {
  if (levels.unknownChildOrders > 0) return "unknown";
  if (levels.differences.length > 0) return "out of sync";
  const { follower, linkId } = question;
  for (const copy of follower.copies.values()) {
    if (copy.linkId === linkId && isCatchingUp(question, copy)) return "catching up";
  }
  return "in sync";
}

function isCatchingUp(question: LinkQuestion, copy: Copy): boolean {
  const { follower } = question;
  if (copy.isClosed) return false;
  if (Object.keys(copy.holds).length > 0 || unprotectedUnits(follower, copy) > 0) return true;
  if (Object.keys(copy.graces).some((grace) => grace !== "unprotected")) return true;
  const isMoving = childrenOf(follower, copy).some(
    (child) => child.state === "intended" || child.state === "acked" || child.pending !== undefined,
  );
  if (isMoving || isUnderWay(follower, copy, "repair")) return true;
  return (["entry", "exit"] as const).some(
    (leg) => isUnderWay(follower, copy, leg) && shortUnits(question, copy, leg) > 0,
  );
}

function childrenOf(follower: FollowerState, copy: Copy): Child[] {
  return childIdsOf(copy)
    .map((id) => follower.children.get(id))
    .filter((child) => child !== undefined);
}

function isUnknown(child: Child): boolean {
  return child.state === "unknown" || child.pending?.phase === "unknown";
}

function positionsOf(
  { linkId, follower, leader }: LinkQuestion,
  copies: readonly Copy[],
): readonly CopiedPosition[] {
  const symbols = symbolsOf(leader, follower);
  return copiedContracts(follower, linkId)
    .map((position) => {
      const copiedUnits = copiedInto(follower, linkId, position);
      const [instrument = "", product = ""] = position.split("|");
      const symbol = symbols.get(instrument) ?? instrument;
      const units = leaderUnits(leader.state.book, position, copies);
      return { instrument, product, symbol, copiedUnits, leaderUnits: units };
    })
    .filter(({ copiedUnits }) => copiedUnits !== 0)
    .sort((a, b) => (a.symbol < b.symbol ? -1 : 1));
}

/** As the witnesses of both name the instruments; the journal has no instrument file. */
export function symbolsOf(
  { state }: LeaderLevels,
  follower: FollowerState,
): ReadonlyMap<string, string> {
  const orders = [...follower.book.orders.values(), ...state.book.orders.values()];
  const named = orders.filter((order) => order.symbol !== "");
  return new Map(named.map((order) => [order.instrument, order.symbol]));
}
