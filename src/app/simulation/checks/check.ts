/**
 * What is watched while a simulation runs. Checks look at the broker's truth and at the journal, and
 * know nothing of how Tandem decides.
 */
import type { NewEntry, StreamName } from "../../../ports/journal.ts";
import type { OrderChange } from "../../../simulator/index.ts";
import type { World } from "../world.ts";

/** Says what is broken, in words with numbers. */
export type Tell = (text: string) => void;

export interface Check {
  readonly name: string;
  /** After every change of an order at the broker, of whatever account. */
  onOrder?(change: OrderChange): void;
  /** After every append that the journal has taken. */
  onEntries?(stream: StreamName, entries: readonly NewEntry[]): void;
  /** When the leader's day is over, its disturbances too, and everything has had time to settle. */
  atRest?(): void;
  /** Some time after the market has come to every order that still rested. */
  atEnd?(): void | Promise<void>;
}

export type MakeCheck = (world: World, tell: Tell) => Check;
