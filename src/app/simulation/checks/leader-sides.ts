/** On which sides of the market the leader is, by instrument, and when he left the others. */
import type { OrderChange } from "../../../simulator/index.ts";
import { type GroupRows, instrumentOf, isAlive, type Row } from "../books.ts";
import { openUnits } from "../day/group-orders.ts";
import type { World } from "../world.ts";

export class LeaderSides {
  readonly #world: World;
  readonly #leader: string;
  /** Entries of his groups by instrument. */
  readonly #groups = new Map<string, Set<string>>();
  /** By instrument and side. */
  readonly #untilMs = new Map<string, number>();

  constructor(world: World) {
    this.#world = world;
    this.#leader = world.clientOf("leader");
  }

  /** A BO or CO is copied under another product, so any product of the leader's will do. */
  take({ clientId, row, group }: OrderChange): void {
    if (clientId !== this.#leader) return;
    const instrument = instrumentOf(row);
    if (group !== undefined) {
      const entries = this.#groups.get(instrument) ?? new Set();
      this.#groups.set(instrument, entries.add(group.entryId));
    }
    const sides = this.#sidesIn(instrument);
    for (const side of [-1, 1]) {
      const name = `${instrument} ${side}`;
      if (sides.has(side)) this.#untilMs.set(name, Number.POSITIVE_INFINITY);
      else if (this.isOn(instrument, side)) {
        this.#untilMs.set(name, this.#world.clock.monotonicMs());
      }
    }
  }

  /** His nets, and groups of both sides that their net hides. */
  #sidesIn(instrument: string): ReadonlySet<number> {
    const { books } = this.#world;
    const nets = books.holdings(this.#leader).filter((held) => held.instrument === instrument);
    const sides = new Set(nets.map(({ net }) => Math.sign(net)));
    for (const entryId of this.#groups.get(instrument) ?? []) {
      const group = books.group(entryId);
      if (group?.entry !== undefined && isHeldByLegs(group)) sides.add(sideOf(group.entry));
    }
    return sides;
  }

  isOn(instrument: string, side: number): boolean {
    return this.untilMs(instrument, side) === Number.POSITIVE_INFINITY;
  }

  /** Until when (monotonic) he was there: Infinity while he is, -Infinity if he never was. */
  untilMs(instrument: string, side: number): number {
    return this.#untilMs.get(`${instrument} ${side}`) ?? Number.NEGATIVE_INFINITY;
  }
}

function isHeldByLegs(group: GroupRows): boolean {
  const hasLeg = [group.target, group.stop].some((leg) => leg !== undefined && isAlive(leg));
  return hasLeg && openUnits(group) > 0;
}

function sideOf(row: Row): number {
  return row.transactionType === "BUY" ? 1 : -1;
}
