import type { NewEntry, StreamName } from "../../../ports/journal.ts";
import type { OrderChange } from "../../../simulator/index.ts";
import { isAlive } from "../books.ts";
import type { World } from "../world.ts";
import type { Check, MakeCheck, Tell } from "./check.ts";

interface Repair {
  readonly target: number;
  readonly actual: number;
  /** Units by order, of those that the broker has: filled, and what may still fill. */
  readonly units: Map<string, number>;
}

interface Body {
  readonly copyId?: string;
  readonly repair?: { readonly target: number; readonly actual: number };
  readonly command?: {
    readonly correlationId: string;
    readonly side: "BUY" | "SELL";
    readonly terms: { readonly quantity: number };
  };
}

/**
 * A repair, by the target and the position that it was begun for: its orders lead from the one to the
 * other, never beyond the target, never through flat; and the broker fills no more of them than that.
 */
export const repaired: MakeCheck = (world, tell) => new Repaired(world, tell);

class Repaired implements Check {
  readonly name = "repaired";
  readonly #world: World;
  readonly #tell: Tell;
  readonly #repairs = new Map<string, Repair>();
  /** The repair of an order, by its name. */
  readonly #byOrder = new Map<string, string>();

  constructor(world: World, tell: Tell) {
    this.#world = world;
    this.#tell = tell;
  }

  onEntries(stream: StreamName, entries: readonly NewEntry[]): void {
    for (const { kind, body } of entries) {
      const { copyId = "", repair, command } = body as Body;
      const name = `${stream} ${copyId}`;
      if (kind === "copyOpened" && repair) this.#repairs.set(name, { ...repair, units: new Map() });
      if (kind === "placeIntended" && command) this.#places(name, command);
    }
  }

  #places(name: string, { correlationId, side, terms }: NonNullable<Body["command"]>): void {
    const repair = this.#repairs.get(name);
    if (repair === undefined) return;
    const { target, actual } = repair;
    this.#byOrder.set(correlationId, name);
    const way = side === "BUY" ? 1 : -1;
    const isTowards = Math.sign(target - actual) === way;
    if (!isTowards) this.#tell(`${name}: ${side} leads ${actual} away from ${target}`);
    this.#mustBeWithin(name, repair, terms.quantity);
  }

  /** What the broker has of all its orders, and what another asks for. */
  #mustBeWithin(name: string, { target, actual, units }: Repair, asked = 0): void {
    const isThrough = Math.sign(target) === -Math.sign(actual);
    const most = isThrough ? Math.abs(actual) : Math.abs(target - actual);
    const sum = [...units.values()].reduce((all, some) => all + some, asked);
    if (sum <= most) return;
    this.#tell(`${name}: ${sum} units from ${actual} to ${target}, ${most} at the most`);
  }

  onOrder: NonNullable<Check["onOrder"]> = ({ clientId, row }: OrderChange) => {
    if (clientId === this.#world.clientOf("leader")) return;
    const correlationId = row.correlationId ?? "";
    const name = this.#byOrder.get(correlationId);
    const repair = name === undefined ? undefined : this.#repairs.get(name);
    if (name === undefined || repair === undefined) return;
    repair.units.set(correlationId, isAlive(row) ? row.quantity : row.filledQty);
    this.#mustBeWithin(name, repair);
  };
}
