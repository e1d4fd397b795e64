import type { PlaceCommand } from "../../../core/model/command.ts";
import type { Entry, Journal } from "../../../ports/journal.ts";
import type { World } from "../world.ts";
import { brokerWith, type PlantBug } from "./planted.ts";

const QUEUE_MS = 1_000;

/**
 * The kill switch is a flag of the process: the next one has forgotten it, and what waits in a queue of
 * the client's goes out all the same.
 */
export const ignoreKill: PlantBug = (world) => ({
  journal: forgetful,
  broker: (broker) =>
    brokerWith(broker, {
      async place(command: PlaceCommand) {
        await moment(world);
        return broker.place(command);
      },
    }),
});

function moment({ clock }: World): Promise<void> {
  return new Promise((resolve) => {
    clock.schedule(QUEUE_MS, resolve);
  });
}

function forgetful(journal: Journal): Journal {
  return {
    ...journal,
    async *read(stream, fromSeq) {
      for await (const entry of journal.read(stream, fromSeq)) yield forgotten(entry);
    },
  };
}

/** In its place something that changes nothing. */
function forgotten(entry: Entry): Entry {
  return entry.kind === "entriesStopped" ? { ...entry, body: { kind: "resumed" } } : entry;
}
