/**
 * A canary: a bug that is planted at one of Tandem's ports, to see whether the checks find it. If they
 * do not, it is the alarm that is broken.
 */
import type { Broker, DropCopy } from "../../../ports/broker.ts";
import type { Wraps } from "../life.ts";
import type { World } from "../world.ts";

/** Called once a day; each life of the process gets its ports anew. */
export type PlantBug = (world: World) => Wraps;

/** The same drop copy; its events go through `pass`, which tells on what it lets through. */
export function dropCopyThrough(
  dropCopy: DropCopy,
  pass: (event: DropCopyEvent, tell: (event: DropCopyEvent) => void) => void,
): DropCopy {
  return {
    start: (listener) => dropCopy.start((event) => pass(event, listener)),
    stop: () => dropCopy.stop(),
  };
}

export type DropCopyEvent = Parameters<Parameters<DropCopy["start"]>[0]>[0];

/** The same broker with some of its calls replaced; whatever class it is of. */
export function brokerWith(broker: Broker, replaced: Partial<Broker>): Broker {
  return {
    place: (command, mayLeave) => broker.place(command, mayLeave),
    modify: (command, mayLeave) => broker.modify(command, mayLeave),
    cancel: (command) => broker.cancel(command),
    orders: () => broker.orders(),
    order: (id) => broker.order(id),
    orderByCorrelationId: (id) => broker.orderByCorrelationId(id),
    superOrders: () => broker.superOrders(),
    foreverOrders: () => broker.foreverOrders(),
    positions: () => broker.positions(),
    holdings: () => broker.holdings(),
    funds: () => broker.funds(),
    close: () => broker.close(),
    ...replaced,
  };
}
