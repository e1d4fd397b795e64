/**
 * The follower's broker as the core needs it: a book of orders that the test moves by hand. It takes
 * whatever it is sent, so that what was sent is judged by the test and not by a second opinion.
 *
 * A group's legs are at the exchange from its first fill and grow with it; they are orders of their
 * own. Nothing fires by itself: the test says which leg fills, and whether its sibling is in time.
 */
import assert from "node:assert/strict";
import type {
  CancelCommand,
  CommandOutcome,
  ModifyCommand,
  OrderCommand,
  PlaceCommand,
  Protection,
  Vehicle,
} from "../../src/core/model/command.ts";
import {
  type BrokerOrderId,
  type CorrelationId,
  toBrokerOrderId,
} from "../../src/core/model/ids.ts";
import {
  type ExitLeg,
  type ExitLevel,
  type ExitLevels,
  isTerminal,
  type OrderFamily,
  type OrderObservation,
  opposite,
} from "../../src/core/model/order.ts";
import { type EpochMs, toEpochMs } from "../../src/core/model/time.ts";

export const EXIT_LEGS: readonly ExitLeg[] = ["stop", "target"];

const ENTRY_FAMILY: Readonly<Record<Vehicle, OrderFamily>> = {
  super: "super-entry",
  bracket: "bracket",
  cover: "cover",
  forever: "forever",
};
const LEG_FAMILY: Readonly<Record<string, OrderFamily>> = {
  "super-entry": "super-leg",
  bracket: "bracket-leg",
  cover: "cover-leg",
};

export class FakeBroker {
  readonly orders = new Map<BrokerOrderId, OrderObservation>();
  readonly #clock: () => number;
  readonly #levels = new Map<BrokerOrderId, Partial<Record<ExitLeg, ExitLevel>>>();

  constructor(clock: () => number) {
    this.#clock = clock;
  }

  /** Does what the command asks and says so; an ended order is left as it is. */
  take(command: OrderCommand): CommandOutcome {
    if (command.kind === "place") {
      const order = this.#place(command);
      return { kind: "accepted", brokerOrderId: order.brokerOrderId, status: "transit" };
    }
    const order = this.order(command.brokerOrderId);
    const { brokerOrderId } = order;
    const accepted = { kind: "accepted", brokerOrderId, status: "working" } as const;
    if (command.leg !== undefined) return this.#takeLeg(command, command.leg, accepted);
    if (isTerminal(order.status)) return { kind: "unknown", text: "no such open order" };
    if (command.kind === "cancel") this.#cancel(order);
    else this.#modify(order, command);
    return accepted;
  }

  #takeLeg(
    command: ModifyCommand | CancelCommand,
    leg: ExitLeg,
    accepted: CommandOutcome,
  ): CommandOutcome {
    // A leg of a BO or CO is named by its own number too.
    const id = this.order(command.brokerOrderId).parentId ?? command.brokerOrderId;
    const level = this.#levels.get(id)?.[leg];
    if (level === undefined || level.status === "filled" || level.status === "cancelled") {
      return { kind: "unknown", text: "no such open leg" };
    }
    if (command.kind === "cancel") this.#endLeg(id, leg);
    else this.#moveLevel(id, leg, command.protection ?? {});
    return accepted;
  }

  /** What rests of the entry ends; legs of what has filled stay. */
  #cancel(order: OrderObservation): void {
    this.change(order.brokerOrderId, { status: "cancelled" });
    if (order.filledQuantity > 0) return;
    for (const leg of EXIT_LEGS) this.#endLeg(order.brokerOrderId, leg);
  }

  #modify(order: OrderObservation, command: ModifyCommand): void {
    const { brokerOrderId, filledQuantity } = order;
    const isAll = command.terms.quantity <= filledQuantity;
    this.change(brokerOrderId, {
      terms: { ...command.terms, quantity: Math.max(command.terms.quantity, filledQuantity) },
      ...(isAll ? { status: "filled" } : {}),
      ...(command.second && { second: command.second }),
    });
    for (const leg of EXIT_LEGS) {
      if (command.protection?.[leg] !== undefined) {
        this.#moveLevel(brokerOrderId, leg, command.protection);
      }
    }
  }

  #place(command: PlaceCommand): OrderObservation {
    const isNameless = command.vehicle === "forever";
    const order: OrderObservation = {
      brokerOrderId: toBrokerOrderId(`F${this.orders.size + 1}`),
      ...(isNameless ? {} : { correlationId: command.correlationId }),
      instrument: command.instrument,
      symbol: "",
      side: command.side,
      product: command.product,
      family: command.vehicle ? ENTRY_FAMILY[command.vehicle] : "plain",
      terms: command.terms,
      ...(command.second && { second: command.second }),
      status: "transit",
      filledQuantity: 0,
      reason: "",
      placedAtMs: this.#now(),
      updatedAtMs: this.#now(),
    };
    this.orders.set(order.brokerOrderId, order);
    this.#protect(order.brokerOrderId, command.protection);
    return order;
  }

  #protect(id: BrokerOrderId, protection: Protection | undefined): void {
    if (protection === undefined) return;
    const { target, stop, trail } = protection;
    const waiting = { status: "waiting", filledQuantity: 0 } as const;
    this.#levels.set(id, {
      ...(target === undefined ? {} : { target: { price: target, ...waiting } }),
      ...(stop === undefined
        ? {}
        : { stop: { price: stop, ...waiting, ...(trail === undefined ? {} : { trail }) } }),
    });
  }

  order(id: BrokerOrderId): OrderObservation {
    const order = this.orders.get(id);
    assert.ok(order, `the broker has no order ${id}`);
    return order;
  }

  byCorrelation(id: CorrelationId): OrderObservation | undefined {
    return [...this.orders.values()].find((order) => order.correlationId === id);
  }

  change(id: BrokerOrderId, change: Partial<OrderObservation>): OrderObservation {
    const next = { ...this.order(id), ...change, updatedAtMs: this.#now() };
    this.orders.set(id, next);
    return next;
  }

  /** `units` more; the order is filled when nothing is left. A group's legs grow with its entry. */
  fill(id: BrokerOrderId, units: number): OrderObservation {
    const order = this.order(id);
    const filledQuantity = order.filledQuantity + units;
    assert.ok(filledQuantity <= order.terms.quantity, `${id} cannot fill ${filledQuantity}`);
    const status = filledQuantity === order.terms.quantity ? "filled" : "working";
    const next = this.change(id, { filledQuantity, status });
    for (const leg of EXIT_LEGS) this.#grow(next, leg);
    return next;
  }

  // Groups.

  /** The levels of a group as its list shows them; undefined of anything else. */
  levels(id: BrokerOrderId): ExitLevels | undefined {
    return this.#levels.get(id);
  }

  legId(id: BrokerOrderId, leg: ExitLeg): BrokerOrderId {
    return toBrokerOrderId(`${id}-${leg}`);
  }

  /** The rows of all the lists: legs name no parent there, entries carry the levels. */
  listed(): OrderObservation[] {
    return [...this.orders.values()].map(({ parentId: _parentId, ...order }) => {
      const levels = this.#levels.get(order.brokerOrderId);
      return levels === undefined || order.family !== "super-entry" ? order : { ...order, levels };
    });
  }

  /** The leg takes `units` out; its sibling shrinks by as much, unless the broker is late with that. */
  fillLeg(
    id: BrokerOrderId,
    leg: ExitLeg,
    units: number,
    isSiblingLate = false,
  ): OrderObservation[] {
    const level = this.#levels.get(id)?.[leg];
    assert.ok(level, `the group ${id} has no ${leg}`);
    const order = this.order(this.legId(id, leg));
    const filledQuantity = order.filledQuantity + units;
    assert.ok(filledQuantity <= order.terms.quantity, `${leg} of ${id}: ${filledQuantity}`);
    const isAll = filledQuantity === order.terms.quantity;
    const averagePrice = level.price;
    this.change(order.brokerOrderId, {
      filledQuantity,
      averagePrice,
      ...(isAll ? { status: "filled" } : {}),
    });
    this.#setLevel(id, leg, { status: isAll ? "filled" : "triggered", filledQuantity });
    const sibling = EXIT_LEGS.find((other) => other !== leg && this.#levels.get(id)?.[other]);
    const touched = [this.order(order.brokerOrderId)];
    if (sibling === undefined || isSiblingLate) return touched;
    this.#shrink(id, sibling, units);
    const other = this.orders.get(this.legId(id, sibling));
    return other === undefined ? touched : [...touched, other];
  }

  /** The broker, the exchange or a person ends a leg. */
  endLeg(id: BrokerOrderId, leg: ExitLeg): OrderObservation {
    this.#endLeg(id, leg);
    return this.order(this.legId(id, leg));
  }

  /** A group whose leg the broker has never put at the exchange. */
  losesLeg(id: BrokerOrderId, leg: ExitLeg): void {
    this.orders.delete(this.legId(id, leg));
    this.#setLevel(id, leg, { status: "waiting" });
  }

  #grow(entry: OrderObservation, leg: ExitLeg): void {
    const { brokerOrderId: id, filledQuantity } = entry;
    const level = this.#levels.get(id)?.[leg];
    if (level === undefined || level.status === "cancelled") return;
    const legId = this.legId(id, leg);
    const known = this.orders.get(legId);
    if (known !== undefined) {
      const terms = { ...known.terms, quantity: filledQuantity };
      this.change(legId, { terms, status: "working" });
      if (level.filledQuantity > 0) this.#setLevel(id, leg, { status: "triggered" });
      return;
    }
    this.#setLevel(id, leg, { status: "working" });
    this.orders.set(legId, this.#newLeg(entry, leg, level));
  }

  #newLeg(entry: OrderObservation, leg: ExitLeg, { price }: ExitLevel): OrderObservation {
    const { instrument, product, symbol } = entry;
    const levels = leg === "stop" ? { triggerPrice: price } : { price };
    return {
      brokerOrderId: this.legId(entry.brokerOrderId, leg),
      parentId: entry.brokerOrderId,
      leg,
      family: LEG_FAMILY[entry.family] ?? "super-leg",
      instrument,
      product,
      symbol,
      side: opposite(entry.side),
      terms: {
        type: leg === "stop" ? "STOP_LOSS_MARKET" : "LIMIT",
        validity: "DAY",
        quantity: entry.filledQuantity,
        disclosedQuantity: 0,
        ...levels,
      },
      status: "working",
      filledQuantity: 0,
      reason: "",
      placedAtMs: this.#now(),
      updatedAtMs: this.#now(),
    };
  }

  #moveLevel(id: BrokerOrderId, leg: ExitLeg, protection: Protection): void {
    const price = protection[leg];
    const level = this.#levels.get(id)?.[leg];
    if (price === undefined || level === undefined) return;
    const { trail: _trail, ...still } = level;
    const { trail } = protection;
    const isTrailed = leg === "stop" && trail !== undefined;
    this.#levels.set(id, {
      ...this.#levels.get(id),
      [leg]: { ...still, price, ...(isTrailed ? { trail } : {}) },
    });
    const order = this.orders.get(this.legId(id, leg));
    if (order === undefined) return;
    const moved = leg === "stop" ? { triggerPrice: price } : { price };
    this.change(order.brokerOrderId, { terms: { ...order.terms, ...moved } });
  }

  #endLeg(id: BrokerOrderId, leg: ExitLeg): void {
    const level = this.#levels.get(id)?.[leg];
    if (level === undefined || level.status === "filled") return;
    this.#setLevel(id, leg, { status: "cancelled" });
    const order = this.orders.get(this.legId(id, leg));
    if (order !== undefined && !isTerminal(order.status)) {
      this.change(order.brokerOrderId, { status: "cancelled" });
    }
  }

  #shrink(id: BrokerOrderId, leg: ExitLeg, units: number): void {
    const order = this.orders.get(this.legId(id, leg));
    if (order === undefined || isTerminal(order.status)) return;
    const quantity = Math.max(0, order.terms.quantity - units);
    if (quantity <= order.filledQuantity) return this.#endLeg(id, leg);
    this.change(order.brokerOrderId, { terms: { ...order.terms, quantity } });
  }

  #setLevel(id: BrokerOrderId, leg: ExitLeg, change: Partial<ExitLevel>): void {
    const levels = this.#levels.get(id);
    const level = levels?.[leg];
    if (level === undefined) return;
    this.#levels.set(id, { ...levels, [leg]: { ...level, ...change } });
  }

  #now(): EpochMs {
    return toEpochMs(this.#clock());
  }
}
