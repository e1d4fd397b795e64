/**
 * How a link stands, from the journal's fold, in one word:
 *
 * disarmed: new leader orders are not acted on (nothing runs, the books are not read yet, the broker
 *   refuses the account, the link is gone from the settings).
 * unknown: an order or a change was sent, and nothing proves either way.
 * out of sync: the follower has not what he should have (core/drift), by another cause than his link's
 *   own rule, or a stop is missing and an alarm has said so.
 * catching up: something is on its way, waits, or rests although the leader's order has filled.
 * in sync: none of these.
 */

import { isLoudHold, isUnderWay } from "../../core/drift/under-way.ts";
import type { CopyId } from "../../core/model/fact.ts";
import type { BrokerOrderId, LinkId } from "../../core/model/ids.ts";
import type { AlarmCode } from "../../core/model/reason.ts";
import type { EpochMs } from "../../core/model/time.ts";
import type { Child } from "../../core/order/child.ts";
import { isOpen } from "../../core/order/child-state.ts";
import type { Copy } from "../../core/order/copy.ts";
import {
  copiedContracts,
  copiedInto,
  type FollowerState,
} from "../../core/order/follower-state.ts";
import { childIdsOf } from "./child-ids.ts";
import { type CopiedGroup, copiedGroups } from "./copied-groups.ts";
import type { LeaderLevels } from "./leader-levels.ts";
import { leaderUnits } from "./leader-units.ts";
import {
  type ForeignOrder,
  foreignOrdersOf,
  isLoudPart,
  linkDrifts,
  type ReadDrift,
} from "./link-drift.ts";
import { isOverdue, unprotectedUnits } from "./overdue.ts";

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
  /** Every contract in which anything is copied, or should be. */
  readonly drifts: readonly ReadDrift[];
  /** Units whose entry was copied with its stop, and an alarm has said that none is seen working. */
  readonly unprotected: readonly UnprotectedUnits[];
  /** Orders of today in the follower's account that Tandem did not place. */
  readonly foreignOrders: readonly ForeignOrder[];
}

export interface UnprotectedUnits {
  readonly symbol: string;
  readonly units: number;
  readonly leaderOrderId: BrokerOrderId;
}

export interface LinkQuestion {
  readonly linkId: LinkId;
  readonly follower: FollowerState;
  readonly leader: LeaderLevels;
  readonly nowMs: EpochMs;
}

export function linkLevels(question: LinkQuestion): LinkLevels {
  const { linkId, follower, leader, nowMs } = question;
  const symbols = symbolsOf(leader, follower);
  const copies = [...follower.copies.values()].filter((copy) => copy.linkId === linkId);
  const children = copies.flatMap((copy) => childrenOf(follower, copy));
  const open = copies.filter((copy) => !copy.isClosed);
  return {
    openCopies: open.length,
    openChildOrders: children.filter((child) => isOpen(child.state)).length,
    unknownChildOrders: children.filter(isUnknown).length,
    heldCopies: open.filter((copy) => Object.values(copy.holds).some(isLoudHold)).length,
    positions: positionsOf(question, copies),
    groups: copiedGroups(follower, copies, symbols),
    drifts: linkDrifts({ linkId, follower, leader, symbols }),
    unprotected: copies.flatMap((copy) => unprotectedOf(follower, copy, symbols)),
    foreignOrders: foreignOrdersOf(follower, symbols, nowMs),
  };
}

function unprotectedOf(
  follower: FollowerState,
  copy: Copy,
  symbols: ReadonlyMap<string, string>,
): readonly UnprotectedUnits[] {
  const units = isOverdue(copy, "unprotected") ? unprotectedUnits(follower, copy) : 0;
  if (units === 0) return [];
  const { leaderOrderId, instrument } = copy;
  return [{ symbol: symbols.get(instrument) ?? instrument, units, leaderOrderId }];
}

/** The state of a link that is armed. */
export function armedState(question: LinkQuestion, levels: LinkLevels): LinkState {
  if (levels.unknownChildOrders > 0) return "unknown";
  const parts = levels.drifts.flatMap((drift) => drift.parts);
  if (parts.some(isLoudPart) || levels.unprotected.length > 0) return "out of sync";
  if (parts.some(({ cause }) => cause === "catching-up")) return "catching up";
  const { follower, linkId } = question;
  for (const copy of follower.copies.values()) {
    if (copy.linkId === linkId && isCatchingUp(follower, copy)) return "catching up";
  }
  return "in sync";
}

/** Something moves, or is given a moment, although nothing differs at this moment. */
function isCatchingUp(follower: FollowerState, copy: Copy): boolean {
  if (copy.isClosed) return false;
  if (Object.keys(copy.holds).length > 0 || unprotectedUnits(follower, copy) > 0) return true;
  if (Object.keys(copy.graces).some((grace) => grace !== "unprotected")) return true;
  const isMoving = childrenOf(follower, copy).some(
    (child) => child.state === "intended" || child.state === "acked" || child.pending !== undefined,
  );
  return isMoving || isUnderWay(follower, copy, "repair");
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
