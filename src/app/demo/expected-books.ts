/**
 * What must stand in every account's books at the broker, worked out from the script of the day and
 * the followers' multipliers alone.
 *
 * It is the demo's second opinion: it shares no code with the decisions that it checks, knows nothing
 * of events, and does its sums another way (percent and rupees, position by position).
 * Does not: know orders that the script does not have, such as one that crosses zero.
 */
import type { Follower } from "./cast.ts";

export interface ScriptInstrument {
  readonly symbol: string;
  readonly segment: "NSE_EQ" | "NSE_FNO";
  readonly securityId: string;
  readonly lot: number;
}

/** A leader's order, as the script gives it. Prices in rupees; 0 where there is none. */
export interface ScriptOrder {
  readonly instrument: ScriptInstrument;
  readonly side: "BUY" | "SELL";
  readonly product: "INTRADAY" | "CNC" | "MARGIN";
  readonly type: "LIMIT" | "MARKET" | "STOP_LOSS";
  readonly quantity: number;
  readonly price: number;
  readonly trigger?: number;
  /** The broker's risk check will refuse it, after taking it. */
  readonly isRejected?: true;
  /** The broker will refuse the copy of this follower, after taking it. */
  readonly copyRejectedFor?: string;
}

export type BookStatus = "PENDING" | "PART_TRADED" | "TRADED" | "CANCELLED" | "REJECTED";

/** One row of a book at the broker. */
export interface ExpectedRow {
  readonly symbol: string;
  readonly segment: string;
  readonly securityId: string;
  readonly side: "BUY" | "SELL";
  readonly product: string;
  readonly type: "LIMIT" | "STOP_LOSS";
  readonly quantity: number;
  readonly price: number;
  readonly trigger: number;
  readonly filled: number;
  readonly status: BookStatus;
}

/** What one follower has of one leader order: a child order, a reason why not, or both. */
export interface ExpectedCopy {
  readonly child?: ExpectedRow;
  readonly code?: "leader-rejected" | "nothing-to-exit" | "below-one-lot" | "child-rejected";
}

export interface ExpectedOrder {
  readonly script: ScriptOrder;
  readonly leaderOrderId: string;
  readonly leader: ExpectedRow;
  readonly copies: ReadonlyMap<string, ExpectedCopy>;
}

interface Line {
  readonly script: ScriptOrder;
  leader: ExpectedRow;
  /** Each follower's share of a leader quantity, fixed by what he had when the order came. */
  readonly shareOf: (follower: Follower, leaderQuantity: number) => number;
  readonly copies: Map<string, ExpectedCopy>;
}

export class ExpectedBooks {
  readonly #followers: readonly Follower[];
  readonly #lines = new Map<string, Line>();

  constructor(followers: readonly Follower[]) {
    this.#followers = followers;
  }

  orders(): readonly ExpectedOrder[] {
    return [...this.#lines].map(([leaderOrderId, { script, leader, copies }]) => {
      return { leaderOrderId, script, leader, copies };
    });
  }

  /** Net units of one account ("leader" or a follower) in one instrument and product. */
  net(account: string, securityId: string, product: string): number {
    let net = 0;
    for (const { leader, copies } of this.#lines.values()) {
      const row = account === "leader" ? leader : copies.get(account)?.child;
      if (row === undefined || row.securityId !== securityId || row.product !== product) continue;
      net += row.side === "BUY" ? row.filled : -row.filled;
    }
    return net;
  }

  /** The leader's order has been taken and has not traded yet. */
  placed(leaderOrderId: string, script: ScriptOrder): void {
    const { instrument, side, product, type, quantity, price, trigger = 0 } = script;
    const { lot: _lot, ...named } = instrument;
    const leader: ExpectedRow = {
      ...named,
      side,
      product,
      // The broker keeps market orders as limits.
      type: type === "MARKET" ? "LIMIT" : type,
      quantity,
      price,
      trigger,
      filled: 0,
      status: script.isRejected ? "REJECTED" : "PENDING",
    };
    const before = this.net("leader", instrument.securityId, product);
    const isExit = side === "SELL" ? before > 0 : before < 0;
    const held = new Map(
      this.#followers.map(({ name }) => {
        return [name, Math.abs(this.net(name, instrument.securityId, product))];
      }),
    );
    const shareOf = (follower: Follower, units: number) => {
      if (!isExit) return wholeLots((units * follower.percent) / 100, instrument.lot);
      const has = held.get(follower.name) ?? 0;
      const whole = Math.abs(before);
      return units === whole ? has : wholeLots((has * units) / whole, instrument.lot);
    };
    const line: Line = { script, leader, shareOf, copies: new Map() };
    for (const follower of this.#followers) {
      const nothing = isExit && held.get(follower.name) === 0;
      line.copies.set(follower.name, firstCopy(line, follower, nothing, isExit));
    }
    this.#lines.set(leaderOrderId, line);
  }

  /** The leader has changed quantity or price; copies that still work follow. */
  modified(
    leaderOrderId: string,
    change: { readonly quantity: number; readonly price: number },
  ): void {
    const line = this.#line(leaderOrderId);
    line.leader = { ...line.leader, ...change };
    this.#eachWorking(line, (child, follower) => ({
      ...child,
      price: line.leader.price,
      quantity: line.shareOf(follower, line.leader.quantity),
    }));
  }

  /** So much of the leader's own order trades; the copies do not. */
  partlyFilled(leaderOrderId: string, units: number): void {
    const line = this.#line(leaderOrderId);
    line.leader = { ...line.leader, filled: units, status: "PART_TRADED" };
  }

  /** The price goes through the order: the leader's, if it still works, and all copies trade whole. */
  filled(leaderOrderId: string): void {
    const line = this.#line(leaderOrderId);
    line.leader = isWorking(line.leader) ? traded(line.leader) : line.leader;
    this.#eachWorking(line, traded);
  }

  /** The leader cancels: a copy comes to the share of what he got, and to an end when that is none. */
  cancelled(leaderOrderId: string): void {
    const line = this.#line(leaderOrderId);
    line.leader = { ...line.leader, status: "CANCELLED" };
    this.#eachWorking(line, (child, follower) => {
      const share = line.shareOf(follower, line.leader.filled);
      return share === 0 ? { ...child, status: "CANCELLED" } : { ...child, quantity: share };
    });
  }

  #line(leaderOrderId: string): Line {
    const line = this.#lines.get(leaderOrderId);
    if (line === undefined) throw new Error(`the script has no order ${leaderOrderId}`);
    return line;
  }

  #eachWorking(line: Line, change: (child: ExpectedRow, follower: Follower) => ExpectedRow): void {
    for (const follower of this.#followers) {
      const copy = line.copies.get(follower.name);
      if (copy?.child === undefined || !isWorking(copy.child)) continue;
      line.copies.set(follower.name, { ...copy, child: change(copy.child, follower) });
    }
  }
}

function firstCopy(
  line: Line,
  follower: Follower,
  nothing: boolean,
  isExit: boolean,
): ExpectedCopy {
  const { script, leader } = line;
  if (script.isRejected) return { code: "leader-rejected" };
  if (nothing) return { code: "nothing-to-exit" };
  const quantity = line.shareOf(follower, leader.quantity);
  if (quantity === 0) return { code: "below-one-lot" };
  const child = { ...leader, quantity };
  const isShort = !isExit && marginNeeded(script, quantity) > follower.funds;
  if (!isShort && script.copyRejectedFor !== follower.name) return { child };
  return { child: { ...child, status: "REJECTED" }, code: "child-rejected" };
}

/** A fifth of the value for an intraday share, all of it for a delivered one or a bought option. */
function marginNeeded({ product, price }: ScriptOrder, quantity: number): number {
  return quantity * price * (product === "INTRADAY" ? 0.2 : 1);
}

function isWorking({ status }: ExpectedRow): boolean {
  return status === "PENDING" || status === "PART_TRADED";
}

function traded(row: ExpectedRow): ExpectedRow {
  return { ...row, filled: row.quantity, status: "TRADED" };
}

function wholeLots(units: number, lot: number): number {
  return Math.floor(units / lot) * lot;
}
