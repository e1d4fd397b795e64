/** Trades, positions, holdings, money and the instrument file, as they follow the fills. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { readInstrumentRows } from "../../../src/dhan/wire/instrument-file.ts";
import { ASHA, fixture, type Json, openBox, order } from "./wire-client.ts";

const SELL = { transactionType: "SELL" };

test("C160 trades have one row for each fill and no correlation id", async (t) => {
  const box = await openBox(t);
  const orderId = await box.placeWorking();
  box.simulator.fill({ orderId, quantity: 4, price: 1600 });
  box.simulator.fill({ orderId, quantity: 6, price: 1600.5 });
  const trades = (await box.call("GET", "/trades")).body as Json[];
  assert.equal(trades.length, 2);
  assert.ok(trades.every((trade) => !("correlationId" in trade)));
  assert.notEqual(trades[0]?.exchangeTradeId, trades[1]?.exchangeTradeId);
  const byOrder = (await box.call("GET", `/trades/${orderId}`)).body;
  assert.deepEqual(byOrder, trades);
  assert.deepEqual((await box.call("GET", "/trades/342260805999999")).body, []);
  assert.equal((await box.row(orderId)).averageTradedPrice, 1600.3);
});

test("C161 positions open, average, shrink, flip and close", async (t) => {
  const box = await openBox(t);
  assert.deepEqual((await box.call("GET", "/positions")).body, []);
  const trade = async (change: Json, price: number) => {
    const orderId = await box.placeWorking(change);
    box.simulator.fill({ orderId, price });
    return ((await box.call("GET", "/positions")).body as Json[])[0] as Json;
  };
  const opened = await trade({ quantity: 10 }, 1600);
  assert.equal(opened.netQty, 10);
  assert.equal(opened.positionType, "LONG");
  const averaged = await trade({ quantity: 10 }, 1610);
  assert.equal(averaged.costPrice, 1605);
  const flipped = await trade({ ...SELL, quantity: 25, price: 1700 }, 1700);
  assert.equal(flipped.netQty, -5);
  assert.equal(flipped.positionType, "SHORT");
  assert.equal(flipped.costPrice, 1700);
  assert.equal(flipped.realizedProfit, 20 * 95);
  const closed = await trade({ quantity: 5 }, 1690);
  assert.equal(closed.netQty, 0);
  assert.equal(closed.positionType, "CLOSED");
  assert.equal(closed.realizedProfit, 20 * 95 + 5 * 10);
});

test("C162 an empty portfolio is a 500 with DH-1111, or an empty list by switch", async (t) => {
  const box = await openBox(t);
  const answer = await box.call("GET", "/holdings");
  assert.equal(answer.status, 500);
  assert.deepEqual(answer.body, (fixture("error-500-dh-1111-no-holdings") as Json).body);
  box.simulator.changeSwitches({ emptyHoldings: "empty" });
  assert.deepEqual((await box.call("GET", "/holdings")).body, []);
});

test("C163 a sold holding leaves the available units at once", async (t) => {
  const holdings = [{ instrument: "HDFCBANK", quantity: 25, averagePrice: 1500 }];
  const box = await openBox(t, {}, { holdings });
  const sale = { ...SELL, productType: "CNC", quantity: 10, price: 1640 };
  await box.reaches(await box.place(sale), "TRADED");
  const [held] = (await box.call("GET", "/holdings")).body as Json[];
  assert.equal(held?.totalQty, 25);
  assert.equal(held?.availableQty, 15);
  assert.equal(held?.avgCostPrice, 1500);
});

test("C164 working orders block money, fills use it, cancels give it back", async (t) => {
  const box = await openBox(t, {}, { availableBalance: 100_000 });
  const available = async () =>
    ((await box.call("GET", "/fundlimit")).body as Json).availabelBalance;
  const orderId = await box.placeWorking({ price: 1600 });
  assert.equal(await available(), 100_000 - 3_200);
  box.simulator.fill({ orderId, quantity: 5, price: 1590 });
  assert.equal(await available(), 100_000 - 1_600 - 1_590);
  await box.call("DELETE", `/orders/${orderId}`);
  await box.reaches(orderId, "CANCELLED");
  assert.equal(await available(), 100_000 - 1_590);
  const delivery = await box.placeWorking({ price: 1600, productType: "CNC", quantity: 10 });
  assert.equal(await available(), 100_000 - 1_590 - 16_000);
  await box.call("DELETE", `/orders/${delivery}`);
  const exit = await box.placeWorking({ ...SELL, quantity: 5, price: 1700 });
  await box.reaches(delivery, "CANCELLED");
  assert.equal(await available(), 100_000 - 1_590);
  box.simulator.fill({ orderId: exit });
  assert.equal(await available(), 100_000 + 5 * 110);
});

test("C165 the margin calculator speaks of the same margins", async (t) => {
  const box = await openBox(t, {}, { availableBalance: 1_000 });
  const ask = async (change: Json) => {
    const body = { ...order(), price: 1650, ...change };
    return (await box.call("POST", "/margincalculator", { body })).body as Json;
  };
  const intraday = await ask({});
  assert.equal(intraday.totalMargin, 3_300);
  assert.equal(intraday.insufficientBalance, 2_300);
  assert.equal(intraday.leverage, "5X");
  const delivery = await ask({ productType: "CNC" });
  assert.equal(delivery.totalMargin, 16_500);
  assert.equal(delivery.leverage, "1X");
  const future = { exchangeSegment: "NSE_FNO", securityId: "52001", productType: "MARGIN" };
  assert.equal((await ask({ ...future, quantity: 65, price: 24_000 })).totalMargin, 234_000);
  const many = { dhanClientId: ASHA, includePosition: true, scripList: [order({ price: 1650 })] };
  const answer = await box.call("POST", "/margincalculator/multi", { body: many });
  assert.equal((answer.body as Json).totalMargin, 3_300);
  const bad = await box.call("POST", "/margincalculator", { body: {} });
  assert.equal((bad.body as Json).errorCode, "DH-905");
});

test("C166 the profile tells the token's end in the broker's own way", async (t) => {
  const box = await openBox(t);
  const { body } = await box.call("GET", "/profile");
  assert.equal((body as Json).dhanClientId, ASHA);
  assert.match(String((body as Json).tokenValidity), /^\d\d\/\d\d\/\d{4} \d\d:\d\d$/);
});

test("C167 converting moves units between products and answers 202 without a body", async (t) => {
  const box = await openBox(t);
  const orderId = await box.placeWorking();
  box.simulator.fill({ orderId });
  const body = {
    dhanClientId: ASHA,
    fromProductType: "INTRADAY",
    exchangeSegment: "NSE_EQ",
    positionType: "LONG",
    securityId: "1333",
    convertQty: 4,
    toProductType: "CNC",
  };
  const answer = await box.call("POST", "/positions/convert", { body });
  assert.equal(answer.status, 202);
  assert.equal(answer.text, "");
  const rows = (await box.call("GET", "/positions")).body as Json[];
  assert.deepEqual(
    rows.map((row) => [row.productType, row.netQty]),
    [
      ["INTRADAY", 6],
      ["CNC", 4],
    ],
  );
});

test("C168 exit-all cancels what rests, squares off what is open, and says when idle", async (t) => {
  const box = await openBox(t);
  const idle = await box.call("DELETE", "/positions");
  assert.deepEqual(idle.body, (fixture("error-400-dh-907-nothing-open") as Json).body);
  const filled = await box.placeWorking();
  box.simulator.fill({ orderId: filled });
  const resting = await box.placeWorking({ correlationId: "cp-7f3a-0002" });
  assert.equal((await box.call("DELETE", "/positions")).status, 200);
  assert.equal((await box.row(resting)).orderStatus, "CANCELLED");
  const squareOff = box.simulator.truth(ASHA)[0]?.orders.at(-1);
  await box.reaches(String(squareOff?.orderId), "TRADED");
  const [position] = (await box.call("GET", "/positions")).body as Json[];
  assert.equal(position?.netQty, 0);
});

test("C169 both layouts of the instrument file name lot and tick of every contract", async (t) => {
  const box = await openBox(t);
  for (const file of ["api-scrip-master-detailed.csv", "api-scrip-master.csv"]) {
    const url = new URL(file, box.front.instrumentsUrl);
    const text = await (await fetch(url)).text();
    const rows = [];
    for await (const row of readInstrumentRows([text])) rows.push(row);
    assert.equal(rows.length, 16);
    const nifty = rows.find((row) => row.securityId === "52002");
    assert.equal(nifty?.lotSize, 65);
    assert.equal(nifty?.tickPaise, 5);
    assert.equal(nifty?.segment, "D");
    assert.equal(nifty?.symbol, "NIFTY-Dec2026-24000-CE");
  }
});
