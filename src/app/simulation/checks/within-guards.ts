import { Written } from "../../../audit/written.ts";
import { E4_PER_RUPEE } from "../../../core/model/money.ts";
import type { OrderChange } from "../../../simulator/index.ts";
import { instrumentOf, type Row } from "../books.ts";
import { instrumentByKey } from "../instruments.ts";
import type { World, WorldFollower } from "../world.ts";
import type { Check, MakeCheck, Tell } from "./check.ts";
import { LeaderTerms } from "./leader-terms.ts";

const DAY_MS = 86_400_000;
const IST_MS = 19_800_000;
/** Less than a paisa. */
const SLACK = 0.001;

/**
 * The limits of a link stand before every order that gets in, by the broker's books alone: what is
 * filled and what may still fill, at the prices that its orders ever had. What only gets out, also what
 * began as an entry and stands for an exit by now, is never measured.
 */
export const withinGuards: MakeCheck = (world, tell) => new WithinGuards(world, tell);

class WithinGuards implements Check {
  readonly name = "within-guards";
  readonly #world: World;
  readonly #tell: Tell;
  readonly #leader: string;
  readonly #written: Written;
  readonly #terms: LeaderTerms;
  readonly #turned = new Set<string>();
  /** Ids of each follower's entries by day. */
  readonly #entriesOf = new Map<string, Set<string>>();
  /** Lowest price that an entry ever had, by follower and contract; rupees. */
  readonly #lowest = new Map<string, number>();
  /** What each entry was last measured with: its filling and its end ask for nothing more. */
  readonly #measured = new Map<string, string>();

  constructor(world: World, tell: Tell) {
    this.#world = world;
    this.#tell = tell;
    this.#leader = world.clientOf("leader");
    this.#written = new Written(world);
    this.#terms = new LeaderTerms(world);
  }

  onEntries: NonNullable<Check["onEntries"]> = (stream, appended) => {
    this.#written.take(stream, appended);
    for (const { kind, body } of appended) {
      const { copyId = "", isTurned } = body as { copyId?: string; isTurned?: boolean };
      if (kind === "copyResized" && isTurned === true) this.#turned.add(copyId);
    }
  };

  onOrder(change: OrderChange): void {
    if (change.clientId === this.#leader) this.#terms.take(change);
    else if (this.#isEntry(change.row)) this.#entryMoved(change);
  }

  #isEntry({ correlationId = "", orderId }: Row): boolean {
    const place = this.#written.places.get(correlationId);
    const role = this.#world.books.groupOf(orderId)?.entryId ?? orderId;
    return place?.part.leg === "entry" && role === orderId && !this.#turned.has(place.copyId);
  }

  #entryMoved({ clientId, orderId, row }: OrderChange): void {
    const name = this.#world.nameOf(clientId);
    const contract = `${clientId} ${instrumentOf(row)} ${row.productType}`;
    const lowest = this.#lowest.get(contract) ?? Number.POSITIVE_INFINITY;
    this.#lowest.set(contract, Math.min(lowest, ...pricesOf(row)));
    const terms = [row.quantity, row.price, row.triggerPrice].join(" ");
    const isMeasured = this.#measured.get(`${clientId} ${orderId}`) === terms;
    if (row.orderStatus === "REJECTED" || isMeasured) return;
    this.#measured.set(`${clientId} ${orderId}`, terms);
    // Limits that were edited since it was decided: by none of them may it have been let through.
    const broken = this.#world
      .rulesOf(name)
      .map((follower) => this.#kindRefused(follower, row) ?? this.#aboveLimit(follower, row));
    if (broken.every((words) => words !== undefined)) {
      this.#tell(`${name}: entry ${orderId}: ${broken.at(-1)}`);
    }
  }

  /** It is no order that the link copies at all. */
  #kindRefused({ link = {} }: WorldFollower, row: Row): string | undefined {
    const { sides, kinds, instruments, orderTypes } = link.guards ?? {};
    const place = this.#written.places.get(row.correlationId ?? "");
    const led = this.#terms.of(place?.part.leaderOrderId ?? "");
    const key = instrumentOf(row);
    const { kind } = instrumentByKey(key as Parameters<typeof instrumentByKey>[0]) ?? {};
    if (sides?.every((side) => side !== row.transactionType)) return `a ${row.transactionType}`;
    if (kinds?.every((allowed) => allowed !== kind)) return `of an ${kind}`;
    if (instruments?.deny?.some((denied) => denied === key)) return `of ${key}`;
    if (led !== undefined && orderTypes?.every((type) => !led.orderTypes.has(type))) {
      return `the leader's was ${[...led.orderTypes].join(", ")}`;
    }
    return undefined;
  }

  #aboveLimit({ link = {} }: WorldFollower, row: Row): string | undefined {
    const { maxOrderValue, maxOrdersPerDay, maxQuantity, maxOpenPositions, maxExposure } =
      link.guards ?? {};
    const exposure = this.#exposureOf(row.dhanClientId);
    const own = exposure.get(`${instrumentOf(row)} ${row.productType}`) ?? 0;
    const value = row.quantity * row.price;
    const orders = this.#ordersToday(row);
    // Adding to a position makes no further one, even where the limit is lower by now.
    const isFirst = own <= row.quantity;
    const positions = isFirst ? [...exposure.values()].filter((units) => units > 0).length : 0;
    const worth = [...exposure].reduce((sum, [contract, units]) => {
      const price = this.#lowest.get(`${row.dhanClientId} ${contract}`);
      return sum + (units > 0 && price !== undefined ? units * price : 0);
    }, 0);
    return (
      above("worth", value, inRupees(maxOrderValue)) ??
      above("units", own, maxQuantity) ??
      above("positions", positions, maxOpenPositions) ??
      above("worth of all", worth, inRupees(maxExposure)) ??
      above("entries of the day", orders, maxOrdersPerDay)
    );
  }

  /** Units by contract: what is held, and what of the entries may still fill. */
  #exposureOf(clientId: string): ReadonlyMap<string, number> {
    const { books } = this.#world;
    const units = new Map<string, number>();
    const add = (contract: string, more: number) =>
      units.set(contract, (units.get(contract) ?? 0) + more);
    for (const { instrument, product, net } of books.holdings(clientId)) {
      add(`${instrument} ${product}`, Math.abs(net));
    }
    for (const row of books.alive(clientId).filter((alive) => this.#isEntry(alive))) {
      add(`${instrumentOf(row)} ${row.productType}`, row.quantity - row.filledQty);
    }
    return units;
  }

  #ordersToday({ dhanClientId, orderId }: Row): number {
    const day = Math.floor((this.#world.clock.nowMs() + IST_MS) / DAY_MS);
    const key = `${dhanClientId} ${day}`;
    const ids = this.#entriesOf.get(key) ?? new Set();
    const isKnown = [...this.#entriesOf.values()].some((others) => others.has(orderId));
    if (!isKnown) this.#entriesOf.set(key, ids.add(orderId));
    return ids.size;
  }
}

function pricesOf(row: Row): readonly number[] {
  return [row.price, row.averageTradedPrice, row.triggerPrice].filter((price) => price > 0);
}

function inRupees(limit: number | undefined): number | undefined {
  return limit === undefined ? undefined : limit / E4_PER_RUPEE;
}

function above(what: string, is: number, limit: number | undefined): string | undefined {
  if (limit === undefined || is <= limit + SLACK) return undefined;
  return `${what} ${Math.round(is)}, the limit is ${limit}`;
}
