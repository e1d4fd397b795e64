/** Reads the bodies of placing and modifying a Forever order as the broker does. */
import type { Product, Side } from "../../../core/model/order.ts";
import {
  BadField,
  type Body,
  clientOf,
  correlationOf,
  disclosed,
  money,
  objectOf,
  oneOf,
  reading,
  requiredQuantity,
  textOf,
} from "../body-fields.ts";
import { inputRefusal, type Reply } from "../replies.ts";
import type { Switches } from "../switches.ts";
import type { ForeverFlag, ForeverLegName, ForeverLegTerms } from "./forever.ts";

export interface ForeverFields {
  readonly dhanClientId?: string;
  readonly correlationId?: string;
  readonly flag: ForeverFlag;
  readonly side: Side;
  readonly segment: string;
  readonly product: Product;
  readonly securityId: string;
  /** One, or of an OCO the primary set and then the "…1" set. */
  readonly legs: readonly ForeverLegTerms[];
}

export interface ForeverChange {
  readonly dhanClientId?: string;
  readonly flag: ForeverFlag;
  readonly legName: ForeverLegName;
  readonly terms: ForeverLegTerms;
}

const FLAGS = ["SINGLE", "OCO"] as const;
const SIDES = ["BUY", "SELL"] as const;
const TYPES = ["LIMIT", "MARKET"] as const;
const VALIDITIES = ["DAY", "IOC"] as const;
const LEG_NAMES = ["ENTRY_LEG", "STOP_LOSS_LEG", "TARGET_LEG"] as const;
/** MARGIN is in the schema of the server alone. */
const PRODUCTS = ["CNC", "MTF", "MARGIN"] as const;

export function readForever(body: unknown, switches: Switches): ForeverFields | Reply {
  return reading(() => {
    const fields = objectOf(body, switches);
    const flag = oneOf(FLAGS, fields.orderFlag);
    const primary = legTermsOf(fields);
    const legs = flag === "SINGLE" ? [primary] : [primary, targetOf(fields)];
    return {
      ...clientOf(fields),
      ...correlationOf(fields, switches),
      flag,
      side: oneOf(SIDES, fields.transactionType),
      segment: textOf(fields.exchangeSegment),
      product: oneOf(PRODUCTS, fields.productType),
      securityId: textOf(fields.securityId),
      legs,
    };
  });
}

/** One leg a call, and all of its terms: what is left out is missing, not kept. */
export function readForeverChange(body: unknown, switches: Switches): ForeverChange | Reply {
  return reading(() => {
    const fields = objectOf(body, switches);
    return {
      ...clientOf(fields),
      flag: oneOf(FLAGS, fields.orderFlag),
      legName: oneOf(LEG_NAMES, fields.legName),
      terms: legTermsOf(fields),
    };
  });
}

function targetOf(fields: Body): ForeverLegTerms {
  return legTermsOf({
    ...fields,
    quantity: fields.quantity1,
    price: fields.price1,
    triggerPrice: fields.triggerPrice1,
  });
}

function legTermsOf(fields: Body): ForeverLegTerms {
  const type = oneOf(TYPES, fields.orderType);
  const quantity = requiredQuantity(fields);
  const triggerE4 = money(fields.triggerPrice);
  const priceE4 = type === "MARKET" ? 0 : money(fields.price);
  if (triggerE4 <= 0) throw new BadField(inputRefusal());
  if (type === "LIMIT" && priceE4 <= 0) throw new BadField(inputRefusal());
  return {
    type,
    validity: oneOf(VALIDITIES, fields.validity),
    quantity,
    disclosedQuantity: disclosed(fields.disclosedQuantity, quantity),
    priceE4,
    triggerE4,
  };
}
