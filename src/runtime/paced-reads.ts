/**
 * One account's reads, paced so that the broker never turns one away for its rate. Everything that
 * reads an account goes through here: the feed, and the looks for unknown orders.
 *
 * Keeps: reads go in the order in which they were asked for, each as soon as the budget allows;
 * order commands pass untouched, they have a budget of their own.
 */
import type { Broker } from "../ports/broker.ts";
import type { Clock } from "../ports/clock.ts";
import { RateBudget, type RateWindow } from "./rate-budget.ts";

/** The broker allows 20 a second; the rest is for what asks past this budget (token checks). */
const READ_WINDOWS: readonly RateWindow[] = [{ windowMs: 1_000, most: 14, reserve: 0 }];
/** What the process before this one may have read in its last second, as far as room is left for it. */
const READ_BEFORE = 10;

/** The same broker, its reads waiting for their turn. */
export function withPacedReads(broker: Broker, clock: Clock): Broker {
  const gate = new ReadGate(clock);
  return {
    place: (command, mayLeave) => broker.place(command, mayLeave),
    modify: (command, mayLeave) => broker.modify(command, mayLeave),
    cancel: (command) => broker.cancel(command),
    orders: () => gate.pass(() => broker.orders()),
    order: (id) => gate.pass(() => broker.order(id)),
    orderByCorrelationId: (id) => gate.pass(() => broker.orderByCorrelationId(id)),
    superOrders: () => gate.pass(() => broker.superOrders()),
    foreverOrders: () => gate.pass(() => broker.foreverOrders()),
    positions: () => gate.pass(() => broker.positions()),
    holdings: () => gate.pass(() => broker.holdings()),
    funds: () => gate.pass(() => broker.funds()),
    close: () => broker.close(),
  };
}

class ReadGate {
  readonly #clock: Clock;
  readonly #budget: RateBudget;
  readonly #waiting: (() => void)[] = [];
  #cancelTimer: (() => void) | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#budget = new RateBudget(clock, READ_WINDOWS);
    this.#budget.remember(Array.from({ length: READ_BEFORE }, () => 0));
  }

  pass<Result>(read: () => Promise<Result>): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.#waiting.push(() => {
        const done = this.#budget.take();
        read().finally(done).then(resolve, reject);
      });
      this.#pump();
    });
  }

  #pump(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    while (this.#waiting.length > 0) {
      const waitMs = this.#budget.waitMs("entry");
      if (waitMs > 0) {
        this.#cancelTimer = this.#clock.schedule(waitMs, () => this.#pump());
        return;
      }
      this.#waiting.shift()?.();
    }
  }
}
