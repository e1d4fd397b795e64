import { verifyJournal } from "../../../journal/chain.ts";
import type { NewEntry, StreamName } from "../../../ports/journal.ts";
import type { MakeCheck } from "./check.ts";
import { Written } from "./written.ts";

/** What is worthless without the numbers that it was decided on. */
const WITH_INPUTS: ReadonlySet<string> = new Set(["skipped", "held", "alarmed"]);

/**
 * P10, explained: the journal's chain holds, no token is in it, every order belongs to a copy that was
 * opened before it, every reason carries its inputs, and the fills that it tells are the broker's.
 */
export const explained: MakeCheck = (world, tell) => {
  const written = new Written(world);
  const opened = new Set<string>();
  /** Highest fill that the journal tells of an order, by follower and broker order id. */
  const filled = new Map<string, number>();

  function take(stream: StreamName, entries: readonly NewEntry[]): void {
    written.take(stream, entries);
    const name = written.nameOf(stream);
    for (const { kind, body } of entries) {
      const text = JSON.stringify(body);
      if (world.secrets.some((secret) => text.includes(secret)))
        tell(`${stream}: a token in ${kind}`);
      const { copyId, inputs, order } = body as {
        copyId?: string;
        inputs?: unknown;
        order?: { brokerOrderId: string; filledQuantity: number };
      };
      if (WITH_INPUTS.has(kind) && inputs === undefined) tell(`${stream}: ${kind} without inputs`);
      if (kind === "copyOpened" && copyId !== undefined) opened.add(copyId);
      if (kind === "placeIntended" && !opened.has(copyId ?? "")) {
        tell(`${stream}: an order for ${copyId}, which was never opened`);
      }
      if (name === undefined || order === undefined) continue;
      const key = `${name} ${order.brokerOrderId}`;
      filled.set(key, Math.max(filled.get(key) ?? 0, order.filledQuantity));
    }
  }

  return {
    name: "explained",
    onEntries: take,
    async atEnd() {
      for (const { stream, seq, problem } of await verifyJournal(world.journal)) {
        tell(`${stream}#${seq}: ${problem}`);
      }
      for (const { name } of world.options.followers) {
        for (const row of world.books.orders(world.clientOf(name))) {
          if (!written.places.has(row.correlationId ?? "")) continue;
          const told = filled.get(`${name} ${row.orderId}`) ?? 0;
          if (told === row.filledQty) continue;
          tell(`${name}: ${row.orderId} filled ${row.filledQty}, the journal says ${told}`);
        }
      }
    },
  };
};
