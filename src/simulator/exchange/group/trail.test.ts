import assert from "node:assert/strict";
import { test } from "node:test";
import { manualClock } from "../../../platform/manual-clock.ts";
import { createSimulator } from "../../index.ts";

const CLIENT = "1100000001";
const START_MS = Date.parse("2026-08-05T10:00:00+05:30");

/** Prices that come one after the other, and where the stop then stands. */
interface Row {
  readonly name: string;
  readonly side: "BUY" | "SELL";
  readonly jump: number;
  readonly prices: readonly number[];
  readonly stop: number;
}

// Entries fill at 1650, stops begin 20 away.
const ROWS: readonly Row[] = [
  { name: "less than a step moves nothing", side: "BUY", jump: 5, prices: [1654.95], stop: 1630 },
  { name: "a whole step moves it by one", side: "BUY", jump: 5, prices: [1655], stop: 1635 },
  { name: "a jump takes all its steps", side: "BUY", jump: 5, prices: [1668], stop: 1645 },
  { name: "it never goes back", side: "BUY", jump: 5, prices: [1668, 1650], stop: 1645 },
  { name: "steps count from the average", side: "BUY", jump: 5, prices: [1654, 1659], stop: 1635 },
  { name: "a short trails downwards", side: "SELL", jump: 5, prices: [1640, 1643], stop: 1660 },
  { name: "without a step it stands still", side: "BUY", jump: 0, prices: [1668], stop: 1630 },
  { name: "a loss moves nothing", side: "SELL", jump: 5, prices: [1665], stop: 1670 },
];

function protectedPosition({ side, jump }: Pick<Row, "side" | "jump">) {
  const clock = manualClock(START_MS);
  const accounts = [{ clientId: CLIENT, accessToken: "token-of-asha" }];
  const simulator = createSimulator({ clock, accounts });
  const sign = side === "BUY" ? 1 : -1;
  simulator.placeByHand(CLIENT, {
    transactionType: side,
    securityId: "1333",
    quantity: 10,
    price: 1650,
    targetPrice: 1650 + sign * 50,
    stopLossPrice: 1650 - sign * 20,
    trailingJump: jump,
  });
  clock.advance(100);
  const group = () => simulator.truth(CLIENT)[0]?.groups[0];
  const entryId = group()?.entryId ?? "";
  return { clock, simulator, entryId, stop: () => group()?.moments.at(-1)?.stop };
}

for (const row of ROWS) {
  test(`trailing: ${row.name}`, () => {
    const { simulator, stop } = protectedPosition(row);
    for (const price of row.prices) simulator.setPrice("HDFCBANK", price);
    assert.equal(stop()?.price, row.stop);
    assert.equal(stop()?.status, "working");
  });
}

test("a stop that is moved by hand trails on from there", () => {
  const { clock, simulator, entryId, stop } = protectedPosition({ side: "BUY", jump: 5 });
  simulator.setPrice("HDFCBANK", 1660);
  const changes = { stopLossPrice: 1650, trailingJump: 5 };
  simulator.modifyByHand(CLIENT, { orderId: entryId, leg: "STOP_LOSS_LEG", changes });
  clock.advance(100);
  assert.equal(stop()?.price, 1650);
  simulator.setPrice("HDFCBANK", 1665);
  assert.equal(stop()?.price, 1655);
});
