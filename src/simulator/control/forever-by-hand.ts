/** Forever orders by hand, as in the broker's own app. The replies are the wire's. */
import { cancelForever, modifyForever, placeForever } from "../exchange/forever/forever-orders.ts";
import { readForever, readForeverChange } from "../exchange/forever/forever-request.ts";
import { isReply, type Reply } from "../exchange/replies.ts";
import { rupees } from "../exchange/rows.ts";
import type { Simulation } from "../simulation.ts";
import { accountOf } from "./acts.ts";
import type { WireFields } from "./wire-fields.ts";

/** Fields of the wire's body; those left out take these. */
const DEFAULTS = {
  orderFlag: "SINGLE",
  transactionType: "BUY",
  exchangeSegment: "NSE_EQ",
  productType: "CNC",
  orderType: "LIMIT",
  validity: "DAY",
};

/** No rate limit, no address rule, no fault stands in between. */
export function placeForeverByHand(
  simulation: Simulation,
  clientId: string,
  order: WireFields,
): Reply {
  const { venue } = simulation;
  const account = accountOf(simulation, clientId);
  const { correlationId: _, dhanClientId: __, ...given } = order;
  const fields = readForever({ ...DEFAULTS, ...given }, venue.switches);
  if (isReply(fields)) return fields;
  return placeForever(venue, account, fields, { source: "N" });
}

/** Terms that are left out stay as they are; without a leg's name the first leg is changed. */
export function modifyForeverByHand(
  simulation: Simulation,
  clientId: string,
  change: { readonly orderId: string; readonly changes: WireFields },
): Reply {
  const { venue } = simulation;
  const account = accountOf(simulation, clientId);
  const present = presentTerms(simulation, clientId, change);
  const fields = readForeverChange({ ...present, ...change.changes }, venue.switches);
  if (isReply(fields)) return fields;
  return modifyForever(venue, account, change.orderId, fields);
}

export function cancelForeverByHand(
  simulation: Simulation,
  clientId: string,
  orderId: string,
): Reply {
  return cancelForever(simulation.venue, accountOf(simulation, clientId), orderId);
}

/** An unknown order still needs terms, so that its refusal is the one for an unknown order. */
const ANY_TERMS = {
  orderFlag: "SINGLE",
  legName: "ENTRY_LEG",
  orderType: "LIMIT",
  validity: "DAY",
  quantity: 1,
  price: 1,
  triggerPrice: 1,
};

function presentTerms(
  simulation: Simulation,
  clientId: string,
  { orderId, changes }: { readonly orderId: string; readonly changes: WireFields },
): WireFields {
  const forever = accountOf(simulation, clientId).forevers.get(orderId);
  const named = forever?.legs.find(({ name }) => name === changes.legName);
  const leg = named ?? forever?.legs[0];
  if (forever === undefined || leg === undefined) return ANY_TERMS;
  const { terms } = leg;
  return {
    orderFlag: forever.flag,
    legName: leg.name,
    orderType: terms.type,
    validity: terms.validity,
    quantity: terms.quantity,
    disclosedQuantity: terms.disclosedQuantity,
    price: rupees(terms.priceE4),
    triggerPrice: rupees(terms.triggerE4),
  };
}
