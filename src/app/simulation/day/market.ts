/** Prices of a simulated day: a random walk in whole ticks around where each one began. */
import { instrumentOf } from "../books.ts";
import type { Draw } from "../draw.ts";
import { TICKS_PER_RUPEE, TRADED, type Traded } from "../instruments.ts";
import type { World } from "../world.ts";

/** Most that one move is, and that a price goes away from its start, in basis points. */
const MOVE_BPS = 40;
const RANGE_BPS = 400;
const VISIT_MS = 1_000;
const BPS_ONE = 10_000;

export class Market {
  readonly #world: World;
  readonly #draw: Draw;
  readonly #ticks = new Map(TRADED.map((traded) => [traded, traded.firstTicks]));

  constructor(world: World, draw: Draw) {
    this.#world = world;
    this.#draw = draw;
  }

  /** The last price in ticks. */
  ticks(traded: Traded): number {
    return this.#ticks.get(traded) ?? traded.firstTicks;
  }

  /** A price of the wire, this many basis points beyond the last one (below it when negative). */
  rupeesAt(traded: Traded, bps: number): number {
    return this.#rupees(Math.round((this.ticks(traded) * (BPS_ONE + bps)) / BPS_ONE));
  }

  /** One price moves. */
  moves(draw = this.#draw, among: readonly [Traded, ...Traded[]] = TRADED): void {
    const traded = draw.pick(among);
    const { firstTicks } = traded;
    const step = Math.round((firstTicks * draw.int(-MOVE_BPS, MOVE_BPS)) / BPS_ONE);
    const range = Math.round((firstTicks * RANGE_BPS) / BPS_ONE);
    const ticks = Math.min(
      Math.max(this.ticks(traded) + step, firstTicks - range),
      firstTicks + range,
    );
    this.set(traded, ticks);
  }

  set(traded: Traded, ticks: number): void {
    this.#ticks.set(traded, ticks);
    this.#world.simulator.setPrice(traded.instrument.key, this.#rupees(ticks));
  }

  /** Units that trade at each price from now on; null for as many as are wanted. */
  setLiquidity(lots: number | null): void {
    for (const { instrument } of TRADED) {
      const units = lots === null ? null : lots * instrument.lotSize;
      this.#world.simulator.setLiquidity(instrument.key, units);
    }
  }

  /** Every price is told once more, so that what could trade does. */
  repeats(): void {
    for (const traded of TRADED) this.set(traded, this.ticks(traded));
  }

  /** The market comes to every order that rests, of whatever account, and turns away again. */
  async visitsAll(): Promise<void> {
    const { books, clock, names } = this.#world;
    const rows = names.flatMap((name) => books.alive(this.#world.clientOf(name)));
    for (const row of rows) {
      const traded = TRADED.find(({ instrument }) => instrument.key === instrumentOf(row));
      if (traded === undefined) continue;
      const rupees = row.triggerPrice > 0 ? row.triggerPrice : row.price;
      this.set(traded, Math.round(rupees * TICKS_PER_RUPEE));
      await clock.run(VISIT_MS);
    }
  }

  #rupees(ticks: number): number {
    return ticks / TICKS_PER_RUPEE;
  }
}
