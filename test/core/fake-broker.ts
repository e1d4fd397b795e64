/**
 * The follower's broker as the core needs it: a book of orders that the test moves by hand. It takes
 * whatever it is sent, so that what was sent is judged by the test and not by a second opinion.
 */
import assert from "node:assert/strict";
import type { CommandOutcome, OrderCommand, PlaceCommand } from "../../src/core/model/command.ts";
import {
  type BrokerOrderId,
  type CorrelationId,
  toBrokerOrderId,
} from "../../src/core/model/ids.ts";
import { isTerminal, type OrderObservation } from "../../src/core/model/order.ts";
import { type EpochMs, toEpochMs } from "../../src/core/model/time.ts";

export class FakeBroker {
  readonly orders = new Map<BrokerOrderId, OrderObservation>();
  readonly #clock: () => number;

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
    if (isTerminal(order.status)) return { kind: "unknown", text: "no such open order" };
    if (command.kind === "cancel") this.change(order.brokerOrderId, { status: "cancelled" });
    else this.change(order.brokerOrderId, { terms: command.terms });
    return { kind: "accepted", brokerOrderId: order.brokerOrderId, status: "working" };
  }

  #place(command: PlaceCommand): OrderObservation {
    const order: OrderObservation = {
      brokerOrderId: toBrokerOrderId(`F${this.orders.size + 1}`),
      correlationId: command.correlationId,
      instrument: command.instrument,
      symbol: "",
      side: command.side,
      product: command.product,
      family: "plain",
      terms: command.terms,
      status: "transit",
      filledQuantity: 0,
      reason: "",
      placedAtMs: this.#now(),
      updatedAtMs: this.#now(),
    };
    this.orders.set(order.brokerOrderId, order);
    return order;
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

  /** `units` more; the order is filled when nothing is left. */
  fill(id: BrokerOrderId, units: number): OrderObservation {
    const order = this.order(id);
    const filledQuantity = order.filledQuantity + units;
    assert.ok(filledQuantity <= order.terms.quantity, `${id} cannot fill ${filledQuantity}`);
    const status = filledQuantity === order.terms.quantity ? "filled" : "working";
    return this.change(id, { filledQuantity, status });
  }

  #now(): EpochMs {
    return toEpochMs(this.#clock());
  }
}
