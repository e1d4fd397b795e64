/** Reads the bodies of place and modify as the broker does: fields first, everything else later. */
import { AMO_TIMES } from "./amo-time.ts";
import {
  BadField,
  clientOf,
  correlationOf,
  disclosed,
  money,
  objectOf,
  oneOf,
  reading,
  requiredQuantity,
  textOf,
} from "./body-fields.ts";
import { bracketTerms } from "./group/bracket-request.ts";
import { roleOf } from "./group/role.ts";
import type { ModifyFields, PlaceFields } from "./order-fields.ts";
import { inputRefusal, type Reply } from "./replies.ts";
import type { Switches } from "./switches.ts";

const SIDES = ["BUY", "SELL"] as const;
const PRODUCTS = ["CNC", "INTRADAY", "MARGIN", "MTF", "CO", "BO"] as const;
const TYPES = ["LIMIT", "MARKET", "STOP_LOSS", "STOP_LOSS_MARKET"] as const;
const VALIDITIES = ["DAY", "IOC"] as const;

/** The fields, or the broker's refusal (DH-905 does not tell which field it was). */
export function readPlace(body: unknown, switches: Switches): PlaceFields | Reply {
  return reading(() => {
    const fields = objectOf(body, switches);
    const quantity = requiredQuantity(fields);
    const type = oneOf(TYPES, fields.orderType);
    const isStop = type === "STOP_LOSS" || type === "STOP_LOSS_MARKET";
    const hasPrice = type === "LIMIT" || type === "STOP_LOSS";
    const price = money(fields.price);
    const trigger = money(fields.triggerPrice);
    if (hasPrice && price <= 0) throw new BadField(inputRefusal());
    if (isStop && trigger <= 0) throw new BadField(inputRefusal());
    const afterMarket = fields.afterMarketOrder === true || fields.afterMarketOrder === "true";
    const amoTime = afterMarket ? { amoTime: oneOf(AMO_TIMES, fields.amoTime) } : {};
    if (fields.disclosedQuantity == null && switches.missingDisclosedQuantity === "refuse") {
      throw new BadField(inputRefusal());
    }
    const side = oneOf(SIDES, fields.transactionType);
    const product = oneOf(PRODUCTS, fields.productType);
    const priceE4 = hasPrice ? price : 0;
    const group = bracketTerms(fields, { product, side, priceE4 }, switches);
    return {
      ...clientOf(fields),
      ...correlationOf(fields, switches),
      ...(group !== undefined && { group }),
      side,
      segment: textOf(fields.exchangeSegment),
      product,
      type,
      validity: oneOf(VALIDITIES, fields.validity),
      securityId: textOf(fields.securityId),
      quantity,
      disclosedQuantity: disclosed(fields.disclosedQuantity, quantity),
      priceE4,
      triggerE4: isStop ? trigger : 0,
      afterMarket,
      ...amoTime,
    };
  });
}

/** A modification replaces all terms: what is left out is not kept but missing. */
export function readModify(body: unknown, switches: Switches): ModifyFields | Reply {
  return reading(() => {
    const fields = objectOf(body, switches);
    const type = oneOf(TYPES, fields.orderType);
    const validity = oneOf(VALIDITIES, fields.validity);
    const quantity = requiredQuantity(fields);
    const hasPrice = type === "LIMIT" || type === "STOP_LOSS";
    const isStop = type === "STOP_LOSS" || type === "STOP_LOSS_MARKET";
    const role = roleOf(fields.legName);
    return {
      ...clientOf(fields),
      ...(role !== undefined && { role }),
      type,
      validity,
      quantity,
      disclosedQuantity: disclosed(fields.disclosedQuantity, quantity),
      priceE4: hasPrice ? money(fields.price) : 0,
      triggerE4: isStop ? money(fields.triggerPrice) : 0,
    };
  });
}
