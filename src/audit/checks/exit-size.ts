import type { AuditCheck, AuditWorld, MakeAuditCheck, TakenEntries, Tell } from "../check.ts";

/** What the broker closes by itself in the evening. */
const SQUARED_OFF: ReadonlySet<string> = new Set(["INTRADAY", "BO", "CO"]);

interface Order {
  readonly lane: Lane;
  readonly sign: number;
  /** Of several orders under one name only the first is counted. */
  brokerOrderId: string | undefined;
  filled: number;
  /** Wall time. */
  atMs: number;
}

/** What one link has copied of one contract of the leader's into one of the follower's. */
interface Lane {
  net: number;
  /** What a group or a trigger has filled is told by other rows. The day ends a group. */
  hasGroup: boolean;
  hasTrigger: boolean;
  readonly name: string;
  readonly product: string;
}

interface Seen {
  readonly brokerOrderId: string;
  readonly correlationId?: string;
  readonly side: string;
  readonly filledQuantity: number;
}

interface Body {
  readonly copyId?: string;
  readonly linkId?: string;
  readonly instrument?: string;
  readonly product?: string;
  readonly of?: { readonly instrument: string; readonly product: string };
  readonly vehicle?: string;
  readonly identity?: { readonly leg: string };
  readonly order?: Seen;
  readonly command?: {
    readonly correlationId: string;
    readonly side?: string;
    readonly vehicle?: string;
    readonly terms?: { readonly quantity: number };
  };
}

/**
 * P4, an exit never exceeds what was copied: held against the fills that the journal tells before it,
 * which are those that it was decided on. Contracts in which groups or triggers are traded are left
 * out: their fills reach the journal in more than one way.
 */
export const exitSize: MakeAuditCheck = (world, tell) => new ExitSize(world, tell);

class ExitSize implements AuditCheck {
  readonly #world: AuditWorld;
  readonly #tell: Tell;
  readonly #lanes = new Map<string, Lane>();
  /** The lane of each copy, and when it was opened (wall time). */
  readonly #laneOf = new Map<string, { lane: Lane; atMs: number }>();
  readonly #orders = new Map<string, Order>();
  /** Of these, those that exit. */
  readonly #exits = new Set<string>();

  constructor(world: AuditWorld, tell: Tell) {
    this.#world = world;
    this.#tell = tell;
  }

  onEntries({ stream, entries }: TakenEntries): void {
    const account = this.#world.written.nameOf(stream);
    if (account === undefined) return;
    for (const { kind, atMs, body } of entries) this.#take(account, kind, atMs, body as Body);
  }

  forget(beforeMs: number): void {
    for (const [id, { atMs }] of this.#orders) if (atMs < beforeMs) this.#orders.delete(id);
    for (const id of this.#exits) if (!this.#orders.has(id)) this.#exits.delete(id);
    for (const [id, { atMs }] of this.#laneOf) if (atMs < beforeMs) this.#laneOf.delete(id);
  }

  #take(account: string, kind: string, atMs: number, body: Body): void {
    const { copyId = "", order, command } = body;
    if (kind === "copyOpened") this.#takeCopy(account, atMs, body);
    else if (kind === "placeIntended") this.#takePlace(body, atMs);
    else if (kind === "dayBegan") this.#dayBegan(account);
    else if (kind === "childAdopted") {
      this.#takeNew(order?.correlationId ?? "", copyId, order?.side, atMs);
    } else if (kind === "modifyIntended" && this.#exits.has(command?.correlationId ?? "")) {
      this.#judge(command?.correlationId ?? "", command?.terms?.quantity ?? 0);
    }
    if (order !== undefined) this.#takeFill(order, atMs);
  }

  #takeCopy(account: string, atMs: number, body: Body): void {
    const { copyId = "", linkId = "", instrument = "", product = "", of, vehicle } = body;
    const theirs = of === undefined ? "" : `${of.instrument} ${of.product}`;
    const name = `${account} ${linkId} ${theirs} ${instrument} ${product}`;
    const fresh = { net: 0, hasGroup: false, hasTrigger: false, name, product };
    const lane = this.#lanes.get(name) ?? fresh;
    takeVehicle(lane, vehicle);
    this.#lanes.set(name, lane);
    this.#laneOf.set(copyId, { lane, atMs });
  }

  #takePlace({ copyId = "", identity, command }: Body, atMs: number): void {
    const { correlationId = "", side, vehicle, terms } = command ?? {};
    const lane = this.#laneOf.get(copyId)?.lane;
    if (lane !== undefined) takeVehicle(lane, vehicle);
    this.#takeNew(correlationId, copyId, side, atMs);
    if (identity?.leg !== "exit") return;
    this.#exits.add(correlationId);
    this.#judge(correlationId, terms?.quantity ?? 0);
  }

  #takeNew(id: string, copyId: string, side: string | undefined, atMs: number): void {
    const lane = this.#laneOf.get(copyId)?.lane;
    if (lane === undefined || this.#orders.has(id)) return;
    const sign = side === "BUY" ? 1 : -1;
    this.#orders.set(id, { lane, sign, brokerOrderId: undefined, filled: 0, atMs });
  }

  #takeFill({ brokerOrderId, correlationId = "", filledQuantity }: Seen, atMs: number): void {
    const order = this.#orders.get(correlationId);
    if (order === undefined) return;
    order.brokerOrderId ??= brokerOrderId;
    if (order.brokerOrderId !== brokerOrderId || filledQuantity <= order.filled) return;
    order.lane.net += order.sign * (filledQuantity - order.filled);
    order.filled = filledQuantity;
    order.atMs = atMs;
  }

  /** What the order may still take out, held against what is there. */
  #judge(id: string, quantity: number): void {
    const order = this.#orders.get(id);
    if (order === undefined || order.lane.hasGroup || order.lane.hasTrigger) return;
    const there = Math.max(0, -order.sign * order.lane.net);
    const open = quantity - order.filled;
    if (open <= there) return;
    this.#tell(`${order.lane.name}: exit ${id} for ${open} units, copied are ${there}`);
  }

  #dayBegan(account: string): void {
    for (const [name, lane] of this.#lanes) {
      if (!name.startsWith(`${account} `) || !SQUARED_OFF.has(lane.product)) continue;
      // What was queued for the open may still fill: its order is known on.
      lane.net = 0;
      lane.hasGroup = false;
    }
  }
}

function takeVehicle(lane: Lane, vehicle: string | undefined): void {
  if (vehicle === "forever") lane.hasTrigger = true;
  else if (vehicle !== undefined) lane.hasGroup = true;
}
