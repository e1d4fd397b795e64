/**
 * Of each contract that a link copies into: what it should have by now, what it has, and by what the
 * difference is explained.
 *
 * Keeps: every unit of a difference has a cause; what nothing explains is `unknown`, never left out.
 * Units that the account has lost to others count as gone, and never as Tandem's to bring back. Does
 * not: decide, repair or send.
 */
import type { Drift, DriftCause, DriftPart } from "../model/drift.ts";
import type { BrokerOrderId, LinkId } from "../model/ids.ts";
import { opposite, type Product } from "../model/order.ts";
import { beginOfDay, tradingDayOf } from "../model/time.ts";
import {
  type BookOrder,
  netUnits,
  type PositionKey,
  toPositionKey,
} from "../order/account-book.ts";
import type { Copy } from "../order/copy.ts";
import { LEGS } from "../order/correlation-id.ts";
import {
  type CopiedKey,
  copiedKeyOf,
  copiedUnits,
  type FollowerState,
} from "../order/follower-state.ts";
import type { LeaderState } from "../order/leader.ts";
import { hasOpenChild } from "../plan/consider.ts";
import { leaderKeyOf } from "../plan/family.ts";
import { heldShare } from "../plan/held.ts";
import { foreignOrders, takenOut } from "./foreign.ts";
import { type Reason, reasonsOf, shareReason } from "./reasons-of.ts";
import { repairSurplus, repairsUnderWay, withoutRepaired } from "./repaired.ts";
import { type Target, targetOf } from "./target.ts";

export interface DriftQuestion {
  readonly linkId: LinkId;
  readonly follower: FollowerState;
  readonly leader: LeaderState;
  /** Of this contract alone; absent: of all. */
  readonly only?: CopiedKey;
}

/** What a person should hear first stands last: the first ones explain what they can. */
const IN_ORDER: readonly DriftCause[] = [
  "catching-up",
  "late-fill",
  "rejected",
  "missed",
  "square-off",
  "manual",
  "skipped-by-rule",
  "rounding",
];

/** The broker closes positions of these products before the day is over. */
const DAY_PRODUCTS: ReadonlySet<Product> = new Set(["INTRADAY", "BO", "CO"]);

/** All contracts of the link in which anything is copied, or should be. */
export function driftsOf(question: DriftQuestion): readonly Drift[] {
  const { linkId, follower, leader, only } = question;
  const beganAtMs = follower.day === undefined ? 0 : beginOfDay(follower.day);
  const positions = new Map<CopiedKey, Copy[]>();
  for (const copy of follower.copies.values()) {
    if (copy.linkId !== linkId || isOfDayBefore(question, copy, beganAtMs)) continue;
    const key = copiedKeyOf(copy);
    if (only !== undefined && key !== only) continue;
    const copies = positions.get(key);
    if (copies === undefined) positions.set(key, [copy]);
    else copies.push(copy);
  }
  if (positions.size === 0) return [];
  const filled = filledOrders(leader);
  return [...positions]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, copies]) => new Position(question, copies, filled).drift())
    .filter((drift) => drift !== undefined);
}

/**
 * What was copied intraday is gone with its day. An order that was queued for the next one is of that, as
 * soon as the leader's or the follower's is told of.
 */
function isOfDayBefore({ follower, leader }: DriftQuestion, copy: Copy, beganAtMs: number) {
  if (!DAY_PRODUCTS.has(copy.product)) return false;
  const order = leader.book.orders.get(copy.leaderOrderId);
  if ((order?.updatedAtMs ?? copy.openedAtMs) >= beganAtMs) return false;
  return !LEGS.flatMap((leg) => copy.children[leg]).some((id) => {
    const brokerOrderId = follower.children.get(id)?.brokerOrderId;
    const own = brokerOrderId && follower.book.orders.get(brokerOrderId);
    return own ? own.updatedAtMs >= beganAtMs : false;
  });
}

/** The leader's orders that have filled anything, by his contract: by day, and in a day oldest first. */
type FilledOrders = ReadonlyMap<PositionKey, readonly BookOrder[]>;

function filledOrders({ book }: LeaderState): FilledOrders {
  const orders = [...book.orders.values()].filter((order) => order.filledQuantity > 0);
  orders.sort((a, b) => a.firstSeq - b.firstSeq);
  // One that waited for the open was seen before the orders of the day that it does not belong to.
  orders.sort((a, b) => tradingDayOf(a.updatedAtMs).localeCompare(tradingDayOf(b.updatedAtMs)));
  return Map.groupBy(orders, ({ instrument, product }) => toPositionKey(instrument, product));
}

class Position {
  readonly #question: DriftQuestion;
  readonly #copies: readonly Copy[];
  readonly #filled: FilledOrders;
  readonly #any: Copy;
  readonly #key: PositionKey;
  readonly #lot: number;

  constructor(question: DriftQuestion, copies: readonly Copy[], filled: FilledOrders) {
    this.#question = question;
    this.#copies = copies;
    this.#filled = filled;
    this.#any = copies[0] as Copy;
    this.#key = toPositionKey(this.#any.instrument, this.#any.product);
    this.#lot = copies.find(({ lot }) => lot !== undefined)?.lot ?? 1;
  }

  drift(): Drift | undefined {
    const { linkId, follower } = this.#question;
    const { instrument, product, of } = this.#any;
    const target = this.#target();
    const copied = copiedUnits(follower, this.#any);
    const there = this.#there(copied);
    const isNear = Math.abs(there - target.units) < 1;
    const wanted = isNear ? there : plainZero(Math.trunc(target.units));
    const difference = there - wanted;
    if (difference === 0 && wanted === 0 && copied === 0) return undefined;
    return {
      linkId,
      instrument,
      product,
      ...(of && { of: { instrument: of.instrument, product: of.product } }),
      target: wanted,
      copied,
      held: netUnits(follower.book, this.#key),
      difference,
      parts: difference === 0 ? [] : this.#explain(difference, { copied, there, target }),
    };
  }

  #target(): Target {
    const leaderKey = leaderKeyOf(this.#any);
    return targetOf({
      book: this.#question.leader.book,
      key: leaderKey,
      orders: this.#filled.get(leaderKey) ?? [],
      copies: new Map(this.#copies.map((copy) => [copy.leaderOrderId, copy])),
      lot: this.#lot,
    });
  }

  /** What of the copied units the account really holds, signed. */
  #there(copied: number): number {
    const { follower } = this.#question;
    if (copied === 0 || !follower.book.hasPositions) return copied;
    const side = copied > 0 ? "BUY" : "SELL";
    const share = heldShare(follower, { ...this.#any, side: opposite(side) }, this.#key);
    return plainZero(Math.sign(copied) * share);
  }

  #explain(
    difference: number,
    { copied, there, target }: { copied: number; there: number; target: Target },
  ): readonly DriftPart[] {
    const ledger = new Ledger(difference);
    const lost = Math.abs(copied - there);
    if (Math.sign(difference) === -Math.sign(copied)) this.#takeLost(ledger, copied, lost);
    for (const { signedUnits, ...reason } of this.#reasons(target, copied)) {
      if (Math.sign(signedUnits) === Math.sign(difference)) {
        ledger.take(reason, Math.abs(signedUnits));
      }
    }
    const isRounded = ledger.left < this.#lot * target.roundings;
    ledger.take({ cause: isRounded ? "rounding" : "unknown", code: "" }, ledger.left);
    return ledger.parts;
  }

  /** Units that the account has no more although nothing of ours took them out. */
  #takeLost(ledger: Ledger, copied: number, lost: number): void {
    if (lost === 0) return;
    const foreign = foreignOrders(this.#question.follower);
    const taken = takenOut(foreign, this.#key, copied);
    const explained = Math.min(lost, taken.units);
    const cause = taken.isSquareOff ? "square-off" : "manual";
    const foreignOrderId = taken.last?.brokerOrderId;
    ledger.take({ cause, code: "", ...(foreignOrderId && { foreignOrderId }) }, explained);
    ledger.take({ cause: "unknown", code: "account-holds-less" }, lost - explained);
  }

  /** The newest first, within a cause. */
  #reasons(target: Target, copied: number): readonly Reason[] {
    const { follower, leader } = this.#question;
    const hasTrigger = this.#copies.some(
      (copy) =>
        copy.vehicle === "forever" &&
        (hasOpenChild(follower, copy, "entry") || hasOpenChild(follower, copy, "exit")),
    );
    const questions = this.#copies
      .filter(({ repair }) => repair === undefined)
      .toSorted((a, b) => b.openedAtMs - a.openedAtMs)
      .map((copy) => ({
        follower,
        copy,
        order: leader.book.orders.get(copy.leaderOrderId),
        entryUnits: target.entries.get(copy.leaderOrderId) ?? 0,
        exitUnits: target.exits.get(copy.leaderOrderId) ?? 0,
        hasTrigger,
        copied,
      }));
    const lastOverMs = Math.max(
      ...this.#copies
        .filter(({ leaderOrderId }) => target.over.has(leaderOrderId))
        .map(({ openedAtMs }) => openedAtMs),
    );
    const isOver = ({ leaderOrderId, isSquareOff, openedAtMs }: Copy) =>
      isSquareOff ? openedAtMs <= lastOverMs : target.over.has(leaderOrderId);
    const reasons = questions
      .filter(({ copy }) => !copy.isClosed || !isOver(copy))
      .flatMap(reasonsOf)
      .filter((reason) => !isMoot(reason, target.left));
    const causes = IN_ORDER.flatMap((cause) => reasons.filter((reason) => reason.cause === cause));
    const repairs = this.#repairs(target);
    const underWay = causes.filter(({ cause }) => cause === "catching-up");
    const others = causes.filter(({ cause }) => cause !== "catching-up");
    const shares = questions.flatMap(shareReason);
    return [
      ...underWay,
      ...repairsUnderWay(follower, repairs),
      ...withoutRepaired([...others, ...shares], follower, repairs),
      ...repairSurplus(follower, repairs),
    ];
  }

  /** Those of the position that the leader is in, or was in last. */
  #repairs({ now }: Target): readonly Copy[] {
    const ofNow = this.#copies.filter(({ leaderOrderId }) => now.has(leaderOrderId));
    const sinceMs = Math.min(...ofNow.map(({ openedAtMs }) => openedAtMs));
    return this.#copies.filter(({ repair, isClosed, openedAtMs }) => {
      return repair !== undefined && (!isClosed || openedAtMs >= sinceMs);
    });
  }
}

/** A journal has no negative zero, so the state has none either. */
function plainZero(units: number): number {
  return units === 0 ? 0 : units;
}

/** What was not entered of a position that the leader has left since. */
function isMoot({ leg, leaderOrderId, cause }: Reason, left: ReadonlySet<BrokerOrderId>): boolean {
  if (leg !== "entry" || leaderOrderId === undefined || cause === "late-fill") return false;
  return left.has(leaderOrderId);
}

/** Units of a difference, handed out to what explains them. */
class Ledger {
  left: number;
  readonly parts: DriftPart[] = [];

  constructor(difference: number) {
    this.left = Math.abs(difference);
  }

  take(reason: Omit<DriftPart, "units">, units: number): void {
    const taken = Math.min(this.left, units);
    if (taken <= 0) return;
    this.left -= taken;
    this.parts.push({ ...reason, units: taken });
  }
}
