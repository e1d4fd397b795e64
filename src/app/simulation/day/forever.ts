/** Forever orders: single triggers to get in, and an OCO around what is held to get out. */
import type { Row } from "../books.ts";
import { TRADED, type Traded } from "../instruments.ts";
import type { Family, Stage } from "./family.ts";

/** Delivery, so that no other family has a position in it. */
const PRODUCT = "CNC";
const UNITS_MAX = 10;
const SHARES = TRADED.filter(({ exchangeSegment }) => exchangeSegment === "NSE_EQ");

export class ForeverOrders implements Family {
  readonly name = "forever";
  readonly weight = 1;
  readonly #stage: Stage;

  constructor(stage: Stage) {
    this.#stage = stage;
  }

  get isOver(): boolean {
    return (
      this.#alive().length === 0 &&
      this.#orders().length === 0 &&
      SHARES.every((share) => this.#net(share) === 0)
    );
  }

  begins(): void {
    const share = this.#stage.draw.anyOf(SHARES);
    if (share === undefined) return;
    const waiting = this.#alive().some(({ instrument }) => instrument === share.instrument.key);
    if (waiting || this.#orders().length > 0) return;
    const held = this.#net(share);
    if (held > 0) this.#guards(share, held);
    else this.#waitsToBuy(share);
  }

  goesOn(): void {
    const { draw, market, world, leader } = this.#stage;
    const forever = draw.anyOf(this.#alive());
    const share = SHARES.find(({ instrument }) => instrument.key === forever?.instrument);
    if (forever === undefined || share === undefined) return;
    const { orderId } = forever;
    if (draw.chance(40)) world.simulator.cancelForeverByHand(leader, orderId);
    else if (forever.flag === "SINGLE") {
      const triggerPrice = market.rupeesAt(share, draw.int(10, 80));
      const changes = { triggerPrice, price: market.rupeesAt(share, 120) };
      world.simulator.modifyForeverByHand(leader, { orderId, changes });
    }
  }

  ends(): void {
    const { world, leader } = this.#stage;
    for (const { orderId } of this.#alive()) world.simulator.cancelForeverByHand(leader, orderId);
    const orders = this.#orders();
    for (const { orderId } of orders) world.simulator.cancelByHand(leader, orderId);
    if (this.#alive().length > 0 || orders.length > 0) return;
    for (const share of SHARES) this.#sellsOut(share);
  }

  /** Above the market, with room for the limit: it gets in when the price rises to it. */
  #waitsToBuy(share: Traded): void {
    const { draw, market } = this.#stage;
    const bps = draw.int(10, 80);
    this.#places(share, {
      orderFlag: "SINGLE",
      transactionType: "BUY",
      quantity: draw.int(1, UNITS_MAX),
      triggerPrice: market.rupeesAt(share, bps),
      price: market.rupeesAt(share, bps + 40),
    });
  }

  #guards(share: Traded, quantity: number): void {
    const { draw, market } = this.#stage;
    const below = draw.int(20, 100);
    const above = draw.int(20, 100);
    this.#places(share, {
      orderFlag: "OCO",
      transactionType: "SELL",
      quantity,
      triggerPrice: market.rupeesAt(share, -below),
      price: market.rupeesAt(share, -below - 40),
      quantity1: quantity,
      triggerPrice1: market.rupeesAt(share, above),
      price1: market.rupeesAt(share, above - 10),
    });
  }

  #sellsOut(share: Traded): void {
    const { world, leader } = this.#stage;
    const quantity = this.#net(share);
    if (quantity <= 0) return;
    const order = { ...idOf(share), transactionType: "SELL", quantity, productType: PRODUCT };
    world.simulator.placeByHand(leader, { ...order, orderType: "MARKET", price: 0 });
  }

  #places(share: Traded, fields: Readonly<Record<string, unknown>>): void {
    const { world, leader } = this.#stage;
    const order = { ...idOf(share), productType: PRODUCT, orderType: "LIMIT", ...fields };
    const reply = world.simulator.placeForeverByHand(leader, order);
    if (reply.status < 300) return;
    throw new Error(`not placed: ${JSON.stringify(order)} ${JSON.stringify(reply.body)}`);
  }

  /** Triggers that may still fire. */
  #alive() {
    const { world, leader } = this.#stage;
    const forevers = world.simulator.truth(leader)[0]?.forevers ?? [];
    return forevers.filter(({ legs }) => {
      return legs.some(({ status }) => status === "transit" || status === "active");
    });
  }

  /** What they have fired, as far as it is alive. */
  #orders(): readonly Row[] {
    const { world, leader } = this.#stage;
    return world.books.alive(leader).filter(({ productType }) => productType === PRODUCT);
  }

  #net(share: Traded): number {
    const { world, leader } = this.#stage;
    return world.books.net(leader, share.instrument.key, PRODUCT);
  }
}

function idOf({ exchangeSegment, securityId }: Traded) {
  return { exchangeSegment, securityId };
}
