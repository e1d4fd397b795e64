import type { MakeCheck } from "./check.ts";

/** Every order of a follower has a name of its own, and no placement is asked for twice. */
export const neverTwice: MakeCheck = (world, tell) => {
  const orderIds = new Map<string, string>();
  return {
    name: "never-twice",
    onOrder({ clientId, row }) {
      const { correlationId, orderId } = row;
      if (clientId === world.clientOf("leader") || isMadeByBroker(correlationId)) return;
      const name = `${clientId} ${correlationId}`;
      const known = orderIds.get(name);
      if (known === undefined) orderIds.set(name, orderId);
      else if (known !== orderId) tell(`${name}: the orders ${known} and ${orderId} have one name`);
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

/** Orders that a trigger has fired, and the exit legs of groups, are not ours to name. */
function isMadeByBroker(correlationId: string | undefined): boolean {
  return correlationId === undefined || /^(NA|NR)$|SQROFF/.test(correlationId);
}
