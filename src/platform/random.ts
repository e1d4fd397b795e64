import type { Random } from "../ports/random.ts";

export function systemRandom(): Random {
  return { next: () => Math.random() };
}

/**
 * The same seed gives the same numbers on every machine, for ever: seeds are written into bug
 * reports. Generator: sfc32 (Chris Doty-Humphrey, PractRand), 128 bits of state in 32-bit integers;
 * the first twelve outputs are thrown away so that neighbouring seeds part ways.
 */
export function seededRandom(seed: number): Random {
  let a = 0;
  let b = seed | 0;
  let c = Math.floor(seed / 0x1_0000_0000) | 0;
  let counter = 1;

  function next32(): number {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return sum >>> 0;
  }

  for (let round = 0; round < 12; round++) next32();
  return { next: () => next32() / 0x1_0000_0000 };
}
