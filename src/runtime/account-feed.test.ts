import assert from "node:assert/strict";
import { test } from "node:test";
import { silentLogger } from "../platform/logger.ts";
import { virtualClock } from "../platform/virtual-clock.ts";
import type { Broker, DropCopy, DropCopyEvent } from "../ports/broker.ts";
import { AccountFeed, DEFAULT_CADENCE } from "./account-feed.ts";

/** A feed whose broker answers a question about positions when the test says so. */
function openFeed() {
  const clock = virtualClock(0);
  const asked: (() => void)[] = [];
  const read: number[] = [];
  const broker: Partial<Broker> = {
    orders: async () => [],
    superOrders: async () => [],
    foreverOrders: async () => [],
    holdings: async () => [],
    positions: () => new Promise((resolve) => asked.push(() => resolve([]))),
  };
  let tell: (event: DropCopyEvent) => void = () => {};
  const dropCopy: DropCopy = {
    start: (listener) => {
      tell = listener;
    },
    stop: async () => {},
  };
  const nothing = () => {};
  const feed = new AccountFeed({
    broker: broker as Broker,
    dropCopy,
    clock,
    logger: silentLogger(),
    cadence: DEFAULT_CADENCE,
    spreadMs: 0,
    lists: () => ({ superOrders: false, forever: false }),
    lacksCapital: () => false,
    listener: {
      bookStarting: () => 0,
      orders: nothing,
      bookRead: nothing,
      positions: (_nets, wanted) => read.push(wanted),
      capital: nothing,
      known: nothing,
      changed: nothing,
      refused: nothing,
    },
  });
  feed.start();
  tell({ kind: "up" });
  return { clock, feed, asked, read };
}

test("positions that are wanted anew while they are being read are read again at once", async () => {
  const { clock, feed, asked, read } = openFeed();
  await clock.run(100);
  assert.equal(asked.length, 1);
  const wanted = feed.forgetPositions();
  asked[0]?.();
  await clock.run(100);
  assert.equal(asked.length, 2, "asked again, by a read that began after it was wanted");
  asked[1]?.();
  await clock.run(100);
  assert.deepEqual(read, [wanted - 1, wanted]);
  await clock.run(DEFAULT_CADENCE.positionsMs - 1_000);
  assert.equal(asked.length, 2, "and then as seldom as ever");
  await feed.stop();
});
