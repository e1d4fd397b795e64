/** Reads the bodies of Super Orders (official docs). Levels are prices, not distances. */
import {
  BadField,
  type Body,
  clientOf,
  correlationOf,
  money,
  objectOf,
  oneOf,
  reading,
  requiredQuantity,
  textOf,
} from "../body-fields.ts";
import type { PlaceFields } from "../order-fields.ts";
import { inputRefusal, type Reply } from "../replies.ts";
import type { Switches } from "../switches.ts";
import type { ExitTerms, GroupTerms } from "./group.ts";
import { type GroupRole, LEG_NAMES, ROLE_OF } from "./role.ts";

const SIDES = ["BUY", "SELL"] as const;
const PRODUCTS = ["CNC", "INTRADAY", "MARGIN", "MTF"] as const;
const TYPES = ["LIMIT", "MARKET"] as const;

interface Levels {
  readonly targetE4: number;
  readonly stopE4: number;
  readonly trailE4: number;
}

/** A modification of one part; 0 stands for a level that was left out. */
export interface SuperModifyFields extends Levels {
  readonly dhanClientId?: string;
  readonly role: GroupRole;
  readonly type: (typeof TYPES)[number];
  readonly quantity: number;
  readonly priceE4: number;
}

/** One exit may be left out with 0; without any it is no Super Order (the SDK's rule). */
export function readSuperPlace(body: unknown, switches: Switches): PlaceFields | Reply {
  return reading(() => {
    const fields = objectOf(body, switches);
    const side = oneOf(SIDES, fields.transactionType);
    const type = oneOf(TYPES, fields.orderType);
    const priceE4 = money(fields.price);
    if (type === "LIMIT" && priceE4 === 0) throw new BadField(inputRefusal());
    const levels = levelsOf(fields);
    if (levels.targetE4 === 0 && levels.stopE4 === 0) throw new BadField(inputRefusal());
    if (!isInOrder(side, priceE4, levels)) throw new BadField(inputRefusal());
    return {
      ...clientOf(fields),
      ...correlationOf(fields, switches),
      side,
      segment: textOf(fields.exchangeSegment),
      product: oneOf(PRODUCTS, fields.productType),
      type,
      validity: "DAY" as const,
      securityId: textOf(fields.securityId),
      quantity: requiredQuantity(fields),
      disclosedQuantity: 0,
      priceE4: type === "LIMIT" ? priceE4 : 0,
      triggerE4: 0,
      afterMarket: false,
      group: groupOf(levels),
    };
  });
}

export function readSuperModify(body: unknown, switches: Switches): SuperModifyFields | Reply {
  return reading(() => {
    const fields = objectOf(body, switches);
    const role = ROLE_OF[oneOf(LEG_NAMES, fields.legName)];
    const levels = levelsOf(fields);
    if (role === "target" && levels.targetE4 === 0) throw new BadField(inputRefusal());
    if (role === "stop" && levels.stopE4 === 0) throw new BadField(inputRefusal());
    if (role !== "entry") {
      return { ...clientOf(fields), role, ...levels, type: "LIMIT", quantity: 0, priceE4: 0 };
    }
    const type = oneOf(TYPES, fields.orderType);
    const priceE4 = money(fields.price);
    if (type === "LIMIT" && priceE4 === 0) throw new BadField(inputRefusal());
    const quantity = requiredQuantity(fields);
    return { ...clientOf(fields), role, ...levels, type, quantity, priceE4 };
  });
}

function levelsOf(fields: Body): Levels {
  return {
    targetE4: money(fields.targetPrice),
    stopE4: money(fields.stopLossPrice),
    trailE4: money(fields.trailingJump),
  };
}

/** A buyer's target is above the entry and the stop below it; a seller's the other way round. */
export function isInOrder(side: "BUY" | "SELL", priceE4: number, levels: Levels): boolean {
  const { targetE4, stopE4 } = levels;
  const sign = side === "BUY" ? 1 : -1;
  const known = [stopE4, priceE4, targetE4].filter((price) => price > 0);
  return known.every((price, at) => at === 0 || (price - (known[at - 1] ?? 0)) * sign > 0);
}

function groupOf({ targetE4, stopE4, trailE4 }: Levels): GroupTerms {
  const exit = (levelE4: number, trail = 0): ExitTerms => ({
    levelE4,
    distanceE4: 0,
    trailE4: trail,
  });
  return {
    kind: "super",
    ...(targetE4 > 0 && { target: exit(targetE4) }),
    ...(stopE4 > 0 && { stop: exit(stopE4, trailE4) }),
  };
}
