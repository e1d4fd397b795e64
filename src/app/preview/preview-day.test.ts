import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  LEADER,
  linkOf,
  OPTION_ROW,
  rupees,
  SHARE,
  SHARE_ROW,
  TEN_O_CLOCK_MS,
} from "../../../test/core/builders.ts";
import { toAccountId, toLinkId } from "../../core/model/ids.ts";
import type { Link } from "../../core/model/link.ts";
import { toMoneyE4 } from "../../core/model/money.ts";
import type { PreviewOrder } from "./orders-file.ts";
import { PreviewDay } from "./preview-day.ts";

const RAVI = toAccountId("ravi");
const LINKS: readonly Link[] = [
  linkOf(),
  linkOf({
    id: toLinkId("leader-ravi"),
    follower: RAVI,
    sizing: { kind: "capital-proportional", bps: 10_000 },
  }),
];

function dayOf(links: readonly Link[] = LINKS): PreviewDay {
  return new PreviewDay({
    links,
    instruments: new Map([
      [SHARE, SHARE_ROW],
      [OPTION_ROW.key, OPTION_ROW],
    ]),
    capital: new Map([
      ["leader", toMoneyE4(100_000_000)],
      ["ravi", toMoneyE4(200_000_000)],
    ]),
    nowMs: TEN_O_CLOCK_MS,
  });
}

function order(quantity: number, change: Partial<PreviewOrder> = {}): PreviewOrder {
  const price = rupees(1_650);
  const terms = { type: "LIMIT", validity: "DAY", quantity, disclosedQuantity: 0, price } as const;
  return {
    instrument: SHARE,
    side: "BUY",
    product: "INTRADAY",
    terms,
    filled: quantity,
    ...change,
  };
}

/** "asha BUY 50", "ravi nothing" for each link, in their order. */
function copies(day: PreviewDay, asked: PreviewOrder): readonly string[] {
  return day.place(LEADER, asked).map(({ link, placed }) => {
    const sent = placed.map(({ side, terms }) => `${side} ${terms.quantity}`);
    return `${link.follower} ${sent.join(" ") || "nothing"}`;
  });
}

describe("a preview", () => {
  test("sizes an entry for every link by its own rule", () => {
    assert.deepEqual(copies(dayOf(), order(100)), ["asha BUY 50", "ravi BUY 200"]);
  });

  test("exits what earlier orders have opened, in the share that they filled", () => {
    const day = dayOf();
    copies(day, order(100, { filled: 60 }));
    assert.deepEqual(copies(day, order(30, { side: "SELL" })), ["asha SELL 15", "ravi SELL 60"]);
    assert.deepEqual(copies(day, order(30, { side: "SELL" })), ["asha SELL 15", "ravi SELL 60"]);
    const [none] = day.place(LEADER, order(1_000, { side: "SELL", product: "CNC" }));
    assert.deepEqual(none?.copy?.skips, { exit: "nothing-to-exit" });
  });

  test("goes through zero in two orders, the closing one first", () => {
    const day = dayOf();
    copies(day, order(100));
    assert.deepEqual(copies(day, order(160, { side: "SELL" })), [
      "asha SELL 50 SELL 30",
      "ravi SELL 200 SELL 120",
    ]);
  });

  test("copies a Super Order with its exits, and a market order by what it trades at", () => {
    const day = dayOf([linkOf()]);
    const exits = { stop: rupees(1_630), target: rupees(1_700) };
    const [group] = day.place(LEADER, order(100, exits));
    assert.deepEqual(group?.placed[0]?.protection, exits);
    const { price: _price, ...terms } = order(10).terms;
    const market = { terms: { ...terms, type: "MARKET" }, lastPrice: rupees(1_650) } as const;
    const [plain] = day.place(LEADER, order(10, market));
    assert.equal(plain?.placed[0]?.terms.price, rupees(1_658.25));
  });

  test("tells what refused an order, and remembers what counts", () => {
    const day = dayOf([linkOf({ guards: { maxOrdersPerDay: 1 } })]);
    copies(day, order(100));
    const [refused] = day.place(LEADER, order(100));
    assert.deepEqual(
      [refused?.placed, refused?.copy?.skips],
      [[], { entry: "orders-above-limit" }],
    );
    assert.ok(refused?.facts.some((fact) => fact.kind === "skipped"));
  });

  test("leaves links of other leaders alone", () => {
    const other = linkOf({ id: toLinkId("papa-asha"), leader: toAccountId("papa") });
    assert.deepEqual(copies(dayOf([linkOf(), other]), order(100)), ["asha BUY 50"]);
  });
});
