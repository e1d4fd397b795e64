import type { Written } from "../../../audit/written.ts";
import { instrumentOf, type Row } from "../books.ts";
import type { World } from "../world.ts";

/** Everything that is no group is one position. */
const PLAIN = "plain";

/**
 * What a follower holds of one contract, apart: each group by itself, by the fills of its copy's own
 * orders and of the legs that the broker keeps for it, and all the rest together. The account shows
 * only what they come to: groups on both sides of one contract net there.
 */
export class HeldApart {
  readonly #world: World;
  readonly #written: Written;

  constructor(world: World, written: Written) {
    this.#world = world;
    this.#written = written;
  }

  /** Units held on that side (1 or -1) apart from what this order is part of. */
  beside(row: Row, side: number): number {
    const own = this.#holderOf(row);
    let sum = 0;
    for (const [holder, units] of this.#holders(row)) {
      if (holder !== own) sum += Math.max(0, side * units);
    }
    return sum;
  }

  /** Signed units of what this order is part of. */
  own(row: Row): number {
    return this.#holders(row).get(this.#holderOf(row)) ?? 0;
  }

  #holders(of: Row): Map<string, number> {
    const units = new Map<string, number>();
    for (const row of this.#world.books.orders(of.dhanClientId)) {
      const isSame = row.productType === of.productType && instrumentOf(row) === instrumentOf(of);
      if (!isSame || row.filledQty === 0) continue;
      const holder = this.#holderOf(row);
      const filled = row.transactionType === "BUY" ? row.filledQty : -row.filledQty;
      units.set(holder, (units.get(holder) ?? 0) + filled);
    }
    return units;
  }

  /** A group's copy, where the order is its entry, a leg of it, or one that gets it out. */
  #holderOf(row: Row): string {
    const { books } = this.#world;
    const copyId = this.#copyOf(books.groupOf(row.orderId)?.entry ?? row);
    const name = `${row.dhanClientId} ${copyId}`;
    return copyId !== undefined && this.#groupCopies(row.dhanClientId).has(copyId) ? name : PLAIN;
  }

  #groupCopies(clientId: string): Set<string> {
    const copies = new Set<string>();
    for (const row of this.#world.books.orders(clientId)) {
      const copyId = this.#copyOf(this.#world.books.groupOf(row.orderId)?.entry);
      if (copyId !== undefined) copies.add(copyId);
    }
    return copies;
  }

  #copyOf(row: Row | undefined): string | undefined {
    return this.#written.places.get(row?.correlationId ?? "")?.copyId;
  }
}
