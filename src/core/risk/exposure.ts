/**
 * Guards that count: what the link is in already, with all that is on the way or of unknown outcome in
 * full, and this entry on top of it.
 */
import type { Guards } from "../model/guards.ts";
import { notionalE4, type PriceE4, toMoneyE4 } from "../model/money.ts";
import type { Refused } from "../model/reason.ts";

/** One contract that a link is in, or on the way into. */
export interface ContractExposure {
  /** Copied units and those of open entries, whichever side they are on. */
  readonly units: number;
  /** What a unit was last paid or asked for; absent where no price is known. */
  readonly price?: PriceE4;
}

export interface LinkExposure {
  /** The entry's own contract. */
  readonly own: ContractExposure;
  readonly others: readonly ContractExposure[];
  /** Entries that the link has placed today. */
  readonly orders: number;
}

/** What an order adds to it. */
export interface Added {
  readonly units: number;
  /** What a unit of it costs; absent where no price is known. */
  readonly price?: PriceE4;
  /** A new order, and not a change of one that is counted already. */
  readonly isNew: boolean;
}

/** The refusal by the first guard that says no; undefined when all agree. */
export function exposureRefusal(
  guards: Guards,
  exposure: LinkExposure,
  added: Added,
): Refused | undefined {
  return (
    ordersRefusal(guards, exposure, added) ??
    quantityRefusal(guards, exposure, added) ??
    positionsRefusal(guards, exposure) ??
    valueRefusal(guards, exposure, added)
  );
}

/** Whether any of these guards is set: without them nobody need count. */
export function countsExposure(guards: Guards): boolean {
  const { maxQuantity, maxOpenPositions, maxExposure, maxOrdersPerDay } = guards;
  return [maxQuantity, maxOpenPositions, maxExposure, maxOrdersPerDay].some(
    (limit) => limit !== undefined,
  );
}

function ordersRefusal(
  { maxOrdersPerDay: limit }: Guards,
  { orders }: LinkExposure,
  { isNew }: Added,
): Refused | undefined {
  if (limit === undefined || !isNew || orders < limit) return undefined;
  return { code: "orders-above-limit", inputs: { orders, limit } };
}

function quantityRefusal(
  { maxQuantity: limit }: Guards,
  { own }: LinkExposure,
  { units }: Added,
): Refused | undefined {
  if (limit === undefined || own.units + units <= limit) return undefined;
  return { code: "quantity-above-limit", inputs: { there: own.units, adds: units, limit } };
}

function positionsRefusal(
  { maxOpenPositions: limit }: Guards,
  { own, others }: LinkExposure,
): Refused | undefined {
  const positions = others.filter(({ units }) => units > 0).length;
  if (limit === undefined || own.units > 0 || positions < limit) return undefined;
  return { code: "positions-above-limit", inputs: { positions, limit } };
}

function valueRefusal(
  { maxExposure: limit }: Guards,
  { own, others }: LinkExposure,
  { units, price }: Added,
): Refused | undefined {
  if (limit === undefined) return undefined;
  let there = 0;
  for (const contract of [own, ...others]) {
    if (contract.units === 0) continue;
    // No price, no guess.
    const each = contract.price ?? (contract === own ? price : undefined);
    if (each === undefined) return { code: "no-reference-price", inputs: {} };
    there += notionalE4(each, contract.units);
  }
  if (price === undefined) return { code: "no-reference-price", inputs: {} };
  const adds = notionalE4(price, units);
  if (toMoneyE4(there + adds) <= limit) return undefined;
  const inputs = { thereE4: there, addsE4: adds, limitE4: limit };
  return { code: "exposure-above-limit", inputs };
}
