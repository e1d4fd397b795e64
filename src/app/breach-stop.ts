/**
 * What a breach leads to: entries of all accounts are stopped, in the journal, until a person who knows
 * why lets them flow again. Exits go on.
 */
import type { Breach } from "../audit/auditor.ts";
import type { Logger } from "../ports/logger.ts";
import type { Desk } from "../runtime/desk.ts";

export const BY_AUDITOR = "the auditor";
const TEXT_LENGTH_MAX = 300;

export class BreachStop {
  readonly #logger: Logger;
  /** Found while the desk was starting. */
  #waiting: Breach | undefined;
  #desk: Pick<Desk, "stopEntries"> | undefined;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  guard(desk: Pick<Desk, "stopEntries">): void {
    this.#desk = desk;
    if (this.#waiting !== undefined) this.found(this.#waiting);
  }

  /** The first one stops everything; a later one finds it stopped, unless a person has released it. */
  found(breach: Breach): void {
    if (this.#desk === undefined) this.#waiting ??= breach;
    else void this.#stop(this.#desk, breach);
  }

  async #stop(desk: Pick<Desk, "stopEntries">, breach: Breach): Promise<void> {
    try {
      await desk.stopEntries("breach", BY_AUDITOR, textOf(breach));
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      this.#logger.error("audit.stopFailed", { check: breach.check, text });
    }
  }
}

/** "P1 never-twice: asha T…: the orders 1 and 2 have one name" */
function textOf({ promise, check, text }: Breach): string {
  return `${promise} ${check}: ${text}`.slice(0, TEXT_LENGTH_MAX);
}
