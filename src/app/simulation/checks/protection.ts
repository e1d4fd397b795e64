import type { NewEntry } from "../../../ports/journal.ts";
import type { OrderChange } from "../../../simulator/index.ts";
import { instrumentOf, type Row } from "../books.ts";
import type { World } from "../world.ts";
import { Alarms } from "./alarms.ts";
import type { MakeCheck } from "./check.ts";

/** Within this time a filled entry has a stop that works, or a person knows that it has not. */
const DEADLINE_MS = 10_000;
const LOOK_AGAIN_MS = 1_000;
/** What a person is told: no stop works, or the leader is out and the copy is not yet. */
const TOLD = ["unprotected", "still-in", "exit-rejected"];
/** Of an account that is squared off: its stops were ended on purpose, and what gets it out is in doubt. */
const TOLD_OF_SQUARED_OFF = ["unknown-order", "not-flat"];

interface OpenBody {
  readonly copyId: string;
  readonly of?: { readonly product: string };
}

interface PlaceBody {
  readonly copyId: string;
  readonly command: {
    readonly correlationId: string;
    readonly protection?: { readonly stop?: number };
  };
  readonly identity: { readonly leaderOrderId: string; readonly leg: string };
}

interface Watched {
  readonly clientId: string;
  readonly entryId: string;
  readonly row: Row;
  /** As the broker counted it at the last change. */
  unprotected: number;
  /** Since when units are without a stop; when that was first so. */
  sinceMs: number | undefined;
  firstMs: number | undefined;
}

/**
 * P5, protection goes with the position: where the leader's order has a stop, nobody's copy of it has
 * units without one for longer than an undisturbed deadline, whether a stop was ever asked for or not,
 * unless an alarm in the journal says so, or the leader himself goes without.
 */
export const protection: MakeCheck = (world, tell) => {
  const groups = new Map<string, Watched>();
  const alarms = new Alarms(world);
  const copies = new Copies();
  const leader = world.clientOf("leader");

  function isTold({ clientId, row }: Watched, sinceMs: number): boolean {
    const codes = alarms.isSquaredOff(clientId) ? [...TOLD, ...TOLD_OF_SQUARED_OFF] : TOLD;
    return alarms.has(clientId, codes, sinceMs) || alarms.isStillIn(clientId, copies.copyOf(row));
  }

  function isLeaderExposed(row: Row): boolean {
    return [...groups.values()].some((group) => {
      const isSame = instrumentOf(group.row) === instrumentOf(row);
      return group.clientId === leader && isSame && uncovered(world, copies, group) > 0;
    });
  }

  function look(group: Watched): void {
    const nowMs = world.clock.monotonicMs();
    const isExposed = uncovered(world, copies, group) > 0 && !isLeaderExposed(group.row);
    if (!isExposed) {
      group.sinceMs = undefined;
      return;
    }
    group.firstMs ??= nowMs;
    if (group.sinceMs !== undefined) return;
    group.sinceMs = nowMs;
    world.clock.schedule(DEADLINE_MS, () => expire(group, nowMs));
  }

  function expire(group: Watched, sinceMs: number): void {
    if (group.sinceMs !== sinceMs) return;
    const units = uncovered(world, copies, group);
    if (units === 0 || isTold(group, group.firstMs ?? sinceMs)) return;
    if (isLeaderExposed(group.row)) return;
    // A process that is dead, or cut off, cannot tell; it has the time once it is back.
    const nowMs = world.clock.monotonicMs();
    const names = [world.nameOf(group.clientId)];
    // What a square-off has ended on purpose is due again from when it is taken back.
    const fromMs = Math.max(sinceMs, alarms.releasedMs(group.clientId));
    const quietMs = world.troubles.quietMs(names, fromMs, nowMs);
    if (quietMs < DEADLINE_MS) {
      world.clock.schedule(Math.max(LOOK_AGAIN_MS, DEADLINE_MS - quietMs), () =>
        expire(group, sinceMs),
      );
      return;
    }
    tell(`${group.clientId}: ${units} units of entry ${group.entryId} without a stop or an alarm`);
  }

  return {
    name: "protection",
    onOrder(change) {
      take(groups, change);
      takeBare(groups, copies, change);
      if (copies.hasLostItsStop(change)) {
        tell(`${change.clientId}: ${change.orderId} was decided with a stop, and left without one`);
      }
      // Any order may be the stop in place of a group's, or have taken its units out.
      for (const group of groups.values()) if (group.clientId !== leader) look(group);
    },
    onEntries(stream, entries) {
      copies.take(entries);
      alarms.take(stream, entries);
    },
  };
};

function take(groups: Map<string, Watched>, { clientId, group, row }: OrderChange): void {
  if (group === undefined || !group.hasStop) return;
  const { entryId, unprotected } = group;
  const known = groups.get(entryId);
  if (known !== undefined) known.unprotected = unprotected;
  else {
    const fresh = { clientId, entryId, row, unprotected, sinceMs: undefined, firstMs: undefined };
    groups.set(entryId, fresh);
  }
}

/** An entry for a leader's group that went out without legs of its own: all of it is bare. */
function takeBare(groups: Map<string, Watched>, copies: Copies, change: OrderChange): void {
  const { clientId, orderId, row, group } = change;
  if (group !== undefined || row.filledQty === 0) return;
  const led = groups.get(copies.entryOf(row) ?? "");
  if (led === undefined || led.clientId === clientId) return;
  const known = groups.get(orderId);
  const unprotected = row.filledQty;
  if (known !== undefined) known.unprotected = unprotected;
  else {
    const times = { sinceMs: undefined, firstMs: undefined };
    groups.set(orderId, { clientId, entryId: orderId, row, unprotected, ...times });
  }
}

/** Which orders stand for the same copy, as the journal names them before they are sent. */
class Copies {
  readonly #copyOf = new Map<string, string>();
  /** Copies of what the leader holds under BO or CO: he has nothing but groups there. */
  readonly #bracketOf = new Map<string, string>();
  /** Names of placements with a stop that have not been seen at the broker. */
  readonly #withStop = new Set<string>();
  /** The leader's order that an entry stands for. */
  readonly #leaderOrderOf = new Map<string, string>();

  take(entries: readonly NewEntry[]): void {
    for (const { kind, body } of entries) {
      if (kind === "copyOpened") {
        const { copyId, of } = body as OpenBody;
        if (of?.product === "BO" || of?.product === "CO") this.#bracketOf.set(copyId, of.product);
      }
      if (kind !== "placeIntended") continue;
      const { copyId, command, identity } = body as PlaceBody;
      this.#copyOf.set(command.correlationId, copyId);
      if (command.protection?.stop !== undefined) this.#withStop.add(command.correlationId);
      if (identity.leg !== "entry") continue;
      this.#leaderOrderOf.set(command.correlationId, identity.leaderOrderId);
    }
  }

  /** Said once: the order was to have a stop and is at the broker as one that has none. */
  hasLostItsStop({ row, group }: OrderChange): boolean {
    const name = row.correlationId ?? "";
    return this.#withStop.delete(name) && group?.hasStop !== true;
  }

  /** Of an entry: the leader's order that it stands for. */
  entryOf({ correlationId = "" }: Row): string | undefined {
    return this.#leaderOrderOf.get(correlationId);
  }

  copyOf({ correlationId = "" }: Row): string | undefined {
    return this.#copyOf.get(correlationId);
  }

  /** Another order of the leader's under the same BO or CO: an exit of it takes units of groups out. */
  isSameBracket(a: Row, b: Row): boolean {
    const product = this.#bracketOf.get(this.copyOf(a) ?? "");
    return product !== undefined && product === this.#bracketOf.get(this.copyOf(b) ?? "");
  }

  isSame(a: Row, b: Row): boolean {
    const copyId = this.copyOf(a);
    return copyId !== undefined && copyId === this.copyOf(b);
  }
}

/**
 * Units that the group leaves bare, as far as no plain order of the same copy has taken them out or
 * is a stop for them, nor an exit of another group of the leader's has taken them out, and never more
 * than the account holds in all without a stop.
 */
function uncovered(world: World, copies: Copies, { clientId, row, unprotected }: Watched): number {
  const leaderOrderId = copies.entryOf(row) ?? "";
  if (unprotected === 0 || hasExpired(world, row.orderId)) return 0;
  if (hasExpired(world, leaderOrderId)) return 0;
  const instrument = instrumentOf(row);
  const ways = world.books
    .orders(clientId)
    .filter((order) => instrumentOf(order) === instrument && order.productType === row.productType)
    .filter((order) => order.transactionType !== row.transactionType);
  const outOfIt = ways
    .filter((order) => copies.isSame(order, row))
    .reduce((sum, order) => sum + order.filledQty + stopUnits(order), 0);
  const outOfOthers = ways
    .filter((order) => !copies.isSame(order, row) && copies.isSameBracket(order, row))
    .filter((order) => copies.entryOf(order) === undefined)
    .reduce((sum, order) => sum + order.filledQty, 0);
  const sign = row.transactionType === "BUY" ? 1 : -1;
  const held = sign * world.books.net(clientId, instrument, row.productType);
  const bare = held - ways.reduce((sum, order) => sum + stopUnits(order), 0);
  return Math.max(0, Math.min(unprotected - outOfIt - outOfOthers, bare));
}

/** Its legs were day orders: what is carried over the night has no stop at the leader either. */
function hasExpired(world: World, entryId: string): boolean {
  return world.books.group(entryId)?.stop?.orderStatus === "EXPIRED";
}

function stopUnits(order: Row): number {
  const isWorking = order.orderStatus === "PENDING" || order.orderStatus === "PART_TRADED";
  return order.orderType === "STOP_LOSS" && isWorking ? order.quantity - order.filledQty : 0;
}
