/** The market calendar before entries, and before nothing else. */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  limitTerms,
  linkOf,
  OPTION,
  OPTION_ROW,
  SHARE,
  SHARE_ROW,
} from "../../../test/core/builders.ts";
import { Desk } from "../../../test/core/desk.ts";
import { skipSentence } from "../../server/read/reasons.ts";
import type { Calendar, NamedDay, Span } from "../model/calendar.ts";
import { toInstrumentKey } from "../model/ids.ts";
import { type TradingDay, toEpochMs } from "../model/time.ts";

const day = (text: string) => text as TradingDay;
const ist = (text: string) => toEpochMs(Date.parse(`${text}+05:30`));
const PRE_OPEN: Span = { fromMinute: 540, toMinute: 555 };
const OPEN: Span = { fromMinute: 555, toMinute: 930 };

const named = new Map<TradingDay, NamedDay>([
  [day("2026-11-24"), { name: "Guru Nanak Jayanti", open: [] }],
  [day("2026-11-22"), { name: "Muhurat", open: [{ fromMinute: 1_080, toMinute: 1_140 }] }],
]);
const CALENDAR: Calendar = {
  validFrom: day("2026-01-01"),
  validTo: day("2026-12-31"),
  segments: new Map([
    ["NSE_EQ", { usual: [{ from: day("2026-01-01"), preOpen: PRE_OPEN, open: [OPEN] }], named }],
    ["NSE_FNO", { usual: [{ from: day("2026-01-01"), open: [OPEN] }], named }],
  ]),
};

function deskAt(time: string, calendar: Calendar | undefined = CALENDAR): Desk {
  const desk = new Desk();
  desk.nowMs = ist(time);
  desk.calendar = calendar;
  return desk;
}

const lots = { instrument: OPTION, terms: { quantity: 130 } };

// biome-ignore format: a table is read in columns
const ROWS: readonly (readonly [string, string, object, string])[] = [
  ["the first millisecond",           "2026-11-23T09:15:00.000", {},   "copied"],
  ["the last one before the end",     "2026-11-23T15:29:59.999", {},   "copied"],
  ["the end",                         "2026-11-23T15:30:00.000", {},   "market-closed"],
  ["the last one of pre-open",        "2026-11-23T09:14:59.999", {},   "copied"],
  ["pre-open, in derivatives",        "2026-11-23T09:14:59.999", lots, "market-closed"],
  ["the first one of derivatives",    "2026-11-23T09:15:00.000", lots, "copied"],
  ["a holiday",                       "2026-11-24T10:00:00.000", {},   "market-closed"],
  ["a Saturday",                      "2026-11-21T10:00:00.000", {},   "market-closed"],
  ["a session on a Sunday",           "2026-11-22T18:00:00.000", {},   "copied"],
  ["the same Sunday, before it",      "2026-11-22T17:59:59.999", {},   "market-closed"],
  ["a day that nobody told of",       "2027-01-04T10:00:00.000", {},   "calendar-stale"],
];

for (const [what, time, change, answer] of ROWS) {
  test(`an entry at ${what} (${time}): ${answer}`, () => {
    const desk = deskAt(time);
    desk.leads("L1", change);
    const [skip] = desk.skips();
    assert.equal(skip?.replace("entry ", "") ?? "copied", answer);
    assert.equal(desk.outbox.length, answer === "copied" ? 1 : 0);
  });
}

test("without a calendar the market is always open", () => {
  const desk = deskAt("2026-11-24T03:00:00");
  desk.calendar = undefined;
  desk.leads("L1");
  assert.equal(desk.sent().kind, "place");
});

test("the clock is the broker's, and past the moment at which he took the order", () => {
  const ahead = deskAt("2026-11-23T15:29:50");
  ahead.brokerAheadMs = 10_000;
  ahead.leads("L1");
  assert.deepEqual(ahead.skips(), ["entry market-closed"]);
  const behind = deskAt("2026-11-23T09:14:50");
  behind.leads("L1", { ...lots, placedAtMs: ist("2026-11-23T09:15:00") });
  assert.deepEqual([behind.skips(), behind.outbox.length], [[], 1]);
});

test("an entry that waited past the close is not sent any more", () => {
  const desk = deskAt("2026-11-23T15:29:30");
  desk.leads("L1");
  desk.answer(desk.sent(), { kind: "unknown", text: "no reply" });
  const [placed] = desk.childrenOf("L1", "entry");
  desk.nowMs += 30_000;
  desk.looksInVain(placed?.correlationId as never, 3);
  desk.readsBook();
  assert.deepEqual([desk.outbox, desk.skips()], [[], ["entry market-closed"]]);
});

test("it is the segment of what the follower trades that counts", () => {
  const other = toInstrumentKey("NSE_EQ", "2885");
  const desk = new Desk({ links: [linkOf({ substitutions: new Map([[OPTION, other]]) })] });
  desk.instruments.set(other, { ...SHARE_ROW, key: other });
  desk.calendar = CALENDAR;
  desk.nowMs = ist("2026-11-23T09:05:00");
  desk.leads("L1", lots);
  assert.deepEqual([desk.skips(), desk.outbox.length], [[], 1]);
});

test("what the broker keeps until he may send it is copied at any hour", () => {
  const night = "2026-11-24T22:00:00";
  const queued = deskAt(night);
  queued.leads("L1", { family: "after-market" });
  assert.equal(queued.sentPlace().isAfterMarket, true);
  const trigger = deskAt(night);
  const terms = limitTerms({ quantity: 100, triggerPrice: limitTerms().price as never });
  trigger.leads("L1", { family: "forever", product: "CNC", terms });
  assert.equal(trigger.sentPlace().vehicle, "forever");
  const stale = deskAt("2027-03-01T22:00:00");
  stale.leads("L1", { family: "after-market" });
  assert.equal(stale.sentPlace().isAfterMarket, true);
});

test("a stale calendar is an alarm with each entry that it refuses", () => {
  const desk = deskAt("2027-01-04T10:00:00");
  desk.leads("L1");
  assert.deepEqual(desk.alarms(), ["calendar-stale"]);
});

test("an order that the broker took although the calendar says closed is an alarm", () => {
  const desk = deskAt("2026-11-21T10:00:00");
  desk.leads("L1");
  assert.deepEqual(desk.alarms(), ["calendar-contradicted"]);
});

test("one that he took before the close and that came after it is none", () => {
  const desk = deskAt("2026-11-23T15:30:00.200");
  desk.leads("L1", { placedAtMs: ist("2026-11-23T15:29:59") });
  assert.deepEqual([desk.skips(), desk.alarms()], [["entry market-closed"], []]);
});

test("nothing is decided of an order that the broker may still refuse", () => {
  const desk = deskAt("2026-11-21T10:00:00");
  desk.leads("L1", { status: "transit" });
  assert.deepEqual(
    [desk.recorded.filter(({ fact }) => fact.kind === "copyOpened"), desk.alarms()],
    [[], []],
  );
  desk.leads("L1", { status: "rejected", reason: "Market is Closed!" });
  assert.deepEqual(desk.skips(), ["all leader-rejected"]);
});

test("exits, smaller orders and cancels go out on a holiday, and with a stale calendar", () => {
  for (const later of ["2026-11-24T10:00:00", "2027-01-04T10:00:00"]) {
    const desk = deskAt("2026-11-23T10:00:00");
    desk.bought("L1", 100, { product: "MARGIN" });
    desk.leads("L2", { product: "MARGIN" });
    desk.leads("L3", { product: "MARGIN" });
    desk.settle();
    desk.nowMs = ist(later);
    desk.leads("L2", { terms: { quantity: 50 } });
    const smaller = desk.sent();
    assert.equal(smaller.kind === "modify" && smaller.terms.quantity, 25);
    desk.accept(smaller);
    desk.leads("L3", { status: "cancelled" });
    assert.equal(desk.sent().kind, "cancel");
    desk.leads("L4", { side: "SELL", product: "MARGIN", terms: { quantity: 40 } });
    desk.leaderBook();
    assert.equal(desk.sentPlace().terms.quantity, 20);
  }
});

test("each refusal is a sentence with its times", () => {
  const said = (time: string, change: object = {}) => {
    const desk = deskAt(time);
    desk.instruments.set(SHARE, SHARE_ROW);
    desk.instruments.set(OPTION, OPTION_ROW);
    desk.leads("L1", change);
    return desk
      .facts("skipped")
      .map((fact) => (fact.kind === "skipped" ? skipSentence(fact.code, fact.inputs) : ""))
      .join();
  };
  assert.equal(said("2026-11-24T10:00:00"), "NSE_EQ is closed all day (Guru Nanak Jayanti)");
  assert.equal(said("2026-11-21T10:00:00"), "NSE_EQ is closed at the weekend");
  assert.equal(said("2026-11-23T09:05:00", lots), "NSE_FNO opens at 09:15, and it is 09:05");
  assert.equal(said("2026-11-23T15:31:00"), "NSE_EQ has closed at 15:30, and it is 15:31");
  assert.equal(said("2026-11-22T09:05:00"), "NSE_EQ opens at 18:00 (Muhurat), and it is 09:05");
  assert.equal(
    said("2027-01-04T10:00:00"),
    "whether NSE_EQ is open is not known: the market calendar tells of 2026-01-01 to 2026-12-31",
  );
});
