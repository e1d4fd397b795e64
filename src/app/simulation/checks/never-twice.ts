import { isAlive, type Row } from "../books.ts";
import type { MakeCheck } from "./check.ts";
import { Written } from "./written.ts";

/**
 * P1, never twice: at most one order of a follower is alive for one part of one leader order, every
 * order of his has a name of its own, and no placement is asked for twice.
 */
export const neverTwice: MakeCheck = (world, tell) => {
  const orderIds = new Map<string, string>();
  const written = new Written(world);
  /** By follower and part: the orders that are alive. */
  const alive = new Map<string, Set<string>>();
  const leader = world.clientOf("leader");

  function takeName(clientId: string, { correlationId, orderId }: Row): void {
    const name = `${clientId} ${correlationId}`;
    const known = orderIds.get(name);
    if (known === undefined) orderIds.set(name, orderId);
    else if (known !== orderId) tell(`${name}: the orders ${known} and ${orderId} have one name`);
  }

  function takePart(clientId: string, row: Row): void {
    const place = written.places.get(row.correlationId ?? "");
    if (place === undefined) return;
    const { leaderOrderId, leg, slice } = place.part;
    const part = `${clientId} ${leaderOrderId}/${leg}/${slice}`;
    const orders = alive.get(part) ?? new Set();
    alive.set(part, orders);
    if (!isAlive(row)) orders.delete(row.orderId);
    else if (!orders.has(row.orderId)) {
      orders.add(row.orderId);
      if (orders.size > 1) tell(`${part}: alive at once: ${[...orders].join(", ")}`);
    }
  }

  return {
    name: "never-twice",
    onEntries: (stream, entries) => written.take(stream, entries),
    onOrder({ clientId, row }) {
      // The legs of a BO or CO carry the name of their entry.
      const isLeg = row.legName === "TARGET_LEG" || row.legName === "STOP_LOSS_LEG";
      if (clientId === leader || isLeg || isMadeByBroker(row.correlationId)) return;
      takeName(clientId, row);
      takePart(clientId, row);
    },
    atEnd() {
      for (const name of world.names) {
        const [truth] = world.simulator.truth(world.clientOf(name));
        const places = truth?.requests.filter(({ kind }) => kind.endsWith("place")) ?? [];
        const seen = new Set<string>();
        for (const { correlationId, status } of places) {
          // One that never reached the broker's books may be asked for again under its name.
          if (correlationId === undefined || status === 429) continue;
          if (seen.has(correlationId)) tell(`${name}: ${correlationId} was placed twice`);
          seen.add(correlationId);
        }
      }
    },
  };
};

/** Exit legs, orders that a trigger has fired and those of the broker's risk desk are not ours to name. */
export function isMadeByBroker(correlationId: string | undefined): boolean {
  return correlationId === undefined || /^(NA|NR)$|SQROFF|^\d+-\d+$/.test(correlationId);
}
