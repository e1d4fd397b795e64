/** Choices out of a seed. */
import { sha256Bytes } from "../../platform/hash.ts";
import { seededRandom } from "../../platform/random.ts";
import type { Random } from "../../ports/random.ts";

const SEED_BYTES = 6;

/**
 * A stream of its own for each named part of a simulation: what one part draws more or less does not
 * reshuffle the others.
 */
export function randomOf(seed: number, part: string): Random {
  return seededRandom(Buffer.from(sha256Bytes(`${seed}/${part}`)).readUIntBE(0, SEED_BYTES));
}

export class Draw {
  readonly random: Random;

  constructor(seed: number, part: string) {
    this.random = randomOf(seed, part);
  }

  /** A whole number, both ends included. */
  int(from: number, to: number): number {
    return from + Math.floor(this.random.next() * (to - from + 1));
  }

  chance(percent: number): boolean {
    return this.random.next() * 100 < percent;
  }

  pick<T>(list: readonly [T, ...T[]]): T {
    return list[this.int(0, list.length - 1)] as T;
  }

  /** One of a list that may be empty. */
  anyOf<T>(list: readonly T[]): T | undefined {
    return list[this.int(0, list.length - 1)];
  }

  /** By weight. */
  weighted<T extends { readonly weight: number }>(list: readonly [T, ...T[]]): T {
    let left = this.random.next() * list.reduce((sum, { weight }) => sum + weight, 0);
    for (const item of list) {
      left -= item.weight;
      if (left < 0) return item;
    }
    return list[0];
  }
}
