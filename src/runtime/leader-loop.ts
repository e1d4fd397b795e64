/**
 * One leader account: the only writer of its stream. News from either witness become leader events,
 * each once, and are handed to the followers together with their seq.
 */

import { splitAtZero } from "../core/desire/split.ts";
import type { LeaderFact } from "../core/model/fact.ts";
import type { AccountId, BrokerOrderId } from "../core/model/ids.ts";
import type { MoneyE4 } from "../core/model/money.ts";
import type { TradingDay } from "../core/model/time.ts";
import type { NetUnits } from "../core/order/account-book.ts";
import {
  foldLeader,
  type LeaderState,
  leaderOrderFact,
  leaderPositionsFact,
  missingQueued,
} from "../core/order/leader.ts";
import { needsConfirmation } from "../core/plan/consider.ts";
import { awaitsLevels } from "../core/plan/family.ts";
import type { Clock } from "../ports/clock.ts";
import type { StreamName } from "../ports/journal.ts";
import type { Logger } from "../ports/logger.ts";
import type { OrdersSeen } from "./account-feed.ts";
import type { JournalWriter } from "./journal-writer.ts";

const REPORT_DELAY_MS = 100;
const CLOCK_READINGS = 32;

export interface LeaderLoopOptions {
  readonly state: LeaderState;
  readonly stream: StreamName;
  readonly writer: JournalWriter;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Orders of this leader have changed, or are confirmed; `causedBy` names the entry. */
  readonly onOrders: (ids: readonly BrokerOrderId[], causedBy: string) => void;
  readonly requestBook: () => void;
}

export class LeaderLoop {
  readonly #options: LeaderLoopOptions;
  #state: LeaderState;
  /** What the last frames showed, oldest first. */
  readonly #aheadMs: number[] = [];

  constructor(options: LeaderLoopOptions) {
    this.#options = options;
    this.#state = options.state;
  }

  get state(): LeaderState {
    return this.#state;
  }

  /**
   * How far the broker's clock is ahead of ours. A frame that has just left shows his time; whatever
   * held one up makes it look older, so the youngest of the last ones is the nearest.
   */
  get brokerAheadMs(): number {
    return this.#aheadMs.length === 0 ? 0 : Math.max(...this.#aheadMs);
  }

  get account(): AccountId {
    return this.#state.account;
  }

  /** Seq of the last leader event. */
  get seq(): number {
    return this.#options.writer.nextSeq(this.#options.stream) - 1;
  }

  /** Every order known today, for a follower that begins to listen. */
  orderIds(): BrokerOrderId[] {
    return [...this.#state.book.orders.values()]
      .sort((a, b) => a.firstSeq - b.firstSeq)
      .map((order) => order.brokerOrderId);
  }

  ordersSeen(seen: OrdersSeen): void {
    if (seen.witness === "stream") this.#readClock(seen);
    const changed: BrokerOrderId[] = [];
    for (const fact of seen.isWhole ? missingQueued(this.#state, seen.orders) : []) {
      this.#record(fact);
      if (fact.kind === "orderObserved") changed.push(fact.order.brokerOrderId);
    }
    for (const order of seen.orders) {
      const fact = leaderOrderFact(this.#state, order, seen.witness);
      if (fact === undefined) continue;
      this.#record(fact);
      changed.push(order.brokerOrderId);
    }
    if (changed.length === 0) return;
    this.#tell(changed);
    this.#reportLater(changed, seen.witness);
    if (changed.some((id) => this.#wantsConfirmation(id))) this.#options.requestBook();
  }

  /** A whole book whose read began at `throughSeq` has been told: what came before is confirmed. */
  bookRead(throughSeq: number): void {
    const before = this.#state.confirmedSeq;
    const fresh = [...this.#state.book.orders.values()]
      .filter((order) => order.firstSeq > before && order.firstSeq <= throughSeq)
      .map((order) => order.brokerOrderId);
    if (fresh.length === 0) return;
    this.#record({ kind: "bookConfirmed", throughSeq });
    this.#tell(fresh);
  }

  positions(nets: readonly NetUnits[]): void {
    const fact = leaderPositionsFact(this.#state, nets);
    if (fact === undefined) return;
    this.#record(fact);
    this.#options.logger.info("leader.positions", { count: nets.length });
  }

  capital(capital: MoneyE4): void {
    if (this.#state.capital !== capital) this.#record({ kind: "capitalObserved", capital });
  }

  dayBegan(day: TradingDay): void {
    if (this.#state.day !== day) this.#record({ kind: "dayBegan", day });
  }

  /** Logging is for people and must not stand before the next frame. */
  #reportLater(ids: readonly BrokerOrderId[], witness: string): void {
    this.#options.clock.schedule(REPORT_DELAY_MS, () => {
      for (const id of ids) this.#report(id, witness);
    });
  }

  #report(leaderOrderId: BrokerOrderId, witness: string): void {
    const order = this.#state.book.orders.get(leaderOrderId);
    this.#options.logger.info("leader.order", {
      leaderOrderId,
      status: order?.status,
      filled: order?.filledQuantity,
      witness,
    });
  }

  #readClock({ orders, startedAtMs }: OrdersSeen): void {
    for (const order of orders) this.#aheadMs.push(order.updatedAtMs - startedAtMs);
    this.#aheadMs.splice(0, this.#aheadMs.length - CLOCK_READINGS);
  }

  #wantsConfirmation(id: BrokerOrderId): boolean {
    const order = this.#state.book.orders.get(id);
    if (order === undefined) return false;
    // A leg's frame may be the news of levels that only the list of groups tells.
    if (order.leg !== undefined || awaitsLevels(this.#state, order)) return true;
    if (order.firstSeq <= this.#state.confirmedSeq) return false;
    return needsConfirmation(this.#state, order, splitAtZero(this.#state, order));
  }

  #record(fact: LeaderFact): void {
    const { writer, stream, clock } = this.#options;
    const seq = writer.nextSeq(stream);
    this.#state = foldLeader(this.#state, fact, seq);
    writer.record(stream, [{ kind: fact.kind, atMs: clock.nowMs(), body: fact }]);
  }

  #tell(ids: readonly BrokerOrderId[]): void {
    this.#options.onOrders(ids, `${this.#options.stream}#${this.seq}`);
  }
}
