import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { test } from "node:test";
import { manualClock } from "../platform/manual-clock.ts";
import { createSimulator } from "./index.ts";

const CLIENT = "1100000001";
const ACCOUNT = { clientId: CLIENT, accessToken: "token-of-asha" };

/** Uses everything that holds a handle, then closes; a handle that is left keeps it from ending. */
const CLOSING_PROGRAM = `
  import { once } from "node:events";
  import { WebSocket } from "ws";
  import { createSimulator } from ${JSON.stringify(new URL("./index.ts", import.meta.url).href)};
  const account = { clientId: "1100000001", accessToken: "token-of-asha", replyMs: 60_000 };
  const simulator = createSimulator({
    accounts: [account], prices: "moving", session: "market-hours", switches: { transitMs: 60_000 },
  });
  simulator.setClock({ session: "open" });
  const front = await simulator.listen({ port: 0 });
  const socket = new WebSocket(front.orderUpdateUrl);
  socket.on("error", () => {});
  await once(socket, "open");
  socket.send(JSON.stringify({
    LoginReq: { MsgCode: 42, ClientId: "1100000001", Token: "token-of-asha" }, UserType: "SELF",
  }));
  while (simulator.accounts()[0].sockets === 0) await new Promise(setImmediate);
  const told = once(socket, "message");
  simulator.placeByHand("1100000001", { securityId: "1333", quantity: 5, price: 1600 });
  await told;
  const waiting = fetch(front.restUrl + "/orders", {
    headers: { "access-token": "token-of-asha" },
  }).catch(() => {});
  while (simulator.truth()[0].requests.length === 0) await new Promise(setImmediate);
  await front.close();
  await waiting;
  console.log("closed");
`;

test("closing leaves no handle open: the process ends by itself", async () => {
  const child = spawn(process.execPath, ["--input-type=module", "--eval", CLOSING_PROGRAM], {
    stdio: ["ignore", "pipe", "inherit"],
    timeout: 20_000,
  });
  const chunks: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
  const [code, killedBy] = await once(child, "exit");
  assert.equal(String(Buffer.concat(chunks)).trim(), "closed");
  assert.equal(killedBy, null);
  assert.equal(code, 0);
});

test("a simulator that was never asked to listen holds nothing", async () => {
  const clock = manualClock(Date.parse("2026-08-05T10:00:00+05:30"));
  const simulator = createSimulator({ clock, accounts: [ACCOUNT] });
  assert.equal(clock.nextDueInMs(), undefined);
  simulator.placeByHand(CLIENT, { securityId: "1333", quantity: 5, price: 1600 });
  assert.equal(clock.nextDueInMs(), 50);
  await simulator.close();
  assert.equal(clock.nextDueInMs(), undefined);
});

test("a virtual clock and a seed make a day repeat itself", () => {
  const day = () => {
    const clock = manualClock(Date.parse("2026-08-05T10:00:00+05:30"));
    const simulator = createSimulator({ clock, accounts: [ACCOUNT], prices: "moving", seed: 11 });
    simulator.setLiquidity("HDFCBANK", 3);
    for (let minute = 0; minute < 30; minute++) {
      simulator.placeByHand(CLIENT, { securityId: "1333", quantity: 5, price: 1649 });
      clock.advance(60_000);
    }
    return JSON.stringify(simulator.truth());
  };
  const first = day();
  assert.equal(day(), first);
  assert.match(first, /"TRADED"/);
});

test("several simulators live side by side on ports of their own", async (t) => {
  const fronts = await Promise.all(
    [1, 2].map(() => createSimulator({ accounts: [ACCOUNT] }).listen({ port: 0 })),
  );
  t.after(() => Promise.all(fronts.map((front) => front.close())));
  assert.notEqual(fronts[0]?.port, fronts[1]?.port);
  for (const front of fronts) {
    const headers = { "access-token": "token-of-asha" };
    assert.equal((await fetch(`${front.restUrl}/orders`, { headers })).status, 200);
  }
});

/** A future of the commodity exchange, which no box has by itself. */
const GOLD = {
  segment: "MCX_COMM",
  securityId: "440",
  tradingSymbol: "GOLD-Feb2027-FUT",
  displayName: "GOLD FEB FUT",
  symbolName: "GOLD",
  name: "FUTCOM",
  isin: "NA",
  series: "NA",
  lotSize: 1,
  tickE4: 10_000,
  freezeQuantity: 10_000,
  firstPriceE4: 1_300_000_000,
} as const;

test("a contract of any exchange can be listed later, trades, and can change its terms", () => {
  const clock = manualClock(Date.parse("2026-12-01T10:00:00+05:30"));
  const options = { hasBuiltIns: false, orderRoute: "900" };
  const simulator = createSimulator({ clock, accounts: [ACCOUNT], ...options });
  assert.throws(() => simulator.setPrice("NSE_EQ:1333", 1600), /no instrument/);
  simulator.listInstrument(GOLD);
  const order = {
    exchangeSegment: "MCX_COMM",
    securityId: "440",
    productType: "MARGIN",
    quantity: 1,
    price: 130_001,
  };
  const { status } = simulator.placeByHand(CLIENT, order);
  clock.advance(1_000);
  const [truth] = simulator.truth(CLIENT);
  assert.equal(status, 200);
  assert.deepEqual(
    truth?.orders.map(({ row }) => [row.orderId, row.orderStatus, row.averageTradedPrice]),
    [["900261201000001", "TRADED", 130_000]],
  );
  simulator.listInstrument({ ...GOLD, lotSize: 2, firstPriceE4: 1 });
  assert.equal(simulator.placeByHand(CLIENT, order).status, 400);
  assert.equal(simulator.placeByHand(CLIENT, { ...order, quantity: 2 }).status, 200);
  clock.advance(1_000);
  assert.equal(simulator.truth(CLIENT)[0]?.orders.at(-1)?.row.averageTradedPrice, 130_000);
});

test("a day that the clock has come to by itself is rolled without moving it", () => {
  const clock = manualClock(Date.parse("2026-12-01T23:59:59+05:30"));
  const simulator = createSimulator({ clock, accounts: [ACCOUNT] });
  simulator.placeByHand(CLIENT, {
    securityId: "1333",
    productType: "CNC",
    quantity: 1,
    price: 1660,
  });
  clock.advance(1_000);
  const { nowMs, offsetMs } = simulator.rollDay({ keepTokens: true, keepClock: true });
  const [truth] = simulator.truth(CLIENT);
  assert.deepEqual([nowMs, offsetMs], [Date.parse("2026-12-02T00:00:00+05:30"), 0]);
  assert.deepEqual([truth?.orders.length, truth?.holdings[0]?.totalQty], [0, 1]);
});
