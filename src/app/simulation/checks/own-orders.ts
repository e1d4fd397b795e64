import { isMadeByBroker } from "../../../audit/check.ts";
import type { Written } from "../../../audit/written.ts";
import { instrumentOf, isAlive, type Row } from "../books.ts";
import type { World } from "../world.ts";
import { HeldApart } from "./held-apart.ts";

/** Whose an order at the broker is, and what it may still do to a follower's position. */
export class OwnOrders {
  readonly #world: World;
  readonly #apart: HeldApart;

  constructor(world: World, written: Written) {
    this.#world = world;
    this.#apart = new HeldApart(world, written);
  }

  /** A person's order, or the risk desk's, carries no name of ours and is part of nothing of ours. */
  isOurs(row: Row): boolean {
    const { books } = this.#world;
    const isPart = books.groupOf(row.orderId) !== undefined || books.isFired(row.orderId);
    return isPart || !isMadeByBroker(row.correlationId);
  }

  /** It takes out what the account holds, or the group that it belongs to. */
  isReducing(row: Row): boolean {
    const side = row.transactionType === "SELL" ? 1 : -1;
    const net = this.#world.books.net(row.dhanClientId, instrumentOf(row), row.productType);
    return side * net > 0 || side * this.#apart.own(row) > 0;
  }

  /** Units that orders of the risk desk have brought to the side of this net. */
  foreign(clientId: string, instrument: string, net: number): number {
    const side = net > 0 ? "BUY" : "SELL";
    return this.#world.books
      .orders(clientId)
      .filter((row) => row.transactionType === side && instrumentOf(row) === instrument)
      .filter((row) => !this.isOurs(row))
      .reduce((sum, row) => sum + row.filledQty, 0);
  }

  /** Signed units that it may still trade; of the two legs of a group only one will. */
  leavesOf(row: Row): number {
    const group = this.#world.books.groupOf(row.orderId);
    const isSecond = group?.stop === row && group.target !== undefined && isAlive(group.target);
    if (isSecond) return 0;
    return (row.transactionType === "BUY" ? 1 : -1) * (row.quantity - row.filledQty);
  }
}
