/** Two ways to go on after a person has said stop: forget it, and let go out what waits. */
import type { Entry, Journal } from "../../../ports/journal.ts";
import type { Wraps } from "../life.ts";
import type { World } from "../world.ts";
import { brokerWith } from "./planted.ts";

const QUEUE_MS = 1_000;

/** The next process has forgotten all facts of this kind. */
export function forgetful(kind: string): (journal: Journal) => Journal {
  return (journal) => ({
    ...journal,
    async *read(stream, fromSeq) {
      for await (const entry of journal.read(stream, fromSeq)) yield forgotten(kind, entry);
    },
  });
}

/** In its place something that changes nothing. */
function forgotten(kind: string, entry: Entry): Entry {
  return entry.kind === kind ? { ...entry, body: { kind: "resumed" } } : entry;
}

/** What is placed waits in a queue of the client's, and leaves whatever has been said meanwhile. */
export function slowToPlace({ clock }: World): NonNullable<Wraps["broker"]> {
  return (broker) =>
    brokerWith(broker, {
      async place(command) {
        await new Promise<void>((resolve) => {
          clock.schedule(QUEUE_MS, resolve);
        });
        return broker.place(command);
      },
    });
}
