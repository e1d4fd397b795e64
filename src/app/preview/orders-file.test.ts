import assert from "node:assert/strict";
import { test } from "node:test";
import { AppError } from "../../platform/fault.ts";
import { loadOrdersFile, readOrdersFile } from "./orders-file.ts";

const ORDER = 'side: BUY, quantity: 100, instrument: "NSE_EQ:1333", price: 1650';

function faultOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    assert.ok(error instanceof AppError, String(error));
    assert.equal(error.code, "ORDERS_FILE_UNUSABLE");
    return error.message;
  }
  assert.fail("expected the file to be refused");
}

test("an order is read in our own units, with what may be left out", () => {
  const { orders, capital, atMinute } = readOrdersFile(`orders: [{ ${ORDER} }]`, "orders.yaml");
  assert.deepEqual(orders, [
    {
      instrument: "NSE_EQ:1333",
      side: "BUY",
      product: "INTRADAY",
      terms: {
        type: "LIMIT",
        validity: "DAY",
        quantity: 100,
        disclosedQuantity: 0,
        price: 16_500_000,
      },
      filled: 100,
    },
  ]);
  assert.deepEqual([capital.size, atMinute], [0, 600]);
});

test("a market order has what it trades at, a stop its trigger, a Super Order its exits", () => {
  const text = `at: "09:20"
capital: { asha: 500000 }
orders:
  - { ${ORDER}, type: MARKET, leader: papa, filled: 0 }
  - { ${ORDER}, type: STOP_LOSS, triggerPrice: 1649.95, product: CNC }
  - { ${ORDER}, stop: 1630, target: 1700 }
`;
  const { orders, capital, atMinute } = readOrdersFile(text, "orders.yaml");
  const [market, stop, group] = orders;
  assert.deepEqual(
    [market?.terms.price, market?.lastPrice, market?.filled],
    [undefined, 16_500_000, 0],
  );
  assert.deepEqual([stop?.terms.triggerPrice, stop?.product], [16_499_500, "CNC"]);
  assert.deepEqual([group?.stop, group?.target], [16_300_000, 17_000_000]);
  assert.deepEqual([capital.get("asha"), atMinute, market?.leader], [5_000_000_000, 560, "papa"]);
});

// biome-ignore format: one row a line
const WRONG: readonly (readonly [string, RegExp])[] = [
  ["orders: []", /^orders.yaml is no list of orders: line 1, orders: expected one order or more$/],
  ["orders: 5", /orders: expected a list of orders/],
  ["{", /orders.yaml is not YAML/],
  [`orders: [{ ${ORDER.replace("BUY", "LONG")} }]`, /orders\[0\].side: expected BUY or SELL/],
  [`orders: [{ ${ORDER.replace("100", "0")} }]`, /orders\[0\].quantity: expected whole units/],
  [`orders: [{ ${ORDER}, filled: 101 }]`, /orders\[0\].filled: expected whole units, 0 to the quantity/],
  [`orders: [{ ${ORDER}, type: STOP_LOSS }]`, /orders\[0\].triggerPrice: expected a price with STOP_LOSS/],
  [`orders: [{ ${ORDER}, triggerPrice: 5 }]`, /orders\[0\].triggerPrice: expected .* none without/],
  [`orders: [{ ${ORDER}, lots: 2 }]`, /orders\[0\].lots: unknown key/],
  [`at: noon\norders: [{ ${ORDER} }]`, /at: expected a time of the Indian day/],
];

for (const [text, message] of WRONG) {
  test(`is refused by the name of the field: ${text.slice(0, 60)}`, () => {
    assert.match(
      faultOf(() => readOrdersFile(text, "orders.yaml")),
      message,
    );
  });
}

test("a file that is not there is said to be so", () => {
  assert.match(
    faultOf(() => loadOrdersFile("/nowhere/orders.yaml")),
    /cannot read \/nowhere/,
  );
});
