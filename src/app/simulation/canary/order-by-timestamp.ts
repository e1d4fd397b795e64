import type { OrderObservation } from "../../../core/model/order.ts";
import { brokerWith, dropCopyThrough, type PlantBug } from "./planted.ts";

/**
 * What is told of an order is put in order by the broker's time of it, which has steps of one second:
 * of two changes within one, the first is taken for the last.
 */
export const orderByTimestamp: PlantBug = () => ({
  broker(broker, name) {
    const newest = newestOf(name);
    return brokerWith(broker, { orders: async () => (await broker.orders()).map(newest) });
  },
  dropCopy(dropCopy, name) {
    const newest = newestOf(name);
    return dropCopyThrough(dropCopy, (event, tell) => {
      if (event.kind !== "order") tell(event);
      else tell({ ...event, observation: newest(event.observation) });
    });
  },
});

/** Accounts are told apart, and so are the lives of the process: it begins anew with each. */
function newestOf(_name: string): (order: OrderObservation) => OrderObservation {
  const known = new Map<string, OrderObservation>();
  return (order) => {
    const before = known.get(order.brokerOrderId);
    if (before !== undefined && before.updatedAtMs >= order.updatedAtMs) return before;
    known.set(order.brokerOrderId, order);
    return order;
  };
}
