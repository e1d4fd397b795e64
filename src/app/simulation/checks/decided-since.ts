/** Since when Tandem may have decided what has just become durable, by the broker's clock. */
import type { OrderChange } from "../../../simulator/index.ts";
import type { World } from "../world.ts";

/** An intent is durable so soon after it was decided, when nothing is wrong. */
const DECIDED_MS = 4_000;
/** What Tandem knows of the broker's clock is from frames that may be late. */
const BEHIND_MS = 4_000;
/** Without any disturbance for so long. */
const CALM_MS = 10_000;
/** So many changes of the leader's orders after a step of the machine's clock show it for what it is. */
const CHANGES_TO_LEARN = 40;

export class DecidedSince {
  readonly #world: World;
  /** When (wall time) each of the leader's orders was first heard of. */
  readonly #ledMs = new Map<string, number>();
  #offsetMs: number;
  #changesSinceStep: number;

  constructor(world: World) {
    this.#world = world;
    this.#offsetMs = world.machine.wallOffsetMs;
    this.#changesSinceStep = this.#changesKnown;
    world.onBegin.add(() => {
      this.#offsetMs = world.machine.wallOffsetMs;
      this.#changesSinceStep = this.#changesKnown;
    });
  }

  /** A process that begins takes the machine's clock for the broker's. */
  get #changesKnown(): number {
    return this.#offsetMs === 0 ? CHANGES_TO_LEARN : 0;
  }

  /** Of anybody's order. */
  take({ clientId, orderId }: OrderChange): void {
    if (clientId !== this.#world.clientOf("leader")) return;
    this.#changesSinceStep += 1;
    if (!this.#ledMs.has(orderId)) this.#ledMs.set(orderId, this.#world.clock.nowMs());
  }

  /**
   * The earliest time (wall time); where a leader's order is named, not before that was there. Undefined
   * while it cannot be told, or the broker's clock is in doubt.
   */
  earliestMs(name: string, leaderOrderId = ""): number | undefined {
    const { clock, machine, troubles } = this.#world;
    if (machine.wallOffsetMs !== this.#offsetMs) {
      this.#offsetMs = machine.wallOffsetMs;
      this.#changesSinceStep = 0;
    }
    if (this.#changesSinceStep < CHANGES_TO_LEARN) return undefined;
    const nowMs = clock.monotonicMs();
    const isCalm = troubles.quietMs(["leader", name], nowMs - CALM_MS, nowMs) >= CALM_MS;
    const ledMs = this.#ledMs.get(leaderOrderId) ?? Number.NEGATIVE_INFINITY;
    if (isCalm) return Math.max(ledMs, clock.nowMs() - DECIDED_MS);
    return this.#offsetMs === 0 && Number.isFinite(ledMs) ? ledMs - BEHIND_MS : undefined;
  }
}
