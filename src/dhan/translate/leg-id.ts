/**
 * Ids of legs. The broker may give the legs of a group numbers of their own or the entry's (both are
 * reported), and one id must name one order: a leg under its entry's number gets a suffix of ours,
 * which never reaches the wire.
 */
import { type BrokerOrderId, toBrokerOrderId } from "../../core/model/ids.ts";
import type { ExitLeg } from "../../core/model/order.ts";
import { WireFault } from "../errors.ts";

const SUFFIXED = /^(.+)\.(stop|target)$/;
/** As long as any id of ours may be; no sign, point or exponent of a number gone astray. */
const NUMBER = /^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$/;
const MAX_LENGTH = 40;

/** "342.stop" for the stop leg under the entry's number 342. Throws WireFault when it is too long. */
export function legIdUnderEntry(orderNo: string, leg: ExitLeg): BrokerOrderId {
  const legId = `${orderNo}.${leg}`;
  if (legId.length > MAX_LENGTH) throw new WireFault(`too long for a leg's id: "${legId}"`);
  return toBrokerOrderId(legId);
}

/** A parent's number as an id. Throws WireFault when it cannot be one. */
export function parentIdOf(orderNo: string): BrokerOrderId {
  if (!NUMBER.test(orderNo)) throw new WireFault(`not an order number: "${orderNo}"`);
  return toBrokerOrderId(orderNo);
}

/** The number that the broker knows, and the leg when the id is one of ours. */
export function wireNumberOf(id: string): { readonly orderNo: string; readonly leg?: ExitLeg } {
  const match = SUFFIXED.exec(id);
  const [, orderNo, leg] = match ?? [];
  if (orderNo === undefined || (leg !== "stop" && leg !== "target")) return { orderNo: id };
  return { orderNo, leg };
}
