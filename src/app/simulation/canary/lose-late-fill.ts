import type { OrderObservation } from "../../../core/model/order.ts";
import { brokerWith, dropCopyThrough, type PlantBug } from "./planted.ts";

/** Once a cancel has been sent, what still fills of the order is not taken up any more. */
export const loseLateFill: PlantBug = () => {
  /** Units that had filled when the cancel was sent, by order. */
  const filledThen = new Map<string, number>();
  const lastFilled = new Map<string, number>();

  function forget(order: OrderObservation): OrderObservation {
    const { brokerOrderId, filledQuantity, status } = order;
    const then = filledThen.get(brokerOrderId);
    if (then === undefined) lastFilled.set(brokerOrderId, filledQuantity);
    if (then === undefined || filledQuantity <= then) return order;
    const isOver = status === "filled" || status === "cancelled";
    return { ...order, filledQuantity: then, status: isOver ? "cancelled" : status };
  }

  return {
    broker: (broker) =>
      brokerWith(broker, {
        cancel(command) {
          const { brokerOrderId } = command;
          if (!filledThen.has(brokerOrderId)) {
            filledThen.set(brokerOrderId, lastFilled.get(brokerOrderId) ?? 0);
          }
          return broker.cancel(command);
        },
        orders: async () => (await broker.orders()).map(forget),
        async order(id) {
          const order = await broker.order(id);
          return order && forget(order);
        },
        async orderByCorrelationId(id) {
          const order = await broker.orderByCorrelationId(id);
          return order && forget(order);
        },
      }),
    dropCopy: (dropCopy) =>
      dropCopyThrough(dropCopy, (event, tell) => {
        tell(event.kind === "order" ? { ...event, observation: forget(event.observation) } : event);
      }),
  };
};
