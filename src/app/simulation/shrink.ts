/** Takes out of a failing plan what the failure does not need, until a person can read it. */
import type { Keep } from "./keep.ts";

export interface ShrinkOptions {
  /** Lengths of the plan's lists by name; those named first are reduced first. */
  readonly lists: Readonly<Record<string, number>>;
  /** What is left of them to begin with; absent: all. */
  readonly from?: Keep;
  /** Whether the plan, so reduced, still fails in the way that is looked for. */
  readonly stillFails: (keep: Keep) => Promise<boolean>;
  /** Most days that are played for it. */
  readonly runsMax: number;
  /** The best so far is the result once it is aborted. */
  readonly signal?: AbortSignal;
}

export interface Shrunk {
  readonly keep: Keep;
  readonly runs: number;
  /** No single part can be taken out any more. False when it ended early. */
  readonly isSmallest: boolean;
}

/**
 * All of a list first, then halves of it, then smaller runs, then one part at a time; and again over
 * all lists, as long as anything has gone in the last round. What one part stands for may depend on
 * an earlier one, so a list is tried from its end.
 */
export async function shrink(options: ShrinkOptions): Promise<Shrunk> {
  return new Shrinking(options).run();
}

class Shrinking {
  readonly #options: ShrinkOptions;
  #keep: Record<string, readonly number[]>;
  #runs = 0;

  constructor(options: ShrinkOptions) {
    this.#options = options;
    const whole = Object.entries(options.lists).map(([name, length]) => {
      const places = options.from?.[name] ?? Array.from({ length }, (_, place) => place);
      return [name, places] as const;
    });
    this.#keep = Object.fromEntries(whole);
  }

  async run(): Promise<Shrunk> {
    let hasShrunk = true;
    while (hasShrunk && !this.#isOver) {
      hasShrunk = false;
      for (const name of Object.keys(this.#options.lists)) {
        if (await this.#shrinkList(name)) hasShrunk = true;
      }
    }
    return { keep: this.#left(), runs: this.#runs, isSmallest: !this.#isOver };
  }

  get #isOver(): boolean {
    return this.#runs >= this.#options.runsMax || this.#options.signal?.aborted === true;
  }

  async #shrinkList(name: string): Promise<boolean> {
    const before = this.#placesOf(name).length;
    for (let length = before; length >= 1; length = nextLength(length)) {
      for (let end = this.#placesOf(name).length; end > 0 && !this.#isOver; end -= length) {
        const places = this.#placesOf(name);
        const without = places.filter((_, index) => index < end - length || index >= end);
        if (await this.#try({ ...this.#keep, [name]: without })) this.#keep[name] = without;
      }
    }
    return this.#placesOf(name).length < before;
  }

  #placesOf(name: string): readonly number[] {
    return this.#keep[name] ?? [];
  }

  async #try(keep: Keep): Promise<boolean> {
    this.#runs += 1;
    return this.#options.stillFails(keep);
  }

  /** Whole lists go without saying. */
  #left(): Keep {
    const { lists } = this.#options;
    const entries = Object.entries(this.#keep);
    return Object.fromEntries(entries.filter(([name, { length }]) => length < (lists[name] ?? 0)));
  }
}

/** 20, 10, 5, 3, 2, 1. */
function nextLength(length: number): number {
  return length === 1 ? 0 : Math.ceil(length / 2);
}
