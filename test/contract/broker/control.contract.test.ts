/** The control surface: what another program can set, and the truth that it can read. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { eventually } from "../../eventually.ts";
import { ASHA, type Json, openBox, order } from "./wire-client.ts";

test("C240 an account is made, listed and used over HTTP", async (t) => {
  const box = await openBox(t);
  const made = await box.control("POST", "/accounts", {
    clientId: "1100000002",
    name: "Ravi",
    availableBalance: 50_000,
    holdings: [{ instrument: "NSE_EQ:1660", quantity: 10, averagePrice: 400 }],
    limits: "off",
  });
  const { clientId, accessToken } = made.body as Json;
  assert.equal(clientId, "1100000002");
  const token = String(accessToken);
  const funds = (await box.call("GET", "/fundlimit", { token })).body as Json;
  assert.equal(funds.sodLimit, 50_000);
  const [holding] = (await box.call("GET", "/holdings", { token })).body as Json[];
  assert.equal(holding?.tradingSymbol, "ITC");
  const listed = (await box.control("GET", "/accounts")).body as Json[];
  assert.deepEqual(
    listed.map((account) => account.name),
    ["Asha", "Ravi"],
  );
  const again = await box.control("POST", "/accounts", { clientId: "1100000002" });
  assert.equal(again.status, 400);
});

test("C241 prices, liquidity, circuits and fills are set over HTTP", async (t) => {
  const box = await openBox(t);
  const orderId = await box.placeWorking();
  const price = { instrument: "HDFCBANK", price: 1645.05 };
  assert.equal((await box.control("POST", "/prices", price)).status, 200);
  const prices = (await box.control("GET", "/prices")).body as Json[];
  const shown = prices.find((row) => row.instrument === "NSE_EQ:1333");
  assert.equal(shown?.price, 1645.05);
  const offTick = { instrument: "HDFCBANK", price: 1645.03 };
  assert.equal((await box.control("POST", "/prices", offTick)).status, 400);
  const circuit = { instrument: "HDFCBANK", lowest: 1600, highest: 1700 };
  assert.equal((await box.control("POST", "/circuit", circuit)).status, 200);
  const units = { instrument: "HDFCBANK", units: 3 };
  assert.equal((await box.control("POST", "/liquidity", units)).status, 200);
  const filled = await box.control("POST", "/fill", { orderId, quantity: 4, price: 1599 });
  assert.equal((filled.body as Json).filledQty, 4);
  assert.equal((await box.control("POST", "/fill", { orderId, quantity: 7 })).status, 400);
});

test("C242 orders by hand go the wire's way and carry the app's marks", async (t) => {
  const box = await openBox(t, {}, { limits: "off" });
  const placed = await box.control("POST", "/orders", {
    clientId: ASHA,
    order: { securityId: "1333", quantity: 10, price: 1600 },
  });
  const orderId = String((placed.body as Json).orderId);
  await box.reaches(orderId, "PENDING");
  assert.equal((await box.row(orderId)).correlationId, "NA");
  const changes = { quantity: 6 };
  const modified = await box.control("PUT", "/orders", { clientId: ASHA, orderId, changes });
  assert.equal(modified.status, 200);
  await eventually(async () => (await box.row(orderId)).quantity === 6, { what: "six units" });
  const cancelled = await box.control("DELETE", "/orders", { clientId: ASHA, orderId });
  assert.equal(cancelled.status, 200);
  await box.reaches(orderId, "CANCELLED");
});

test("C243 the truth tells every state, fill and request", async (t) => {
  const box = await openBox(t);
  const orderId = await box.placeWorking();
  box.simulator.fill({ orderId, quantity: 4, price: 1599 });
  await box.call("DELETE", `/orders/${orderId}`);
  await box.reaches(orderId, "CANCELLED");
  const answer = await box.control("GET", `/truth?clientId=${ASHA}`);
  const { accounts } = answer.body as { accounts: Json[] };
  const account = accounts[0] ?? {};
  const told = (account.orders as Json[])[0] ?? {};
  assert.deepEqual(
    (told.history as Json[]).map((moment) => [moment.status, moment.filledQuantity]),
    [
      ["TRANSIT", 0],
      ["PENDING", 0],
      ["PART_TRADED", 4],
      ["CANCELLED", 4],
    ],
  );
  assert.equal((told.fills as Json[])[0]?.price, 1599);
  assert.equal(told.correlationId, "cp-7f3a-0001");
  assert.deepEqual(account.requestCounts, { place: 1, cancel: 1 });
  assert.deepEqual(
    (account.requests as Json[]).map(({ kind, orderId: id, status }) => [kind, id, status]),
    [
      ["place", orderId, 200],
      ["cancel", orderId, 200],
    ],
  );
  assert.equal((await box.control("GET", "/truth?clientId=nobody")).status, 400);
});

test("C244 stamps tell when an order arrived whole and when it was first told", async (t) => {
  const box = await openBox(t);
  await box.openLoggedIn(t);
  const orderId = await box.placeWorking();
  const byHand = box.simulator.placeByHand(ASHA, { securityId: "1333", quantity: 5, price: 1600 });
  const stamps = (await box.control("GET", "/stamps")).body as unknown[][];
  const [clientId, id, price, quantity, arrivedAtMs, toldAtMs] = stamps[0] ?? [];
  assert.deepEqual([clientId, id, price, quantity], [ASHA, orderId, 1600.5, 10]);
  assert.ok(Number(toldAtMs) - Number(arrivedAtMs) >= 49);
  assert.ok(Math.abs(Number(arrivedAtMs) - Date.now()) < 60_000);
  assert.deepEqual(stamps[1]?.slice(0, 5), [ASHA, (byHand.body as Json).orderId, 1600, 5, null]);
});

test("C245 the next day starts with empty books, dead tokens and settled positions", async (t) => {
  const holdings = [{ instrument: "ITC", quantity: 10, averagePrice: 400 }];
  const box = await openBox(t, {}, { holdings, availableBalance: 100_000 });
  const fill = async (change: Json, price: number) => {
    const orderId = await box.placeWorking(change);
    box.simulator.fill({ orderId, price });
  };
  await fill({ productType: "CNC", quantity: 10, price: 1600 }, 1600);
  await fill({ productType: "INTRADAY", quantity: 10, price: 1600 }, 1600);
  const nifty = { exchangeSegment: "NSE_FNO", securityId: "52004", productType: "MARGIN" };
  await fill({ ...nifty, quantity: 65, price: 90 }, 90);
  const resting = await box.placeWorking();
  const before = box.simulator.clock().nowMs;
  const rolled = await box.control("POST", "/day-rollover", {});
  assert.ok(Number((rolled.body as Json).nowMs) - before >= 86_400_000);
  assert.equal((await box.call("GET", "/orders")).status, 401);
  const { accessToken } = box.simulator.changeToken({ clientId: ASHA, action: "supersede" });
  const read = async (path: string) => (await box.call("GET", path, { token: accessToken })).body;
  assert.deepEqual(await read("/orders"), []);
  assert.deepEqual(await read("/trades"), []);
  const held = (await read("/holdings")) as Json[];
  assert.deepEqual(
    held.map((row) => [row.tradingSymbol, row.totalQty]),
    [
      ["ITC", 10],
      ["HDFCBANK", 10],
    ],
  );
  const [carried, ...rest] = (await read("/positions")) as Json[];
  assert.equal(rest.length, 0);
  assert.deepEqual([carried?.netQty, carried?.carryForwardBuyQty, carried?.dayBuyQty], [65, 65, 0]);
  const funds = (await read("/fundlimit")) as Json;
  // Delivery has cost 16,000; ten units squared off at 1,650 have gained 500.
  assert.equal(funds.sodLimit, 100_000 - 16_000 + 500);
  const earlier = box.simulator.truth(ASHA)[0]?.earlierOrders ?? [];
  assert.equal(earlier.find((one) => one.orderId === resting)?.status, "EXPIRED");
});

test("C252 the risk desk closes what may not be held overnight, and nothing else", async (t) => {
  const box = await openBox(t);
  for (const productType of ["INTRADAY", "CNC"]) {
    box.simulator.fill({ orderId: await box.placeWorking({ productType }), price: 1600 });
  }
  const resting = await box.placeWorking({ productType: "INTRADAY" });
  const kept = await box.placeWorking({ productType: "CNC" });
  const asked = { clientId: ASHA };
  assert.deepEqual((await box.control("POST", "/square-off", asked)).body, { isDone: true });
  const isClosed = async () => {
    const rows = (await box.call("GET", "/positions")).body as Json[];
    const nets = rows.map(({ productType, netQty }) => `${productType} ${netQty}`);
    return nets.sort().join() === "CNC 10,INTRADAY 0";
  };
  await eventually(isClosed, { what: "the intraday position is closed" });
  await box.reaches(resting, "CANCELLED");
  await box.reaches(kept, "PENDING");
  assert.deepEqual((await box.control("POST", "/square-off", asked)).body, { isDone: false });
});

test("C253 shares under margin funding settle as such and are sold as such", async (t) => {
  const box = await openBox(t);
  box.simulator.fill({ orderId: await box.placeWorking({ productType: "MTF" }), price: 1600 });
  await box.control("POST", "/day-rollover", { keepTokens: true });
  const [held] = (await box.call("GET", "/holdings")).body as Json[];
  assert.deepEqual([held?.totalQty, held?.mtf_qty], [10, 10]);
  const sale = { transactionType: "SELL", price: 1700 };
  await box.reaches(await box.place({ ...sale, productType: "CNC" }), "REJECTED");
  await box.reaches(await box.place({ ...sale, productType: "MTF" }), "PENDING");
});

test("C246 tokens survive the night when asked to", async (t) => {
  const box = await openBox(t);
  await box.control("POST", "/day-rollover", { keepTokens: true });
  assert.equal((await box.call("GET", "/profile")).status, 200);
});

test("C247 switches are read and changed one at a time", async (t) => {
  const box = await openBox(t, { switches: { byId: "object" } });
  const changed = await box.control("POST", "/switches", { transitMs: 5 });
  assert.equal((changed.body as Json).transitMs, 5);
  assert.equal((changed.body as Json).byId, "object");
  const orderId = await box.placeWorking();
  const { body } = await box.call("GET", `/orders/${orderId}`);
  assert.equal((body as Json).orderId, orderId);
  assert.equal((await box.control("POST", "/switches", { speed: 11 })).status, 400);
});

test("C248 wrong control calls say what is wrong and change nothing", async (t) => {
  const box = await openBox(t);
  const noJson = await fetch(`${box.front.controlUrl}/prices`, { method: "POST", body: "{" });
  assert.equal(noJson.status, 400);
  const noInstrument = await box.control("POST", "/prices", { instrument: "NOPE", price: 5 });
  assert.deepEqual(noInstrument.body, { error: "no instrument NOPE" });
  assert.equal((await box.control("POST", "/nothing")).status, 404);
});

test("C249 prices walk by seed, inside their bound, only while the market is open", async (t) => {
  const box = await openBox(t, { prices: "moving", priceStepMs: 1, seed: 5 });
  const prices = () => box.control("GET", "/prices");
  const hdfc = async () => ((await prices()).body as Json[])[0]?.price as number;
  const start = await hdfc();
  await eventually(async () => (await hdfc()) !== start, { what: "a move" });
  box.simulator.setClock({ session: "closed" });
  const closed = await hdfc();
  await box.call("GET", "/profile");
  assert.equal(await hdfc(), closed);
  assert.ok(Math.abs(closed - 1650) <= 82.5);
  assert.equal((await box.call("POST", "/orders", { body: order() })).status, 400);
});
