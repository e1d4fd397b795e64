import { Written } from "../../../audit/written.ts";
import { instrumentOf } from "../books.ts";
import { TRADED } from "../instruments.ts";
import type { MakeCheck } from "./check.ts";

/** The broker's limits on order calls (its official table); none of ours may ever meet them. */
const ORDER_CALLS_PER_SECOND_MAX = 10;
const MODIFICATIONS_MAX = 25;
const TICKS_PER_RUPEE = 20;
const COMMAND = /(place|modify|cancel)$/;
/** Largest quantity of one order that the exchange takes. */
const FREEZE: ReadonlyMap<string, number> = new Map([["NSE_FNO:52002", 1_755]]);

/**
 * P7, the broker's rules: no account asks faster than the broker allows, changes an order more than
 * 25 times, or sends a quantity above the freeze quantity or not of whole lots, or a price that is not
 * of whole ticks.
 */
export const brokerRules: MakeCheck = (world, tell) => {
  const written = new Written(world);
  return {
    name: "broker-rules",
    onEntries: (stream, entries) => written.take(stream, entries),
    atEnd,
  };

  function freezes(): void {
    for (const { name, correlationId, instrument, quantity } of written.places.values()) {
      const most = FREEZE.get(instrument) ?? Number.POSITIVE_INFINITY;
      if (quantity > most) tell(`${name}: ${correlationId} for ${quantity} of ${instrument}`);
    }
  }

  function atEnd(): void {
    freezes();
    let throttled = -world.throttledOnPurpose;
    for (const { name } of world.options.followers) {
      const [truth] = world.simulator.truth(world.clientOf(name));
      if (truth === undefined) continue;
      const most = truth.orderRequestsPerSecondMax;
      if (most > ORDER_CALLS_PER_SECOND_MAX) tell(`${name}: ${most} order calls in one second`);
      for (const { orderId, row, modifications } of [...truth.earlierOrders, ...truth.orders]) {
        if (modifications > MODIFICATIONS_MAX)
          tell(`${name}: ${orderId} changed ${modifications} times`);
        const traded = TRADED.find(({ instrument }) => instrument.key === instrumentOf(row));
        if (row.quantity % (traded?.instrument.lotSize ?? 1) !== 0) {
          tell(`${name}: ${orderId} for ${row.quantity} units is not whole lots`);
        }
        for (const price of [row.price, row.triggerPrice]) {
          const ticks = price * TICKS_PER_RUPEE;
          if (Math.abs(ticks - Math.round(ticks)) > 1e-6) tell(`${name}: ${orderId} at ${price}`);
        }
      }
    }
    for (const { requests } of world.simulator.truth()) {
      const refused = requests.filter(({ status }) => status === 429);
      // Reads of two processes at a time are nobody's promise; order commands are.
      throttled += refused.filter(({ kind }) => !world.hadSecond || COMMAND.test(kind)).length;
    }
    if (throttled > 0) tell(`${throttled} requests turned away for their rate`);
  }
};
