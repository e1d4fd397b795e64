/**
 * Where the day is played: what the leader and the market do happens in the simulator and is told to
 * the expectation at the same time; then the play waits until the broker's books are as expected.
 */
import { setTimeout as delay } from "node:timers/promises";
import { must } from "../../platform/assert.ts";
import type { Simulator } from "../../simulator/index.ts";
import { FOLLOWERS, LEADER } from "./cast.ts";
import { ExpectedBooks, type ScriptInstrument, type ScriptOrder } from "./expected-books.ts";
import type { ExitName } from "./expected-exits.ts";
import { type Difference, findDifferences } from "./find-differences.ts";
import type { JournalView } from "./journal-view.ts";

/** Longest that the books may take to come to what is expected. */
const SETTLE_MS = 15_000;
const LOOK_MS = 40;

/** The rest of the day is not played, because something did not come to what it should have. */
export class DayInterrupted extends Error {
  override readonly name = "DayInterrupted";
}

export interface StageOptions {
  readonly simulator: Simulator;
  readonly view: JournalView;
  /** Called after each look at the journal. */
  readonly onLook: () => void;
  readonly signal: AbortSignal;
}

export class Stage {
  readonly expected = new ExpectedBooks(FOLLOWERS);
  readonly #options: StageOptions;
  readonly #clientOf = new Map(
    [LEADER, ...FOLLOWERS].map(({ name, clientId }) => [name as string, clientId]),
  );

  constructor(options: StageOptions) {
    this.#options = options;
  }

  /** The leader places an order in the broker's app; its id. */
  place(order: ScriptOrder): string {
    const { instrument, side, product, type, quantity, price, trigger = 0 } = order;
    const { simulator } = this.#options;
    if (order.copyRejectedFor !== undefined) this.#refuseCopy(order.copyRejectedFor);
    const { body } = simulator.placeByHand(LEADER.clientId, {
      exchangeSegment: instrument.segment,
      securityId: instrument.securityId,
      transactionType: side,
      productType: product,
      orderType: type,
      quantity,
      price: type === "MARKET" ? 0 : price,
      triggerPrice: trigger,
      ...(order.isAfterMarket ? { afterMarketOrder: true, amoTime: "OPEN" } : {}),
      ...exitFields(order),
    });
    return this.#placed(order, body);
  }

  /** The leader places a trigger with two halves in the broker's app; its id. */
  placeTrigger(order: ScriptOrder): string {
    const { instrument, side, product, quantity } = order;
    const { stop, target } = must(order.halves, "halves");
    const { body } = this.#options.simulator.placeForeverByHand(LEADER.clientId, {
      orderFlag: "OCO",
      exchangeSegment: instrument.segment,
      securityId: instrument.securityId,
      transactionType: side,
      productType: product,
      quantity,
      price: stop.price,
      triggerPrice: stop.trigger,
      quantity1: quantity,
      price1: target.price,
      triggerPrice1: target.trigger,
    });
    return this.#placed(order, body);
  }

  #placed(order: ScriptOrder, body: unknown): string {
    const { side, quantity, instrument } = order;
    const { orderId } = body as { orderId?: string };
    if (orderId === undefined) throw refused(`${side} ${quantity} ${instrument.symbol}`, body);
    this.expected.placed(orderId, order);
    return orderId;
  }

  #refuseCopy(victim: string): void {
    this.#options.simulator.addFault({
      kind: "reject-later",
      text: "RMS:{orderId}:Scrip is blocked for this client",
      afterMs: 300,
      match: { clientId: this.clientOf(victim), path: "place" },
      count: 1,
    });
  }

  /** A change restates the terms: the broker takes what is left out from before earlier changes. */
  modify(orderId: string, change: { readonly quantity: number; readonly price: number }): void {
    const reply = this.#options.simulator.modifyByHand(LEADER.clientId, {
      orderId,
      changes: change,
    });
    if (reply.status >= 300) throw refused(`a change of ${orderId}`, reply.body);
    this.expected.modified(orderId, change);
  }

  cancel(orderId: string): void {
    const reply = this.#options.simulator.cancelByHand(LEADER.clientId, orderId);
    if (reply.status >= 300) throw refused(`a cancel of ${orderId}`, reply.body);
    this.expected.cancelled(orderId);
  }

  /** The leader moves one exit of his order by hand. */
  moveExit(orderId: string, name: ExitName, level: number): void {
    const changes = name === "stop" ? { stopLossPrice: level } : { targetPrice: level };
    const leg = LEG_OF[name];
    const reply = this.#options.simulator.modifyByHand(LEADER.clientId, { orderId, leg, changes });
    if (reply.status >= 300) throw refused(`a ${name} of ${orderId}`, reply.body);
    this.expected.exitMoved(orderId, name, level);
  }

  /** The leader closes his order with all that goes with it, in the broker's app. */
  exitByHand(orderId: string): void {
    this.#options.simulator.exitGroupByHand(LEADER.clientId, orderId);
    this.expected.exitedByHand(orderId);
  }

  /** The last price goes so far that the broker moves every trailing stop of this order to `level`. */
  trails(instrument: ScriptInstrument, price: number, orderId: string, level: number): void {
    this.#options.simulator.setPrice(instrument.symbol, price);
    this.expected.exitMoved(orderId, "stop", level);
  }

  /** The last price reaches one exit of this order: the leader's, and those of its copies. */
  exitReached(instrument: ScriptInstrument, price: number, orderId: string, name: ExitName): void {
    this.#options.simulator.setPrice(instrument.symbol, price);
    this.expected.exitReached(orderId, name);
  }

  /** The last price makes one half of the trigger fire, everywhere. */
  triggerFires(instrument: ScriptInstrument, price: number, orderId: string, name: ExitName): void {
    this.#options.simulator.setPrice(instrument.symbol, price);
    this.expected.fired(orderId, name);
  }

  setSession(session: "open" | "closed"): void {
    this.#options.simulator.setClock({ session });
  }

  /** The last price moves through these orders: they and their copies trade whole. */
  priceReaches(instrument: ScriptInstrument, price: number, orderIds: readonly string[]): void {
    const { simulator } = this.#options;
    simulator.setLiquidity(instrument.symbol, null);
    simulator.setPrice(instrument.symbol, price);
    for (const id of orderIds) this.expected.filled(id);
  }

  /** Only so many units are for sale, and the leader, who came first, gets them. */
  tradesThinly(instrument: ScriptInstrument, price: number, orderId: string, units: number): void {
    const { simulator } = this.#options;
    simulator.setLiquidity(instrument.symbol, units);
    simulator.setPrice(instrument.symbol, price);
    this.expected.partlyFilled(orderId, units);
  }

  /** The order meets the market as it comes; so do its copies. */
  tradesAtOnce(orderId: string): void {
    this.expected.filled(orderId);
  }

  /** Waits until every book is as expected. */
  async settled(): Promise<void> {
    await this.#until(() => this.differences().length === 0);
  }

  /** Waits until the broker's books are: a trigger is not told of, so Tandem may yet have to look. */
  async atBroker(): Promise<void> {
    await this.#until(() => this.differences().every(({ isBelief }) => isBelief === true));
  }

  /** Waits until the broker has answered for every child order, the slow ones too. */
  async answered(): Promise<void> {
    await this.#until(() =>
      this.#options.view
        .orders()
        .every(({ copies }) =>
          copies.every(({ childOrder, ms }) => childOrder === "" || ms !== undefined),
        ),
    );
  }

  async #until(condition: () => boolean): Promise<void> {
    const deadline = AbortSignal.timeout(SETTLE_MS);
    for (;;) {
      await this.look();
      if (condition()) return;
      if (this.#options.signal.aborted) throw new DayInterrupted("stopped");
      if (deadline.aborted) throw new DayInterrupted("not settled in time");
      await delay(LOOK_MS);
    }
  }

  async look(): Promise<void> {
    await this.#options.view.refresh();
    this.#options.onLook();
  }

  /** What is not as the script expects it, by now. */
  differences(): Difference[] {
    const { simulator, view } = this.#options;
    const truths = new Map(simulator.truth().map((truth) => [truth.clientId, truth]));
    return findDifferences({
      expected: this.expected,
      followers: FOLLOWERS,
      truth: (account) => must(truths.get(this.clientOf(account)), `truth of ${account}`),
      claim: (follower, leaderOrderId) => view.claim(follower, leaderOrderId),
      knownLeaderOrders: view.leaderOrderIds(),
    });
  }

  clientOf(account: string): string {
    return must(this.#clientOf.get(account), `account ${account}`);
  }
}

const LEG_OF = { stop: "STOP_LOSS_LEG", target: "TARGET_LEG" } as const;

/** A BO tells its exits as distances, a CO its stop as a trigger, a Super Order both as prices. */
function exitFields({ exits, product, price, trail = 0 }: ScriptOrder): Record<string, number> {
  if (exits === undefined) return {};
  const { target = 0, stop = 0 } = exits;
  if (product === "CO") return { triggerPrice: stop };
  if (product === "BO") {
    return { boProfitValue: Math.abs(target - price), boStopLossValue: Math.abs(price - stop) };
  }
  return { targetPrice: target, stopLossPrice: stop, trailingJump: trail };
}

function refused(what: string, body: unknown): DayInterrupted {
  return new DayInterrupted(`the simulated broker refused ${what}: ${JSON.stringify(body)}`);
}
