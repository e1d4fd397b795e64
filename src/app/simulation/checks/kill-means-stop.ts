import { Written } from "../../../audit/written.ts";
import type { NewEntry, StreamName } from "../../../ports/journal.ts";
import type { OrderChange } from "../../../simulator/index.ts";
import type { Row } from "../books.ts";
import type { MakeCheck } from "./check.ts";
import { EntryOrders } from "./entry-orders.ts";
import { Named } from "./named.ts";
import { Wire } from "./wire.ts";

/** So long Tandem has, undisturbed, to ask for the end of an entry that works. */
const CANCEL_WITHIN_MS = 10_000;
const LOOK_EVERY_MS = 5_000;
/** With disturbances in between; a day is over by then. */
const LOOKS_MAX = 40;

/**
 * P9, kill means stop: after a stop of an account's entries is durable no entry of it arrives at the
 * broker, and none that is there is enlarged or re-priced, unless the request was on the wire already;
 * and entries that work when a person stops them are asked to end, or the journal says why not.
 */
export const killMeansStop: MakeCheck = (world, tell) => {
  const written = new Written(world);
  const named = new Named(world);
  const stops = new StopsInForce();
  const wire = new Wire(world);
  const entries = new EntryOrders(world, written);
  const rows = new Map<string, Row>();

  function judge({ clientId, orderId, row }: OrderChange, before: Row | undefined): void {
    const name = world.nameOf(clientId);
    const stop = stops.of(name);
    // A second process knows of a stop only when the store refuses it: the lock of the folder forbids it.
    if (stop === undefined || world.hadSecond || !entries.has(row)) return;
    const what = `${name}: the entry ${orderId} (${row.correlationId})`;
    const since = `${stop.cause} of ${stop.sinceMs}`;
    const leftMs = wire.leftMs(name, before === undefined ? row.correlationId : orderId);
    if (before === undefined) {
      if ((leftMs ?? world.clock.monotonicMs()) > stop.sinceMs)
        tell(`${what} arrives after ${since}`);
    } else if (leftMs !== undefined && leftMs > stop.sinceMs && isMore(before, row)) {
      tell(`${what} is enlarged or re-priced after ${since}`);
    }
  }

  function looks(name: string, sinceMs: number, looksLeft: number): void {
    world.clock.schedule(LOOK_EVERY_MS, () => {
      if (stops.of(name)?.sinceMs !== sinceMs || looksLeft === 0) return;
      const nowMs = world.clock.monotonicMs();
      const quietMs = world.troubles.quietMs(["leader", name], sinceMs, nowMs);
      if (quietMs <= CANCEL_WITHIN_MS) return looks(name, sinceMs, looksLeft - 1);
      for (const row of entries.working(name)) {
        const isAsked = written.changes.some(({ brokerOrderId }) => brokerOrderId === row.orderId);
        if (isAsked || named.has(name, entries.instrumentOf(row))) continue;
        tell(`${name}: the entry ${row.orderId} still works, and nobody has asked for its end`);
      }
    });
  }

  return {
    name: "kill-means-stop",
    onOrder(change) {
      const before = rows.get(change.orderId);
      rows.set(change.orderId, change.row);
      if (change.clientId !== world.clientOf("leader")) judge(change, before);
    },
    onEntries(stream: StreamName, facts: readonly NewEntry[]) {
      written.take(stream, facts);
      named.take(stream, facts);
      entries.take(facts);
      const name = written.nameOf(stream);
      if (name === undefined) return;
      for (const fact of facts) {
        const began = stops.take(name, fact, world.clock.monotonicMs());
        if (began !== undefined) looks(name, began, LOOKS_MAX);
      }
    },
  };
};

interface Stop {
  readonly cause: string;
  /** Monotonic: since when it is durable. */
  readonly sinceMs: number;
}

class StopsInForce {
  readonly #stops = new Map<string, Map<string, Stop>>();

  /** The oldest that holds. */
  of(name: string): Stop | undefined {
    return this.#stops.get(name)?.values().next().value;
  }

  /** Since when, if it is the first that asks for the end of what works. */
  take(name: string, { kind, body }: NewEntry, nowMs: number): number | undefined {
    const { cause = "" } = body as { cause?: string };
    const causes = this.#stops.get(name) ?? new Map<string, Stop>();
    this.#stops.set(name, causes);
    if (kind === "entriesAllowed") causes.delete(cause);
    if (kind !== "entriesStopped" || causes.has(cause)) return undefined;
    causes.set(cause, { cause, sinceMs: nowMs });
    return causes.size === 1 && cause !== "breaker" ? nowMs : undefined;
  }
}

function isMore(before: Row, row: Row): boolean {
  if (row.quantity > before.quantity) return true;
  return row.price !== before.price || row.triggerPrice !== before.triggerPrice;
}
