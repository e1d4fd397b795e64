/** The truth of every account at the broker, kept up change by change: orders, and units held. */
import type { OrderChange, Simulator } from "../../simulator/index.ts";

export type Row = OrderChange["row"];

const ENDED: ReadonlySet<string> = new Set(["TRADED", "CANCELLED", "REJECTED", "EXPIRED"]);

export function isAlive(row: Row): boolean {
  return !ENDED.has(row.orderStatus);
}

export interface Holding {
  readonly instrument: string;
  readonly product: string;
  /** Units, long positive. */
  readonly net: number;
}

/** "NSE_EQ:1333". */
export function instrumentOf(row: Row): string {
  return `${row.exchangeSegment}:${row.securityId}`;
}

/** The orders of one group as they are now; legs are there from the entry's first fill on. */
export interface GroupRows {
  readonly entryId: string;
  entry?: Row;
  target?: Row;
  stop?: Row;
}

export class Books {
  readonly #rows = new Map<string, Map<string, Row>>();
  readonly #groups = new Map<string, GroupRows>();
  readonly #fired = new Set<string>();
  readonly #entryIds = new Map<string, string>();
  readonly #nets = new Map<string, Map<string, Holding>>();

  constructor(simulator: Simulator) {
    simulator.watch((change) => this.#take(change));
  }

  /** The account's orders, oldest first. */
  orders(clientId: string): readonly Row[] {
    return [...(this.#rows.get(clientId)?.values() ?? [])];
  }

  order(clientId: string, orderId: string): Row | undefined {
    return this.#rows.get(clientId)?.get(orderId);
  }

  /** By the entry's id. */
  group(entryId: string): GroupRows | undefined {
    return this.#groups.get(entryId);
  }

  /** A trigger has sent the order. */
  isFired(orderId: string): boolean {
    return this.#fired.has(orderId);
  }

  /** The group that an order is part of. */
  groupOf(orderId: string): GroupRows | undefined {
    const entryId = this.#entryIds.get(orderId);
    return entryId === undefined ? undefined : this.#groups.get(entryId);
  }

  alive(clientId: string): readonly Row[] {
    return this.orders(clientId).filter(isAlive);
  }

  net(clientId: string, instrument: string, product: string): number {
    return this.#nets.get(clientId)?.get(`${instrument} ${product}`)?.net ?? 0;
  }

  /** What is not flat. */
  holdings(clientId: string): readonly Holding[] {
    return [...(this.#nets.get(clientId)?.values() ?? [])].filter(({ net }) => net !== 0);
  }

  #take(change: OrderChange): void {
    const { clientId, orderId, row, group } = change;
    if (change.firedBy !== undefined) this.#fired.add(orderId);
    if (group !== undefined) {
      const { entryId } = group;
      const known: GroupRows = this.#groups.get(entryId) ?? { entryId };
      known[group.role] = row;
      this.#groups.set(entryId, known);
      this.#entryIds.set(orderId, entryId);
    }
    const rows = this.#rows.get(clientId) ?? new Map<string, Row>();
    this.#rows.set(clientId, rows);
    const filled = row.filledQty - (rows.get(orderId)?.filledQty ?? 0);
    rows.set(orderId, row);
    if (filled === 0) return;
    const nets = this.#nets.get(clientId) ?? new Map<string, Holding>();
    this.#nets.set(clientId, nets);
    const instrument = instrumentOf(row);
    const { productType: product } = row;
    const key = `${instrument} ${product}`;
    const net = (nets.get(key)?.net ?? 0) + (row.transactionType === "BUY" ? filled : -filled);
    nets.set(key, { instrument, product, net });
  }
}
