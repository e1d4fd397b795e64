/** What Super Orders, BO and CO have in common: an entry with exits, changed leg by leg. */
import { type GroupRows, isAlive, type Row } from "../books.ts";
import type { Traded } from "../instruments.ts";
import type { Family, Stage } from "./family.ts";

export type Side = "BUY" | "SELL";
export type WireFields = Readonly<Record<string, unknown>>;

export interface GroupPlan {
  readonly traded: Traded;
  readonly side: Side;
  /** Fields of the wire's place body beside instrument, side and quantity. */
  readonly fields: WireFields;
}

const LOTS_MAX = 6;
const ALIVE_MAX = 4;

export abstract class GroupOrders implements Family {
  abstract readonly name: string;
  readonly weight = 2;
  protected readonly stage: Stage;
  readonly #entries = new Map<string, Traded>();

  constructor(stage: Stage) {
    this.stage = stage;
  }

  /** What is placed next. */
  protected abstract plan(): GroupPlan;

  /** The product under which the units of this instrument are held. */
  protected abstract productOf(traded: Traded): string;

  get isOver(): boolean {
    return this.#alive().length === 0 && this.#leftovers().length === 0;
  }

  begins(): void {
    if (this.#alive().length >= ALIVE_MAX) return;
    const { traded, side, fields } = this.plan();
    const lots = this.stage.draw.int(1, LOTS_MAX);
    const id = this.#places(traded, side, lots * traded.instrument.lotSize, fields);
    this.#entries.set(id, traded);
  }

  goesOn(): void {
    const { draw, world, leader, market } = this.stage;
    const group = draw.anyOf(this.#alive());
    const traded = this.#entries.get(group?.entryId ?? "");
    if (group === undefined || traded === undefined) return;
    const away = group.entry?.transactionType === "BUY" ? 1 : -1;
    const { entryId: orderId } = group;
    const modify = (leg: "ENTRY_LEG" | "TARGET_LEG" | "STOP_LOSS_LEG", changes: WireFields) =>
      world.simulator.modifyByHand(leader, { orderId, leg, changes });
    switch (draw.int(0, 5)) {
      case 0:
        modify("TARGET_LEG", { targetPrice: market.rupeesAt(traded, away * draw.int(10, 100)) });
        break;
      case 1:
      case 2:
        modify("STOP_LOSS_LEG", {
          stopLossPrice: market.rupeesAt(traded, -away * draw.int(10, 100)),
        });
        break;
      case 3:
        world.simulator.cancelByHand(
          leader,
          orderId,
          openUnits(group) > 0 ? "TARGET_LEG" : "ENTRY_LEG",
        );
        break;
      case 4:
        if (group.entry?.orderType === "LIMIT" && openUnits(group) === 0) {
          modify("ENTRY_LEG", { price: market.rupeesAt(traded, -away * draw.int(0, 30)) });
        }
        break;
      default:
        this.#exits(group);
    }
  }

  ends(): void {
    const { world, leader } = this.stage;
    for (const group of this.#alive()) {
      if (isRowAlive(group.entry)) world.simulator.cancelByHand(leader, group.entryId, "ENTRY_LEG");
      else this.#exits(group);
    }
    if (this.#alive().length > 0) return;
    // What is left where a person has taken both legs away.
    for (const { traded, net } of this.#leftovers()) {
      const productType = this.productOf(traded);
      // Nobody can place a plain order under these: the broker closes what is left.
      if (productType === "BO" || productType === "CO") {
        world.simulator.squareOff(leader);
        return;
      }
      const terms = { productType, orderType: "MARKET", price: 0 };
      this.#places(traded, net > 0 ? "SELL" : "BUY", Math.abs(net), terms);
    }
  }

  #exits(group: GroupRows): void {
    const { world, leader } = this.stage;
    const hasLeg = isWorking(group.target) || isWorking(group.stop);
    if (hasLeg && openUnits(group) > 0) world.simulator.exitGroupByHand(leader, group.entryId);
  }

  #places(traded: Traded, transactionType: Side, quantity: number, fields: WireFields): string {
    const { world, leader } = this.stage;
    const { exchangeSegment, securityId } = traded;
    const order = { exchangeSegment, securityId, transactionType, quantity, ...fields };
    const reply = world.simulator.placeByHand(leader, order);
    const { orderId } = reply.body as { orderId?: string };
    if (orderId === undefined) {
      throw new Error(`not placed: ${JSON.stringify(order)} ${JSON.stringify(reply.body)}`);
    }
    return orderId;
  }

  #alive(): readonly GroupRows[] {
    const groups = [...this.#entries.keys()].map((id) => this.stage.world.books.group(id));
    return groups.filter((group): group is GroupRows => {
      return [group?.entry, group?.target, group?.stop].some(isRowAlive);
    });
  }

  #leftovers() {
    const { world, leader } = this.stage;
    return [...new Set(this.#entries.values())].flatMap((traded) => {
      const net = world.books.net(leader, traded.instrument.key, this.productOf(traded));
      return net === 0 ? [] : [{ traded, net }];
    });
  }
}

/** Units in and not out through the legs. */
export function openUnits({ entry, target, stop }: GroupRows): number {
  return (entry?.filledQty ?? 0) - (target?.filledQty ?? 0) - (stop?.filledQty ?? 0);
}

function isRowAlive(row: Row | undefined): boolean {
  return row !== undefined && isAlive(row);
}

function isWorking(row: Row | undefined): boolean {
  return row?.orderStatus === "PENDING" || row?.orderStatus === "PART_TRADED";
}
