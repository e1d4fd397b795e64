import { isFollower, isMadeByBroker, type MakeAuditCheck, type SeenOrder } from "../check.ts";

/** Orders alive for one part, and since when there is more than one. */
interface Alive {
  readonly orderIds: Set<string>;
  doubledAtMs: number | undefined;
  /** Of these orders a read of the book that is late enough has shown that they are alive. */
  readonly confirmed: Set<string>;
}

/**
 * P1, never twice: at most one order of a follower is alive for one part of one leader order, every
 * order of his has a name of its own, and no placement is asked for twice.
 */
export const neverTwice: MakeAuditCheck = (world, tell) => {
  const { written } = world;
  /** By account, then by name: the order's id. */
  const orderIds = new Map<string, Map<string, string>>();
  const alive = new Map<string, Map<string, Alive>>();
  const placed = new Map<string, Map<string, number>>();

  function takeName({ account, correlationId = "", orderId }: SeenOrder): void {
    const names = of(orderIds, account);
    const known = names.get(correlationId);
    if (known === undefined) names.set(correlationId, orderId);
    else if (known !== orderId) {
      tell(`${account} ${correlationId}: the orders ${known} and ${orderId} have one name`);
    }
  }

  function takePart(seen: SeenOrder): void {
    const { account, orderId } = seen;
    const place = written.places.get(seen.correlationId ?? "");
    if (place === undefined) return;
    const { leaderOrderId, leg, slice } = place.part;
    const part = `${leaderOrderId}/${leg}/${slice}`;
    const parts = of(alive, account);
    const fresh = { orderIds: new Set<string>(), doubledAtMs: undefined, confirmed: new Set() };
    const known = parts.get(part) ?? (fresh as Alive);
    if (seen.isAlive) parts.set(part, known);
    if (seen.isAlive && !known.orderIds.has(orderId)) known.orderIds.add(orderId);
    else if (!seen.isAlive) end(known, orderId);
    if (known.orderIds.size === 0) parts.delete(part);
    if (known.orderIds.size < 2) return;
    known.doubledAtMs ??= seen.seenAtMs;
    if (isConfirmed(known, seen, world.lagMs)) {
      tell(`${account} ${part}: alive at once: ${[...known.orderIds].join(", ")}`);
    }
  }

  return {
    onOrder(seen) {
      // The legs of a BO or CO carry the name of their entry.
      if (!isFollower(world, seen.account) || seen.isPart) return;
      if (isMadeByBroker(seen.correlationId)) return;
      takeName(seen);
      takePart(seen);
    },
    onCall({ account, kind, correlationId }) {
      if (kind !== "place" || correlationId === undefined) return;
      const names = of(placed, account);
      if (names.has(correlationId)) tell(`${account}: ${correlationId} was placed twice`);
      names.set(correlationId, world.clock.nowMs());
    },
    onEntries({ stream, entries }) {
      const account = written.nameOf(stream);
      if (account === undefined || !entries.some(({ kind }) => kind === "dayBegan")) return;
      // The broker's day has begun anew, and with it his book.
      orderIds.delete(account);
      alive.delete(account);
    },
    forget(beforeMs) {
      for (const names of placed.values()) {
        for (const [id, atMs] of names) if (atMs < beforeMs) names.delete(id);
      }
    },
  };
};

function end(known: Alive, orderId: string): void {
  known.orderIds.delete(orderId);
  known.confirmed.clear();
  if (known.orderIds.size < 2) known.doubledAtMs = undefined;
}

function of<Value>(maps: Map<string, Map<string, Value>>, account: string): Map<string, Value> {
  const found = maps.get(account) ?? new Map<string, Value>();
  maps.set(account, found);
  return found;
}

/** The end of one may be told later than the beginning of the next: only a late book proves both. */
function isConfirmed(known: Alive, { orderId, seenAtMs, isOfBook }: SeenOrder, lagMs: number) {
  if (lagMs === 0) return true;
  const dueMs = (known.doubledAtMs ?? seenAtMs) + lagMs;
  if (!isOfBook || seenAtMs < dueMs) return false;
  known.confirmed.add(orderId);
  return known.confirmed.size > 1;
}
