import { Written } from "../../../audit/written.ts";
import { instrumentOf, type Row } from "../books.ts";
import { Alarms } from "./alarms.ts";
import { CarriedDrifts } from "./carried-drifts.ts";
import type { MakeCheck } from "./check.ts";
import { Named } from "./named.ts";
import { OwnOrders } from "./own-orders.ts";

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
  const own = new OwnOrders(world, written);
  const carried = new CarriedDrifts(world);
  let leaderMs = 0;
  /** A person was told of it while the leader still traded, and could do something about it. */
  const isOldNews = (clientId: string, instrument: string, net: number) =>
    alarms.wasToldOf(clientId, instrument, net, leaderMs);
  return {
    name: "flat-end",
    onOrder({ clientId }) {
      if (clientId === world.clientOf("leader")) leaderMs = world.clock.monotonicMs();
    },
    onEntries(stream, entries) {
      alarms.take(stream, entries);
      named.take(stream, entries);
      written.take(stream, entries);
      carried.take(stream, entries);
    },
    atRest,
    atEnd,
  };

  function atRest(): void {
    for (const name of world.names) {
      const leaves = new Map<string, number>();
      for (const row of world.books.alive(world.clientOf(name))) {
        if (own.isOurs(row) && !own.isReducing(row) && !named.has(name, instrumentOf(row))) {
          tell(`${name}: ${wordsOf(row)} rests and would open`);
        }
        const key = `${instrumentOf(row)} ${row.productType}`;
        leaves.set(key, (leaves.get(key) ?? 0) + own.leavesOf(row));
      }
      for (const { instrument, product, net } of world.books.holdings(world.clientOf(name))) {
        const resting = leaves.get(`${instrument} ${product}`) ?? 0;
        const clientId = world.clientOf(name);
        const known = alarms.surplus(clientId) + own.foreign(clientId, instrument, net);
        // Several exits may rest beside each other, each for all that is left.
        const uncovered = resting * net < 0 ? Math.abs(net) - Math.abs(resting) : Math.abs(net);
        if (uncovered <= known) continue;
        if (isOldNews(world.clientOf(name), instrument, net)) continue;
        if (named.has(name, instrument)) continue;
        if (carried.hasNamed(name, `${instrument} ${product}`, net)) continue;
        tell(`${name} holds ${net} of ${instrument} ${product} with orders for ${resting}`);
      }
    }
  }

  function atEnd(): void {
    for (const name of world.names) {
      const clientId = world.clientOf(name);
      for (const { instrument, product, net } of world.books.holdings(clientId)) {
        const known = alarms.surplus(clientId) + own.foreign(clientId, instrument, net);
        if (Math.abs(net) <= known || isOldNews(clientId, instrument, net)) continue;
        if (named.has(name, instrument)) continue;
        if (carried.hasNamed(name, `${instrument} ${product}`, net)) continue;
        tell(`${name} ends with ${net} of ${instrument} ${product}`);
      }
      for (const row of world.books.alive(clientId).filter((order) => own.isOurs(order))) {
        if (named.has(name, instrumentOf(row))) continue;
        if (alarms.surplus(clientId) > 0 && own.isReducing(row)) continue;
        tell(`${name} ends with ${wordsOf(row)}`);
      }
    }
  }
};

function wordsOf(row: Row): string {
  const { orderId, orderStatus, transactionType, quantity, filledQty, price } = row;
  const what = `${transactionType} ${quantity} of ${instrumentOf(row)} at ${price}`;
  return `${orderId}: ${what}, ${orderStatus} with ${filledQty} filled`;
}
