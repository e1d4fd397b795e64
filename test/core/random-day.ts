/**
 * A random day of one leader and one follower, played on a desk move by move. What the leader does is
 * legal; what the follower's broker does is legal too, and unkind: it rejects, fills in parts, loses
 * replies and repeats old frames. The same moves give the same day.
 */
import fc from "fast-check";
import type { OrderCommand } from "../../src/core/model/command.ts";
import type { InstrumentKey } from "../../src/core/model/ids.ts";
import { isTerminal, type OrderObservation, type Side } from "../../src/core/model/order.ts";
import { toEpochMs } from "../../src/core/model/time.ts";
import { netUnits, toPositionKey } from "../../src/core/order/account-book.ts";
import type { Child } from "../../src/core/order/child.ts";
import { isOpen } from "../../src/core/order/child-state.ts";
import { OPTION, orderOf, rupees, SHARE } from "./builders.ts";
import { Desk } from "./desk.ts";

export interface Move {
  readonly what: number;
  readonly which: number;
  readonly units: number;
}

export interface DayOptions {
  /** The leader's orders fill at once, as market orders do: he never has two exits resting. */
  readonly isInstant: boolean;
}

export const moves: fc.Arbitrary<Move[]> = fc.array(
  fc.record<Move>({
    what: fc.nat({ max: 999 }),
    which: fc.nat({ max: 999 }),
    units: fc.integer({ min: 1, max: 20 }),
  }),
  { minLength: 30, maxLength: 90 },
);

function pick<T>(list: readonly T[], which: number): T | undefined {
  return list.length === 0 ? undefined : list[which % list.length];
}

export class RandomDay {
  readonly desk = new Desk({ limits: { maxModifications: 3 } });
  readonly #options: DayOptions;
  readonly #leaderOrders: OrderObservation[] = [];
  readonly #frames: OrderObservation[] = [];

  constructor(options: DayOptions) {
    this.#options = options;
  }

  play(move: Move): void {
    const { desk } = this;
    desk.nowMs += 1 + (move.which % 700);
    const kinds = [
      () => this.#leaderPlaces(move),
      () => this.#leaderPlaces(move),
      () => this.#leaderPlaces(move),
      () => this.#leaderChanges(move),
      () => this.#leaderFills(move),
      () => this.#leaderFills({ ...move, units: 1_000 }),
      () => this.#leaderEnds(move),
      () => desk.leaderBook(),
      () => desk.leaderBook(),
      () => this.#brokerAnswers(move),
      () => this.#brokerAnswers({ ...move, units: 5 }),
      () => this.#brokerAnswers({ ...move, units: 5 }),
      () => this.#brokerAnswers({ ...move, units: 5 }),
      () => this.#brokerFills(move),
      () => this.#brokerFills({ ...move, units: 1_000 }),
      () => this.#brokerFills({ ...move, units: 1_000 }),
      () => this.#brokerFills({ ...move, units: 1_000 }),
      () => this.#brokerRejects(move),
      () => this.#repeatsFrame(move),
      () => this.#resolves(),
      () => desk.input({ kind: "tick" }),
      () => this.#restarts(move),
    ];
    pick(kinds, move.what)?.();
  }

  /** The rest of the day goes well: everything is answered and known. */
  calmsDown(): void {
    this.desk.leaderBook();
    for (let round = 0; round < 40; round += 1) {
      this.desk.passes(20_000);
      for (const command of this.desk.outbox.splice(0)) this.desk.accept(command);
      this.#resolves();
      if (this.desk.outbox.length === 0) break;
    }
    // What settling has brought to light may want something again after its time.
    for (let round = 0; round < 5; round += 1) {
      this.desk.settle();
      this.desk.passes(20_000);
      this.#resolves();
    }
    this.desk.settle();
  }

  // The leader.

  #leaderPlaces({ which, units }: Move): void {
    const { desk } = this;
    const instrument = which % 7 === 0 ? OPTION : SHARE;
    const side = this.#nextSide(instrument, which);
    const quantity = instrument === OPTION ? units * 65 : units * 10;
    const price = rupees(1_600 + units);
    const base = orderOf(`L${this.#leaderOrders.length + 1}`, {
      side,
      instrument,
      terms: { quantity, price },
      placedAtMs: toEpochMs(desk.nowMs),
    });
    const filled = { status: "filled", filledQuantity: quantity } as const;
    this.#leaderOrders.push(base);
    this.#leads(base, this.#options.isInstant ? filled : {});
  }

  /** Out of what he holds rather than deeper into it, and from flat more often long than short. */
  #nextSide(instrument: InstrumentKey, which: number): Side {
    const net = netUnits(this.desk.leader.book, toPositionKey(instrument, "INTRADAY"));
    if (net === 0) return which % 5 === 0 ? "SELL" : "BUY";
    const isOut = which % 3 !== 0;
    return net > 0 === isOut ? "SELL" : "BUY";
  }

  #leads(order: OrderObservation, change: Partial<OrderObservation>): void {
    const { terms, ...rest } = change;
    const next = { ...order, ...rest, terms: terms ?? order.terms };
    const at = this.#leaderOrders.findIndex((known) => known.brokerOrderId === order.brokerOrderId);
    this.#leaderOrders[at] = next;
    this.desk.leads(order.brokerOrderId, next);
  }

  #live(which: number): OrderObservation | undefined {
    return pick(
      this.#leaderOrders.filter((order) => !isTerminal(order.status)),
      which,
    );
  }

  #leaderChanges({ which, units }: Move): void {
    const order = this.#live(which);
    if (order === undefined) return;
    const lot = order.instrument === OPTION ? 65 : 10;
    const quantity = Math.max(units * lot, order.filledQuantity + lot);
    const terms =
      which % 3 === 0
        ? { ...order.terms, price: rupees(1_600 + units) }
        : { ...order.terms, quantity };
    this.#leads(order, { terms });
  }

  #leaderFills({ which, units }: Move): void {
    const order = this.#live(which);
    if (order === undefined) return;
    const lot = order.instrument === OPTION ? 65 : 10;
    const filledQuantity = Math.min(order.filledQuantity + units * lot, order.terms.quantity);
    const status = filledQuantity === order.terms.quantity ? "filled" : "working";
    this.#leads(order, { filledQuantity, status });
  }

  #leaderEnds({ which, units }: Move): void {
    const order = this.#live(which);
    if (order === undefined) return;
    const isRejected = order.filledQuantity === 0 && units % 4 === 0;
    this.#leads(order, { status: isRejected ? "rejected" : "cancelled" });
  }

  // The follower's broker.

  #brokerAnswers({ which, units }: Move): void {
    const { desk } = this;
    const command = desk.outbox.shift();
    if (command === undefined) return;
    switch (units % 8) {
      case 0:
        desk.answer(command, { kind: "notSent", text: "no connection" });
        return;
      case 1:
        desk.losesReply(command);
        return;
      case 2:
        desk.answer(command, { kind: "unknown", text: "reset before the broker read it" });
        return;
      case 3:
        desk.rejects(command, command.kind === "cancel" ? "transit" : "other");
        return;
      case 4:
        this.#answersInTransit(command);
        return;
      default:
        this.#keep(desk.accept(command));
        if (which % 5 === 0) desk.readsBook();
    }
  }

  /** Accepted; the order is not at the exchange yet. */
  #answersInTransit(command: OrderCommand): void {
    this.desk.answer(command, this.desk.broker.take(command));
  }

  #keep(order: OrderObservation): void {
    this.#frames.push(order);
  }

  #orders(which: number): OrderObservation | undefined {
    return pick(
      [...this.desk.broker.orders.values()].filter((order) => !isTerminal(order.status)),
      which,
    );
  }

  #brokerFills({ which, units }: Move): void {
    const order = this.#orders(which);
    if (order === undefined) return;
    const left = order.terms.quantity - order.filledQuantity;
    if (left <= 0) return;
    const next = this.desk.broker.fill(order.brokerOrderId, Math.min(left, units * 5));
    this.#keep(next);
    this.desk.sees(next);
  }

  #brokerRejects({ which, units }: Move): void {
    const order = this.#orders(which);
    if (order === undefined) return;
    const isRejected = order.filledQuantity === 0 && units % 3 === 0;
    const status = isRejected ? "rejected" : units % 5 === 0 ? "cancelled" : "working";
    const next = this.desk.broker.change(order.brokerOrderId, { status });
    this.#keep(next);
    this.desk.sees(next);
  }

  #repeatsFrame({ which }: Move): void {
    const frame = pick(this.#frames, which);
    if (frame !== undefined) this.desk.sees(frame);
  }

  /** Lookups, reads of orders and a book, all late enough to settle what is unknown. */
  #resolves(): void {
    const { desk } = this;
    desk.nowMs += 16_000;
    const startedAtMs = desk.nowMs;
    for (const child of desk.children()) {
      const order = desk.broker.byCorrelation(child.correlationId);
      const { correlationId } = child;
      if (child.state === "unknown") {
        const found = order === undefined ? {} : { order };
        for (let index = 0; index < 3; index += 1) {
          desk.input({ kind: "lookedUp", correlationId, startedAtMs, ...found });
        }
      } else if (child.pending?.phase === "unknown" && order !== undefined) {
        desk.input({ kind: "orderRead", correlationId, startedAtMs, order });
      }
    }
    for (const order of desk.broker.orders.values()) {
      if (order.status === "transit") {
        desk.broker.change(order.brokerOrderId, { status: "working" });
      }
    }
    desk.readsBook();
  }

  /** What waited to be sent is lost with the process; some of it had left. */
  #restarts({ which }: Move): void {
    const { desk } = this;
    desk.outbox.splice(0).forEach((command, index) => {
      if ((which + index) % 2 === 0) desk.broker.take(command);
    });
    desk.input({ kind: "restarted" });
  }

  openChildren(copyId: Child["copyId"], leg: "entry" | "exit"): Child[] {
    return this.desk
      .children()
      .filter((child) => child.copyId === copyId && child.identity.leg === leg)
      .filter((child) => isOpen(child.state));
  }
}
