/** What the journal has told people: when it last did, by account and code, and of how many units. */
import { toAccountId } from "../../../core/model/ids.ts";
import { followerStream } from "../../../core/model/stream.ts";
import type { NewEntry, StreamName } from "../../../ports/journal.ts";
import type { World } from "../world.ts";

interface Alarmed {
  readonly code?: string;
  readonly copyId?: string;
  readonly inputs?: { readonly filled?: number; readonly wanted?: number };
}

export class Alarms {
  readonly #lastMs = new Map<string, number>();
  /** By account and copy. */
  readonly #surplus = new Map<string, Map<string, number>>();
  readonly #clients: ReadonlyMap<StreamName, string>;

  constructor(world: World) {
    this.#clients = new Map(
      world.options.followers.map(({ name }) => {
        return [followerStream(toAccountId(name)), world.clientOf(name)];
      }),
    );
  }

  take(stream: StreamName, entries: readonly NewEntry[]): void {
    const clientId = this.#clients.get(stream);
    if (clientId === undefined) return;
    for (const { kind, atMs, body } of entries) {
      if (kind !== "alarmed") continue;
      const alarmed = body as Alarmed;
      this.#lastMs.set(`${clientId} ${alarmed.code}`, atMs);
      if (alarmed.code === "filled-beyond-leader") this.#takeSurplus(clientId, alarmed);
    }
  }

  #takeSurplus(clientId: string, { copyId = "", inputs = {} }: Alarmed): void {
    const copies = this.#surplus.get(clientId) ?? new Map<string, number>();
    this.#surplus.set(clientId, copies);
    copies.set(copyId, (inputs.filled ?? 0) - (inputs.wanted ?? 0));
  }

  /** Units that people were told of as filled beyond what the leader's orders stand for. */
  surplus(clientId: string): number {
    return [...(this.#surplus.get(clientId)?.values() ?? [])].reduce(
      (sum, units) => sum + units,
      0,
    );
  }

  /** Whether one of these was told of for the account since `sinceMs`. */
  has(clientId: string, codes: readonly string[], sinceMs: number): boolean {
    return codes.some((code) => (this.#lastMs.get(`${clientId} ${code}`) ?? -1) >= sinceMs);
  }
}
