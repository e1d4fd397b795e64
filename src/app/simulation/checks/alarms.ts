/**
 * What the journal has told people: when it last did (monotonic, whatever the clock of the process
 * shows), by account and code, and of how many units.
 */
import { toAccountId } from "../../../core/model/ids.ts";
import { followerStream } from "../../../core/model/stream.ts";
import type { NewEntry, StreamName } from "../../../ports/journal.ts";
import type { World } from "../world.ts";

/** They say how many units are beyond what the leader stands for. */
const COUNTED: ReadonlySet<string> = new Set([
  "filled-beyond-leader",
  "exit-crossed",
  "still-in",
  "left-in",
  "double-exit",
]);
const CROSSED = " exit-crossed";
/** What was left in by the rule, by the broker or by a person is fine; by an exit that was missed, not. */
const FINE_TO_LEAVE: ReadonlySet<string> = new Set(["skipped-by-rule", "rejected", "manual"]);
/** Under these the broker takes no order of ours that brings back what was exited twice. */
const WITHOUT_REPAIR: ReadonlySet<string> = new Set(["BO", "CO"]);

interface Alarmed {
  readonly code?: string;
  readonly grace?: string;
  readonly copyId?: string;
  readonly inputs?: {
    readonly filled?: number;
    readonly wanted?: number;
    readonly beyond?: number;
    readonly left?: number;
    readonly over?: number;
    readonly instrument?: string;
    readonly product?: string;
    readonly held?: number;
    readonly causes?: string;
  };
  readonly instrument?: string;
  readonly product?: string;
}

export class Alarms {
  readonly #lastMs = new Map<string, number>();
  /** By account, copy and code. */
  readonly #surplus = new Map<string, Map<string, number>>();
  /** Differences that nothing explained, and that a person was told of. */
  readonly #drifts: {
    readonly clientId: string;
    readonly nowMs: number;
    readonly instrument?: string;
    readonly held?: number;
  }[] = [];
  /** Copies that a person alone can bring back, by account and copy. */
  readonly #unrepaired = new Set<string>();
  readonly #squaredOff = new Set<string>();
  /** When the last square-off was taken back, by account. */
  readonly #releasedMs = new Map<string, number>();
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

  /** A person has squared the account off, and has not taken it back. */
  isSquaredOff(clientId: string): boolean {
    return this.#squaredOff.has(clientId);
  }

  /** When (monotonic) that was last taken back; -Infinity when it never was. */
  releasedMs(clientId: string): number {
    return this.#releasedMs.get(clientId) ?? Number.NEGATIVE_INFINITY;
  }

  #takeStop(clientId: string, kind: string, { cause }: { readonly cause?: string }): void {
    if (cause !== "square-off") return;
    if (kind === "entriesStopped") this.#squaredOff.add(clientId);
    else if (kind === "entriesAllowed" && this.#squaredOff.delete(clientId)) {
      this.#releasedMs.set(clientId, this.#world.clock.monotonicMs());
    }
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
      this.#takeStop(clientId, kind, body as { cause?: string });
      const alarmed = body as Alarmed;
      if (kind === "copyOpened" && WITHOUT_REPAIR.has(alarmed.product ?? "")) {
        this.#unrepaired.add(`${clientId} ${alarmed.copyId}`);
      }
      // The follower is out: what was told of as left is so no more.
      if (kind === "graceEnded" && alarmed.grace === "leader-out") {
        this.#surplus.get(clientId)?.delete(`${alarmed.copyId} still-in`);
      }
      if (kind === "driftEnded" || kind === "driftBegan") {
        this.#surplus.get(clientId)?.delete(`${alarmed.instrument} ${alarmed.product} left-in`);
      }
      if (kind !== "alarmed") continue;
      this.#lastMs.set(`${clientId} ${alarmed.code}`, nowMs);
      if (alarmed.code === "left-in") {
        const { instrument, held = 0 } = alarmed.inputs ?? {};
        this.#lastMs.set(`${clientId} left-in ${instrument} ${Math.sign(held)}`, nowMs);
      }
      if (alarmed.code === "drift") this.#drifts.push({ clientId, nowMs, ...alarmed.inputs });
      if (COUNTED.has(alarmed.code ?? "")) this.#takeSurplus(clientId, alarmed);
    }
  }

  #takeSurplus(clientId: string, { copyId = "", code, inputs = {} }: Alarmed): void {
    const copies = this.#surplus.get(clientId) ?? new Map<string, number>();
    this.#surplus.set(clientId, copies);
    const { beyond, left, over, filled = 0, wanted = 0, instrument, product, causes } = inputs;
    if (code === "left-in" && !causes?.split(", ").every((cause) => FINE_TO_LEAVE.has(cause)))
      return;
    if (code === "double-exit" && !this.#unrepaired.has(`${clientId} ${copyId}`)) return;
    copies.set(
      `${copyId || `${instrument} ${product}`} ${code}`,
      beyond ?? left ?? over ?? filled - wanted,
    );
  }

  /** A person knows that the leader is out of the copy's group and the follower is not, as it still is. */
  isStillIn(clientId: string, copyId: string | undefined): boolean {
    return this.#surplus.get(clientId)?.has(`${copyId} still-in`) ?? false;
  }

  /** Units that people were told of as filled beyond what the leader's orders stand for. */
  surplus(clientId: string): number {
    return [...(this.#surplus.get(clientId)?.values() ?? [])].reduce(
      (sum, units) => sum + units,
      0,
    );
  }

  /** Units of those that an exit and an order by somebody else have together taken beyond flat. */
  crossed(clientId: string): number {
    const told = [...(this.#surplus.get(clientId) ?? [])];
    return told.reduce((sum, [key, units]) => sum + (key.endsWith(CROSSED) ? units : 0), 0);
  }

  /** Whether a difference was named since `sinceMs` (monotonic) in which the account holds that side. */
  hasDrift(clientId: string, instrument: string, side: number, sinceMs: number): boolean {
    return (this.#lastMs.get(`${clientId} drift ${instrument} ${side}`) ?? Number.NaN) >= sinceMs;
  }

  /** Whether a person was told since `sinceMs` (monotonic) that the account is left in on that side. */
  isLeftIn(clientId: string, instrument: string, side: number, sinceMs: number): boolean {
    return (this.#lastMs.get(`${clientId} left-in ${instrument} ${side}`) ?? Number.NaN) >= sinceMs;
  }

  /** Whether a person was told before `untilMs` (monotonic) that the account holds so many too many. */
  wasToldOf(clientId: string, instrument: string, held: number, untilMs: number): boolean {
    return this.#drifts.some(
      (drift) =>
        drift.clientId === clientId &&
        drift.instrument === instrument &&
        drift.held === held &&
        drift.nowMs < untilMs,
    );
  }

  /** Whether one of these was told of for the account since `sinceMs` (monotonic). */
  has(clientId: string, codes: readonly string[], sinceMs: number): boolean {
    return codes.some((code) => (this.#lastMs.get(`${clientId} ${code}`) ?? Number.NaN) >= sinceMs);
  }
}
