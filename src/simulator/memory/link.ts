/** How long things are under way between a client in memory and the simulator. */
import type { Clock } from "../../ports/clock.ts";
import type { Random } from "../../ports/random.ts";

/** Drawn evenly; milliseconds, with fraction. */
export interface LatencyRange {
  readonly fromMs: number;
  readonly toMs: number;
}

export interface Latencies {
  /** From the client to the broker. */
  readonly up: LatencyRange;
  readonly down: LatencyRange;
  /** TCP, TLS and the upgrade of a socket together. */
  readonly connect: LatencyRange;
}

/** A broadband line to a broker in the same country. */
export const DEFAULT_LATENCIES: Latencies = {
  up: { fromMs: 3, toMs: 12 },
  down: { fromMs: 3, toMs: 12 },
  connect: { fromMs: 15, toMs: 40 },
};

/** Microseconds are enough, and keep the sums of draws short in traces. */
const STEPS_PER_MS = 1_000;

export class Link {
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #latencies: Latencies;
  readonly #onCut = new Set<() => void>();
  #isCut = false;

  constructor(clock: Clock, random: Random, latencies: Latencies) {
    this.#clock = clock;
    this.#random = random;
    this.#latencies = latencies;
  }

  get clock(): Clock {
    return this.#clock;
  }

  /** True once the process at the client's end is gone. */
  get isCut(): boolean {
    return this.#isCut;
  }

  cut(): void {
    if (this.#isCut) return;
    this.#isCut = true;
    for (const callback of this.#onCut) callback();
    this.#onCut.clear();
  }

  /** Called when the process is gone; the returned function takes it back. */
  onCut(callback: () => void): () => void {
    this.#onCut.add(callback);
    return () => this.#onCut.delete(callback);
  }

  draw(way: keyof Latencies): number {
    const { fromMs, toMs } = this.#latencies[way];
    const spanSteps = (toMs - fromMs) * STEPS_PER_MS;
    return fromMs + Math.round(this.#random.next() * spanSteps) / STEPS_PER_MS;
  }

  /** One after another, as on one TCP connection: nothing overtakes. */
  lane(way: "up" | "down"): (arrive: () => void) => void {
    let lastMs = Number.NEGATIVE_INFINITY;
    return (arrive) => {
      const nowMs = this.#clock.monotonicMs();
      lastMs = Math.max(lastMs, nowMs + this.draw(way));
      this.#clock.schedule(lastMs - nowMs, arrive);
    };
  }
}
