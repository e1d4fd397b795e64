/**
 * What happens when the disk of the data folder is full: a reserve is given back to it, so that the
 * journal can be written for a while; with that exits and cancels go on, and entries are stopped until
 * a person has freed space and the reserve is laid up again.
 *
 * Without a reserve, or when it is used up, too, the journal refuses appends, and then nothing at all is
 * sent (runtime/journal-writer.ts).
 */
import { join } from "node:path";
import { type DiskReserve, diskReserve } from "../platform/disk-reserve.ts";
import type { Clock } from "../ports/clock.ts";
import type { Logger } from "../ports/logger.ts";
import type { Desk } from "../runtime/desk.ts";

export const RESERVE_FILE = "disk.reserve";

/** A hundred leader events to fifty followers, and what the log holds at that moment. */
const RESERVE_BYTES = 16 * 1024 * 1024;
const LOOK_MS = 2_000;
const BY = "tandem";

export type StoppableDesk = Pick<Desk, "stopEntries" | "allowEntries">;

export interface DiskWatchOptions {
  readonly dataDir: string;
  readonly clock: Clock;
  readonly logger: Logger;
  /** For tests; absent: a file in the data folder. */
  readonly reserve?: DiskReserve;
}

export class DiskWatch implements Disposable {
  readonly #options: DiskWatchOptions;
  readonly #reserve: DiskReserve;
  #desk: StoppableDesk | undefined;
  #problem: string | undefined;
  #cancelLook = () => {};
  #isOver = false;

  private constructor(options: DiskWatchOptions) {
    const { dataDir, reserve } = options;
    this.#options = options;
    const file = join(dataDir, RESERVE_FILE);
    this.#reserve = reserve ?? diskReserve({ file, bytes: RESERVE_BYTES });
  }

  /** Resolves when the reserve is laid up, or the disk has no room for it. */
  static async begin(options: DiskWatchOptions): Promise<DiskWatch> {
    const watch = new DiskWatch(options);
    if (!(await watch.#reserve.lay())) watch.#becomeScarce("has no room for the reserve");
    return watch;
  }

  /** Why entries are stopped; undefined while there is room. */
  get problem(): string | undefined {
    return this.#problem;
  }

  /** For the journal, when it has no room: whether there is some again. */
  readonly makeRoom = (): boolean => {
    if (!this.#reserve.spend()) return false;
    this.#becomeScarce("is full; the journal is written to its reserve");
    return true;
  };

  /** From here on the desk's entries flow when there is room, and only then; from the run before, too. */
  guard(desk: StoppableDesk): void {
    this.#desk = desk;
    this.#tell();
  }

  [Symbol.dispose](): void {
    this.#isOver = true;
    this.#cancelLook();
  }

  #becomeScarce(what: string): void {
    this.#problem = `the disk of the data folder ${what}: free some space`;
    this.#options.logger.error("disk.full", { text: this.#problem });
    this.#tell();
    this.#lookLater();
  }

  #tell(): void {
    const text = this.#problem;
    const told =
      text === undefined
        ? this.#desk?.allowEntries("disk", BY)
        : this.#desk?.stopEntries("disk", BY, text);
    // Refused only by a desk that is stopping, which sends nothing anyway.
    told?.catch(() => undefined);
  }

  #lookLater(): void {
    this.#cancelLook();
    if (this.#isOver) return;
    this.#cancelLook = this.#options.clock.schedule(LOOK_MS, () => void this.#look());
  }

  async #look(): Promise<void> {
    if (!(await this.#reserve.lay())) {
      this.#lookLater();
      return;
    }
    this.#problem = undefined;
    this.#options.logger.warn("disk.roomAgain");
    this.#tell();
  }
}
