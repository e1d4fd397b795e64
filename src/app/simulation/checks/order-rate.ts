import type { MakeCheck } from "./check.ts";

/** The broker's limit on order calls (its official table); none of ours may ever meet it. */
const ORDER_CALLS_PER_SECOND_MAX = 10;

/** No account of ours asks the broker faster than it allows. */
export const orderRate: MakeCheck = (world, tell) => ({
  name: "order-rate",
  atEnd() {
    for (const name of world.names) {
      for (const truth of world.simulator.truth(world.clientOf(name))) {
        const { orderRequestsPerSecondMax: most, throttled } = truth;
        if (most > ORDER_CALLS_PER_SECOND_MAX) tell(`${name}: ${most} order calls in one second`);
        if (throttled > 0) tell(`${name}: ${throttled} requests turned away for their rate`);
      }
    }
  },
});
