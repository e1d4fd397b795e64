/**
 * What goes wrong at the broker and on the way to it. Every kind is off in about half of the runs,
 * so that rare combinations come up; all of it ends with the day.
 */
import type { FaultInput } from "../../../simulator/index.ts";
import type { Draw } from "../draw.ts";
import type { World } from "../world.ts";

type MakeFault = (draw: Draw) => FaultInput;

/** Each strikes a few times and is gone. */
const KINDS: readonly MakeFault[] = [
  (draw) => ({ kind: "lose-reply", count: draw.int(1, 2) }),
  (draw) => ({ kind: "drop", count: draw.int(1, 2) }),
  (draw) => ({ kind: "delay-reply", ms: draw.int(200, 12_000), count: draw.int(1, 3) }),
  (draw) => ({ kind: "html", afterAccept: draw.chance(50), count: 1 }),
  (draw) => ({ kind: "status", code: 500, afterAccept: draw.chance(50), count: 1 }),
  (draw) => ({ kind: "blind-lookup", ms: draw.int(500, 5_000), count: 1 }),
  (draw) => ({ kind: "stuck-transit", ms: draw.int(500, 4_000), count: 1 }),
  (draw) => ({ kind: "drop-frames", count: draw.int(1, 6) }),
  (draw) => ({ kind: "repeat-frames", times: draw.int(2, 3), count: draw.int(1, 6) }),
  (draw) => ({ kind: "shuffle-frames", hold: draw.int(2, 5), count: draw.int(2, 10) }),
  (draw) => ({ kind: "delay-frames", ms: draw.int(50, 2_000), count: draw.int(1, 6) }),
  (draw) => ({ kind: "cut", ms: draw.int(0, 4_000) }),
  () => ({ kind: "stray-frame" }),
];

export class Weather {
  readonly #world: World;
  readonly #draw: Draw;
  readonly #kinds: readonly MakeFault[];

  constructor(world: World, draw: Draw) {
    this.#world = world;
    this.#draw = draw;
    this.#kinds = KINDS.filter(() => draw.chance(50));
  }

  /** Something of it hits an account, or all of them. */
  strikes(): void {
    const make = this.#draw.anyOf(this.#kinds);
    if (make === undefined) return;
    const name = this.#draw.anyOf(this.#world.names);
    const match =
      name === undefined || this.#draw.chance(20) ? {} : { clientId: this.#world.clientOf(name) };
    const fault = { ...make(this.#draw), match };
    this.#world.trace.add("weather", JSON.stringify(fault));
    this.#world.simulator.addFault(fault);
  }

  clears(): void {
    this.#world.simulator.removeFault();
  }
}
