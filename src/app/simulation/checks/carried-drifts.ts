import { Written } from "../../../audit/written.ts";
import type { NewEntry, StreamName } from "../../../ports/journal.ts";
import type { World } from "../world.ts";
import { StandingDrifts } from "./standing-drifts.ts";

/**
 * Differences that stand on the morning after: what both sides of a contract have come to over the night
 * is one position then, and an exit by what was copied does not take out what was missed the day before.
 */
export class CarriedDrifts {
  readonly #world: World;
  readonly #written: Written;
  readonly #standing = new StandingDrifts();
  readonly #days = new Map<string, number>();

  constructor(world: World) {
    this.#world = world;
    this.#written = new Written(world);
  }

  take(stream: StreamName, entries: readonly NewEntry[]): void {
    const name = this.#written.nameOf(stream);
    if (name === undefined) return;
    for (const entry of entries) {
      if (entry.kind === "dayBegan") this.#days.set(name, (this.#days.get(name) ?? 0) + 1);
      this.#standing.take(name, entry, this.#world.clock.monotonicMs());
    }
  }

  /** The journal says that so many units of the contract are too many, since a night. */
  hasNamed(name: string, place: string, net: number): boolean {
    return (this.#days.get(name) ?? 0) > 1 && this.#standing.unitsOf(name).get(place) === net;
  }
}
