/** A follower's orders that are there to get in. */
import type { Written } from "../../../audit/written.ts";
import type { NewEntry } from "../../../ports/journal.ts";
import { isAlive, type Row } from "../books.ts";
import type { World } from "../world.ts";

/** Which orders were placed to get in, and still stand for that. */
export class EntryOrders {
  readonly #world: World;
  readonly #written: Written;
  /** Copies whose entry has come to stand for an exit. */
  readonly #turned = new Set<string>();

  constructor(world: World, written: Written) {
    this.#world = world;
    this.#written = written;
  }

  take(facts: readonly NewEntry[]): void {
    for (const { kind, body } of facts) {
      const { copyId = "", isTurned } = body as { copyId?: string; isTurned?: true };
      if (kind === "copyResized" && isTurned) this.#turned.add(copyId);
    }
  }

  has({ correlationId = "", legName }: Row): boolean {
    const place = this.#written.places.get(correlationId);
    const isLeg = legName === "TARGET_LEG" || legName === "STOP_LOSS_LEG";
    return place?.part.leg === "entry" && !isLeg && !this.#turned.has(place.copyId);
  }

  working(name: string): readonly Row[] {
    const alive = this.#world.books.orders(this.#world.clientOf(name)).filter(isAlive);
    return alive.filter((row) => this.has(row) && row.orderStatus !== "TRANSIT");
  }

  instrumentOf({ correlationId = "" }: Row): string {
    return this.#written.places.get(correlationId)?.instrument ?? "";
  }
}
