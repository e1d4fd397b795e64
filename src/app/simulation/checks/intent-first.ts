import type { MakeCheck } from "./check.ts";
import { isMadeByBroker } from "./never-twice.ts";
import { Written } from "./written.ts";

/**
 * P3, write, then send: no order of a follower comes to be at the broker before its intent is durable; and no modification or cancel is asked for more often than it was intended.
 */
export const intentFirst: MakeCheck = (world, tell) => {
  const written = new Written(world);
  const leader = world.clientOf("leader");
  const seen = new Set<string>();
  return {
    name: "intent-first",
    onEntries: (stream, entries) => written.take(stream, entries),
    onOrder({ clientId, orderId, row }) {
      if (clientId === leader || seen.has(orderId)) return;
      seen.add(orderId);
      if (isMadeByBroker(row.correlationId)) return;
      const place = written.places.get(row.correlationId ?? "");
      const isDurable = place !== undefined && place.durableMs <= world.clock.monotonicMs();
      if (!isDurable) tell(`${clientId}: ${orderId} (${row.correlationId}) without an intent`);
    },
    atEnd() {
      for (const { name } of world.options.followers) {
        const [truth] = world.simulator.truth(world.clientOf(name));
        const asked = new Map<string, number>();
        for (const { kind, orderId = "" } of truth?.requests ?? []) {
          const change = /(modify|cancel)$/.exec(kind)?.[0];
          if (change === undefined) continue;
          const key = `${change} ${orderId}`;
          asked.set(key, (asked.get(key) ?? 0) + 1);
        }
        for (const [key, count] of asked) {
          const intended = written.changes.filter((change) => {
            // A leg is written with its group's number before its own.
            const [number = ""] = change.brokerOrderId.split(/[^0-9]/);
            return change.name === name && `${change.kind} ${number}` === key;
          }).length;
          if (count > intended) tell(`${name}: ${key} asked ${count} times, intended ${intended}`);
        }
      }
    },
  };
};
