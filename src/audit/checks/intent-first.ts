import {
  type AuditCall,
  isFollower,
  isMadeByBroker,
  type MakeAuditCheck,
  type SeenOrder,
} from "../check.ts";

/**
 * P3, write, then send: no order of a follower comes to be at the broker before its intent is durable,
 * nor for another quantity; and no modification or cancel is asked for more often than it was intended.
 *
 * An order that the first read of the book shows after a start may be from before a journal that was
 * lost: it is the core's to adopt, and nothing is told of it.
 */
export const intentFirst: MakeAuditCheck = (world, tell) => {
  const { written } = world;
  /** By account: orders whose intent was looked for, and when (wall time). */
  const seen = new Map<string, number>();
  /** Accounts whose book was read since the start. */
  const read = new Set<string>();
  /** By account, kind and number of the order: how often it was asked for, less the intents. */
  const asked = new Map<string, { count: number; atMs: number }>();

  function isIntended({ correlationId = "" }: SeenOrder): boolean {
    // What is durable is told before whatever follows from it.
    const isAdopted = world.lagMs > 0 && written.adopted.has(correlationId);
    return isAdopted || written.places.has(correlationId);
  }

  function count(key: string, change: number): number {
    const known = asked.get(key) ?? { count: 0, atMs: 0 };
    asked.set(key, known);
    known.count += change;
    known.atMs = world.clock.nowMs();
    return known.count;
  }

  function takePlace({ account, correlationId = "", quantity }: AuditCall): void {
    holdAgainst(account, correlationId, quantity);
    if (written.places.has(correlationId)) return;
    tell(`${account}: ${correlationId} leaves without an intent`);
  }

  function holdAgainst(account: string, correlationId: string, quantity: number | undefined): void {
    const intended = written.places.get(correlationId)?.quantity;
    if (intended === undefined || quantity === undefined || quantity === intended) return;
    tell(`${account}: ${correlationId} is for ${quantity} units, intended are ${intended}`);
  }

  return {
    onOrder(order) {
      const { account, orderId, correlationId } = order;
      const key = `${account} ${orderId}`;
      if (!isFollower(world, account) || seen.has(key)) return;
      seen.set(key, world.clock.nowMs());
      if (isMadeByBroker(correlationId) || (world.lagMs > 0 && !read.has(account))) return;
      if (!isIntended(order)) tell(`${account}: ${orderId} (${correlationId}) without an intent`);
      holdAgainst(account, correlationId ?? "", order.placedQuantity);
    },
    onBook: (account) => void read.add(account),
    onEntries({ stream, entries }) {
      const account = written.nameOf(stream);
      if (account === undefined) return;
      for (const { kind, body } of entries) {
        if (kind !== "modifyIntended" && kind !== "cancelIntended") continue;
        const { command } = body as {
          command: { kind: string; brokerOrderId: string; second?: unknown };
        };
        const calls = command.second === undefined ? 1 : 2;
        count(keyOf(account, command.kind, command.brokerOrderId), -calls);
      }
    },
    onCall(call) {
      const { account, kind, orderId = "" } = call;
      if (kind === "place") return world.lagMs > 0 ? takePlace(call) : undefined;
      const over = count(keyOf(account, kind, orderId), 1);
      if (over > 0) tell(`${account}: ${kind} ${orderId} asked more often than intended`);
    },
    forget(beforeMs) {
      for (const [key, atMs] of seen) if (atMs < beforeMs) seen.delete(key);
      for (const [key, { atMs }] of asked) if (atMs < beforeMs) asked.delete(key);
    },
  };
};

/** A leg is written with its group's number before its own, and asked for with that alone. */
function keyOf(account: string, kind: string, brokerOrderId: string): string {
  const [number = ""] = brokerOrderId.split(/[^0-9]/);
  return `${account} ${kind} ${number}`;
}
