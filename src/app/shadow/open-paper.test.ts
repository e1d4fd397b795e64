import assert from "node:assert/strict";
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import { OPTION, rupees, SHARE, TEN_O_CLOCK_MS } from "../../../test/core/builders.ts";
import { Floor, fileOf, filledAt } from "../../../test/paper-floor.ts";
import { sha256Hex } from "../../platform/hash.ts";
import { PAPER_EXCHANGE_VERSION } from "./open-paper.ts";
import { PaperBook } from "./paper-book.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const FOREVER = {
  dhanClientId: "paper-asha",
  orderFlag: "SINGLE",
  transactionType: "BUY",
  exchangeSegment: "NSE_EQ",
  productType: "CNC",
  orderType: "LIMIT",
  validity: "DAY",
  securityId: "1333",
  quantity: 5,
  price: 1500,
  triggerPrice: 1500,
};

function linesOf(file: string): readonly string[] {
  return readFileSync(file, "utf8").split("\n").slice(0, -1);
}

/** Buys to keep and to carry, gains intraday, and has an order that does not fill. */
async function trade(floor: Floor, day: number): Promise<void> {
  floor.leader(`${day}-1`, filledAt(1650 + day), [SHARE, OPTION]);
  await floor.place({ productType: "CNC", quantity: 3, price: 1700 });
  await floor.placeCarried({ quantity: 130, price: 1700 });
  await floor.place({ quantity: 10, price: 1700 });
  floor.leader(`${day}-2`, { lastPrice: rupees(1660 + day) });
  await floor.place({ transactionType: "SELL", quantity: 10, price: 1600 });
  await floor.place({ price: 1_000 });
}

/** All that a person would see of it, and the numbers that the next orders get. */
async function seen(floor: Floor): Promise<string> {
  const funds = JSON.stringify(await floor.call("GET", "/fundlimit"));
  floor.leader("next", filledAt(1655), [SHARE, OPTION]);
  await floor.place({ productType: "CNC", transactionType: "SELL", quantity: 2, price: 1600 });
  await floor.placeCarried({ transactionType: "SELL", price: 1600 });
  return floor.book + funds;
}

test("the first start of a day leaves the days before out of the file, and nothing out of the book", async (t) => {
  const file = fileOf(t);
  await using floor = new Floor(file);
  await using twin = new Floor(fileOf(t));
  for (const day of [1, 2, 3]) {
    for (const each of [floor, twin]) {
      await trade(each, day);
      each.clock.advance(DAY_MS);
    }
  }
  const long = linesOf(file).length;
  await floor.restart();
  const kinds = linesOf(file).map((line) => JSON.parse(line).kind);
  assert.deepEqual(kinds, ["opened", "listed", "listed", "funded", "carried"]);
  assert.ok(long > 20, String(long));
  const { positions, holdings } = floor.exchange.truth("asha");
  assert.deepEqual([positions[0]?.netQty, holdings[0]?.totalQty], [390, 9]);
  assert.equal(await seen(floor), await seen(twin));
  assert.deepEqual(floor.errors, []);
});

test("what came today stays line by line, and a second start of the day leaves the file alone", async (t) => {
  const file = fileOf(t);
  await using floor = new Floor(file);
  await trade(floor, 1);
  floor.clock.advance(DAY_MS);
  floor.leader("2", filledAt(1700));
  await floor.place({ price: 1690 });
  const { book } = floor;
  await floor.restart(HOUR_MS);
  const first = linesOf(file);
  const kinds = first.map((line) => JSON.parse(line).kind);
  assert.deepEqual(kinds, ["opened", "listed", "listed", "funded", "carried", "priced", "called"]);
  assert.equal(floor.book, book);
  await floor.restart(HOUR_MS);
  assert.deepEqual(linesOf(file), first);
});

test("an order that waits over nights keeps the days since the last night without one", async (t) => {
  const file = fileOf(t);
  await using floor = new Floor(file);
  await trade(floor, 1);
  floor.clock.advance(DAY_MS);
  floor.leader("2", filledAt(1650));
  const { orderId } = await floor.call("POST", "/forever/orders", FOREVER);
  assert.ok(orderId !== undefined);
  floor.clock.advance(2 * DAY_MS);
  await floor.restart();
  const kinds = linesOf(file).map((line) => JSON.parse(line).kind);
  assert.deepEqual(kinds, ["opened", "listed", "listed", "funded", "carried", "priced", "called"]);
  floor.leader("3", filledAt(1500));
  floor.clock.advance(1_000);
  assert.deepEqual(floor.orders, ["TRADED 5 at 1500"], "it is there, and fires");
  assert.deepEqual(floor.errors, []);
});

test("a start that dies while it begins the file anew has the old one or the new one, whole", async (t) => {
  const file = fileOf(t);
  const floor = new Floor(file);
  await trade(floor, 1);
  floor.clock.advance(DAY_MS);
  await floor[Symbol.asyncDispose]();
  const old = readFileSync(file, "utf8");
  const morningMs = TEN_O_CLOCK_MS + DAY_MS + HOUR_MS;
  const books = new Set<string>();
  async function start(): Promise<string> {
    await using again = new Floor(file, morningMs, "as it is");
    books.add(again.book);
    assert.deepEqual(again.errors, []);
    assert.ok(!existsSync(`${file}.new`), "nothing is left beside it");
    return readFileSync(file, "utf8");
  }
  const begunAnew = await start();
  assert.notEqual(begunAnew, old);
  for (const cut of [0, 1, Math.floor(begunAnew.length / 2), begunAnew.length]) {
    writeFileSync(file, old);
    writeFileSync(`${file}.new`, begunAnew.slice(0, cut));
    assert.equal(await start(), begunAnew, `${cut} characters were written beside it`);
  }
  assert.equal(await start(), begunAnew, "it was in its place");
  assert.equal(books.size, 1);
});

test("where the file cannot be begun anew the long one is used, and told of", async (t) => {
  const file = fileOf(t);
  await using floor = new Floor(file);
  await trade(floor, 1);
  floor.clock.advance(DAY_MS);
  const { book } = floor;
  const old = readFileSync(file, "utf8");
  await floor.restart(0, () => mkdirSync(`${file}.new`));
  assert.equal(floor.book, book);
  assert.equal(readFileSync(file, "utf8"), old);
  assert.match(floor.errors.join(), /paper\.notShortened.*EISDIR/);
  assert.ok(!existsSync(`${file}.new`), "the room is given back");
});

test("a shorter file that would make another book is not used, and told of", async (t) => {
  const file = fileOf(t);
  await using floor = new Floor(file);
  await trade(floor, 1);
  floor.clock.advance(DAY_MS);
  const { book } = floor;
  const old = readFileSync(file, "utf8");
  const { overnight } = PaperBook.prototype;
  t.mock.method(PaperBook.prototype, "overnight", function lossy(this: PaperBook) {
    return overnight.call(this)?.map((input) => {
      if (input.kind !== "carried") return input;
      const accounts = input.overnight.accounts.map((each) => ({ ...each, holdings: [] }));
      return { ...input, overnight: { ...input.overnight, accounts } };
    });
  });
  await floor.restart();
  assert.equal(floor.book, book);
  assert.equal(readFileSync(file, "utf8"), old);
  assert.match(floor.errors.join(), /paper\.notShortened.*another book/);
});

test("a file with orders of another version of the exchange is refused; without any it is taken over", async (t) => {
  const file = fileOf(t);
  const floor = new Floor(file);
  await trade(floor, 1);
  await floor[Symbol.asyncDispose]();
  const old = readFileSync(file, "utf8");
  const ofOther = old.replace(`"exchange":${PAPER_EXCHANGE_VERSION}`, '"exchange":77');
  assert.notEqual(ofOther, old);
  writeFileSync(file, ofOther);
  assert.throws(() => new Floor(file), {
    code: "PAPER_BOOK_OF_OTHER_VERSION",
    message: /paper\.jsonl was written by version 77 of the paper exchange, and this is version 1/,
  });
  assert.equal(readFileSync(file, "utf8"), ofOther, "it is as it was");

  writeFileSync(file, old);
  const nextDayMs = TEN_O_CLOCK_MS + DAY_MS;
  const morning = new Floor(file, nextDayMs, "as it is");
  const { book } = morning;
  await morning[Symbol.asyncDispose]();
  const withoutOrders = readFileSync(file, "utf8");
  writeFileSync(file, withoutOrders.replace(/"exchange":\d+/, '"exchange":77'));
  await using taken = new Floor(file, nextDayMs, "as it is");
  assert.equal(taken.book, book);
  assert.equal(readFileSync(file, "utf8"), withoutOrders, "it is of this version now");
});

test("a file of before it told its version is of the first one", async (t) => {
  const file = fileOf(t);
  const floor = new Floor(file);
  await trade(floor, 1);
  const { book } = floor;
  await floor[Symbol.asyncDispose]();
  writeFileSync(file, readFileSync(file, "utf8").replace(/"exchange":\d+,/, ""));
  appendFileSync(file, "{");
  await using again = new Floor(file, TEN_O_CLOCK_MS + HOUR_MS, "as it is");
  assert.equal(again.book, book);
});

test("the same inputs make the same book as when this version of the exchange was made", async (t) => {
  await using floor = new Floor(fileOf(t));
  await trade(floor, 1);
  floor.clock.advance(DAY_MS);
  await trade(floor, 2);
  const told = [PAPER_EXCHANGE_VERSION, sha256Hex(await seen(floor)).slice(0, 16)];
  assert.deepEqual(
    told,
    [1, "6d4d6b5bd0ef1cb0"],
    "orders come to something else: raise PAPER_EXCHANGE_VERSION",
  );
});
