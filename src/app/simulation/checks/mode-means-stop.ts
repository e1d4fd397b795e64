import { Written } from "../../../audit/written.ts";
import type { NewEntry, StreamName } from "../../../ports/journal.ts";
import type { HttpRequest } from "../../../ports/transport.ts";
import type { OrderChange } from "../../../simulator/index.ts";
import type { Row } from "../books.ts";
import type { World } from "../world.ts";
import type { Check, MakeCheck, Tell } from "./check.ts";
import { EntryOrders } from "./entry-orders.ts";
import { ModesInForce } from "./modes-in-force.ts";
import { Wire } from "./wire.ts";

/** So long, undisturbed, a leader's order is there before it must have been decided about. */
const DECIDED_WITHIN_MS = 5_000;
const CODES: ReadonlySet<string> = new Set(["link-paused", "close-only"]);

/**
 * P9 for one link: while it is paused or only closes no entry of it leaves and none is enlarged; what
 * was not copied for that is not copied later; and an exit is left out of a paused link alone. What was
 * on the wire before the mode was durable is no breach, nor is a change of price: what works is managed.
 */
export const modeMeansStop: MakeCheck = (world, tell) => new ModeMeansStop(world, tell);

class ModeMeansStop implements Check {
  readonly name = "mode-means-stop";
  readonly #world: World;
  readonly #tell: Tell;
  readonly #written: Written;
  readonly #modes: ModesInForce;
  readonly #wire: Wire;
  readonly #entries: EntryOrders;
  readonly #rows = new Map<string, Row>();
  /** When (monotonic) each of the leader's orders was first at work. */
  readonly #ledMs = new Map<string, number>();
  /** Copies that have an exit, and those whose entry was left out for a mode, with its code. */
  readonly #exits = new Set<string>();
  readonly #leftOut = new Map<string, string>();

  constructor(world: World, tell: Tell) {
    this.#world = world;
    this.#tell = tell;
    this.#written = new Written(world);
    this.#modes = new ModesInForce(world);
    this.#wire = new Wire(world);
    this.#entries = new EntryOrders(world, this.#written);
    world.onCommand.add((name, request) => this.#leaves(name, request));
  }

  onEntries(stream: StreamName, facts: readonly NewEntry[]): void {
    this.#written.take(stream, facts);
    this.#entries.take(facts);
    const name = this.#written.nameOf(stream);
    if (name === undefined) return;
    for (const fact of facts) {
      this.#modes.take(name, fact);
      this.#decided(name, fact);
    }
  }

  onOrder({ clientId, orderId, row }: OrderChange): void {
    const before = this.#rows.get(orderId);
    this.#rows.set(orderId, row);
    if (clientId !== this.#world.clientOf("leader")) return this.#enlarged(row, before);
    if (row.orderStatus !== "TRANSIT" && !this.#ledMs.has(orderId)) {
      this.#ledMs.set(orderId, this.#nowMs);
    }
  }

  get #nowMs(): number {
    return this.#world.clock.monotonicMs();
  }

  #decided(name: string, { kind, body }: NewEntry): void {
    const { copyId = "", exit, leg, code = "", identity } = body as Decision;
    if (kind === "copyOpened" && exit !== undefined) this.#exits.add(copyId);
    if (kind === "placeIntended" && identity?.leg === "entry") {
      const why = this.#leftOut.get(copyId);
      if (why !== undefined)
        this.#tell(`${name}: ${copyId} is copied after it was left out: ${why}`);
    }
    if (kind !== "skipped" || !CODES.has(code)) return;
    if (leg !== "exit") this.#leftOut.set(copyId, code);
    const isExit = leg === "exit" || (leg === "all" && this.#exits.has(copyId));
    const sinceMs = this.#nowMs - DECIDED_WITHIN_MS;
    if (isExit && !this.#modes.wasIn(name, ["paused"], sinceMs)) {
      this.#tell(`${name}: the exit ${copyId} is left out (${code}), and the link is not paused`);
    }
  }

  /** A placement is handed to the wire. */
  #leaves(name: string, { method, body = "{}" }: HttpRequest): void {
    if (method !== "POST") return;
    const { correlationId = "" } = JSON.parse(body) as { correlationId?: string };
    const place = this.#written.places.get(correlationId);
    if (place === undefined || place.part.leg !== "entry") return;
    const nowMs = this.#nowMs;
    const since = this.#stoppedBefore(name, nowMs);
    if (since !== undefined) this.#tell(`${name}: the entry ${correlationId} leaves, ${since}`);
    if (this.#world.hadSecond) return;
    const ledMs = this.#ledMs.get(place.part.leaderOrderId);
    for (const { mode, sinceMs, untilMs } of this.#modes.stretchesOf(name)) {
      if (mode === "active" || ledMs === undefined || ledMs < sinceMs || untilMs <= ledMs) continue;
      const quietMs = this.#world.troubles.quietMs(
        ["leader", name],
        ledMs,
        Math.min(untilMs, nowMs),
      );
      if (quietMs <= DECIDED_WITHIN_MS) continue;
      const { leaderOrderId } = place.part;
      this.#tell(`${name}: ${leaderOrderId}, of ${ledMs} while ${mode}, is copied at ${nowMs}`);
    }
  }

  #enlarged(row: Row, before: Row | undefined): void {
    if (before === undefined || row.quantity <= before.quantity) return;
    if (!this.#entries.has(row)) return;
    const name = this.#world.nameOf(row.dhanClientId);
    const leftMs = this.#wire.leftMs(name, row.orderId);
    const since = leftMs === undefined ? undefined : this.#stoppedBefore(name, leftMs);
    if (since !== undefined) this.#tell(`${name}: the entry ${row.orderId} is enlarged, ${since}`);
  }

  /** In words, where the mode that holds now lets no entry through and did so before then. */
  #stoppedBefore(name: string, leftMs: number): string | undefined {
    const last = this.#modes.stretchesOf(name).at(-1);
    if (last === undefined || last.mode === "active" || leftMs <= last.sinceMs) return undefined;
    // A second process knows of a mode only when the store refuses it, unless it always was so: the lock
    // of the folder forbids it.
    if (this.#world.hadSecond && last.sinceMs > 0) return undefined;
    return `${last.mode} since ${last.sinceMs}`;
  }
}

interface Decision {
  readonly copyId?: string;
  readonly exit?: unknown;
  readonly leg?: string;
  readonly code?: string;
  readonly identity?: { readonly leg: string };
}
