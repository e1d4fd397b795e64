/** What the cards of order groups share. */
import { eventually } from "../../eventually.ts";
import { ASHA, type Box, type Json } from "./wire-client.ts";

/** A good Super Order, far enough below the market (1650) to rest. */
export function superOrder(change: Json = {}): Json {
  return {
    dhanClientId: ASHA,
    correlationId: "cp-so-0001",
    transactionType: "BUY",
    exchangeSegment: "NSE_EQ",
    productType: "INTRADAY",
    orderType: "LIMIT",
    securityId: "1333",
    quantity: 10,
    price: 1640,
    targetPrice: 1680,
    stopLossPrice: 1620,
    trailingJump: 0,
    ...change,
  };
}

/** Places and says the entry's id; the reply must be a 200. */
export async function placeSuper(box: Box, change: Json = {}): Promise<string> {
  const answer = await box.call("POST", "/super/orders", { body: superOrder(change) });
  if (answer.status !== 200) throw new Error(`not placed: ${answer.text}`);
  const orderId = String((answer.body as Json).orderId);
  await eventually(() => statusOf(box, orderId) !== "TRANSIT", { what: "the exchange" });
  return orderId;
}

/** A Super Order whose entry has filled in full at 1640; the last price is then 1640. */
export async function placeFilled(box: Box, change: Json = {}): Promise<string> {
  const orderId = await placeSuper(box, change);
  box.simulator.setPrice("HDFCBANK", 1640);
  await box.reaches(orderId, "TRADED");
  return orderId;
}

export function statusOf(box: Box, orderId: string): string | undefined {
  return box.simulator
    .truth()
    .flatMap((account) => account.orders)
    .find((one) => one.orderId === orderId)?.status;
}

export async function superRow(box: Box, orderId: string): Promise<Json> {
  const { body } = await box.call("GET", "/super/orders");
  const row = (body as Json[]).find((one) => one.orderId === orderId);
  if (row === undefined) throw new Error(`no Super Order ${orderId}`);
  return row;
}

/** The legs of a Super Order in the list, by name. */
export async function legsOf(box: Box, orderId: string): Promise<{ stop: Json; target: Json }> {
  const legs = (await superRow(box, orderId)).legDetails as Json[];
  const named = (name: string) => legs.find((leg) => leg.legName === name) ?? {};
  return { stop: named("STOP_LOSS_LEG"), target: named("TARGET_LEG") };
}

/** The leg's own row in the order book. */
export async function legRow(box: Box, legName: string): Promise<Json> {
  const { body } = await box.call("GET", "/orders");
  const row = (body as Json[]).find((one) => one.legName === legName);
  if (row === undefined) throw new Error(`no row of ${legName}`);
  return row;
}

export async function netOf(box: Box): Promise<number> {
  const { body } = await box.call("GET", "/positions");
  return (body as Json[]).reduce((sum, row) => sum + Number(row.netQty), 0);
}

/** The group's last moment in the truth; waits until it is as wanted. */
export async function groupReaches(
  box: Box,
  entryId: string,
  what: string,
  isReached: (moment: NonNullable<ReturnType<typeof lastMoment>>) => boolean,
): Promise<void> {
  await eventually(
    () => {
      const moment = lastMoment(box, entryId);
      return moment !== undefined && isReached(moment);
    },
    { what },
  );
}

export function lastMoment(box: Box, entryId: string) {
  const groups = box.simulator.truth().flatMap((account) => account.groups);
  return groups.find((group) => group.entryId === entryId)?.moments.at(-1);
}

export async function modifySuper(box: Box, orderId: string, change: Json) {
  const body = { dhanClientId: ASHA, orderId, ...change };
  return box.call("PUT", `/super/orders/${orderId}`, { body });
}
