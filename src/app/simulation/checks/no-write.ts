import type { HttpRequest } from "../../../ports/transport.ts";
import type { World } from "../world.ts";
import type { MakeCheck } from "./check.ts";

/** The broker's own names of what was asked for; a shadow's account has no business with any other. */
const READS: ReadonlySet<string> = new Set(["funds", "profile", "orders", "positions", "holdings"]);

/** What says that an order of the leader's was looked at, whatever came of it. */
const VERDICTS = ["copyOpened", "skipped", "held"] as const;

/**
 * What is followed on paper stays on paper: no request but a read arrives at the transport of a shadow's
 * real account, and the broker has no order of it. And the shadow was not asleep meanwhile: where the
 * leader has traded, something was decided for it.
 */
export const noWrite: MakeCheck = (world, tell) => {
  const { shadow } = world;
  const seen = new Set<string>();
  shadow?.onRequest.add(({ method, path }: HttpRequest) => {
    if (method !== "GET") tell(`${method} ${path} at the transport of ${shadow.name}`);
  });
  return {
    name: "no-write",
    onOrder({ clientId, orderId }) {
      if (clientId !== shadow?.clientId || seen.has(orderId)) return;
      seen.add(orderId);
      tell(`order ${orderId} of ${shadow.name} at the broker`);
    },
    atEnd() {
      if (shadow === undefined) return;
      for (const text of leftAtBroker(world, shadow.clientId)) tell(`${shadow.name}: ${text}`);
      const hasVerdict = VERDICTS.some((kind) => shadow.decisions.has(kind));
      const hasTraded = world.books
        .orders(world.clientOf("leader"))
        .some((row) => row.filledQty > 0);
      if (hasTraded && !hasVerdict) tell(`${shadow.name}: the leader traded, nothing was decided`);
    },
  };
};

function* leftAtBroker(world: World, clientId: string): Iterable<string> {
  for (const truth of world.simulator.truth(clientId)) {
    const { orders, earlierOrders, forevers, alerts } = truth;
    const count = orders.length + earlierOrders.length + forevers.length + alerts.length;
    if (count > 0) yield `${count} orders at the broker at the end`;
    for (const [kind, times] of Object.entries(truth.requestCounts)) {
      if (!READS.has(kind)) yield `${times} requests of the kind ${kind} at the broker`;
    }
  }
}
