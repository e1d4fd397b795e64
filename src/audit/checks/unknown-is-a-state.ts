import type { AuditWorld, MakeAuditCheck } from "../check.ts";
import type { WrittenPlace } from "../written.ts";

/** A person hears of an unknown outcome at once; this much later it is certain that he was not told. */
const TOLD_WITHIN_MS = 60_000;

interface Body {
  readonly correlationId?: string;
  readonly command?: unknown;
  readonly outcome?: { readonly kind: string };
  readonly order?: { readonly correlationId?: string };
  readonly code?: string;
}

/**
 * P8, unknown is a state: a placement of unknown outcome keeps new orders of its account, instrument
 * and product back until evidence ends it, nothing that the broker has taken is declared absent, and
 * each is settled or a person knows of it.
 */
export const unknownIsAState: MakeAuditCheck = (world, tell) => {
  const { written } = world;
  const evidence = new Evidence(world);
  /** Names seen at the broker: the order's id, and when (wall time). */
  const orders = new Map<string, { orderId: string; atMs: number }>();
  const told = new Set<string>();

  function holdsBack(wanted: WrittenPlace): string | undefined {
    return [...evidence.open.keys()].find((id) => {
      const place = written.places.get(id);
      if (id === wanted.correlationId || place?.name !== wanted.name) return false;
      return place.instrument === wanted.instrument && place.product === wanted.product;
    });
  }

  function judge(name: string, { command }: Body): void {
    const { correlationId: id } = command as { correlationId: string };
    const place = written.places.get(id);
    const behind = place && holdsBack(place);
    if (behind !== undefined) tell(`${name}: ${id} was decided while ${behind} was unknown`);
  }

  function holdAgainst(id: string): void {
    const name = evidence.absent.get(id)?.name;
    const order = orders.get(id);
    if (name === undefined || order === undefined || told.has(id)) return;
    told.add(id);
    tell(`${name}: ${id} was declared absent and is order ${order.orderId}`);
  }

  function endOf(name: string): void {
    for (const id of evidence.open.keys()) {
      if (written.places.get(id)?.name === name) evidence.open.delete(id);
    }
  }

  function silent(forMs: number): void {
    const nowMs = world.clock.monotonicMs();
    for (const [id, sinceMs] of evidence.open) {
      if (nowMs - sinceMs < forMs || evidence.alarmed.has(id) || told.has(id)) continue;
      told.add(id);
      tell(`${id}: unknown since ${sinceMs}, and nobody was told`);
    }
  }

  return {
    onEntries({ stream, entries }) {
      const name = written.nameOf(stream);
      if (name === undefined) return;
      for (const { kind, atMs, body } of entries) {
        if (kind === "placeIntended") judge(name, body as Body);
        else evidence.take(name, kind, atMs, body as Body);
        // The day's orders have expired, the unknown ones with them.
        if (kind === "dayBegan") endOf(name);
        if (kind === "absenceProved") holdAgainst((body as Body).correlationId ?? "");
      }
    },
    onOrder({ orderId, correlationId, isPart }) {
      if (correlationId === undefined || isPart) return;
      orders.set(correlationId, { orderId, atMs: world.clock.nowMs() });
      holdAgainst(correlationId);
    },
    onTick: () => silent(TOLD_WITHIN_MS),
    atEnd: () => silent(0),
    forget(beforeMs) {
      for (const [id, { atMs }] of orders) if (atMs < beforeMs) orders.delete(id);
      evidence.forget(beforeMs);
    },
  };
};

/** What the journal knows of the outcome of placements, by correlation id. */
class Evidence {
  /** Placements whose outcome is unknown: since when (monotonic). */
  readonly open = new Map<string, number>();
  /** Declared absent: for which follower, and when (wall time). */
  readonly absent = new Map<string, { readonly name: string; readonly atMs: number }>();
  readonly alarmed = new Map<string, number>();
  /** Seen at the broker: an answer that comes after that leaves nothing unknown. */
  readonly #observed = new Map<string, number>();
  readonly #world: AuditWorld;

  constructor(world: AuditWorld) {
    this.#world = world;
  }

  take(name: string, kind: string, atMs: number, body: Body): void {
    const { correlationId = "", order } = body;
    switch (kind) {
      case "commandAnswered":
        this.#takeAnswer(correlationId, body);
        return;
      case "absenceProved":
        this.absent.set(correlationId, { name, atMs });
        this.open.delete(correlationId);
        return;
      case "childFound":
      case "changeSettled":
        this.open.delete(correlationId);
        return;
      case "orderObserved":
      case "childAdopted":
        if (order?.correlationId === undefined) return;
        this.#observed.set(order.correlationId, atMs);
        this.open.delete(order.correlationId);
        return;
      case "alarmed":
        if (body.code === "unknown-order") this.alarmed.set(correlationId, atMs);
        return;
      default:
    }
  }

  forget(beforeMs: number): void {
    for (const times of [this.alarmed, this.#observed]) {
      for (const [id, atMs] of times) if (atMs < beforeMs) times.delete(id);
    }
    for (const [id, { atMs }] of this.absent) if (atMs < beforeMs) this.absent.delete(id);
  }

  #takeAnswer(correlationId: string, { command, outcome }: Body): void {
    if (command !== "place") return;
    if (outcome?.kind === "unknown" && !this.#observed.has(correlationId))
      this.open.set(correlationId, this.#world.clock.monotonicMs());
    else this.open.delete(correlationId);
  }
}
