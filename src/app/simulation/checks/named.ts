/** What the journal says, in force at this moment, of why a copy is not where its leader is. */

import { Written } from "../../../audit/written.ts";
import type { NewEntry, StreamName } from "../../../ports/journal.ts";
import type { World } from "../world.ts";

/** Holds under which an exit waits for a person, for evidence, or for the leader. */
const HOLDS: ReadonlySet<string> = new Set([
  "unknown-order",
  "exit-rejected",
  "account-holds-less",
  "account-suspended",
  "change-refused",
]);
/** A final no to an exit that a person was told of. */
const SKIPS: ReadonlySet<string> = new Set(["account-holds-less", "ended-short"]);

interface Body {
  readonly copyId?: string;
  readonly leg?: string;
  readonly code?: string;
  readonly instrument?: string;
}

export class Named {
  readonly #written: Written;
  readonly #instrumentOf = new Map<string, string>();
  /** "NAME INSTRUMENT" by what is in force there. */
  readonly #inForce = new Map<string, Set<string>>();

  constructor(world: World) {
    this.#written = new Written(world);
  }

  take(stream: StreamName, entries: readonly NewEntry[]): void {
    const name = this.#written.nameOf(stream);
    if (name === undefined) return;
    for (const { kind, body } of entries) {
      const { copyId = "", instrument, leg = "", code } = body as Body;
      if (kind === "copyOpened" && instrument !== undefined) {
        this.#instrumentOf.set(copyId, instrument);
      }
      const place = `${name} ${this.#instrumentOf.get(copyId)}`;
      const reasons = this.#inForce.get(place) ?? new Set();
      this.#inForce.set(place, reasons);
      const reason = `${copyId} ${leg} ${kind}`;
      if (kind === "held" && !HOLDS.has(code ?? "")) reasons.delete(reason);
      else if (kind === "held" || (kind === "skipped" && SKIPS.has(code ?? "")))
        reasons.add(reason);
    }
  }

  /** Whether something is in force for the follower's copies of the instrument. */
  has(name: string, instrument: string): boolean {
    return (this.#inForce.get(`${name} ${instrument}`)?.size ?? 0) > 0;
  }
}
