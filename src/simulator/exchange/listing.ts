/** An instrument as it starts its day in the box. */
import type { InstrumentSpec } from "./instrument.ts";
import type { SimInstrument } from "./order-records.ts";

/** Options may move far in a day; everything else has a circuit of 20 percent. */
function circuitOf(spec: InstrumentSpec): { lowestE4: number; highestE4: number } {
  const { firstPriceE4, tickE4 } = spec;
  if (spec.option !== undefined) return { lowestE4: tickE4, highestE4: firstPriceE4 * 5 };
  return {
    lowestE4: Math.ceil((firstPriceE4 * 0.8) / tickE4) * tickE4,
    highestE4: Math.floor((firstPriceE4 * 1.2) / tickE4) * tickE4,
  };
}

export function toInstrument(spec: InstrumentSpec): SimInstrument {
  return {
    ...spec,
    ...circuitOf(spec),
    key: `${spec.segment}:${spec.securityId}`,
    lastE4: spec.firstPriceE4,
    liquidity: Number.POSITIVE_INFINITY,
    unitsLeft: Number.POSITIVE_INFINITY,
    working: new Set(),
    watchers: new Set(),
  };
}
