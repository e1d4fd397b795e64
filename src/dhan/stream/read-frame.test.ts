import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { toEpochMs } from "../../core/model/time.ts";
import { createAccountRedaction } from "../redact.ts";
import { readFrame } from "./read-frame.ts";

const FOLDER = new URL("../../../test/fixtures/dhan/", import.meta.url);
const { redact } = createAccountRedaction("1100000007", "token-of-asha");
const CONTEXT = { clientId: "1100000007", nowMs: toEpochMs(1_785_904_333_042), redact };

function fixture(name: string): string {
  return readFileSync(new URL(`${name}.json`, FOLDER), "utf8");
}

function problemOf(data: string | Uint8Array): string {
  const event = readFrame(data, CONTEXT);
  assert.equal(event.kind, "unreadable");
  return event.kind === "unreadable" ? event.text : "";
}

test("reads the wire's camelCase and stamps it with our own time", () => {
  const event = readFrame(fixture("order-alert-part-filled-camel"), CONTEXT);
  assert.equal(event.kind, "order");
  if (event.kind !== "order") return;
  assert.equal(event.receivedAtMs, 1_785_904_333_042);
  assert.deepEqual(event.observation, {
    brokerOrderId: "342260805001234",
    instrument: "NSE_EQ:1333",
    symbol: "HDFCBANK",
    side: "BUY",
    product: "INTRADAY",
    family: "plain",
    terms: {
      type: "LIMIT",
      validity: "DAY",
      quantity: 10,
      disclosedQuantity: 0,
      price: 16_505_000,
    },
    status: "working",
    filledQuantity: 4,
    averagePrice: 16_502_500,
    lastPrice: 16_503_000,
    reason: "",
    placedAtMs: Date.parse("2026-08-05T10:02:11+05:30"),
    updatedAtMs: Date.parse("2026-08-05T10:02:13+05:30"),
  });
});

for (const name of ["order-alert-documented-pascal", "order-alert-mixed-case"]) {
  test(`reads ${name} as the same order`, () => {
    const camel = readFrame(fixture("order-alert-part-filled-camel"), CONTEXT);
    assert.deepEqual(readFrame(fixture(name), CONTEXT), camel);
  });
}

test("reads nulls and numeric strings as the same order", () => {
  const event = readFrame(fixture("order-alert-nulls-and-strings"), CONTEXT);
  const camel = readFrame(fixture("order-alert-part-filled-camel"), CONTEXT);
  assert.ok(event.kind === "order" && camel.kind === "order");
  const { lastPrice, ...withoutLastPrice } = camel.observation;
  assert.ok(lastPrice);
  assert.deepEqual(event.observation, withoutLastPrice);
});

test("reads JSON that comes in a binary frame", () => {
  const bytes = Buffer.from(fixture("order-alert-traded-camel"));
  assert.equal(readFrame(bytes, CONTEXT).kind, "order");
});

test("the same frame cut at any byte is unreadable and never fatal", () => {
  const whole = JSON.stringify(JSON.parse(fixture("order-alert-traded-camel")));
  for (let length = 0; length < whole.length; length++) {
    assert.match(problemOf(whole.slice(0, length)), /no JSON/);
  }
});

test("stray frames are unreadable", () => {
  assert.match(problemOf(new Uint8Array([1, 2, 3, 4, 5])), /binary frame of 5/);
  assert.match(problemOf("hello"), /text frame of 5/);
  assert.match(problemOf("null"), /not an object/);
  assert.match(problemOf("[]"), /not an object/);
  assert.match(problemOf('{"Type":"order_alert"}'), /no Data/);
  assert.match(problemOf(fixture("socket-frame-unknown-type")), /unknown type login_ack/);
});

test("an alert without an order number names the field", () => {
  assert.match(problemOf(fixture("order-alert-without-order-number")), /alert field orderNo/);
});

test("an order status that we do not know is unreadable and named", () => {
  assert.equal(
    problemOf(fixture("order-alert-unknown-status")),
    'unknown order status "Lingering" on order 342260805001234',
  );
});

test("an alert of another account is unreadable, and names neither account", () => {
  const text = fixture("order-alert-traded-camel").replace("1100000007", "1100000008");
  assert.equal(problemOf(text), "an alert of another account");
});

test("problems never carry the client id or the token", () => {
  const text = problemOf('{"Type":"token-of-asha of 1100000007"}');
  assert.ok(!text.includes("token-of-asha") && !text.includes("1100000007"), text);
});
