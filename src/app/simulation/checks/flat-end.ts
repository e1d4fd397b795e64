import { isMadeByBroker } from "../../../audit/check.ts";
import { Written } from "../../../audit/written.ts";
import { instrumentOf, isAlive, type Row } from "../books.ts";
import { Alarms } from "./alarms.ts";
import type { MakeCheck } from "./check.ts";
import { HeldApart } from "./held-apart.ts";
import { Named } from "./named.ts";

/**
 * P2 and P4 at the end of the day: when the leader has ended flat, so has everybody, or the journal
 * names what is left. An exit may rest at a price that the market has left, as long as it covers what
 * is held and no more; nothing that opens may rest. What filled too late for the leader's cancel is a
 * person's to sell, if an alarm told of so many units; what is held back must be so at the end.
 */
export const flatEnd: MakeCheck = (world, tell) => {
  const alarms = new Alarms(world);
  const named = new Named(world);
  const written = new Written(world);
  const apart = new HeldApart(world, written);
  return {
    name: "flat-end",
    onEntries(stream, entries) {
      alarms.take(stream, entries);
      named.take(stream, entries);
      written.take(stream, entries);
    },
    atRest,
    atEnd,
  };

  function atRest(): void {
    for (const name of world.names) {
      const leaves = new Map<string, number>();
      for (const row of world.books.alive(world.clientOf(name))) {
        if (isOurs(row) && !isReducing(row) && !named.has(name, instrumentOf(row))) {
          tell(`${name}: ${wordsOf(row)} rests and would open`);
        }
        const key = `${instrumentOf(row)} ${row.productType}`;
        leaves.set(key, (leaves.get(key) ?? 0) + leavesOf(row));
      }
      for (const { instrument, product, net } of world.books.holdings(world.clientOf(name))) {
        const resting = leaves.get(`${instrument} ${product}`) ?? 0;
        if (Math.abs(net + resting) <= alarms.surplus(world.clientOf(name))) continue;
        if (named.has(name, instrument)) continue;
        tell(`${name} holds ${net} of ${instrument} ${product} with orders for ${resting}`);
      }
    }
  }

  function atEnd(): void {
    for (const name of world.names) {
      const clientId = world.clientOf(name);
      for (const { instrument, product, net } of world.books.holdings(clientId)) {
        const known = alarms.surplus(clientId) + foreign(clientId, instrument, net);
        if (Math.abs(net) <= known) continue;
        if (named.has(name, instrument)) continue;
        tell(`${name} ends with ${net} of ${instrument} ${product}`);
      }
      for (const row of world.books.alive(clientId).filter(isOurs)) {
        if (named.has(name, instrumentOf(row))) continue;
        if (alarms.surplus(clientId) > 0 && isReducing(row)) continue;
        tell(`${name} ends with ${wordsOf(row)}`);
      }
    }
  }

  /** A person's order, or the risk desk's, carries no name of ours and is part of nothing of ours. */
  function isOurs(row: Row): boolean {
    const { books } = world;
    const isPart = books.groupOf(row.orderId) !== undefined || books.isFired(row.orderId);
    return isPart || !isMadeByBroker(row.correlationId);
  }

  /** It takes out what the account holds, or the group that it belongs to. */
  function isReducing(row: Row): boolean {
    const side = row.transactionType === "SELL" ? 1 : -1;
    const net = world.books.net(row.dhanClientId, instrumentOf(row), row.productType);
    return side * net > 0 || side * apart.own(row) > 0;
  }

  /** Units that orders of the risk desk have brought to that side. */
  function foreign(clientId: string, instrument: string, net: number): number {
    const side = net > 0 ? "BUY" : "SELL";
    return world.books
      .orders(clientId)
      .filter((row) => row.transactionType === side && instrumentOf(row) === instrument)
      .filter((row) => !isOurs(row))
      .reduce((sum, row) => sum + row.filledQty, 0);
  }

  /** Units that it may still take out or in; of the two legs of a group only one will. */
  function leavesOf(row: Row): number {
    const group = world.books.groupOf(row.orderId);
    const isSecond = group?.stop === row && group.target !== undefined && isAlive(group.target);
    if (isSecond) return 0;
    return (row.transactionType === "BUY" ? 1 : -1) * (row.quantity - row.filledQty);
  }
};

function wordsOf(row: Row): string {
  const { orderId, orderStatus, transactionType, quantity, filledQty, price } = row;
  const what = `${transactionType} ${quantity} of ${instrumentOf(row)} at ${price}`;
  return `${orderId}: ${what}, ${orderStatus} with ${filledQty} filled`;
}
