import { Written } from "../../../audit/written.ts";
import { tradingDayOf } from "../../../core/model/time.ts";
import { instrumentOf, type Row } from "../books.ts";
import type { World } from "../world.ts";
import type { MakeCheck } from "./check.ts";
import { Named } from "./named.ts";
import { StandingDrifts } from "./standing-drifts.ts";

/** So long after it was first seen a difference that nothing explains must have been told of. */
const ALARM_WITHIN_MS = 120_000;
/** A difference is looked for with the books: what has just moved may not have been read yet. */
const NEWS_MS = 10_000;
const DAY_PRODUCTS: ReadonlySet<string> = new Set(["INTRADAY", "BO", "CO"]);
/** The broker's words for an order that no client has named: followers do nothing by hand, so a trigger fired it. */
const FIRED: ReadonlySet<string> = new Set(["NR", "NA"]);

/**
 * Nothing ends in silence: when the leader is flat at the end of the day, what a follower holds by orders
 * of ours, and has not lost to others, is what the facts that still stand call a difference, unit for unit;
 * or a hold names it. A difference that nothing explains has been told of.
 */
export const driftNamed: MakeCheck = (world, tell) => {
  const ours = new OwnUnits(world);
  const named = new Named(world);
  const standing = new StandingDrifts();
  /** When an order of an account last changed, by account and contract. */
  const movedMs = new Map<string, number>();

  function judge(name: string): void {
    const claimed = standing.unitsOf(name);
    const own = ours.unitsOf(world.clientOf(name));
    for (const place of new Set([...claimed.keys(), ...own.keys()])) {
      const [instrument = "", product = ""] = place.split(" ");
      if (isLeaderIn(world, instrument) || named.has(name, instrument)) continue;
      if (
        (movedMs.get(`${name} ${place}`) ?? Number.NEGATIVE_INFINITY) >
        world.clock.monotonicMs() - NEWS_MS
      )
        continue;
      const net = world.books.net(world.clientOf(name), instrument, product);
      const left = heldOf(own.get(place) ?? 0, net);
      const claim = claimed.get(place) ?? 0;
      if (left === claim) continue;
      tell(`${name} holds ${left} of ${place} that the leader does not; the facts say ${claim}`);
    }
  }

  return {
    name: "drift-named",
    onOrder({ clientId, group, row }) {
      const place = `${instrumentOf(row)} ${row.productType}`;
      movedMs.set(`${world.nameOf(clientId)} ${place}`, world.clock.monotonicMs());
      if (group !== undefined) ours.groupOf.set(row.orderId, group.entryId);
    },
    onEntries(stream, entries) {
      ours.written.take(stream, entries);
      named.take(stream, entries);
      const name = ours.written.nameOf(stream);
      if (name === undefined) return;
      for (const entry of entries) standing.take(name, entry, world.clock.monotonicMs());
    },
    atEnd() {
      for (const { name } of world.options.followers) judge(name);
      const late = standing.untold(world.clock.monotonicMs() - ALARM_WITHIN_MS);
      for (const { name, instrument, unknownMs } of late) {
        tell(`${name}: ${instrument} explained by nothing since ${unknownMs}, nobody was told`);
      }
    },
  };
};

/** What orders of ours have filled, legs and fired orders among them. */
class OwnUnits {
  readonly written: Written;
  /** Entry of the group that an order is a part of. */
  readonly groupOf = new Map<string, string>();
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
    this.written = new Written(world);
  }

  /** Signed units by "INSTRUMENT PRODUCT". */
  unitsOf(clientId: string): ReadonlyMap<string, number> {
    const units = new Map<string, number>();
    for (const row of this.#world.books.orders(clientId)) {
      if (!this.#isOurs(clientId, row) || this.#isOfDayBefore(row)) continue;
      const place = `${instrumentOf(row)} ${row.productType}`;
      const filled = row.transactionType === "BUY" ? row.filledQty : -row.filledQty;
      units.set(place, (units.get(place) ?? 0) + filled);
    }
    return units;
  }

  #isOurs(clientId: string, row: Row): boolean {
    const entryId = this.groupOf.get(row.orderId);
    const entry = entryId === undefined ? undefined : this.#world.books.order(clientId, entryId);
    const id = (entry ?? row).correlationId ?? "";
    return this.written.places.has(id) || this.written.adopted.has(id) || FIRED.has(id);
  }

  #isOfDayBefore({ productType, updateTime }: Row): boolean {
    const today = tradingDayOf(this.#world.clock.nowMs());
    return DAY_PRODUCTS.has(productType) && !updateTime.startsWith(today);
  }
}

/** What of our own units the account has not lost to others. */
function heldOf(own: number, net: number): number {
  const sign = Math.sign(own);
  return sign * Math.max(0, Math.min(Math.abs(own), sign * net));
}

function isLeaderIn(world: World, instrument: string): boolean {
  const held = world.books.holdings(world.clientOf("leader"));
  return held.some((holding) => holding.instrument === instrument);
}
