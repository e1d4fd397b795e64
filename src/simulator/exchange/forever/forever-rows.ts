/** The list of Forever orders as the broker prints it: flat, one row a leg. */
import { istTime, NEVER } from "../ist.ts";
import { derivative, rupees } from "../rows.ts";
import type { Switches } from "../switches.ts";
import type { ForeverLegStatus, SimForever } from "./forever.ts";

/** `orderType` carries the flag; a price of 0 stands for a market order (read from clients in use). */
export function foreverRows(forever: SimForever, switches: Switches) {
  const { instrument } = forever;
  return forever.legs.map(({ name, terms, status }) => ({
    dhanClientId: forever.clientId,
    orderId: forever.orderId,
    orderStatus: wireStatus(status, switches),
    transactionType: forever.side,
    exchangeSegment: instrument.segment,
    productType: forever.product,
    orderType: forever.flag,
    tradingSymbol: instrument.tradingSymbol,
    securityId: instrument.securityId,
    quantity: terms.quantity,
    price: rupees(terms.priceE4),
    triggerPrice: rupees(terms.triggerE4),
    legName: name,
    createTime: istTime(forever.placedAtMs),
    updateTime: istTime(forever.updatedAtMs),
    exchangeTime: NEVER,
    ...derivative(instrument),
  }));
}

function wireStatus(status: ForeverLegStatus, switches: Switches): string {
  if (status === "active") return switches.foreverActiveStatus;
  return status === "fired" ? switches.foreverFiredStatus : status.toUpperCase();
}

/** What really happened to it, for auditors. */
export function foreverTruth(forever: SimForever) {
  return {
    orderId: forever.orderId,
    correlationId: forever.correlationId,
    flag: forever.flag,
    side: forever.side,
    product: forever.product,
    instrument: forever.instrument.key,
    source: forever.source,
    text: forever.text,
    modifications: forever.modifications,
    placedAtMs: forever.placedAtMs,
    arrivedAtMs: forever.arrivedAtMs ?? null,
    legs: forever.legs.map((leg) => ({
      name: leg.name,
      status: leg.status,
      type: leg.terms.type,
      quantity: leg.terms.quantity,
      price: rupees(leg.terms.priceE4),
      triggerPrice: rupees(leg.terms.triggerE4),
      firesAt: leg.firesAt,
      childOrderId: leg.childOrderId ?? null,
      refusal: leg.refusal ?? null,
    })),
    history: forever.history,
  };
}
