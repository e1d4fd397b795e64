/**
 * What must stand in every account's books at the broker, worked out from the script of the day and
 * the followers' multipliers alone.
 *
 * It is the demo's second opinion: it shares no code with the decisions that it checks, knows nothing
 * of events, and does its sums another way (decimals and rupees, position by position).
 * Does not: know orders that the script does not have, such as one that crosses zero.
 */
import { type Follower, LEADER } from "./cast.ts";
import {
  type ExitName,
  type ExpectedExits,
  exitAtMarket,
  exitFilled,
  exitMoved,
  exitsOfEntry,
  exitsUnused,
  placedExits,
  type ScriptExits,
  unitsOut,
} from "./expected-exits.ts";

export interface ScriptInstrument {
  readonly symbol: string;
  readonly segment: "NSE_EQ" | "NSE_FNO";
  readonly securityId: string;
  readonly lot: number;
  /** The most that the exchange takes in one order; absent where the script stays below it. */
  readonly most?: number;
}

/** A leader's order, as the script gives it. Prices in rupees; 0 where there is none. */
export interface ScriptOrder {
  readonly instrument: ScriptInstrument;
  readonly side: "BUY" | "SELL";
  /** A BO or CO is copied as an intraday order with the same exits. */
  readonly product: "INTRADAY" | "CNC" | "MARGIN" | "BO" | "CO";
  readonly type: "LIMIT" | "MARKET" | "STOP_LOSS";
  readonly quantity: number;
  readonly price: number;
  readonly trigger?: number;
  /** The broker's risk check will refuse it, after taking it. */
  readonly isRejected?: true;
  /** The broker will refuse the copy of this follower, after taking it; of slices the first. */
  readonly copyRejectedFor?: string;
  /** What goes with it at the broker: it is a Super Order, or the BO or CO of its product. */
  readonly exits?: ScriptExits;
  /** The step in which the broker trails its stop. */
  readonly trail?: number;
  readonly isAfterMarket?: true;
  /** It is a trigger with two halves, of which the first to fire ends the other; `price` is nothing. */
  readonly halves?: Readonly<Record<ExitName, Half>>;
}

/** Fires an order at `price` when the market comes to `trigger`. */
export interface Half {
  readonly trigger: number;
  readonly price: number;
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
  readonly code?:
    | "leader-rejected"
    | "nothing-to-exit"
    | "below-one-lot"
    | "child-rejected"
    | "entries-stopped";
  /** What did not go into the first order. */
  readonly slices?: readonly ExpectedRow[];
  readonly exits?: ExpectedExits;
  /** Units that an order of Tandem's own took out, because no exit at the broker did. */
  readonly ownExit?: number;
}

export interface ExpectedOrder {
  readonly script: ScriptOrder;
  readonly leaderOrderId: string;
  readonly leader: ExpectedRow;
  readonly leaderExits?: ExpectedExits | undefined;
  /** Which half has fired. */
  readonly fired?: ExitName | undefined;
  readonly copies: ReadonlyMap<string, ExpectedCopy>;
}

interface Line {
  readonly script: ScriptOrder;
  leader: ExpectedRow;
  leaderExits?: ExpectedExits | undefined;
  fired?: ExitName | undefined;
  /** Each follower's share of a leader quantity, fixed by what he had when the order came. */
  readonly shareOf: (follower: Follower, units: number, whole: number) => number;
  readonly copies: Map<string, ExpectedCopy>;
}

export class ExpectedBooks {
  readonly #followers: readonly Follower[];
  readonly #lines = new Map<string, Line>();

  constructor(followers: readonly Follower[]) {
    this.#followers = followers;
  }

  orders(): readonly ExpectedOrder[] {
    return [...this.#lines].map(([leaderOrderId, line]) => ({ leaderOrderId, ...line }));
  }

  /** Net units of one account ("leader" or a follower) in one instrument and product. */
  net(account: string, securityId: string, product: string): number {
    let net = 0;
    for (const { leader, leaderExits, copies } of this.#lines.values()) {
      const copy = copies.get(account);
      const row = account === "leader" ? leader : copy?.child;
      if (row === undefined || row.securityId !== securityId || row.product !== product) continue;
      const more = (copy?.slices ?? []).reduce((sum, { filled }) => sum + filled, 0);
      const out = unitsOut((account === "leader" ? leaderExits : copy?.exits) ?? {});
      const inside = row.filled + more - out - (copy?.ownExit ?? 0);
      net += row.side === "BUY" ? inside : -inside;
    }
    return net;
  }

  /** The leader's order has been taken and has not traded yet. */
  placed(leaderOrderId: string, script: ScriptOrder): void {
    const { instrument, side, product, type, quantity, price, trigger = 0 } = script;
    const { lot: _lot, most: _most, ...named } = instrument;
    const leader: ExpectedRow = {
      ...named,
      side,
      product,
      // The broker keeps market orders as limits.
      type: type === "MARKET" ? "LIMIT" : type,
      quantity,
      price,
      trigger: product === "CO" ? (script.exits?.stop ?? 0) : trigger,
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
    const shareOf = (follower: Follower, units: number, whole: number) => {
      if (!isExit) return ruleUnits(follower, units, whole, instrument.lot);
      const has = held.get(follower.name) ?? 0;
      const position = Math.abs(before);
      return units === position ? has : wholeLots((has * units) / position, instrument.lot);
    };
    const leaderExits = script.exits && placedExits(script.exits);
    const line: Line = { script, leader, leaderExits, shareOf, copies: new Map() };
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
    const isOver = change.quantity === line.leader.filled;
    // To take back what has not filled is a cancel of that: the rule was applied to the whole order.
    const whole = isOver ? line.leader.quantity : change.quantity;
    line.leader = { ...line.leader, ...change, ...(isOver ? { status: "TRADED" } : {}) };
    this.#eachWorking(line, (child, follower) => ({
      ...child,
      price: line.leader.price,
      quantity: line.shareOf(follower, change.quantity, whole),
    }));
  }

  /** So much of the leader's own order trades; the copies do not. */
  partlyFilled(leaderOrderId: string, units: number): void {
    const line = this.#line(leaderOrderId);
    line.leader = { ...line.leader, filled: units, status: "PART_TRADED" };
    line.leaderExits = line.leaderExits && exitsOfEntry(line.leaderExits, units);
  }

  /** The price goes through the order: the leader's, if it still works, and all copies trade whole. */
  filled(leaderOrderId: string): void {
    const line = this.#line(leaderOrderId);
    line.leader = isWorking(line.leader) ? traded(line.leader) : line.leader;
    line.leaderExits = line.leaderExits && exitsOfEntry(line.leaderExits, line.leader.filled);
    this.#eachWorking(line, traded);
    this.#eachExits(line, (exits, { filled }) => exitsOfEntry(exits, filled));
  }

  /** One half of a trigger fires, everywhere. */
  fired(leaderOrderId: string, name: ExitName): void {
    this.#line(leaderOrderId).fired = name;
    this.filled(leaderOrderId);
  }

  /** An exit is somewhere else, of the leader's and so of the copies. */
  exitMoved(leaderOrderId: string, name: ExitName, level: number): void {
    const line = this.#line(leaderOrderId);
    line.leaderExits = line.leaderExits && exitMoved(line.leaderExits, name, level);
    // The row of a CO's entry shows where its stop is.
    if (line.script.product === "CO") line.leader = { ...line.leader, trigger: level };
    this.#eachExits(line, (exits) => exitMoved(exits, name, level));
  }

  /** The price reaches an exit: it takes everybody out, and the other one ends. */
  exitReached(leaderOrderId: string, name: ExitName): void {
    const line = this.#line(leaderOrderId);
    line.leaderExits = line.leaderExits && exitFilled(line.leaderExits, name);
    this.#eachExits(line, (exits) => exitFilled(exits, name));
  }

  /**
   * The leader leaves at the market: under his stop's number. A copy leaves by its target, and one
   * that has none by an order of Tandem's own, once its stop is out of the way.
   */
  exitedByHand(leaderOrderId: string): void {
    const line = this.#line(leaderOrderId);
    line.leaderExits = line.leaderExits && exitAtMarket(line.leaderExits, "stop");
    for (const [name, copy] of line.copies) {
      const { child, exits } = copy;
      if (exits === undefined || child === undefined || child.filled === 0) continue;
      const out =
        exits.target === undefined
          ? { exits: exitsUnused(exits), ownExit: child.filled }
          : { exits: exitAtMarket(exits, "target") };
      line.copies.set(name, { ...copy, ...out });
    }
  }

  /** The leader cancels: a copy comes to the share of what he got, and to an end when that is none. */
  cancelled(leaderOrderId: string): void {
    const line = this.#line(leaderOrderId);
    line.leader = { ...line.leader, status: "CANCELLED" };
    if (line.leaderExits && line.leader.filled === 0)
      line.leaderExits = exitsUnused(line.leaderExits);
    this.#eachWorking(line, (child, follower) => {
      const share = line.shareOf(follower, line.leader.filled, line.leader.quantity);
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
    for (const [name, copy] of line.copies) {
      if (copy.slices === undefined) continue;
      const slices = copy.slices.map((row) => (isWorking(row) ? traded(row) : row));
      if (line.leader.status === "TRADED") line.copies.set(name, { ...copy, slices });
    }
  }

  /** Exits of copies that are in. */
  #eachExits(
    line: Line,
    change: (exits: ExpectedExits, child: ExpectedRow) => ExpectedExits,
  ): void {
    for (const [name, copy] of line.copies) {
      const { child, exits } = copy;
      if (exits === undefined || child === undefined || child.filled === 0) continue;
      line.copies.set(name, { ...copy, exits: change(exits, child) });
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
  const quantity = line.shareOf(follower, leader.quantity, leader.quantity);
  if (quantity === 0) return { code: "below-one-lot" };
  const isGroup = script.product === "BO" || script.product === "CO";
  const own = isGroup ? { product: "INTRADAY", trigger: 0 } : {};
  const whole: ExpectedRow = { ...leader, ...own, quantity };
  const exits = script.exits && { exits: placedExits(script.exits) };
  const isShort = !isExit && marginNeeded(script, quantity) > follower.funds;
  const isRefused = script.copyRejectedFor === follower.name;
  const most = script.instrument.most ?? quantity;
  if (quantity > most) return slicedCopy(whole, most, { isShort, isRefused });
  if (!isShort && !isRefused) return { child: whole, ...exits };
  const unused = script.exits && { exits: exitsUnused(placedExits(script.exits)) };
  return { child: { ...whole, status: "REJECTED" }, code: "child-rejected", ...unused };
}

/** Every slice has a fate of its own, so none of them speaks for the whole copy. */
function slicedCopy(
  whole: ExpectedRow,
  most: number,
  { isShort, isRefused }: { readonly isShort: boolean; readonly isRefused: boolean },
): ExpectedCopy {
  const rows: ExpectedRow[] = [];
  for (let left = whole.quantity; left > 0; left -= most) {
    const isLost = isShort || (isRefused && rows.length === 0);
    const status = isLost ? "REJECTED" : whole.status;
    rows.push({ ...whole, quantity: Math.min(left, most), status });
  }
  const [child = whole, ...slices] = rows;
  return { child, slices };
}

/** A fifth of the value for an intraday share, all of it for a delivered one or a bought option. */
function marginNeeded({ product, price }: ScriptOrder, quantity: number): number {
  const isIntraday = product === "INTRADAY" || product === "BO" || product === "CO";
  return quantity * price * (isIntraday ? 0.2 : 1);
}

function isWorking({ status }: ExpectedRow): boolean {
  return status === "PENDING" || status === "PART_TRADED";
}

function traded(row: ExpectedRow): ExpectedRow {
  return { ...row, filled: row.quantity, status: "TRADED" };
}

/** What the follower's rule gives for `units` of an order of `whole`. */
function ruleUnits({ rule, funds }: Follower, units: number, whole: number, lot: number): number {
  switch (rule.kind) {
    case "fixed-lots":
      return wholeLots((rule.lots * lot * units) / whole, lot);
    case "fixed-quantity":
      return wholeLots((rule.quantity * units) / whole, lot);
    case "capital-proportional":
      return wholeLots((units * funds) / LEADER.funds, lot);
    case "multiplier": {
      // Hundredths, so that 0.3 of 20 is 6 and not a little less.
      const exact = (units * Math.round(rule.value * 100)) / 100;
      const rounded =
        rule.rounding === "nearest" ? Math.round(exact / lot) * lot : wholeLots(exact, lot);
      const least = units === 0 ? 0 : Math.max(rounded, (rule.minLots ?? 0) * lot);
      return rule.maxQuantity === undefined
        ? least
        : Math.min(least, wholeLots(rule.maxQuantity, lot));
    }
  }
}

function wholeLots(units: number, lot: number): number {
  return Math.floor(units / lot) * lot;
}
