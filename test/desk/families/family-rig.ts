/**
 * A leader with order groups and two followers, one of whom copies half and one double; and what must
 * be true at the broker when such a day is over.
 */
import assert from "node:assert/strict";
import type { Side } from "../../../src/core/model/order.ts";
import type { AlarmCode } from "../../../src/core/model/reason.ts";
import type { AccountTruth } from "../../../src/simulator/index.ts";
import { eventually } from "../../eventually.ts";
import { Rig, type RigOptions, type Row } from "../rig.ts";

export type GroupTruth = AccountTruth["groups"][number];
export type GroupMoment = GroupTruth["moments"][number];

/** The followers, and what each has of a hundred units of the leader's. */
export const SHARES: Readonly<Record<string, number>> = { asha: 50, ravi: 200 };
export const NAMES = Object.keys(SHARES);

/** Whole deadlines, only shorter than a person's: the broker answers within milliseconds here. */
const QUICK_LIMITS = {
  protectionMs: 3_000,
  rearmMs: 6_000,
  exitGraceMs: 300,
  exitDeadlineMs: 1_500,
  legGraceMs: 500,
};

export type FamilyOptions = Partial<Omit<RigOptions, "followers">> & {
  /** The rule of both links, beyond its sizing. */
  readonly link?: RigOptions["followers"][number]["link"];
};

export function startFamily({ link = {}, limits, ...options }: FamilyOptions = {}): Promise<Rig> {
  return Rig.start({
    ...options,
    limits: { ...QUICK_LIMITS, ...limits },
    followers: [
      { name: "asha", bps: 5_000, link },
      { name: "ravi", bps: 20_000, link },
    ],
  });
}

/** The group at the follower that copies this order of the leader's. */
export function groupOf(rig: Rig, name: string, leaderOrderId: string): GroupTruth | undefined {
  const ids = rig.copiesOf(name, leaderOrderId).map(({ orderId }) => orderId);
  return rig.truth(name).groups.find(({ entryId }) => ids.includes(entryId));
}

/** How that group stands; undefined while there is none. */
export function standing(rig: Rig, name: string, leaderOrderId: string): GroupMoment | undefined {
  return groupOf(rig, name, leaderOrderId)?.moments.at(-1);
}

/** How the leader's own group stands. */
export function leaderStanding(rig: Rig, entryId: string): GroupMoment {
  const group = rig.truth("leader").groups.find((each) => each.entryId === entryId);
  const moment = group?.moments.at(-1);
  assert.ok(moment, `the leader has no group ${entryId}`);
  return moment;
}

/** Waits until the group of every follower stands as the condition says. */
export async function groupsReach(
  rig: Rig,
  leaderOrderId: string,
  what: string,
  isSo: (moment: GroupMoment, name: string) => boolean,
): Promise<void> {
  for (const name of NAMES) {
    const reached = () => {
      const moment = standing(rig, name, leaderOrderId);
      return moment !== undefined && isSo(moment, name);
    };
    await eventually(reached, { what: `${name}: ${what}`, deadlineMs: 10_000 });
    await rig.settles(name);
  }
}

/** Units of `name` for so many of the leader's. */
export function shareOf(name: string, leaderUnits: number): number {
  return (leaderUnits * (SHARES[name] ?? 0)) / 100;
}

/** Fills the entries of all, the leader's first, each with its share of `leaderUnits`. */
export function fillEntries(rig: Rig, leaderOrderId: string, leaderUnits: number): void {
  rig.simulator.fill({ orderId: leaderOrderId, quantity: leaderUnits });
  for (const name of NAMES) {
    const orderId = groupOf(rig, name, leaderOrderId)?.entryId;
    assert.ok(orderId, `${name} has no group`);
    rig.simulator.fill({ orderId, quantity: shareOf(name, leaderUnits) });
  }
}

const OPEN: ReadonlySet<string> = new Set(["TRANSIT", "PENDING", "PART_TRADED"]);

export function openRows(rig: Rig, name: string): Row[] {
  return rig.rows(name).filter(({ orderStatus }) => OPEN.has(orderStatus));
}

/** Triggers of the account that wait for their price. */
export function liveForevers(rig: Rig, name: string): AccountTruth["forevers"] {
  const isAlive = (status: string) => status === "transit" || status === "active";
  return rig.truth(name).forevers.filter(({ legs }) => legs.some((leg) => isAlive(leg.status)));
}

/** Waits until nobody holds anything and nothing is open, then checks the whole day. */
export async function endsFlat(rig: Rig, side: Side = "BUY"): Promise<void> {
  for (const name of ["leader", ...NAMES]) {
    const isOver = () => openRows(rig, name).length + liveForevers(rig, name).length === 0;
    const what = `${name} flat`;
    await eventually(() => isFlat(rig, name) && isOver(), { what, deadlineMs: 15_000 }).catch(
      (error: Error) => assert.fail(`${error.message}, but ${stateText(rig, name)}`),
    );
  }
  for (const name of NAMES) await rig.settles(name);
  assertDay(rig, side);
}

export function isFlat(rig: Rig, name: string): boolean {
  return rig.truth(name).positions.every(({ netQty }) => netQty === 0);
}

function stateText(rig: Rig, name: string): string {
  const { positions } = rig.truth(name);
  const nets = positions.map(({ tradingSymbol, netQty }) => `${netQty} ${tradingSymbol}`);
  const open = openRows(rig, name).map((row) => {
    return `${row.transactionType} ${row.quantity} at ${row.price} stop ${row.triggerPrice}`;
  });
  return [...nets, ...open].join("; ");
}

/** What holds for every follower on every day, whatever the leader does. */
export function assertDay(rig: Rig, side: Side): void {
  for (const name of NAMES) {
    assertNeverBeyond(rig, name, side);
    assertOwnIds(rig, name);
    const { throttled, orderRequestsPerSecondMax } = rig.truth(name);
    assert.equal(throttled, 0, `${name}: requests turned away`);
    assert.ok(orderRequestsPerSecondMax <= 10, `${name}: ${orderRequestsPerSecondMax} a second`);
  }
}

/** Through all fills in their order: never on the other side of zero. */
export function assertNeverBeyond(rig: Rig, name: string, side: Side): void {
  assert.ok(worstNet(rig, name, side) >= 0, `${name} went beyond zero`);
}

/** The lowest that the account's net ever was, counted in the direction of `side`. */
export function worstNet(rig: Rig, name: string, side: Side): number {
  const fills = rig
    .truth(name)
    .orders.flatMap(({ row, fills }) => fills.map((fill) => ({ ...fill, row })))
    .sort((a, b) => Number(a.exchangeTradeId) - Number(b.exchangeTradeId));
  const nets = new Map<string, number>();
  let worst = 0;
  for (const { row, quantity } of fills) {
    const sign = row.transactionType === side ? 1 : -1;
    const net = (nets.get(row.securityId) ?? 0) + sign * quantity;
    nets.set(row.securityId, net);
    worst = Math.min(worst, net);
  }
  return worst;
}

/** Each order that we placed has an id of its own; legs are the broker's and have none of ours. */
function assertOwnIds(rig: Rig, name: string): void {
  const own = rig.truth(name).orders.filter(({ role, source, parentOrderId }) => {
    return source === "P" && role !== "target" && role !== "stop" && parentOrderId === null;
  });
  const ids = own.map(({ correlationId }) => correlationId);
  assert.equal(new Set(ids).size, ids.length, `${name}: two orders under one id`);
}

/** Codes of the alarms that this follower has had, each once, in their order. */
export async function alarms(rig: Rig, name: string): Promise<AlarmCode[]> {
  const codes: AlarmCode[] = [];
  for (const fact of await rig.facts(name)) {
    if (fact.kind === "alarmed" && !codes.includes(fact.code)) codes.push(fact.code);
  }
  return codes;
}

/** Nobody had to be called. */
export async function assertNoAlarms(rig: Rig): Promise<void> {
  for (const name of NAMES) assert.deepEqual(await alarms(rig, name), [], name);
}
