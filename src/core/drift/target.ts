/**
 * What a follower should have copied by now: his leader's fills, one order after the other, with the
 * split and the size that were fixed when each was first seen.
 *
 * An entry adds what the rule gave for what of it has filled; an exit takes the leader's share of his
 * own position out of it. Keeps: it knows nothing of what became of the copies, so that what went wrong
 * with one stays in sight. Does not: size anything anew.
 */
import { filledParts } from "../desire/split.ts";
import type { BrokerOrderId } from "../model/ids.ts";
import { signOf } from "../model/order.ts";
import {
  type AccountBook,
  type BookOrder,
  netUnits,
  type PositionKey,
} from "../order/account-book.ts";
import type { Copy } from "../order/copy.ts";

export interface Target {
  /** Signed units, not rounded. */
  readonly units: number;
  /** Orders whose part is no whole number of lots: each may leave less than a lot. */
  readonly roundings: number;
  /** Units that the entry of a copy stands for by now, by the leader's order. */
  readonly entries: ReadonlyMap<BrokerOrderId, number>;
  /** Units that an exit of the leader's has taken out of what should be copied. */
  readonly exits: ReadonlyMap<BrokerOrderId, number>;
  /** Orders of a position that the leader has left, and of the one before: they explain nothing more. */
  readonly over: ReadonlySet<BrokerOrderId>;
  /** Orders of the position that he left last: what was missed of it does not matter any more. */
  readonly left: ReadonlySet<BrokerOrderId>;
  /** Orders of the position that he is in, or has left without having begun another. */
  readonly now: ReadonlySet<BrokerOrderId>;
}

export interface TargetQuestion {
  readonly book: AccountBook;
  readonly key: PositionKey;
  /** The leader's orders of this contract that have filled anything, oldest first. */
  readonly orders: readonly BookOrder[];
  readonly copies: ReadonlyMap<BrokerOrderId, Copy>;
  readonly lot: number;
}

export function targetOf(question: TargetQuestion): Target {
  const { book, key, orders, copies, lot } = question;
  const { offset = 0, moved = 0 } = book.nets.get(key) ?? {};
  const walk = new Walk(offset - moved, lot);
  for (const order of orders) walk.take(order, copies.get(order.brokerOrderId));
  walk.move(moved);
  return walk.end(netUnits(book, key));
}

class Walk {
  #net: number;
  readonly #lot: number;
  #units = 0;
  #roundings = 0;
  readonly #entries = new Map<BrokerOrderId, number>();
  readonly #exits = new Map<BrokerOrderId, number>();
  #now: BrokerOrderId[] = [];
  #left: BrokerOrderId[] = [];
  readonly #over = new Set<BrokerOrderId>();

  constructor(net: number, lot: number) {
    this.#net = net;
    this.#lot = lot;
  }

  take(order: BookOrder, copy: Copy | undefined): void {
    const sign = signOf(order.side);
    const { reduce, open } = this.#partsOf(order, copy);
    if (reduce > 0 && Math.sign(this.#net) === -sign) {
      this.#exits.set(order.brokerOrderId, Math.ceil(this.#reduce(reduce)));
    }
    const before = Math.sign(this.#net);
    this.#net += sign * order.filledQuantity;
    const isNew = Math.sign(this.#net) === sign && before !== sign;
    if (open > 0 && isNew) this.#begin();
    this.#now.push(order.brokerOrderId);
    if (open === 0 || copy === undefined || copy.split.open === 0) return;
    const entry = (copy.entryQuantity * open) / copy.split.open;
    if (entry % this.#lot !== 0) this.#roundings += 1;
    this.#entries.set(order.brokerOrderId, Math.floor(entry));
    this.#units += sign * Math.floor(entry);
  }

  /** Without a copy the order says itself what it does; a leg only ever takes out. */
  #partsOf(order: BookOrder, copy: Copy | undefined): { reduce: number; open: number } {
    const { filledQuantity: filled, side, leg } = order;
    if (leg !== undefined) return { reduce: filled, open: 0 };
    if (copy !== undefined) return filledParts(copy.split, filled);
    const isReducing = Math.sign(this.#net) === -signOf(side);
    const reduce = isReducing ? Math.min(filled, Math.abs(this.#net)) : 0;
    return { reduce, open: filled - reduce };
  }

  /** Units that this takes out of what should be copied. */
  #reduce(units: number): number {
    const whole = Math.abs(this.#net);
    const share = (this.#units * Math.min(units, whole)) / whole;
    if (units < whole && share % this.#lot !== 0) this.#roundings += 1;
    this.#units -= share;
    return Math.abs(share);
  }

  /** A position begins: the one before is left, and the one before that is over. */
  #begin(): void {
    for (const id of this.#left) this.#over.add(id);
    this.#left = this.#now;
    this.#now = [];
    this.#units = 0;
    this.#roundings = 0;
  }

  /** What his positions showed beyond his orders: squared off elsewhere, converted, delivered. */
  move(units: number): void {
    if (units === 0) return;
    if (this.#net !== 0 && Math.sign(units) === -Math.sign(this.#net)) {
      this.#reduce(Math.abs(units));
    }
    this.#net += units;
  }

  end(net: number): Target {
    const isThere = net !== 0 && Math.sign(this.#units) === Math.sign(net);
    return {
      units: isThere ? this.#units : 0,
      roundings: this.#roundings,
      entries: this.#entries,
      exits: this.#exits,
      over: this.#over,
      left: new Set(this.#left),
      now: new Set(this.#now),
    };
  }
}
