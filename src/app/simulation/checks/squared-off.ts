import { Written } from "../../../audit/written.ts";
import type { NewEntry, StreamName } from "../../../ports/journal.ts";
import type { World } from "../world.ts";
import { Alarms } from "./alarms.ts";
import type { Check, MakeCheck, Tell } from "./check.ts";
import { Lanes } from "./lanes.ts";
import { OwnOrders } from "./own-orders.ts";

/** So long Tandem has, undisturbed, to be flat or to tell a person that it is not. */
const FLAT_WITHIN_MS = 60_000;
const LOOK_EVERY_MS = 5_000;
/** With disturbances in between; a day is over by then. */
const LOOKS_MAX = 60;
const TOLD = [
  "not-flat",
  "exit-rejected",
  "unknown-order",
  "change-refused",
  "cancelled-elsewhere",
  "account-suspended",
];

/**
 * A square-off: whenever Tandem says that a follower is proved flat, no order of Tandem's works at the
 * broker and nothing is in by its fills; and a follower who is not flat in time is told of.
 */
export const squaredOff: MakeCheck = (world, tell) => new SquaredOff(world, tell);

class SquaredOff implements Check {
  readonly name = "squared-off";
  readonly #world: World;
  readonly #tell: Tell;
  readonly #written: Written;
  readonly #own: OwnOrders;
  readonly #lanes: Lanes;
  readonly #alarms: Alarms;
  /** Since when (monotonic) it is not proved while a process runs, by name. */
  readonly #sinceMs = new Map<string, number>();

  constructor(world: World, tell: Tell) {
    this.#world = world;
    this.#tell = tell;
    this.#written = new Written(world);
    this.#own = new OwnOrders(world, this.#written);
    this.#lanes = new Lanes(this.#written);
    this.#alarms = new Alarms(world);
  }

  onOrder: NonNullable<Check["onOrder"]> = (change) => {
    if (change.clientId === this.#world.clientOf("leader")) return;
    this.#lanes.take(change, this.#world.clock.monotonicMs());
  };

  onEntries(stream: StreamName, entries: readonly NewEntry[]): void {
    this.#written.take(stream, entries);
    this.#lanes.takeEntries(entries);
    this.#alarms.take(stream, entries);
    const name = this.#written.nameOf(stream);
    if (name === undefined) return;
    for (const { kind, body } of entries) {
      if ((body as { cause?: string }).cause !== "square-off") continue;
      if (kind === "entriesAllowed") this.#sinceMs.delete(name);
      if (kind === "entriesStopped") this.#began(name);
    }
  }

  #began(name: string): void {
    const isLooking = this.#sinceMs.has(name);
    this.#sinceMs.set(name, this.#world.clock.monotonicMs());
    if (!isLooking) this.#looks(name, LOOKS_MAX);
  }

  #looks(name: string, looksLeft: number): void {
    this.#world.clock.schedule(LOOK_EVERY_MS, () => {
      const sinceMs = this.#sinceMs.get(name);
      if (sinceMs === undefined || looksLeft === 0 || this.#world.hadSecond) return;
      const isProved = this.#world.isProvedFlat(name);
      if (isProved) this.#mustBeFlat(name);
      if (isProved !== false) this.#sinceMs.set(name, this.#world.clock.monotonicMs());
      else if (this.#isLate(name, sinceMs)) return;
      this.#looks(name, looksLeft - 1);
    });
  }

  #mustBeFlat(name: string): void {
    const clientId = this.#world.clientOf(name);
    // What somebody's order and ours have together taken too much is for a person, who was told.
    const left = this.#lanes.unitsOf(clientId) - this.#alarms.crossed(clientId);
    if (left > 0) this.#tell(`${name} is said to be flat, and ${left} units are in`);
    for (const row of this.#world.books.alive(clientId)) {
      if (this.#own.isOurs(row)) this.#tell(`${name} is said to be flat, and ${row.orderId} works`);
    }
  }

  /** Said once: then nobody looks any more. */
  #isLate(name: string, sinceMs: number): boolean {
    const clientId = this.#world.clientOf(name);
    const nowMs = this.#world.clock.monotonicMs();
    const quietMs = this.#world.troubles.quietMs(["leader", name], sinceMs, nowMs);
    if (quietMs <= FLAT_WITHIN_MS || this.#alarms.has(clientId, TOLD, sinceMs)) return false;
    this.#tell(`${name} is not proved flat after ${Math.round(quietMs)} ms, untold`);
    return true;
  }
}
