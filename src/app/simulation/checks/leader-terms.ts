/** Everything that each of the leader's orders ever showed at the broker: sizes, prices, stops. */
import { must } from "../../../platform/assert.ts";
import type { OrderChange } from "../../../simulator/index.ts";
import { instrumentOf } from "../books.ts";
import { TRADED } from "../instruments.ts";
import type { World } from "../world.ts";
import type { RuleBasis } from "./rule.ts";

const DAY_MS = 86_400_000;

interface Shown {
  quantity: number;
  readonly instrument: string;
  readonly side: string;
  readonly orderTypes: Set<string>;
  /** Rupees. */
  readonly prices: Set<number>;
  readonly stops: Set<number>;
}

export class LeaderTerms {
  readonly #world: World;
  readonly #shown = new Map<string, Shown>();
  /** Largest that each follower's capital ever was over the leader's, by client id. */
  readonly #ratios = new Map<string, number>();

  constructor(world: World) {
    this.#world = world;
  }

  take({ orderId, row, group }: OrderChange): void {
    const shown = this.#shownOf(orderId, row);
    shown.quantity = Math.max(shown.quantity, row.quantity);
    shown.orderTypes.add(row.orderType);
    for (const price of [row.price, row.averageTradedPrice, row.triggerPrice]) {
      if (price > 0) shown.prices.add(price);
    }
    if (group?.stopPrice !== undefined) this.#shown.get(group.entryId)?.stops.add(group.stopPrice);
  }

  of(orderId: string): Shown | undefined {
    return this.#shown.get(orderId);
  }

  /** Undefined for an order that is in no book of orders, as a trigger is. */
  basisOf(orderId: string, clientId: string): RuleBasis | undefined {
    const shown = this.#shown.get(orderId);
    if (shown === undefined) return undefined;
    const traded = TRADED.find(({ instrument }) => instrument.key === shown.instrument);
    return {
      quantity: shown.quantity,
      lot: must(traded, "a traded contract").instrument.lotSize,
      prices: [...shown.prices],
      stops: [...shown.stops, ...this.#earlierStops(orderId, shown)],
      capitalRatio: this.#capitalRatioOf(clientId),
    };
  }

  /** A stop whose entry has not filled is no order yet: nobody is told when it is moved. */
  #earlierStops(entryId: string, { stops }: Shown): readonly number[] {
    if (stops.size === 0) return [];
    const [truth] = this.#world.simulator.truth(this.#world.clientOf("leader"));
    const group = truth?.groups.find((one) => one.entryId === entryId);
    const prices = group?.moments.map(({ stop }) => stop?.price ?? 0) ?? [];
    return prices.filter((price) => price > 0);
  }

  #shownOf(orderId: string, row: OrderChange["row"]): Shown {
    const known = this.#shown.get(orderId);
    if (known !== undefined) return known;
    const shown: Shown = {
      quantity: 0,
      instrument: instrumentOf(row),
      side: row.transactionType,
      orderTypes: new Set(),
      prices: new Set(),
      stops: new Set(),
    };
    this.#shown.set(orderId, shown);
    return shown;
  }

  /** What the broker shows changes over the night alone, and an order may be carried over it. */
  #capitalRatioOf(clientId: string): number {
    const startOf = (id: string) => this.#world.simulator.truth(id)[0]?.startOfDay ?? 0;
    const day = Math.floor(this.#world.clock.nowMs() / DAY_MS);
    const key = `${clientId} ${day}`;
    const known = this.#ratios.get(key);
    if (known !== undefined) return known;
    const before = this.#ratios.get(clientId) ?? 0;
    const ratio = startOf(clientId) / startOf(this.#world.clientOf("leader"));
    this.#ratios.set(key, Math.max(before, ratio));
    this.#ratios.set(clientId, Math.max(before, ratio));
    return Math.max(before, ratio);
  }
}
