import { Written } from "../../../audit/written.ts";
import type { NewEntry, StreamName } from "../../../ports/journal.ts";
import type { OrderChange } from "../../../simulator/index.ts";
import { instrumentOf, isAlive } from "../books.ts";
import type { World } from "../world.ts";
import { Alarms } from "./alarms.ts";
import type { Check, MakeCheck, Tell } from "./check.ts";
import { type LaneFill, Lanes } from "./lanes.ts";
import { LeaderSides } from "./leader-sides.ts";
import { Named } from "./named.ts";

/** So long Tandem has, undisturbed, to take back what may still fill and should not any more. */
const PREVENTABLE_MS = 10_000;
/** Two exits that fill so close to one another could not be told of each other in time; one alarm is. */
const RACE_MS = 2_000;
/** A fill that nothing could prevent must be known to a person within this time, outages included. */
const ALARM_WITHIN_MS = 60_000;
const LATE_FILLS = [
  "filled-beyond-leader",
  "filled-after-cancel",
  "withdrawn-after-fill",
  "double-exit",
  "drift",
  "exit-crossed",
  "change-refused",
  "trigger-fired-alone",
];

/**
 * P4, an exit never exceeds what was copied: by the broker's fills no exit of Tandem's takes more out of
 * a side than its entries brought in and nobody else has taken out, so that none turns the account over;
 * and no entry fills on a side of the market that the leader has left. What no cancel could have
 * prevented is told apart by its times at the broker (the leader left, or another order got out, too
 * shortly before) and must then be known to a person.
 */
export const sides: MakeCheck = (world, tell) => new Sides(world, tell);

class Sides implements Check {
  readonly name = "sides";
  readonly #world: World;
  readonly #tell: Tell;
  readonly #leader: string;
  readonly #alarms: Alarms;
  readonly #written: Written;
  readonly #named: Named;
  readonly #lanes: Lanes;
  readonly #leaderSides: LeaderSides;
  /** When each of the leader's orders ended, and each follower's came to the broker. */
  readonly #endedMs = new Map<string, number>();
  readonly #cameMs = new Map<string, number>();

  constructor(world: World, tell: Tell) {
    this.#world = world;
    this.#tell = tell;
    this.#leader = world.clientOf("leader");
    this.#alarms = new Alarms(world);
    this.#written = new Written(world);
    this.#named = new Named(world);
    this.#lanes = new Lanes(this.#written);
    this.#leaderSides = new LeaderSides(world);
  }

  onOrder(change: OrderChange): void {
    if (change.clientId !== this.#leader) return this.#followerMoved(change);
    this.#leaderSides.take(change);
    if (!isAlive(change.row)) this.#endedMs.set(change.orderId, this.#nowMs);
  }

  onEntries(stream: StreamName, entries: readonly NewEntry[]): void {
    this.#alarms.take(stream, entries);
    this.#written.take(stream, entries);
    this.#named.take(stream, entries);
    this.#lanes.takeEntries(entries);
  }

  get #nowMs(): number {
    return this.#world.clock.monotonicMs();
  }

  #followerMoved(change: OrderChange): void {
    if (!this.#cameMs.has(change.orderId)) this.#cameMs.set(change.orderId, this.#nowMs);
    const fill = this.#lanes.take(change, this.#nowMs);
    if (fill?.way === "in") this.#gotIn(change, fill.side);
    else if (fill !== undefined && fill.beyond > 0) this.#gotOut(change, fill);
  }

  #gotIn(change: OrderChange, side: 1 | -1): void {
    const instrument = instrumentOf(change.row);
    if (this.#leaderSides.isOn(instrument, side)) return;
    // A copy may fill before what it is a copy of.
    const place = this.#written.places.get(change.row.correlationId ?? "");
    const led = this.#world.books.order(this.#leader, place?.part.leaderOrderId ?? "");
    if (led !== undefined && isAlive(led)) return;
    // A trigger of the leader's is known to Tandem from a list that it reads now and then.
    const isFired = this.#world.books.isFired(change.orderId);
    const leftMs = this.#leaderSides.untilMs(instrument, side);
    const sinceMs = Math.max(leftMs, this.#endedMs.get(led?.orderId ?? "") ?? leftMs);
    if (!isFired && this.#nowMs - sinceMs <= PREVENTABLE_MS) return;
    // It had left before him, and was on its way ever since: there was nothing to cancel.
    const cameMs = this.#cameMs.get(change.orderId) ?? this.#nowMs;
    const hasLeftBefore = place !== undefined && place.wantedMs <= leftMs;
    const isLate = hasLeftBefore && this.#nowMs - cameMs <= PREVENTABLE_MS;
    const where = wordsOf(change, this.#netOf(change));
    const filledMs = this.#nowMs;
    this.#judge(change, {
      text: `is ${where} where the leader is not (${change.orderId})`,
      sinceMs,
      isRace: isFired || isLate,
      // Or it has got out again by itself, as its leader did: that is a whole copy, only a late one.
      isOver: () =>
        this.#lanes.unitsOn(change, side) === 0 ||
        this.#leaderSides.untilMs(instrument, side) > filledMs ||
        this.#alarms.isLeftIn(change.clientId, instrument, side, filledMs),
    });
  }

  #gotOut(change: OrderChange, { side, beyond, otherOutMs, foreignOutMs }: LaneFill): void {
    const { clientId, row, orderId } = change;
    const filledMs = this.#nowMs;
    const isRace = filledMs - otherOutMs <= RACE_MS;
    const isForeign = filledMs - foreignOutMs <= RACE_MS;
    // Whose units somebody else has taken is a question of the books alone, as long as none are short.
    const isShared = this.#lanes.hasForeign(change);
    const isTurned = () => -side * this.#netOf(change) > 0;
    if (!isTurned() && isShared) return;
    if (this.#leaderSides.isOn(instrumentOf(row), -side)) return;
    // Another order may have put it right at once, or the difference has a name.
    const isNamed = () => this.#alarms.hasDrift(clientId, instrumentOf(row), -side, filledMs);
    const words = wordsOf(change, this.#netOf(change));
    this.#judge(change, {
      text: `has exited ${beyond} more than it had and is ${words} (${orderId})`,
      sinceMs: otherOutMs,
      isRace,
      isOver: () => (isForeign && isNamed()) || ((isShared || isRace) && !isTurned()),
    });
  }

  #netOf({ clientId, row }: OrderChange): number {
    return this.#world.books.net(clientId, instrumentOf(row), row.productType);
  }

  /** Could it have been prevented? If not, a person must be told in time. */
  #judge({ clientId, row }: OrderChange, { text, sinceMs, isRace, isOver }: Doubt): void {
    const { clock, troubles } = this.#world;
    const filledMs = this.#nowMs;
    const name = this.#world.nameOf(clientId);
    const quietMs = troubles.quietMs(["leader", name], sinceMs, filledMs);
    // The broker does not take the change that would have prevented it, and a person knows.
    const isHeld =
      this.#named.has(name, instrumentOf(row)) ||
      this.#alarms.has(clientId, ["change-refused"], sinceMs);
    if (quietMs > PREVENTABLE_MS && !isRace && !isHeld) {
      const forMs = Math.round(quietMs);
      this.#tell(`${clientId} ${text}: it could have been prevented for ${forMs} ms`);
      return;
    }
    clock.schedule(ALARM_WITHIN_MS, () => {
      if (isOver() || this.#alarms.has(clientId, LATE_FILLS, filledMs - RACE_MS)) return;
      this.#tell(`since ${filledMs}: ${clientId} ${text}, untold`);
    });
  }
}

interface Doubt {
  readonly text: string;
  /** Since when (monotonic) it was wrong for this order to fill. */
  readonly sinceMs: number;
  readonly isRace: boolean;
  /** It has been undone by somebody else, or has a name. */
  readonly isOver: () => boolean;
}

function wordsOf({ row }: OrderChange, net: number): string {
  const where = net === 0 ? "flat" : `${net > 0 ? "long" : "short"} ${net}`;
  return `${where} in ${instrumentOf(row)} ${row.productType}`;
}
