import type { OrderChange } from "../../../simulator/index.ts";
import { instrumentOf } from "../books.ts";
import type { World } from "../world.ts";
import { Alarms } from "./alarms.ts";
import type { MakeCheck } from "./check.ts";
import { Written } from "./written.ts";

/** So long Tandem has, undisturbed, to take back what may still fill on a side that the leader left. */
const PREVENTABLE_MS = 10_000;
/** Two exits that fill so close to one another could not be told of each other in time. */
const RACE_MS = 2_000;
/** A fill that nothing could prevent must be known to a person within this time, outages included. */
const ALARM_WITHIN_MS = 60_000;
const LATE_FILLS = [
  "filled-beyond-leader",
  "filled-after-cancel",
  "withdrawn-after-fill",
  "double-exit",
];

/**
 * P4, an exit never exceeds what was copied: no order of Tandem brings a follower to a side of the
 * market on which the leader is not. A fill that no cancel could have prevented is told apart by its
 * times at the broker (the leader left that side, or another exit filled, too shortly before) and must
 * then be known to a person.
 */
export const sides: MakeCheck = (world, tell) => {
  const leader = world.clientOf("leader");
  const alarms = new Alarms(world);
  const written = new Written(world);
  const leaderSides = new LeaderSides(world);
  const filled = new Map<string, number>();
  /** Last fill of a follower that reduced, by account, instrument and side of the order. */
  const lastExitMs = new Map<string, number>();

  function followerMoved(change: OrderChange, instrument: string): void {
    const { clientId, orderId, row } = change;
    const fresh = row.filledQty - (filled.get(orderId) ?? 0);
    filled.set(orderId, row.filledQty);
    if (fresh <= 0) return;
    const nowMs = world.clock.monotonicMs();
    const net = world.books.net(clientId, instrument, row.productType);
    const side = Math.sign(net);
    const key = `${clientId} ${instrument} ${row.transactionType}`;
    const exitMs = lastExitMs.get(key) ?? Number.NEGATIVE_INFINITY;
    if (side === 0 || (row.transactionType === "BUY") !== side > 0) {
      lastExitMs.set(key, nowMs);
      return;
    }
    const isOurs = change.group !== undefined || written.places.has(row.correlationId ?? "");
    if (isOurs && !leaderSides.isOn(instrument, side))
      judge(change, net, nowMs - exitMs <= RACE_MS);
  }

  function judge(
    { atMs, clientId, orderId, row }: OrderChange,
    net: number,
    isRace: boolean,
  ): void {
    const instrument = instrumentOf(row);
    const nowMs = world.clock.monotonicMs();
    const leftMs = leaderSides.untilMs(instrument, Math.sign(net));
    const names = ["leader", world.nameOf(clientId)];
    const quietMs = world.troubles.quietMs(names, leftMs, nowMs);
    const where = `${net > 0 ? "long" : "short"} ${net} in ${instrument} ${row.productType}`;
    const text = `${clientId} is ${where} where the leader is not (${orderId})`;
    if (nowMs - leftMs <= PREVENTABLE_MS) return;
    if (quietMs > PREVENTABLE_MS && !isRace) {
      tell(`${text}: it could have been prevented for ${Math.round(quietMs)} ms`);
      return;
    }
    world.clock.schedule(ALARM_WITHIN_MS, () => {
      if (!alarms.has(clientId, LATE_FILLS, atMs)) tell(`since ${nowMs}: ${text}, untold`);
    });
  }

  return {
    name: "sides",
    onOrder(change) {
      const instrument = instrumentOf(change.row);
      if (change.clientId === leader) leaderSides.take(instrument);
      else followerMoved(change, instrument);
    },
    onEntries(stream, entries) {
      alarms.take(stream, entries);
      written.take(stream, entries);
    },
  };
};

/** On which sides of the market the leader is, and when he left the others. */
class LeaderSides {
  readonly #world: World;
  readonly #leader: string;
  /** By instrument and side. */
  readonly #untilMs = new Map<string, number>();

  constructor(world: World) {
    this.#world = world;
    this.#leader = world.clientOf("leader");
  }

  /** A BO or CO is copied under another product, so any product of the leader's will do. */
  take(instrument: string): void {
    const sides = this.#world.books
      .holdings(this.#leader)
      .filter((holding) => holding.instrument === instrument)
      .map(({ net }) => Math.sign(net));
    for (const side of [-1, 1]) {
      const name = `${instrument} ${side}`;
      if (sides.includes(side)) this.#untilMs.set(name, Number.POSITIVE_INFINITY);
      else if (this.isOn(instrument, side)) {
        this.#untilMs.set(name, this.#world.clock.monotonicMs());
      }
    }
  }

  isOn(instrument: string, side: number): boolean {
    return this.untilMs(instrument, side) === Number.POSITIVE_INFINITY;
  }

  /** Until when (monotonic) he was there: Infinity while he is, -Infinity if he never was. */
  untilMs(instrument: string, side: number): number {
    return this.#untilMs.get(`${instrument} ${side}`) ?? Number.NEGATIVE_INFINITY;
  }
}
