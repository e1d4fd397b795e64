import type { NewEntry, StreamName } from "../../../ports/journal.ts";
import type { MakeCheck } from "./check.ts";
import { Written, type WrittenPlace } from "./written.ts";

interface Body {
  readonly correlationId?: string;
  readonly command?: unknown;
  readonly outcome?: { readonly kind: string };
  readonly order?: { readonly correlationId?: string };
  readonly code?: string;
  readonly copyId?: string;
}

/**
 * P8, unknown is a state: a placement of unknown outcome keeps new orders of its account,
 * instrument and product back until evidence ends it, nothing that the broker has taken is declared absent, and
 * at the end each is settled or a person knows of it.
 */
export const unknownIsAState: MakeCheck = (world, tell) => {
  const written = new Written(world);
  /** Placements whose outcome is unknown, by correlation id: since when. */
  const open = new Map<string, number>();
  /** Seen at the broker: an answer that comes after that leaves nothing unknown. */
  const observed = new Set<string>();
  const alarmed = new Set<string>();
  const absent = new Map<string, string>();

  function holdsBack(wanted: WrittenPlace): string | undefined {
    return [...open.keys()].find((id) => {
      const place = written.places.get(id);
      if (id === wanted.correlationId || place?.name !== wanted.name) return false;
      return place.instrument === wanted.instrument && place.product === wanted.product;
    });
  }

  function take(stream: StreamName, entries: readonly NewEntry[]): void {
    const name = written.nameOf(stream);
    if (name === undefined) return;
    for (const entry of entries) {
      written.take(stream, [entry]);
      takeOne(name, entry.kind, entry.body as Body);
    }
  }

  function takeOne(name: string, kind: string, body: Body): void {
    const { correlationId = "", outcome, order, command } = body;
    switch (kind) {
      case "commandAnswered":
        if (command !== "place") return;
        if (outcome?.kind === "unknown" && !observed.has(correlationId))
          open.set(correlationId, world.clock.monotonicMs());
        else open.delete(correlationId);
        return;
      case "absenceProved":
        absent.set(correlationId, name);
        open.delete(correlationId);
        return;
      case "childFound":
      case "changeSettled":
        open.delete(correlationId);
        return;
      case "orderObserved":
      case "childAdopted":
        observed.add(order?.correlationId ?? "");
        open.delete(order?.correlationId ?? "");
        return;
      case "alarmed":
        if (body.code === "unknown-order") alarmed.add(correlationId);
        return;
      case "placeIntended": {
        const { correlationId: id } = command as { correlationId: string };
        const place = written.places.get(id);
        const behind = place && holdsBack(place);
        if (behind !== undefined) tell(`${name}: ${id} was decided while ${behind} was unknown`);
        return;
      }
      default:
    }
  }

  return {
    name: "unknown-is-a-state",
    onEntries: take,
    atEnd() {
      for (const [id, name] of absent) {
        const row = world.books
          .orders(world.clientOf(name))
          .find(({ correlationId }) => correlationId === id);
        if (row !== undefined)
          tell(`${name}: ${id} was declared absent and is order ${row.orderId}`);
      }
      for (const [id, sinceMs] of open) {
        if (!alarmed.has(id)) tell(`${id}: unknown since ${sinceMs}, and nobody was told`);
      }
    },
  };
};
