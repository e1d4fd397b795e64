import { instrumentOf, isAlive, type Row } from "../books.ts";
import type { World } from "../world.ts";
import { Alarms } from "./alarms.ts";
import type { MakeCheck } from "./check.ts";
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
  return {
    name: "flat-end",
    onEntries(stream, entries) {
      alarms.take(stream, entries);
      named.take(stream, entries);
    },
    atRest,
    atEnd,
  };

  function atRest(): void {
    for (const name of world.names) {
      const leaves = new Map<string, number>();
      for (const row of world.books.alive(world.clientOf(name))) {
        if (!isReducing(world, row)) tell(`${name}: ${wordsOf(row)} rests and would open`);
        const key = `${instrumentOf(row)} ${row.productType}`;
        const sign = row.transactionType === "BUY" ? 1 : -1;
        leaves.set(key, (leaves.get(key) ?? 0) + sign * (row.quantity - row.filledQty));
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
        if (Math.abs(net) <= alarms.surplus(clientId)) continue;
        if (named.has(name, instrument)) continue;
        tell(`${name} ends with ${net} of ${instrument} ${product}`);
      }
      for (const row of world.books.orders(clientId).filter(isAlive)) {
        tell(`${name} ends with ${wordsOf(row)}`);
      }
    }
  }
};

function isReducing(world: World, row: Row): boolean {
  const net = world.books.net(row.dhanClientId, instrumentOf(row), row.productType);
  return net !== 0 && (row.transactionType === "SELL") === net > 0;
}

function wordsOf(row: Row): string {
  const { orderId, orderStatus, transactionType, quantity, filledQty, price } = row;
  const what = `${transactionType} ${quantity} of ${instrumentOf(row)} at ${price}`;
  return `${orderId}: ${what}, ${orderStatus} with ${filledQty} filled`;
}
