/**
 * A random day of groups: a leader with Super Orders, sales by hand and second thoughts, and a follower
 * whose broker fills in parts, loses legs and replies, and is late with what belongs together. News is
 * told late, twice, in any order, or by the books alone. The same moves give the same day.
 */
import type { OrderCommand } from "../../src/core/model/command.ts";
import { type BrokerOrderId, toBrokerOrderId } from "../../src/core/model/ids.ts";
import {
  type ExitLeg,
  type ExitLevel,
  isTerminal,
  type OrderObservation,
  signOf,
} from "../../src/core/model/order.ts";
import { toEpochMs } from "../../src/core/model/time.ts";
import { isGroup } from "../../src/core/order/child.ts";
import { orderOf, rupees } from "./builders.ts";
import { Desk } from "./desk.ts";
import { EXIT_LEGS } from "./fake-broker.ts";
import type { Move } from "./random-day.ts";

/** A Super Order of the leader's, as his broker has it. */
interface Group {
  readonly id: BrokerOrderId;
  levels: Record<ExitLeg, ExitLevel>;
}

function pick<T>(list: readonly T[], which: number): T | undefined {
  return list.length === 0 ? undefined : list[which % list.length];
}

export class RandomGroupDay {
  readonly desk = new Desk({ limits: { maxModifications: 4 } });
  readonly #leaderOrders = new Map<BrokerOrderId, OrderObservation>();
  readonly #groups: Group[] = [];
  /** Frames that are still on their way, or come once more. */
  #leaderNews: OrderObservation[] = [];
  #followerNews: OrderObservation[] = [];
  #isCalm = false;

  play(move: Move): void {
    const kinds = [
      () => this.#leaderPlaces(move),
      () => this.#leaderFills(move),
      () => this.#leaderFills({ ...move, units: 1_000 }),
      () => this.#leaderFills({ ...move, units: 1_000 }),
      () => this.#leaderLegFills(move),
      () => this.#leaderMovesLevel(move),
      () => this.#leaderEnds(move),
      () => this.#leaderSells(move),
      () => this.leaderReads(),
      () => this.leaderReads(),
      () => this.#leaderIsTold(move),
      () => this.#brokerAnswers(move),
      () => this.#brokerAnswers({ ...move, units: 5 }),
      () => this.#brokerAnswers({ ...move, units: 5 }),
      () => this.#brokerAnswers({ ...move, units: 5 }),
      () => this.#brokerFills(move),
      () => this.#brokerFills({ ...move, units: 1_000 }),
      () => this.#brokerFills({ ...move, units: 1_000 }),
      () => this.#legFills(move),
      () => this.#legEnds(move),
      () => this.#followerIsTold(move),
      () => this.resolves(),
      () => this.passes(move.which * 10),
      () => this.passes(move.which),
      () => this.#restarts(move),
    ];
    this.passes(1 + (move.which % 400));
    pick(kinds, move.what)?.();
  }

  passes(ms: number): void {
    this.desk.passes(ms);
  }

  /** All units of the follower's account, by what its broker has really filled. */
  truth(): number {
    let net = 0;
    for (const order of this.desk.broker.orders.values()) {
      net += signOf(order.side) * order.filledQuantity;
    }
    return net;
  }

  /** The leader gets out of everything; from then on all goes well, and the broker fills what trades. */
  calmsDown(): void {
    this.#isCalm = true;
    this.#leaderGetsOut();
    for (let round = 0; round < 60; round += 1) {
      this.leaderReads();
      for (let next = this.desk.outbox.shift(); next; next = this.desk.outbox.shift()) {
        this.#accept(next);
      }
      this.#fillsWhatTrades();
      this.resolves();
      this.passes(5_000);
      if (this.desk.outbox.length === 0 && this.desk.follower.openCopies.size === 0) return;
    }
  }

  // The leader.

  #leaderPlaces({ which, units }: Move): void {
    if (this.#groups.length >= 4) return;
    const id = toBrokerOrderId(`L${this.#groups.length + 1}`);
    const waiting = { status: "waiting", filledQuantity: 0 } as const;
    const levels = {
      target: { price: rupees(1_680 + (which % 20)), ...waiting },
      stop: { price: rupees(1_630 - (which % 20)), ...waiting },
    };
    this.#groups.push({ id, levels });
    this.#leads(
      orderOf(id, {
        family: "super-entry",
        terms: { quantity: units * 10 },
        placedAtMs: toEpochMs(this.desk.nowMs),
      }),
      which,
    );
  }

  #leads(order: OrderObservation, which: number): void {
    const group = this.#groups.find(({ id }) => id === order.brokerOrderId);
    const now = { ...order, updatedAtMs: toEpochMs(this.desk.nowMs) };
    this.#leaderOrders.set(order.brokerOrderId, group ? { ...now, levels: group.levels } : now);
    if (which % 4 === 0 && !this.#isCalm) {
      // A frame names the levels to nobody.
      const { levels: _levels, ...frame } = now;
      this.#leaderNews.push(frame);
      return;
    }
    const { levels: _levels, ...frame } = now;
    this.desk.leaderFrame(frame);
    if (which % 7 === 0) this.#leaderNews.push(frame);
  }

  #order(id: BrokerOrderId): OrderObservation {
    const order = this.#leaderOrders.get(id);
    if (order === undefined) throw new Error(`the leader has no order ${id}`);
    return order;
  }

  #group(which: number): Group | undefined {
    return pick(this.#groups, which);
  }

  #leaderFills({ which, units }: Move): void {
    const group = this.#group(which);
    if (group === undefined) return;
    const order = this.#order(group.id);
    if (isTerminal(order.status)) return;
    const filledQuantity = Math.min(order.filledQuantity + units, order.terms.quantity);
    const status = filledQuantity === order.terms.quantity ? "filled" : "working";
    for (const leg of EXIT_LEGS) {
      const level = group.levels[leg];
      if (level.status === "waiting") {
        group.levels = { ...group.levels, [leg]: { ...level, status: "working" } };
      }
    }
    this.#leads({ ...order, filledQuantity, status, averagePrice: rupees(1_650) }, which);
  }

  #net(): number {
    let net = 0;
    for (const order of this.#leaderOrders.values()) {
      net += signOf(order.side) * order.filledQuantity;
    }
    return net;
  }

  #inside({ id, levels }: Group): number {
    const { filledQuantity } = this.#order(id);
    return filledQuantity - levels.target.filledQuantity - levels.stop.filledQuantity;
  }

  /** One leg takes all of the group out and the other ends; the two are told in any order. */
  #leaderLegFills({ which, units }: Move): void {
    const group = this.#group(which);
    if (group === undefined) return;
    const leg = units % 2 === 0 ? "stop" : "target";
    const sibling = leg === "stop" ? "target" : "stop";
    const order = this.#order(group.id);
    const quantity = Math.min(this.#inside(group), this.#net());
    if (!isTerminal(order.status) || group.levels[leg].status !== "working" || quantity <= 0)
      return;
    const { levels } = group;
    group.levels = {
      ...levels,
      [leg]: { ...levels[leg], status: "filled", filledQuantity: quantity },
    };
    if (levels[sibling].status === "working") {
      group.levels = { ...group.levels, [sibling]: { ...levels[sibling], status: "cancelled" } };
    }
    const told = [leg, sibling] as const;
    for (const one of which % 2 === 0 ? told : told.toReversed()) this.#leadsLeg(group, one, which);
    this.#leads(order, which);
  }

  #leadsLeg({ id, levels }: Group, leg: ExitLeg, which: number): void {
    const { status, price, filledQuantity } = levels[leg];
    if (status === "waiting") return;
    const legId = toBrokerOrderId(`${id}-${leg}`);
    const { placedAtMs } = this.#order(id);
    this.#leads(
      orderOf(legId, {
        family: "super-leg",
        parentId: id,
        leg,
        side: "SELL",
        placedAtMs,
        filledQuantity,
        ...(filledQuantity > 0 ? { averagePrice: price } : {}),
        status: status === "filled" || status === "cancelled" ? status : "working",
        terms:
          leg === "target"
            ? { type: "LIMIT", price, quantity: this.#order(id).filledQuantity }
            : {
                type: "STOP_LOSS",
                price,
                triggerPrice: price,
                quantity: this.#order(id).filledQuantity,
              },
      }),
      which,
    );
  }

  #leaderMovesLevel({ which, units }: Move): void {
    const group = this.#group(which);
    if (group === undefined) return;
    const leg = units % 2 === 0 ? "stop" : "target";
    const level = group.levels[leg];
    if (level.status === "filled" || level.status === "cancelled") return;
    const price = rupees(leg === "stop" ? 1_600 + units : 1_700 + units);
    const isGivenUp = units % 5 === 0 && level.status === "working";
    const change = isGivenUp ? ({ status: "cancelled" } as const) : { price };
    group.levels = { ...group.levels, [leg]: { ...level, ...change } };
    this.#leads(this.#order(group.id), which);
    this.#leadsLeg(group, leg, which);
  }

  #leaderEnds({ which, units }: Move): void {
    const group = this.#group(which);
    if (group === undefined) return;
    const order = this.#order(group.id);
    if (isTerminal(order.status)) return;
    const isRejected = order.filledQuantity === 0 && units % 3 === 0;
    this.#leads({ ...order, status: isRejected ? "rejected" : "cancelled" }, which);
  }

  /** Some or all of what he has, at the market, beside his legs; with all of it they end. */
  #leaderSells({ which, units }: Move): void {
    const net = this.#net();
    if (net <= 0) return;
    const quantity = units % 2 === 0 ? net : Math.min(net, units * 5);
    const id = toBrokerOrderId(`S${this.#leaderOrders.size}`);
    this.#leads(
      orderOf(id, {
        side: "SELL",
        terms: { type: "MARKET", quantity },
        status: "filled",
        filledQuantity: quantity,
        averagePrice: rupees(1_655),
        placedAtMs: toEpochMs(this.desk.nowMs),
      }),
      which,
    );
    if (quantity < net) return;
    for (const group of this.#groups) this.#endsLegs(group, which);
  }

  #endsLegs(group: Group, which: number): void {
    for (const leg of EXIT_LEGS) {
      const level = group.levels[leg];
      if (level.status !== "working") continue;
      group.levels = { ...group.levels, [leg]: { ...level, status: "cancelled" } };
      this.#leadsLeg(group, leg, which);
    }
    this.#leads(this.#order(group.id), which);
  }

  #leaderGetsOut(): void {
    for (const group of this.#groups) {
      const order = this.#order(group.id);
      if (!isTerminal(order.status)) this.#leads({ ...order, status: "cancelled" }, 1);
    }
    this.#leaderSells({ what: 0, which: 1, units: 2 });
    this.#leaderNews = [];
  }

  #leaderIsTold({ which }: Move): void {
    const [frame] = this.#leaderNews.splice(which % Math.max(1, this.#leaderNews.length), 1);
    if (frame !== undefined) this.desk.leaderFrame(frame);
  }

  leaderReads(): void {
    this.desk.leaderBook(this.#leaderOrders.values());
  }

  // The follower's broker.

  #brokerAnswers({ units, which }: Move): void {
    const { desk } = this;
    const command = desk.outbox.shift();
    if (command === undefined) return;
    switch (units % 9) {
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
      default:
        this.#accept(command, which);
    }
  }

  #accept(command: OrderCommand, which = 1): void {
    const { desk } = this;
    desk.answer(command, desk.broker.take(command));
    const order = desk.broker.byCorrelation(command.correlationId);
    if (order === undefined) return;
    const { brokerOrderId, status } = order;
    if (status === "transit") desk.broker.change(brokerOrderId, { status: "working" });
    this.#tells(brokerOrderId, which);
    for (const leg of EXIT_LEGS) this.#tells(desk.broker.legId(brokerOrderId, leg), which + 1);
  }

  /** Now, later, twice or never: what is not told by a frame the books tell. */
  #tells(id: BrokerOrderId, which: number): void {
    const order = this.desk.broker.orders.get(id);
    if (order === undefined) return;
    if (this.#isCalm || which % 5 > 1) this.desk.sees(order);
    if (which % 5 === 1 || which % 7 === 0) this.#followerNews.push(order);
  }

  #open(isMeant: (order: OrderObservation) => boolean): OrderObservation[] {
    return [...this.desk.broker.orders.values()].filter(
      (order) => order.status === "working" && isMeant(order),
    );
  }

  #brokerFills({ which, units }: Move): void {
    const order = pick(
      this.#open(({ leg }) => leg === undefined),
      which,
    );
    if (order !== undefined) this.#fill(order, units * 3, which);
  }

  #fill(order: OrderObservation, units: number, which: number): void {
    const left = order.terms.quantity - order.filledQuantity;
    if (left <= 0) return;
    const { broker } = this.desk;
    broker.fill(order.brokerOrderId, Math.min(left, units));
    broker.change(order.brokerOrderId, { averagePrice: rupees(1_650) });
    this.#tells(order.brokerOrderId, which);
    EXIT_LEGS.forEach((leg, index) => {
      this.#tells(broker.legId(order.brokerOrderId, leg), which + index);
    });
  }

  #legFills({ which, units }: Move): void {
    const leg = pick(
      this.#open((order) => order.leg !== undefined),
      which,
    );
    if (leg?.parentId === undefined || leg.leg === undefined) return;
    const left = leg.terms.quantity - leg.filledQuantity;
    const filled = units % 3 === 0 ? Math.min(left, units) : left;
    const { broker } = this.desk;
    const touched = broker.fillLeg(leg.parentId, leg.leg, filled, units % 7 === 0);
    touched.forEach((order, index) => {
      this.#tells(order.brokerOrderId, which + index);
    });
  }

  #legEnds({ which, units }: Move): void {
    if (units % 2 === 0) return;
    const leg = pick(
      this.#open((order) => order.leg !== undefined),
      which,
    );
    if (leg?.parentId === undefined || leg.leg === undefined) return;
    this.desk.broker.endLeg(leg.parentId, leg.leg);
    this.#tells(leg.brokerOrderId, which);
  }

  /** What is priced to trade fills: targets that were moved to the market, and orders of our own. */
  #fillsWhatTrades(): void {
    for (const order of this.#open(() => true)) {
      const { price } = order.terms;
      const isAtMarket =
        order.terms.type === "LIMIT" && price !== undefined && price < rupees(1_660);
      const current = this.desk.broker.order(order.brokerOrderId);
      if (current.status !== "working") continue;
      if (order.leg === "target" && order.parentId !== undefined && isAtMarket) {
        const left = current.terms.quantity - current.filledQuantity;
        for (const touched of this.desk.broker.fillLeg(order.parentId, "target", left)) {
          this.#tells(touched.brokerOrderId, 2);
        }
      }
      const isOwnExit = order.leg === undefined && order.family === "plain";
      if (isOwnExit && order.terms.type === "LIMIT") this.#fill(order, 1_000, 2);
    }
  }

  #followerIsTold({ which }: Move): void {
    const at = which % Math.max(1, this.#followerNews.length);
    const [frame] = this.#followerNews.splice(at, 1);
    if (frame !== undefined) this.desk.sees(frame);
  }

  /** Lookups, reads of orders and of the books, late enough to settle what is unknown. */
  resolves(): void {
    const { desk } = this;
    this.passes(16_000);
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
        const isOfLeg = child.pending.leg !== undefined && isGroup(child);
        if (!isOfLeg) desk.input({ kind: "orderRead", correlationId, startedAtMs, order });
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
}
