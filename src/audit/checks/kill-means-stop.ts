import type { AuditCall, MakeAuditCheck } from "../check.ts";

/**
 * P9, kill means stop: after a stop of an account's entries is durable no entry of it leaves, and none
 * that is at the broker is enlarged, until every cause of it is gone.
 */
export const killMeansStop: MakeAuditCheck = (world, tell) => {
  const { written } = world;
  /** By account: the causes in force. */
  const stopped = new Map<string, Set<string>>();
  /** By name of the order: the quantity that was last asked for, and when (wall time). */
  const asked = new Map<string, { quantity: number; atMs: number }>();

  function judge({ account, kind, correlationId = "", quantity = 0 }: AuditCall): void {
    const [cause] = stopped.get(account) ?? [];
    if (cause === undefined || written.places.get(correlationId)?.part.leg !== "entry") return;
    const what = `${account}: ${correlationId}`;
    if (kind === "place") tell(`${what}, an entry, leaves while entries are stopped (${cause})`);
    const before = asked.get(correlationId)?.quantity ?? quantity;
    if (kind === "modify" && quantity > before) {
      tell(`${what} is enlarged to ${quantity} while entries are stopped (${cause})`);
    }
  }

  return {
    onEntries({ stream, entries }) {
      const account = written.nameOf(stream);
      if (account === undefined) return;
      for (const { kind, body } of entries) {
        if (kind !== "entriesStopped" && kind !== "entriesAllowed") continue;
        const { cause } = body as { cause: string };
        const causes = stopped.get(account) ?? new Set();
        stopped.set(account, causes);
        if (kind === "entriesStopped") causes.add(cause);
        else causes.delete(cause);
      }
    },
    onCall(call) {
      const { kind, correlationId, quantity } = call;
      if (kind === "cancel" || correlationId === undefined || quantity === undefined) return;
      judge(call);
      asked.set(correlationId, { quantity, atMs: world.clock.nowMs() });
    },
    forget(beforeMs) {
      for (const [id, { atMs }] of asked) if (atMs < beforeMs) asked.delete(id);
    },
  };
};
