/**
 * Where a follower's positions are not where his link's rule would have them, as the journal tells it:
 * the one account of it that `tandem status` and `tandem drift` give.
 */
import { driftsOf } from "../../core/drift/drift.ts";
import { foreignOrders, originOf } from "../../core/drift/foreign.ts";
import type { Drift, DriftCause, DriftPart } from "../../core/model/drift.ts";
import type { LinkId } from "../../core/model/ids.ts";
import type { OrderStatus, Product, Side } from "../../core/model/order.ts";
import { type EpochMs, toEpochMs, tradingDayOf } from "../../core/model/time.ts";
import { toPositionKey } from "../../core/order/account-book.ts";
import { copiedKeyOf, type FollowerState } from "../../core/order/follower-state.ts";
import { isSameDrift } from "../../core/order/known-drift.ts";
import type { LeaderLevels } from "./leader-levels.ts";
import { leaderUnits } from "./leader-units.ts";
import { istTime } from "./words.ts";

export interface ReadDrift extends Drift {
  readonly symbol: string;
  /** The leader's net units of what it is copied from. */
  readonly leaderUnits: number;
  /** Since when it stands so; absent where it was not there when the books were last read whole. */
  readonly sinceMs?: EpochMs;
}

/** An order in the follower's account that Tandem did not place. */
export interface ForeignOrder {
  readonly orderId: string;
  /** "10:00:00.000", in India. */
  readonly at: string;
  readonly symbol: string;
  readonly product: Product;
  readonly side: Side;
  readonly quantity: number;
  readonly filled: number;
  readonly status: OrderStatus;
  /** Whose it is, as far as the broker tells. */
  readonly origin: string;
}

/** What is as the link's rule has it, or comes to it by itself. */
const QUIET: ReadonlySet<DriftCause> = new Set(["rounding", "skipped-by-rule", "catching-up"]);

/** Whether a link is out of sync by it. */
export function isLoudPart({ cause }: DriftPart): boolean {
  return !QUIET.has(cause);
}

export interface LinkDriftQuestion {
  readonly linkId: LinkId;
  readonly follower: FollowerState;
  readonly leader: LeaderLevels;
  readonly symbols: ReadonlyMap<string, string>;
}

/** Every contract of the link in which anything is copied, or should be. */
export function linkDrifts(question: LinkDriftQuestion): readonly ReadDrift[] {
  const { linkId, follower, leader, symbols } = question;
  const copies = [...follower.copies.values()].filter((copy) => copy.linkId === linkId);
  return driftsOf({ linkId, follower, leader: leader.state }).map((drift) => {
    const known = follower.drifts.get(copiedKeyOf(drift));
    const isKnown = known !== undefined && isSameDrift(known, drift);
    const position = toPositionKey(drift.instrument, drift.product);
    return {
      ...drift,
      symbol: symbols.get(drift.instrument) ?? drift.instrument,
      leaderUnits: leaderUnits(leader.state.book, position, copies),
      ...(isKnown && { sinceMs: toEpochMs(known.sinceMs) }),
    };
  });
}

/** Those of the day of `nowMs`, oldest first. */
export function foreignOrdersOf(
  follower: FollowerState,
  symbols: ReadonlyMap<string, string>,
  nowMs: EpochMs,
): readonly ForeignOrder[] {
  const today = tradingDayOf(nowMs);
  return foreignOrders(follower)
    .filter(({ placedAtMs }) => tradingDayOf(placedAtMs) === today)
    .map((order) => ({
      orderId: order.brokerOrderId,
      at: istTime(order.placedAtMs, order.placedAtMs),
      symbol: symbols.get(order.instrument) ?? order.instrument,
      product: order.product,
      side: order.side,
      quantity: order.terms.quantity,
      filled: order.filledQuantity,
      status: order.status,
      origin: originOf(order),
    }));
}

/** "50 HDFCBANK not entered, order L1 [child-rejected]", one for each part that matters. */
export function driftWords(drift: ReadDrift): readonly string[] {
  return drift.parts.filter(isLoudPart).map((part) => {
    const { units, code, leaderOrderId, foreignOrderId } = part;
    const order = leaderOrderId ?? foreignOrderId;
    const of = order === undefined ? "" : `, order ${order}`;
    const coded = code === "" ? "" : ` [${code}]`;
    return `${units} ${drift.symbol} ${partWords(drift, part)}${of}${coded}`;
  });
}

function partWords({ target, copied, leaderUnits }: ReadDrift, { cause, leg, code }: DriftPart) {
  if (cause === "square-off") return "squared off, by the broker or by another program";
  if (code === "double-exit") return "exited twice";
  if (cause === "late-fill") return "filled beyond what the leader's order stands for";
  if (cause === "manual" && leg === undefined) return "sold or bought by others than Tandem";
  if (cause === "unknown" && code !== "") return "gone from the account by no order that is known";
  if (Math.sign(leaderUnits) === -Math.sign(copied) && copied !== 0) {
    return "on the other side than the leader";
  }
  if (leg === "entry" && code !== "still-in") return "not entered";
  if (copied !== 0 && target === 0) return "still held, the leader holds none";
  return leg === "exit" ? "not exited" : "explained by nothing";
}
