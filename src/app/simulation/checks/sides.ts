import { Written } from "../../../audit/written.ts";
import type { OrderChange } from "../../../simulator/index.ts";
import { instrumentOf, isAlive } from "../books.ts";
import type { World } from "../world.ts";
import { Alarms } from "./alarms.ts";
import type { MakeCheck, Tell } from "./check.ts";
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
];

/**
 * P4, an exit never exceeds what was copied: by the broker's fills no exit of Tandem's takes more out of
 * a side than its entries brought in and nobody else has taken out, so that none turns the account over;
 * and no entry fills on a side of the market that the leader has left. What no cancel could have prevented is told apart by its times
 * at the broker (the leader left, or another order got out, too shortly before) and must then be known
 * to a person.
 */
export const sides: MakeCheck = (world, tell) => {
  const leader = world.clientOf("leader");
  const alarms = new Alarms(world);
  const written = new Written(world);
  const named = new Named(world);
  const leaderSides = new LeaderSides(world);
  const judge = judgeOf(world, { alarms, named }, tell);
  const lanes = new Lanes(written);
  /** When each of the leader's orders ended. */
  const endedMs = new Map<string, number>();

  function followerMoved(change: OrderChange): void {
    const nowMs = world.clock.monotonicMs();
    const fill = lanes.take(change, nowMs);
    if (fill === undefined) return;
    if (fill.way === "in") gotIn(change, fill);
    else if (fill.beyond > 0) gotOut(change, fill);
  }

  function gotIn(change: OrderChange, { side }: LaneFill): void {
    const instrument = instrumentOf(change.row);
    if (leaderSides.isOn(instrument, side)) return;
    // A copy may fill before what it is a copy of.
    const place = written.places.get(change.row.correlationId ?? "");
    const led = world.books.order(leader, place?.part.leaderOrderId ?? "");
    if (led !== undefined && isAlive(led)) return;
    // A trigger of the leader's is known to Tandem from a list that it reads now and then.
    const isRace = world.books.isFired(change.orderId);
    const leftMs = leaderSides.untilMs(instrument, side);
    const sinceMs = Math.max(leftMs, endedMs.get(led?.orderId ?? "") ?? leftMs);
    if (!isRace && world.clock.monotonicMs() - sinceMs <= PREVENTABLE_MS) return;
    const text = `is ${wordsOf(change, netOf(change))} where the leader is not (${change.orderId})`;
    judge(change, { text, sinceMs, isRace, isOver: () => false });
  }

  function gotOut(change: OrderChange, fill: LaneFill): void {
    const { side, beyond, otherOutMs, foreignOutMs } = fill;
    const { clientId, row } = change;
    const nowMs = world.clock.monotonicMs();
    const isRace = nowMs - otherOutMs <= RACE_MS;
    const isForeign = nowMs - foreignOutMs <= RACE_MS;
    // Whose units somebody else has taken is a question of the books alone, as long as none are short.
    const isTurned = -side * netOf(change) > 0;
    const isShared = lanes.hasForeign(change);
    if (!isTurned && isShared) return;
    if (leaderSides.isOn(instrumentOf(row), -side)) return;
    const words = wordsOf(change, netOf(change));
    const text = `has exited ${beyond} more than it had and is ${words} (${change.orderId})`;
    // Another order may have put it right at once, or the difference has a name.
    const isOver = () => {
      const isNamed = alarms.hasDrift(clientId, instrumentOf(row), -side, nowMs);
      return (isForeign && isNamed) || ((isShared || isRace) && -side * netOf(change) <= 0);
    };
    judge(change, { text, sinceMs: otherOutMs, isRace, isOver });
  }

  function netOf({ clientId, row }: OrderChange): number {
    return world.books.net(clientId, instrumentOf(row), row.productType);
  }

  return {
    name: "sides",
    onOrder(change) {
      if (change.clientId !== leader) followerMoved(change);
      else {
        leaderSides.take(change);
        if (!isAlive(change.row)) endedMs.set(change.orderId, world.clock.monotonicMs());
      }
    },
    onEntries(stream, entries) {
      alarms.take(stream, entries);
      written.take(stream, entries);
      named.take(stream, entries);
      lanes.takeEntries(entries);
    },
  };
};

/** Could it have been prevented? If not, a person must be told in time. */
function judgeOf(
  world: World,
  { alarms, named }: { readonly alarms: Alarms; readonly named: Named },
  tell: Tell,
) {
  return ({ clientId, row }: OrderChange, { text, sinceMs, isRace, isOver }: Doubt) => {
    const nowMs = world.clock.monotonicMs();
    const names = ["leader", world.nameOf(clientId)];
    const quietMs = world.troubles.quietMs(names, sinceMs, nowMs);
    // The broker does not take the change that would have prevented it, and a person knows.
    const isHeld =
      named.has(world.nameOf(clientId), instrumentOf(row)) ||
      alarms.has(clientId, ["change-refused"], sinceMs);
    if (quietMs > PREVENTABLE_MS && !isRace && !isHeld) {
      tell(`${clientId} ${text}: it could have been prevented for ${Math.round(quietMs)} ms`);
      return;
    }
    world.clock.schedule(ALARM_WITHIN_MS, () => {
      if (isOver() || alarms.has(clientId, LATE_FILLS, nowMs - RACE_MS)) return;
      tell(`since ${nowMs}: ${clientId} ${text}, untold`);
    });
  };
}

interface Doubt {
  readonly text: string;
  /** Since when (monotonic) it was wrong for this order to fill. */
  readonly sinceMs: number;
  readonly isRace: boolean;
  /** It has been undone by somebody else. */
  readonly isOver: () => boolean;
}

function wordsOf({ row }: OrderChange, net: number): string {
  const where = net === 0 ? "flat" : `${net > 0 ? "long" : "short"} ${net}`;
  return `${where} in ${instrumentOf(row)} ${row.productType}`;
}
