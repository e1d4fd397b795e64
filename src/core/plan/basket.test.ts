import assert from "node:assert/strict";
import { test } from "node:test";
import { linkOf, OPTION, OPTION_ROW } from "../../../test/core/builders.ts";
import { Desk } from "../../../test/core/desk.ts";
import { toInstrumentKey } from "../model/ids.ts";

const HEDGE = toInstrumentKey("NSE_FNO", "42001");

/** Two options on one underlying. */
function spreadDesk(change: Parameters<typeof linkOf>[0] = {}): Desk {
  const sizing = { kind: "multiplier", bps: 10_000 } as const;
  const desk = new Desk({ links: [linkOf({ sizing, ...change })] });
  desk.instruments.set(OPTION, { ...OPTION_ROW, underlying: "NIFTY" });
  desk.instruments.set(HEDGE, { ...OPTION_ROW, key: HEDGE, underlying: "NIFTY" });
  return desk;
}

const leg = (side: "BUY" | "SELL") =>
  ({
    side,
    product: "MARGIN",
    instrument: side === "BUY" ? HEDGE : OPTION,
    terms: { quantity: 65 },
  }) as const;

test("the bought leg of a spread goes first; the sold one follows when the broker has it", () => {
  const desk = spreadDesk();
  desk.leads("B1", leg("BUY"));
  desk.leads("S1", leg("SELL"));
  desk.leaderBook();
  const bought = desk.sentPlace();
  assert.equal(bought.side, "BUY");
  assert.equal(desk.holdOf("S1", "entry"), "hedge-first");
  desk.accept(bought);
  desk.passes(50);
  assert.equal(desk.sentPlace().side, "SELL");
});

test("the sold leg waits no longer than two seconds", () => {
  const desk = spreadDesk();
  desk.leads("B1", leg("BUY"));
  desk.leads("S1", leg("SELL"));
  desk.leaderBook();
  desk.outbox.splice(0);
  desk.passes(1_999);
  assert.deepEqual(desk.outbox, []);
  desk.passes(1);
  assert.equal(desk.sentPlace().side, "SELL");
});

test("a sold leg by itself waits for nothing, nor does one of a later moment", () => {
  const desk = spreadDesk();
  desk.leads("B1", leg("BUY"));
  desk.outbox.splice(0);
  desk.passes(1_001);
  desk.leads("S1", leg("SELL"));
  desk.leaderBook();
  assert.equal(desk.sentPlace().side, "SELL");
});

test("half of a spread that stays out is an alarm, with the half that is in", () => {
  const desk = spreadDesk();
  desk.leads("B1", leg("BUY"));
  desk.leads("S1", leg("SELL"));
  desk.leaderBook();
  desk.settle();
  desk.passes(50);
  const sold = desk.sentPlace();
  desk.rejects(sold, "funds");
  assert.deepEqual(desk.alarms(), ["entry-rejected", "basket-half-out"]);
  desk.passes(60_000);
  assert.deepEqual(desk.alarms(), ["entry-rejected", "basket-half-out"]);
});

test("the sold leg does not wait for a bought one that is not entered, and a person hears of it", () => {
  for (const [change, code] of [
    [{ terms: { quantity: 30 } }, "below-one-lot"],
    [{ status: "rejected", reason: "RMS" }, "leader-rejected"],
  ] as const) {
    const desk = spreadDesk();
    desk.leads("B1", { ...leg("BUY"), ...change });
    desk.leads("S1", leg("SELL"));
    desk.leaderBook();
    assert.equal(desk.sentPlace().side, "SELL");
    assert.deepEqual(desk.alarms(), ["basket-half-out"]);
    const [alarm] = desk.facts("alarmed");
    assert.equal(alarm?.kind === "alarmed" && alarm.inputs.code, code);
  }
});

test("the bought leg is refused by the risk check after the sold one has filled: half of it is in", () => {
  const desk = spreadDesk();
  desk.leads("B1", leg("BUY"));
  desk.leads("S1", leg("SELL"));
  desk.leaderBook();
  desk.settle();
  desk.passes(50);
  desk.settle();
  desk.fills(desk.child("S1"));
  desk.shows(desk.child("B1"), { status: "rejected", reason: "RMS" });
  assert.deepEqual(desk.alarms(), ["entry-rejected", "basket-half-out"]);
});
