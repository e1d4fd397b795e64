/** Plain orders: limits near and far, market orders and stops, their changes, cancels and exits. */
import { instrumentOf, type Row } from "../books.ts";
import { TRADED, type Traded } from "../instruments.ts";
import type { Family, Stage } from "./family.ts";

const PRODUCT = "INTRADAY";
const LOTS_MAX = 20;

export class PlainOrders implements Family {
  readonly name = "plain";
  readonly weight = 4;
  readonly #stage: Stage;
  readonly #own = new Set<string>();

  constructor(stage: Stage) {
    this.#stage = stage;
  }

  get isOver(): boolean {
    return this.#alive().length === 0 && TRADED.every((traded) => this.#net(traded) === 0);
  }

  begins(): void {
    const { draw, traded: among } = this.#stage;
    const traded = draw.pick(among);
    const free = this.#free(traded);
    // Out of what he has more often than deeper into it; from flat more often long than short.
    if (free !== 0 && draw.chance(55)) this.#exits(traded, free);
    else if (free === 0 && this.#net(traded) === 0)
      this.#enters(traded, draw.chance(20) ? "SELL" : "BUY");
    else this.#enters(traded, this.#net(traded) < 0 ? "SELL" : "BUY");
  }

  goesOn(): void {
    const { draw, world, leader } = this.#stage;
    const row = draw.anyOf(this.#alive());
    if (row === undefined) return;
    const kind = draw.int(0, 3);
    if (kind === 0) world.simulator.cancelByHand(leader, row.orderId);
    else if (kind === 1) this.#fillsPart(row);
    else this.#changes(row);
  }

  ends(): void {
    const { world, leader } = this.#stage;
    const alive = this.#alive();
    for (const row of alive) world.simulator.cancelByHand(leader, row.orderId);
    if (alive.length > 0) return;
    for (const traded of TRADED) {
      const net = this.#net(traded);
      const units = Math.min(Math.abs(net), unitsMaxOf(traded));
      if (units > 0) this.#places(traded, net > 0 ? "SELL" : "BUY", units, MARKET);
    }
  }

  #enters(traded: Traded, side: Side): void {
    const { lotSize } = traded.instrument;
    const room = traded.lotsMax - this.#committed(traded) / lotSize;
    if (room < 1) return;
    const lots = this.#stage.draw.int(1, Math.min(room, LOTS_MAX));
    this.#places(traded, side, lots * lotSize, this.#terms(traded, side));
  }

  #exits(traded: Traded, free: number): void {
    const { draw } = this.#stage;
    const { lotSize } = traded.instrument;
    const side = free > 0 ? "SELL" : "BUY";
    // What the open has filled of after-market orders may be more than one order can take.
    const lots = Math.floor(Math.min(Math.abs(free), unitsMaxOf(traded)) / lotSize);
    const units = draw.chance(50) ? lots : draw.int(1, lots);
    this.#places(traded, side, units * lotSize, this.#terms(traded, side));
  }

  /** Marketable, near, far, at the market, or a stop beyond it. */
  #terms(traded: Traded, side: Side): WireTerms {
    const { draw, market } = this.#stage;
    const away = side === "BUY" ? -1 : 1;
    switch (draw.int(0, 5)) {
      case 0:
      case 1:
        return MARKET;
      case 2: {
        const bps = -away * draw.int(5, 60);
        const triggerPrice = market.rupeesAt(traded, bps);
        const price = market.rupeesAt(traded, bps - away * 10);
        return { orderType: "STOP_LOSS", price, triggerPrice };
      }
      case 3:
        return limit(market.rupeesAt(traded, -away * draw.int(0, 15)));
      default:
        return limit(market.rupeesAt(traded, away * draw.int(0, 60)));
    }
  }

  #changes(row: Row): void {
    const { draw, market, world, leader } = this.#stage;
    const traded = TRADED.find(({ instrument }) => instrument.key === instrumentOf(row));
    if (traded === undefined) return;
    const isReducing = this.#isReducing(row);
    const { lotSize } = traded.instrument;
    const least = Math.floor(row.filledQty / lotSize) + 1;
    const room = traded.lotsMax - this.#committed(traded) / lotSize;
    const most = row.quantity / lotSize + (isReducing ? 0 : Math.min(room, LOTS_MAX));
    const lots = draw.int(least, Math.max(least, most));
    const price = market.rupeesAt(traded, draw.int(-40, 40));
    const changes = draw.chance(50)
      ? { quantity: lots * lotSize }
      : row.orderType === "LIMIT" && row.price > 0
        ? { price }
        : {};
    world.simulator.modifyByHand(leader, { orderId: row.orderId, changes });
  }

  /** The exchange trades a part of what rests; the rest stays. */
  #fillsPart(row: Row): void {
    const { draw, world } = this.#stage;
    const isWorking = row.orderStatus === "PENDING" || row.orderStatus === "PART_TRADED";
    if (!isWorking || row.orderType !== "LIMIT") return;
    const lot = TRADED.find(({ instrument }) => instrument.key === instrumentOf(row))?.instrument;
    const lots = (row.quantity - row.filledQty) / (lot?.lotSize ?? 1);
    world.simulator.fill({
      orderId: row.orderId,
      quantity: draw.int(1, lots) * (lot?.lotSize ?? 1),
    });
  }

  #places(traded: Traded, transactionType: Side, quantity: number, terms: WireTerms): void {
    const { world, leader } = this.#stage;
    const { exchangeSegment, securityId } = traded;
    const order = { exchangeSegment, securityId, transactionType, quantity, productType: PRODUCT };
    const reply = world.simulator.placeByHand(leader, { ...order, ...terms });
    const { orderId } = reply.body as { orderId?: string };
    if (orderId === undefined) throw new Error(`not placed: ${JSON.stringify(reply.body)}`);
    this.#own.add(orderId);
  }

  #alive(): readonly Row[] {
    const { world, leader } = this.#stage;
    return world.books.alive(leader).filter(({ orderId }) => this.#own.has(orderId));
  }

  #net(traded: Traded): number {
    const { world, leader } = this.#stage;
    return world.books.net(leader, traded.instrument.key, PRODUCT);
  }

  /** Units held, and those that resting orders may add. */
  #committed(traded: Traded): number {
    return this.#alive()
      .filter((row) => instrumentOf(row) === traded.instrument.key && !this.#isReducing(row))
      .reduce((sum, row) => sum + row.quantity - row.filledQty, Math.abs(this.#net(traded)));
  }

  /** What he holds and has not offered to exit; signed. */
  #free(traded: Traded): number {
    const net = this.#net(traded);
    const resting = this.#alive()
      .filter((row) => instrumentOf(row) === traded.instrument.key)
      .filter((row) => (row.transactionType === "SELL") === net > 0)
      .reduce((sum, row) => sum + row.quantity - row.filledQty, 0);
    return Math.sign(net) * Math.max(0, Math.abs(net) - resting);
  }

  #isReducing(row: Row): boolean {
    const { world, leader } = this.#stage;
    const net = world.books.net(leader, instrumentOf(row), PRODUCT);
    return net !== 0 && (row.transactionType === "SELL") === net > 0;
  }
}

type Side = "BUY" | "SELL";
type WireTerms = Readonly<Record<string, unknown>>;

const MARKET: WireTerms = { orderType: "MARKET", price: 0 };

/** Units that the exchange takes in one order. */
function unitsMaxOf({ instrument }: Traded): number {
  return instrument.freeze?.units ?? Number.POSITIVE_INFINITY;
}

function limit(price: number): WireTerms {
  return { orderType: "LIMIT", price };
}
