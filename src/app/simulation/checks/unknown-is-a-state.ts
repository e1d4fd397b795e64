import type { NewEntry, StreamName } from "../../../ports/journal.ts";
import type { World } from "../world.ts";
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
  const evidence = new Evidence(world);

  function holdsBack(wanted: WrittenPlace): string | undefined {
    return [...evidence.open.keys()].find((id) => {
      const place = written.places.get(id);
      if (id === wanted.correlationId || place?.name !== wanted.name) return false;
      return place.instrument === wanted.instrument && place.product === wanted.product;
    });
  }

  function judge(name: string, { command }: Body): void {
    const { correlationId: id } = command as { correlationId: string };
    const place = written.places.get(id);
    const behind = place && holdsBack(place);
    if (behind !== undefined) tell(`${name}: ${id} was decided while ${behind} was unknown`);
  }

  function take(stream: StreamName, entries: readonly NewEntry[]): void {
    const name = written.nameOf(stream);
    if (name === undefined) return;
    for (const entry of entries) {
      written.take(stream, [entry]);
      const body = entry.body as Body;
      if (entry.kind === "placeIntended") judge(name, body);
      else evidence.take(name, entry.kind, body);
    }
  }

  return {
    name: "unknown-is-a-state",
    onEntries: take,
    atEnd() {
      for (const [id, name] of evidence.absent) {
        const row = world.books
          .orders(world.clientOf(name))
          .find(({ correlationId }) => correlationId === id);
        if (row !== undefined)
          tell(`${name}: ${id} was declared absent and is order ${row.orderId}`);
      }
      for (const [id, sinceMs] of evidence.open) {
        if (!evidence.alarmed.has(id)) tell(`${id}: unknown since ${sinceMs}, and nobody was told`);
      }
    },
  };
};

/** What the journal knows of the outcome of placements, by correlation id. */
class Evidence {
  /** Placements whose outcome is unknown: since when. */
  readonly open = new Map<string, number>();
  /** Declared absent: for which follower. */
  readonly absent = new Map<string, string>();
  readonly alarmed = new Set<string>();
  /** Seen at the broker: an answer that comes after that leaves nothing unknown. */
  readonly #observed = new Set<string>();
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
  }

  take(name: string, kind: string, body: Body): void {
    const { correlationId = "", order } = body;
    switch (kind) {
      case "commandAnswered":
        this.#takeAnswer(correlationId, body);
        return;
      case "absenceProved":
        this.absent.set(correlationId, name);
        this.open.delete(correlationId);
        return;
      case "childFound":
      case "changeSettled":
        this.open.delete(correlationId);
        return;
      case "orderObserved":
      case "childAdopted":
        this.#observed.add(order?.correlationId ?? "");
        this.open.delete(order?.correlationId ?? "");
        return;
      case "alarmed":
        if (body.code === "unknown-order") this.alarmed.add(correlationId);
        return;
      default:
    }
  }

  #takeAnswer(correlationId: string, { command, outcome }: Body): void {
    if (command !== "place") return;
    if (outcome?.kind === "unknown" && !this.#observed.has(correlationId))
      this.open.set(correlationId, this.#world.clock.monotonicMs());
    else this.open.delete(correlationId);
  }
}
