import type { OrderChange } from "../../../src/simulator/index.ts";
import { instrumentOf } from "../books.ts";
import { Alarms } from "./alarms.ts";
import type { MakeCheck } from "./check.ts";

/** For so long after the leader's last unit on a side a copy of it may still fill. */
const PATIENCE_MS = 10_000;
/** A fill may win over a cancel; within this time, outages included, a person must know of it. */
const ALARM_WITHIN_MS = 60_000;
const LATE_FILLS = ["filled-beyond-leader", "filled-after-cancel", "withdrawn-after-fill"];

/**
 * No follower gets to a side of the market on which the leader is not (never short where he is not,
 * never long where he is not), unless an alarm in the journal tells of a fill that came too late.
 */
export const sides: MakeCheck = (world, tell) => {
  const leader = world.clientOf("leader");
  const alarms = new Alarms(world);
  /** Until when the leader was on a side of an instrument; Infinity while he is. */
  const untilMs = new Map<string, number>();

  /** A BO or CO is copied under another product, so any product of the leader's will do. */
  function leaderMoved(change: OrderChange, instrument: string): void {
    const sides = world.books
      .holdings(leader)
      .filter((holding) => holding.instrument === instrument)
      .map(({ net }) => Math.sign(net));
    for (const side of [-1, 1]) {
      const name = `${instrument} ${side}`;
      if (sides.includes(side)) untilMs.set(name, Number.POSITIVE_INFINITY);
      else if (untilMs.get(name) === Number.POSITIVE_INFINITY) untilMs.set(name, change.atMs);
    }
  }

  function followerMoved(change: OrderChange, instrument: string): void {
    const { atMs, clientId, orderId, row } = change;
    const net = world.books.net(clientId, instrument, row.productType);
    const side = Math.sign(net);
    const isGrowing = row.filledQty > 0 && (row.transactionType === "BUY") === side > 0;
    if (side === 0 || !isGrowing) return;
    const lastMs = untilMs.get(`${instrument} ${side}`) ?? Number.NEGATIVE_INFINITY;
    if (atMs - lastMs <= PATIENCE_MS) return;
    const where = `${side > 0 ? "long" : "short"} ${net} in ${instrument} ${row.productType}`;
    const text = `${clientId} is ${where} where the leader is not (${orderId})`;
    world.clock.schedule(ALARM_WITHIN_MS, () => {
      if (!alarms.has(clientId, LATE_FILLS, atMs)) tell(`since ${atMs}: ${text}`);
    });
  }

  return {
    name: "sides",
    onOrder(change) {
      const instrument = instrumentOf(change.row);
      if (change.clientId === leader) leaderMoved(change, instrument);
      else followerMoved(change, instrument);
    },
    onEntries: (stream, entries) => alarms.take(stream, entries),
  };
};
