import { Written, type WrittenPlace } from "../../../audit/written.ts";
import type { NewEntry, StreamName } from "../../../ports/journal.ts";
import type { MakeCheck } from "./check.ts";

/** Two requests of one account may overtake each other on the way. */
const OVERTAKE_MS = 300;
/** Reasons that are for entries alone. */
const ENTRY_LIMITS: ReadonlySet<string> = new Set([
  "order-value-above-limit",
  "price-too-far",
  "close-only",
  "link-paused",
  "too-old",
  "change-above-limit",
]);
const EXITS: ReadonlySet<string> = new Set(["exit", "stop", "repair"]);

/**
 * P6, exits come first: an exit never arrives at the broker after an entry of the same account that
 * was decided later, and none is refused by a limit that is meant for entries.
 */
export const exitsFirst: MakeCheck = (world, tell) => {
  const written = new Written(world);
  const arrivedMs = new Map<string, number>();
  const leader = world.clientOf("leader");

  function takeSkips(stream: StreamName, entries: readonly NewEntry[]): void {
    for (const { kind, body } of entries) {
      if (kind !== "skipped" && kind !== "held") continue;
      const { leg, code = "", copyId } = body as { leg: string; code?: string; copyId: string };
      if (EXITS.has(leg) && ENTRY_LIMITS.has(code)) tell(`${stream}: ${copyId} exit ${code}`);
    }
  }

  function arrivals(name: string): readonly (WrittenPlace & { arrivedMs: number })[] {
    return [...written.places.values()].flatMap((place) => {
      const atMs = arrivedMs.get(place.correlationId);
      return place.name === name && atMs !== undefined ? [{ ...place, arrivedMs: atMs }] : [];
    });
  }

  return {
    name: "exits-first",
    onEntries(stream, entries) {
      written.take(stream, entries);
      takeSkips(stream, entries);
    },
    onOrder({ clientId, row }) {
      const { correlationId = "" } = row;
      if (clientId === leader || arrivedMs.has(correlationId)) return;
      arrivedMs.set(correlationId, world.clock.monotonicMs());
    },
    atEnd() {
      for (const { name } of world.options.followers) {
        const placed = arrivals(name);
        // Of a prepared one whose release no journal has kept it is not known when it was wanted.
        const entries = placed.filter(({ part, wantedMs }) => {
          return part.leg === "entry" && Number.isFinite(wantedMs);
        });
        for (const exit of placed.filter(({ part }) => EXITS.has(part.leg))) {
          const ahead = entries.find((entry) => {
            const isLater = entry.wantedMs > exit.wantedMs;
            return isLater && entry.arrivedMs + OVERTAKE_MS < exit.arrivedMs;
          });
          if (ahead === undefined) continue;
          tell(`${name}: exit ${exit.correlationId} waited behind entry ${ahead.correlationId}`);
        }
      }
    },
  };
};
