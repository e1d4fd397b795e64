/**
 * What was copied, by the broker's fills alone: for each follower and contract the units of the orders
 * that got in, long and short apart, less those of the orders that got out. Groups may stand on both
 * sides of one contract, so its net says nothing.
 */

import type { Written } from "../../../audit/written.ts";
import type { NewEntry } from "../../../ports/journal.ts";
import type { OrderChange } from "../../../simulator/index.ts";
import { instrumentOf, type Row } from "../books.ts";

export type Way = "in" | "out" | "foreign";

export interface LaneFill {
  readonly way: Way;
  /** Of the position that it opens or closes: 1 long, -1 short. */
  readonly side: 1 | -1;
  readonly units: number;
  /** Units by which it took more out of the side than was in it. */
  readonly beyond: number;
  /** When another order last took units out of it; -Infinity when none ever has. */
  readonly otherOutMs: number;
  /** When an order that is not Tandem's last did. */
  readonly foreignOutMs: number;
}

interface Out {
  readonly atMs: number;
  /** Not by an order of Tandem's. */
  readonly isForeign: boolean;
}

/** One follower's contract, as far as it stands for one of the leader's. */
interface Lane {
  /** Copied units of plain orders, signed: an entry against a position closes it first. */
  plain: number;
  /** Of groups, which may stand on both sides at once. */
  readonly groups: Record<1 | -1, number>;
  /**
   * Units of each side that an entry of the other has closed: the exit that was meant to close them may
   * still fill, and what it turns round is then the entry's.
   */
  readonly crossed: Record<1 | -1, number>;
  /** Last fills out of each side, by order. */
  readonly outs: Record<1 | -1, Map<string, Out>>;
}

interface LeaderContract {
  readonly instrument: string;
  readonly product: string;
}

/** Orders that a trigger has fired carry no name of their own. */
const FIRED = /^(NA|NR)$/;
const OUT: ReadonlySet<string> = new Set(["exit", "stop"]);

export class Lanes {
  readonly #written: Written;
  readonly #filled = new Map<string, number>();
  readonly #foreign = new Set<string>();
  /** By follower's contract, then by the leader's that it stands for. */
  readonly #lanes = new Map<string, Map<string, Lane>>();
  /** The leader's contract of a copy, where it is another one than the follower's. */
  readonly #ofCopy = new Map<string, string>();
  /** Names of the entries of groups, for their legs have others. */
  readonly #entryNames = new Map<string, string>();

  constructor(written: Written) {
    this.#written = written;
  }

  takeEntries(entries: readonly NewEntry[]): void {
    for (const { kind, body } of entries) {
      const { copyId, of } = body as { copyId?: string; of?: LeaderContract };
      if (kind !== "copyOpened" || copyId === undefined || of === undefined) continue;
      this.#ofCopy.set(copyId, `${of.instrument} ${of.product}`);
    }
  }

  /** Somebody else has traded the contract: whose units he took is a guess. */
  hasForeign({ clientId, row }: OrderChange): boolean {
    return this.#foreign.has(contractOf(clientId, row));
  }

  /** Units of the contract that stand on the side, groups and plain ones. */
  unitsOn({ clientId, row }: OrderChange, side: 1 | -1): number {
    const lanes = [...this.#lanesOf(clientId, row).values()];
    return lanes.reduce((sum, lane) => sum + lane.groups[side] + Math.max(0, side * lane.plain), 0);
  }

  /**
   * Units of the account that are in, contract by contract, when no leg of a group works any more: then
   * a long and a short group of one contract are nothing together, as the broker's own net says. Where
   * somebody else has traded, so are units that stand for several contracts of the leader's.
   */
  unitsOf(clientId: string): number {
    let sum = 0;
    for (const [contract, lanes] of this.#lanes) {
      if (!contract.startsWith(`${clientId} `)) continue;
      const nets = [...lanes.values()].map(({ groups, plain }) => groups[1] - groups[-1] + plain);
      const isGuess = this.#foreign.has(contract);
      sum += isGuess ? Math.abs(total(nets)) : total(nets.map(Math.abs));
    }
    return sum;
  }

  /** Undefined when the change is no fill. */
  take(change: OrderChange, nowMs: number): LaneFill | undefined {
    const { clientId, orderId, row } = change;
    const key = `${clientId} ${orderId}`;
    const units = row.filledQty - (this.#filled.get(key) ?? 0);
    this.#filled.set(key, row.filledQty);
    if (units <= 0) return undefined;
    const towards: 1 | -1 = row.transactionType === "BUY" ? 1 : -1;
    const back = -towards as 1 | -1;
    const way = this.#wayOf(change);
    const isGroup = change.group !== undefined;
    const lane = this.#laneOf(change);
    if (way === "foreign") {
      this.#takeForeign(change, back, units, nowMs);
      return { way, side: back, units, beyond: 0, otherOutMs: nowMs, foreignOutMs: nowMs };
    }
    const opened = way === "in" ? putIn(lane, towards, units, isGroup) : 0;
    if (opened > 0) {
      return { way, side: towards, units: opened, beyond: 0, otherOutMs: 0, foreignOutMs: 0 };
    }
    const beyond = way === "in" ? 0 : takeOut(lane, back, units, isGroup);
    const others = [...lane.outs[back]].filter(([id]) => id !== orderId).map(([, out]) => out);
    lane.outs[back].set(orderId, { atMs: nowMs, isForeign: false });
    const otherOutMs = lastOf(others);
    const foreignOutMs = lastOf(others.filter(({ isForeign }) => isForeign));
    return { way: "out", side: back, units, beyond, otherOutMs, foreignOutMs };
  }

  /** Somebody else has closed what was copied, as far as there is any. */
  #takeForeign(
    { clientId, orderId, row }: OrderChange,
    side: 1 | -1,
    units: number,
    nowMs: number,
  ) {
    this.#foreign.add(contractOf(clientId, row));
    let left = units;
    for (const lane of this.#lanesOf(clientId, row).values()) {
      const taken = Math.min(left, lane.groups[side] + Math.max(0, side * lane.plain));
      if (taken === 0) continue;
      takeOut(lane, side, taken, false);
      lane.outs[side].set(orderId, { atMs: nowMs, isForeign: true });
      left -= taken;
    }
  }

  #wayOf({ row, group }: OrderChange): Way {
    if (group !== undefined && group.role !== "entry") return "out";
    const leg = this.#written.places.get(row.correlationId ?? "")?.part.leg;
    if (leg !== undefined) return OUT.has(leg) ? "out" : "in";
    if (!FIRED.test(row.correlationId ?? "")) return "foreign";
    // Delivered shares cannot be sold first.
    return row.transactionType === "BUY" ? "in" : "out";
  }

  #laneOf({ clientId, orderId, row, group }: OrderChange): Lane {
    if (group?.entryId === orderId) this.#entryNames.set(orderId, row.correlationId ?? "");
    const entryName = this.#entryNames.get(group?.entryId ?? "");
    const place = this.#written.places.get(entryName ?? row.correlationId ?? "");
    const of = this.#ofCopy.get(place?.copyId ?? "") ?? "its own";
    const lanes = this.#lanesOf(clientId, row);
    const lane = lanes.get(of) ?? newLane();
    lanes.set(of, lane);
    return lane;
  }

  #lanesOf(clientId: string, row: Row): Map<string, Lane> {
    const key = contractOf(clientId, row);
    const lanes = this.#lanes.get(key) ?? new Map<string, Lane>();
    this.#lanes.set(key, lanes);
    return lanes;
  }
}

function contractOf(clientId: string, row: Row): string {
  return `${clientId} ${instrumentOf(row)} ${row.productType}`;
}

function total(units: readonly number[]): number {
  return units.reduce((sum, one) => sum + one, 0);
}

function lastOf(outs: readonly Out[]): number {
  return Math.max(Number.NEGATIVE_INFINITY, ...outs.map(({ atMs }) => atMs));
}

function newLane(): Lane {
  return {
    plain: 0,
    groups: { 1: 0, [-1]: 0 },
    crossed: { 1: 0, [-1]: 0 },
    outs: { 1: new Map(), [-1]: new Map() },
  };
}

/** Says how many units it opened: an entry against a plain position closes that first. */
function putIn(lane: Lane, side: 1 | -1, units: number, isGroup: boolean): number {
  if (isGroup) {
    lane.groups[side] += units;
    return units;
  }
  const closed = Math.min(units, Math.max(0, -side * lane.plain));
  lane.plain += side * units;
  lane.crossed[-side as 1 | -1] += closed;
  return units - closed;
}

/** Says by how much it went beyond: a leg takes of its group first, a plain order of the plain ones. */
function takeOut(lane: Lane, side: 1 | -1, units: number, isLeg: boolean): number {
  const inPlain = Math.max(0, side * lane.plain);
  const ofGroups = Math.min(lane.groups[side], isLeg ? units : Math.max(0, units - inPlain));
  lane.groups[side] -= ofGroups;
  lane.plain -= side * (units - ofGroups);
  const over = Math.max(0, units - ofGroups - inPlain);
  const crossed = Math.min(over, lane.crossed[side]);
  lane.crossed[side] -= crossed;
  return over - crossed;
}
