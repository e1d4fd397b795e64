/** A leader's account as it was, with an ear at it: each order that is seen is heard first. */
import type { OrderObservation } from "../../core/model/order.ts";
import type { DeskAccount } from "../../runtime/desk.ts";

/** `hear` is called before anybody who could act on the order is told of it. */
export function withEar(
  { id, broker, dropCopy }: DeskAccount,
  hear: (order: OrderObservation) => void,
): DeskAccount {
  /** A book has no order of its own: what happened last is heard last. */
  async function heard(
    reading: Promise<readonly OrderObservation[]>,
  ): Promise<readonly OrderObservation[]> {
    const rows = await reading;
    for (const row of rows.toSorted((a, b) => a.updatedAtMs - b.updatedAtMs)) hear(row);
    return rows;
  }

  return {
    id,
    broker: {
      place: (command, mayLeave) => broker.place(command, mayLeave),
      modify: (command, mayLeave) => broker.modify(command, mayLeave),
      cancel: (command) => broker.cancel(command),
      orders: () => heard(broker.orders()),
      order: (orderId) => broker.order(orderId),
      orderByCorrelationId: (orderId) => broker.orderByCorrelationId(orderId),
      superOrders: () => broker.superOrders(),
      foreverOrders: () => heard(broker.foreverOrders()),
      positions: () => broker.positions(),
      holdings: () => broker.holdings(),
      funds: () => broker.funds(),
      close: () => broker.close(),
    },
    dropCopy: {
      start: (listener) =>
        dropCopy.start((event) => {
          if (event.kind === "order") hear(event.observation);
          listener(event);
        }),
      stop: () => dropCopy.stop(),
    },
  };
}
