/**
 * A leader's busy little day over two instruments, and where it must leave two followers, one of
 * whom copies all and one half. Whatever is done to the news of it, the end is the same.
 */
import assert from "node:assert/strict";
import { asCorrelationId } from "../../src/core/model/ids.ts";
import { HDFCBANK, RELIANCE, type Rig, type RigFollower, type Row } from "./rig.ts";

export const BUSY_FOLLOWERS: readonly RigFollower[] = [
  { name: "asha", bps: 10_000 },
  { name: "ravi", bps: 5_000 },
];

/** Leader orders by the names that the script gives them. */
export type Labels = ReadonlyMap<string, string>;

/** Plays the day. `disturb` is called before each of the leader's moves. */
export async function playBusyDay(rig: Rig, disturb: () => void = () => {}): Promise<Labels> {
  const labels = new Map<string, string>();
  const lead = (label: string, order: Readonly<Record<string, unknown>>) => {
    disturb();
    const id = rig.lead(order);
    labels.set(label, id);
    return id;
  };
  const script = { rig, disturb, lead };
  await openPositions(script);
  const burst = await restBurst(script);
  await leavePositions(script, burst);
  return labels;
}

interface Script {
  readonly rig: Rig;
  readonly disturb: () => void;
  readonly lead: (label: string, order: Readonly<Record<string, unknown>>) => string;
}

async function openPositions({ rig, disturb, lead }: Script): Promise<void> {
  const rested = lead("rested", { quantity: 100, price: 1600 });
  await rig.reaches("leader", rested, "PENDING");
  disturb();
  rig.modify(rested, { quantity: 201, price: 1601 });
  disturb();
  rig.modify(rested, { quantity: 201, price: 1602 });
  lead("market", { securityId: RELIANCE, orderType: "MARKET", price: 0, quantity: 50 });
  const stop = { orderType: "STOP_LOSS", triggerPrice: 1420, price: 1425 };
  lead("stop", { securityId: RELIANCE, ...stop, quantity: 30 });
  disturb();
  rig.simulator.fill({ orderId: rested, quantity: 40 });
  disturb();
  rig.cancel(rested);
  await rig.reaches("leader", rested, "CANCELLED");
  await rig.untilCaughtUp();
  disturb();
  // What rests of the followers' 40 and 20 fills, then the stops of all wake together.
  rig.simulator.setPrice("HDFCBANK", 1602);
  rig.simulator.setPrice("RELIANCE", 1421);
  await rig.untilCaughtUp();
}

async function restBurst({ rig, disturb, lead }: Script): Promise<readonly string[]> {
  lead("rejected", { quantity: 10, price: 4000 });
  const burst: string[] = [];
  for (let place = 0; place < 10; place += 1) {
    const price = 1300 + place;
    burst.push(lead(`burst-${place}`, { securityId: RELIANCE, quantity: 10, price }));
  }
  for (const id of burst) await rig.reaches("leader", id, "PENDING");
  for (const id of burst.slice(0, 5)) {
    disturb();
    rig.cancel(id);
  }
  disturb();
  rig.modify(burst[5] ?? "", { quantity: 20, price: 1310 });
  await rig.untilCaughtUp();
  return burst;
}

async function leavePositions({ rig, lead }: Script, burst: readonly string[]): Promise<void> {
  const sale = { transactionType: "SELL", orderType: "MARKET", price: 0 };
  lead("half", { securityId: RELIANCE, ...sale, quantity: 40 });
  lead("whole", { securityId: HDFCBANK, ...sale, quantity: 40 });
  await rig.untilCaughtUp();
  // One unit is less than nothing for ravi, who copies half: he has nothing to exit either.
  lead("single", { orderType: "MARKET", price: 0, quantity: 1 });
  await rig.untilCaughtUp();
  lead("single-exit", { ...sale, quantity: 1 });
  await rig.untilCaughtUp();
  assert.equal(burst.length, 10);
}

/** What the copies of one leader order have come to at the broker. */
interface LegEnd {
  readonly filled: number;
  /** "10 BUY LIMIT 1306" of every order that is alive. */
  readonly live: readonly string[];
}

export type DayEnd = Readonly<Record<string, LegEnd>>;

const NOTHING: LegEnd = { filled: 0, live: [] };
const filled = (units: number): LegEnd => ({ filled: units, live: [] });
const resting = (order: string): LegEnd => ({ filled: 0, live: [order] });

function expectedEnd(scale: (units: number) => number): DayEnd {
  const burst = Object.fromEntries(
    [6, 7, 8, 9].map((place) => [
      `burst-${place}`,
      resting(`${scale(10)} BUY LIMIT ${1300 + place}`),
    ]),
  );
  const cancelled = Object.fromEntries([0, 1, 2, 3, 4].map((place) => [`burst-${place}`, NOTHING]));
  return {
    rested: filled(scale(40)),
    market: filled(scale(50)),
    stop: filled(scale(30)),
    rejected: NOTHING,
    ...cancelled,
    "burst-5": resting(`${scale(20)} BUY LIMIT 1310`),
    ...burst,
    half: filled(scale(40)),
    whole: filled(scale(40)),
    single: filled(Math.floor(scale(1))),
    "single-exit": filled(Math.floor(scale(1))),
  };
}

const EXPECTED: Readonly<Record<string, DayEnd>> = {
  asha: expectedEnd((units) => units),
  ravi: expectedEnd((units) => units / 2),
};
const EXPECTED_NET: Readonly<Record<string, number>> = { asha: 40, ravi: 20 };

/** Asserts the one end that the day has, at the broker, and that nothing was sent twice. */
export function assertBusyDayEnd(rig: Rig, labels: Labels): void {
  for (const { name } of BUSY_FOLLOWERS) {
    const end = Object.fromEntries([...labels].map(([label, id]) => [label, endOf(rig, name, id)]));
    assert.deepEqual(end, EXPECTED[name], name);
    assert.equal(rig.net(name, RELIANCE), EXPECTED_NET[name], `${name}: units of RELIANCE`);
    assert.equal(rig.net(name, HDFCBANK), 0, `${name}: units of HDFCBANK`);
    assertNoOrderTwice(rig, name);
    assert.equal(rig.truth(name).throttled, 0, `${name}: requests turned away for their rate`);
  }
}

/** Every order in the account's book has its own correlation id, and it is ours. */
export function assertNoOrderTwice(rig: Rig, name: string): void {
  const ids = rig.rows(name).map((row) => row.correlationId ?? "none");
  for (const id of ids) assert.ok(asCorrelationId(id), `${name}: an order that is not ours: ${id}`);
  assert.equal(new Set(ids).size, ids.length, `${name}: two orders under one id`);
}

function endOf(rig: Rig, name: string, leaderOrderId: string): LegEnd {
  const rows = rig.copiesOf(name, leaderOrderId);
  return {
    filled: rows.reduce((sum, row) => sum + (row.filledQty ?? 0), 0),
    live: rows.filter(isAlive).map((row) => {
      return `${row.quantity} ${row.transactionType} ${row.orderType} ${row.price}`;
    }),
  };
}

function isAlive({ orderStatus }: Row): boolean {
  return orderStatus === "TRANSIT" || orderStatus === "PENDING" || orderStatus === "PART_TRADED";
}
