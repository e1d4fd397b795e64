/** A desk on which groups are spoken of as people do: his stop leg fills, the broker loses a leg. */
import assert from "node:assert/strict";
import { toBrokerOrderId } from "../../src/core/model/ids.ts";
import {
  type ExitLeg,
  type ExitLevel,
  type ExitLevels,
  type OrderFamily,
  type OrderTerms,
  opposite,
  type Side,
} from "../../src/core/model/order.ts";
import type { Child } from "../../src/core/order/child.ts";
import type { StepResult } from "../../src/core/step.ts";
import { type OrderChange, rupees } from "./builders.ts";
import { Desk } from "./desk.ts";
import { EXIT_LEGS } from "./fake-broker.ts";

export interface LeaderGroup {
  readonly quantity?: number;
  /** Rupees; null: a group without that leg. */
  readonly target?: number | null;
  readonly stop?: number | null;
  readonly trail?: number;
  readonly change?: OrderChange;
}

const LEG_FAMILY: Readonly<Partial<Record<OrderFamily, OrderFamily>>> = {
  "super-entry": "super-leg",
  bracket: "bracket-leg",
  cover: "cover-leg",
};

interface LeaderLevels {
  readonly side: Side;
  readonly family: OrderFamily;
  readonly order: OrderChange;
  levels: { target?: ExitLevel; stop?: ExitLevel };
}

export class GroupDesk extends Desk {
  readonly #groups = new Map<string, LeaderGroup & LeaderLevels>();

  // The leader's side.

  /** His Super Order rests: BUY 100 at 1650, out at 1680 or at 1630, as frame and list tell it. */
  leadsSuper(id: string, group: LeaderGroup = {}): StepResult {
    const { quantity = 100, target = 1_680, stop = 1_630, trail, change = {} } = group;
    const waiting = { status: "waiting", filledQuantity: 0 } as const;
    const levels = {
      ...(target === null ? {} : { target: { price: rupees(target), ...waiting } }),
      ...(stop === null
        ? {}
        : {
            stop: {
              price: rupees(stop),
              ...waiting,
              ...(trail === undefined ? {} : { trail: rupees(trail) }),
            },
          }),
    };
    const order: OrderChange = {
      family: "super-entry",
      ...change,
      terms: { quantity, ...change.terms },
    };
    const { side = "BUY" } = change;
    this.#groups.set(id, { ...group, side, family: "super-entry", order, levels });
    this.leads(id, order);
    return this.lists(id);
  }

  /** His entry fills up to `filledQuantity`, and his legs stand. */
  leaderFills(id: string, filledQuantity?: number): void {
    const group = this.#group(id);
    const quantity = group.order.terms?.quantity ?? 100;
    const filled = filledQuantity ?? quantity;
    this.leads(id, {
      filledQuantity: filled,
      averagePrice: rupees(1_650),
      status: filled === quantity ? "filled" : "working",
    });
    for (const leg of EXIT_LEGS) {
      const level = group.levels[leg];
      if (level === undefined || level.status === "cancelled") continue;
      group.levels = { ...group.levels, [leg]: { ...level, status: "working" } };
      this.#leadsLeg(id, leg, { terms: { quantity: filled } });
    }
    this.lists(id);
  }

  /** A read of his book and his list of groups. */
  lists(id: string): StepResult {
    this.leads(id, { levels: { ...this.#group(id).levels } as ExitLevels });
    return this.leaderBook();
  }

  /** One of his legs fills; his broker ends the other. News of the ended one may be told first. */
  leaderLegFills(id: string, leg: ExitLeg, news: readonly ("fill" | "sibling")[]): void {
    const quantity = this.#group(id).order.terms?.quantity ?? 100;
    const sibling = leg === "stop" ? "target" : "stop";
    for (const what of news) {
      if (what === "fill") {
        const averagePrice = this.#group(id).levels[leg]?.price ?? rupees(1_650);
        const filled = { status: "filled", filledQuantity: quantity, averagePrice } as const;
        this.#leadsLeg(id, leg, { ...filled, terms: { quantity } });
      } else if (this.#group(id).levels[sibling]) {
        this.#leadsLeg(id, sibling, { status: "cancelled", terms: { quantity } });
      }
    }
  }

  leaderCancelsLeg(id: string, leg: ExitLeg): void {
    const group = this.#group(id);
    const level = group.levels[leg];
    assert.ok(level);
    group.levels = { ...group.levels, [leg]: { ...level, status: "cancelled" } };
    this.#leadsLeg(id, leg, { status: "cancelled" });
    this.lists(id);
  }

  /** He moves a level; `trail` of a stop is said again or ends. */
  leaderMoves(id: string, leg: ExitLeg, amount: number, trail?: number): void {
    const group = this.#group(id);
    const { trail: _trail, ...level } = group.levels[leg] ?? {
      status: "working",
      filledQuantity: 0,
      price: rupees(amount),
    };
    const trailed = trail === undefined ? {} : { trail: rupees(trail) };
    group.levels = { ...group.levels, [leg]: { ...level, price: rupees(amount), ...trailed } };
    this.lists(id);
  }

  #leadsLeg(id: string, leg: ExitLeg, change: OrderChange): StepResult {
    const { side, family, levels, order } = this.#group(id);
    const price = levels[leg]?.price ?? rupees(1_650);
    const terms: Partial<OrderTerms> =
      leg === "stop" ? { type: "STOP_LOSS", triggerPrice: price, price } : { type: "LIMIT", price };
    return this.leads(`${id}-${leg}`, {
      family: LEG_FAMILY[family] ?? "super-leg",
      leg,
      parentId: toBrokerOrderId(id),
      side: opposite(side),
      ...(order.product && { product: order.product }),
      ...(order.instrument && { instrument: order.instrument }),
      ...change,
      terms: { ...terms, ...change.terms },
    });
  }

  #group(id: string): LeaderGroup & LeaderLevels {
    const group = this.#groups.get(id);
    assert.ok(group, `no group ${id}`);
    return group;
  }

  // The follower's side.

  /** The entry of the follower's group fills, and his drop copy tells of it and of its legs. */
  entryFills(id: string, units?: number): Child {
    this.fills(this.child(id), units);
    const child = this.child(id);
    this.showsLegs(child);
    return this.child(id);
  }

  showsLegs(child: Child): void {
    for (const leg of EXIT_LEGS) {
      if (child.brokerOrderId === undefined) continue;
      const order = this.broker.orders.get(this.broker.legId(child.brokerOrderId, leg));
      if (order !== undefined) this.sees(order);
    }
  }

  /** The follower's leg fills and his drop copy tells of both legs, the sibling's end last. */
  legFills(id: string, leg: ExitLeg, units?: number, isSiblingLate = false): void {
    const { brokerOrderId, filled } = this.child(id);
    assert.ok(brokerOrderId);
    for (const order of this.broker.fillLeg(brokerOrderId, leg, units ?? filled, isSiblingLate)) {
      this.sees(order);
    }
  }

  /** A leg of the follower's ends for no reason of ours. */
  legEnds(id: string, leg: ExitLeg): void {
    const { brokerOrderId } = this.child(id);
    assert.ok(brokerOrderId);
    this.sees(this.broker.endLeg(brokerOrderId, leg));
  }

  levels(id: string): ExitLevels {
    const { brokerOrderId } = this.child(id);
    const levels = brokerOrderId && this.broker.levels(brokerOrderId);
    return levels ? levels : {};
  }

  /** Leader and follower are in, both with their legs: 100 and 50 units. */
  inGroup(id: string, group: LeaderGroup = {}): void {
    this.leadsSuper(id, group);
    this.settle();
    this.leaderFills(id);
    this.entryFills(id);
    this.settle();
  }

  /** What is sent, short: "cancel stop", "modify target 1650", "SELL 50". */
  sentLines(): string[] {
    return this.outbox.map((command) => {
      if (command.kind === "place") return `${command.side} ${command.terms.quantity}`;
      const part = command.leg ?? "entry";
      const level = command.kind === "modify" && command.leg && command.protection?.[command.leg];
      return `${command.kind} ${part}${level ? ` ${level / 10_000}` : ""}`;
    });
  }
}
