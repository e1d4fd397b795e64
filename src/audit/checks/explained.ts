import {
  type AuditCheck,
  type AuditWorld,
  isFollower,
  type MakeAuditCheck,
  type SeenOrder,
  type TakenEntries,
  type Tell,
} from "../check.ts";

/** What is worthless without the numbers that it was decided on. */
const WITH_INPUTS: ReadonlySet<string> = new Set(["skipped", "held", "alarmed"]);

interface Body {
  readonly copyId?: string;
  readonly vehicle?: string;
  readonly inputs?: unknown;
  readonly order?: { readonly brokerOrderId: string; readonly filledQuantity: number };
}

interface Fill {
  readonly account: string;
  readonly orderId: string;
  readonly units: number;
  readonly sinceMs: number;
  /** Wall time. */
  readonly atMs: number;
}

/**
 * P10, explained: no token is in the journal, every order belongs to a copy that was opened before it,
 * every reason carries its inputs, and the fills that it tells are the broker's.
 */
export const explained: MakeAuditCheck = (world, tell) => new Explained(world, tell);

class Explained implements AuditCheck {
  readonly #world: AuditWorld;
  readonly #tell: Tell;
  /** Copies that were opened, and when (wall time). */
  readonly #opened = new Map<string, number>();
  /** Highest fill that the journal tells of an order, by follower and broker order id. */
  readonly #told = new Map<string, { units: number; atMs: number }>();
  /** What the broker has filled of orders of ours. */
  readonly #fills = new Map<string, Fill>();
  /** Of these the journal does not tell all yet. */
  readonly #behind = new Set<string>();

  constructor(world: AuditWorld, tell: Tell) {
    this.#world = world;
    this.#tell = tell;
  }

  onEntries({ stream, entries }: TakenEntries): void {
    const { secrets, written } = this.#world;
    const name = written.nameOf(stream);
    for (const { kind, atMs, body } of entries) {
      const text = secrets.length === 0 ? "" : JSON.stringify(body);
      if (secrets.some((secret) => text.includes(secret))) {
        this.#tell(`${stream}: a token in ${kind}`);
      }
      const { inputs, order } = body as Body;
      if (WITH_INPUTS.has(kind) && inputs === undefined) {
        this.#tell(`${stream}: ${kind} without inputs`);
      }
      this.#takeCopy(stream, kind, atMs, body as Body);
      if (name === undefined || order === undefined) continue;
      const key = `${name} ${order.brokerOrderId}`;
      const units = Math.max(this.#told.get(key)?.units ?? 0, order.filledQuantity);
      this.#told.set(key, { units, atMs });
    }
  }

  onOrder({ account, orderId, correlationId = "", filled }: SeenOrder): void {
    const { written, clock } = this.#world;
    if (!isFollower(this.#world, account) || !written.places.has(correlationId)) return;
    const key = `${account} ${orderId}`;
    const known = this.#fills.get(key);
    if (known !== undefined && known.units >= filled) return;
    const sinceMs = clock.monotonicMs();
    this.#fills.set(key, { account, orderId, units: filled, sinceMs, atMs: clock.nowMs() });
    this.#behind.add(key);
  }

  onTick(): void {
    for (const key of this.#behind) {
      const fill = this.#fills.get(key);
      const isTold = fill === undefined || this.#toldOf(key) >= fill.units;
      const dueMs = this.#world.clock.monotonicMs() - this.#world.lagMs;
      const isDue = !isTold && fill.sinceMs <= dueMs;
      if (isDue) this.#complain(key, fill);
      if (isTold || isDue) this.#behind.delete(key);
    }
  }

  atEnd(): void {
    for (const [key, fill] of this.#fills) {
      if (this.#toldOf(key) !== fill.units) this.#complain(key, fill);
    }
  }

  forget(beforeMs: number): void {
    for (const [id, atMs] of this.#opened) if (atMs < beforeMs) this.#opened.delete(id);
    for (const [key, { atMs }] of this.#fills) if (atMs < beforeMs) this.#fills.delete(key);
    for (const [key, { atMs }] of this.#told) if (atMs < beforeMs) this.#told.delete(key);
  }

  #takeCopy(stream: string, kind: string, atMs: number, body: Body): void {
    const { copyId = "", vehicle } = body;
    // A trigger rests until it fires; of every other copy the day is the end.
    const untilMs = vehicle === "forever" ? Number.POSITIVE_INFINITY : atMs;
    if (kind === "copyOpened") this.#opened.set(copyId, untilMs);
    if (kind === "copyReopened" || kind === "copyClosed") this.#opened.set(copyId, atMs);
    if (kind === "placeIntended" && !this.#opened.has(copyId)) {
      this.#tell(`${stream}: an order for ${copyId}, which was never opened`);
    }
  }

  #toldOf(key: string): number {
    return this.#told.get(key)?.units ?? 0;
  }

  #complain(key: string, { account, orderId, units }: Fill): void {
    this.#tell(`${account}: ${orderId} filled ${units}, the journal says ${this.#toldOf(key)}`);
  }
}
