/**
 * After-market orders that wait for the next open, their changes and cancels. The day has no open of
 * its own, so none of them trades: what counts is that each copy waits too, and goes when it goes.
 */
import type { Row } from "../books.ts";
import type { Family, Stage } from "./family.ts";

const PRODUCT = "INTRADAY";
const LOTS_MAX = 10;

export class AfterMarketOrders implements Family {
  readonly name = "amo";
  readonly weight = 1;
  readonly #stage: Stage;
  readonly #own = new Set<string>();

  constructor(stage: Stage) {
    this.#stage = stage;
  }

  get isOver(): boolean {
    return this.#alive().length === 0;
  }

  begins(): void {
    const { draw, market, world, leader, traded: among } = this.#stage;
    const traded = draw.pick(among);
    const { exchangeSegment, securityId, instrument } = traded;
    const reply = world.simulator.placeByHand(leader, {
      exchangeSegment,
      securityId,
      transactionType: "BUY",
      productType: PRODUCT,
      quantity: draw.int(1, LOTS_MAX) * instrument.lotSize,
      price: market.rupeesAt(traded, draw.int(-60, 20)),
      afterMarketOrder: true,
    });
    const { orderId } = reply.body as { orderId?: string };
    if (orderId === undefined) throw new Error(`not placed: ${JSON.stringify(reply.body)}`);
    this.#own.add(orderId);
  }

  goesOn(): void {
    const row = this.#stage.draw.anyOf(this.#alive());
    if (row !== undefined) this.#cancels(row);
  }

  ends(): void {
    for (const row of this.#alive()) this.#cancels(row);
  }

  #cancels({ orderId }: Row): void {
    this.#stage.world.simulator.cancelByHand(this.#stage.leader, orderId);
  }

  #alive(): readonly Row[] {
    const { world, leader } = this.#stage;
    return world.books.alive(leader).filter(({ orderId }) => this.#own.has(orderId));
  }
}
