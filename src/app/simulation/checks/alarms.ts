/**
 * What the journal has told people: when it last did (monotonic, whatever the clock of the process
 * shows), by account and code, and of how many units.
 */
import { toAccountId } from "../../../core/model/ids.ts";
import { followerStream } from "../../../core/model/stream.ts";
import type { NewEntry, StreamName } from "../../../ports/journal.ts";
import type { World } from "../world.ts";

/** They say how many units are beyond what the leader stands for. */
const COUNTED: ReadonlySet<string> = new Set(["filled-beyond-leader", "exit-crossed", "still-in"]);

interface Alarmed {
  readonly code?: string;
  readonly grace?: string;
  readonly copyId?: string;
  readonly inputs?: {
    readonly filled?: number;
    readonly wanted?: number;
    readonly beyond?: number;
    readonly left?: number;
  };
}

export class Alarms {
  readonly #lastMs = new Map<string, number>();
  /** By account, copy and code. */
  readonly #surplus = new Map<string, Map<string, number>>();
  readonly #clients: ReadonlyMap<StreamName, string>;

  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
    this.#clients = new Map(
      world.options.followers.map(({ name }) => {
        return [followerStream(toAccountId(name)), world.clientOf(name)];
      }),
    );
  }

  take(stream: StreamName, entries: readonly NewEntry[]): void {
    const clientId = this.#clients.get(stream);
    if (clientId === undefined) return;
    const nowMs = this.#world.clock.monotonicMs();
    for (const { kind, body } of entries) {
      if (kind === "driftBegan") {
        const { instrument, held } = body as { instrument: string; held: number };
        this.#lastMs.set(`${clientId} drift ${instrument} ${Math.sign(held)}`, nowMs);
      }
      const alarmed = body as Alarmed;
      // The follower is out: what was told of as left is so no more.
      if (kind === "graceEnded" && alarmed.grace === "leader-out") {
        this.#surplus.get(clientId)?.delete(`${alarmed.copyId} still-in`);
      }
      if (kind !== "alarmed") continue;
      this.#lastMs.set(`${clientId} ${alarmed.code}`, nowMs);
      if (COUNTED.has(alarmed.code ?? "")) this.#takeSurplus(clientId, alarmed);
    }
  }

  #takeSurplus(clientId: string, { copyId = "", code, inputs = {} }: Alarmed): void {
    const copies = this.#surplus.get(clientId) ?? new Map<string, number>();
    this.#surplus.set(clientId, copies);
    const { beyond, left, filled = 0, wanted = 0 } = inputs;
    copies.set(`${copyId} ${code}`, beyond ?? left ?? filled - wanted);
  }

  /** Units that people were told of as filled beyond what the leader's orders stand for. */
  surplus(clientId: string): number {
    return [...(this.#surplus.get(clientId)?.values() ?? [])].reduce(
      (sum, units) => sum + units,
      0,
    );
  }

  /** Whether a difference was named since `sinceMs` (monotonic) in which the account holds that side. */
  hasDrift(clientId: string, instrument: string, side: number, sinceMs: number): boolean {
    return (this.#lastMs.get(`${clientId} drift ${instrument} ${side}`) ?? Number.NaN) >= sinceMs;
  }

  /** Whether one of these was told of for the account since `sinceMs` (monotonic). */
  has(clientId: string, codes: readonly string[], sinceMs: number): boolean {
    return codes.some((code) => (this.#lastMs.get(`${clientId} ${code}`) ?? Number.NaN) >= sinceMs);
  }
}
