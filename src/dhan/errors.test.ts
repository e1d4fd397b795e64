import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { z } from "zod";
import type { BrokerFaultClass } from "../ports/broker.ts";
import { faultOfReply, isAbsentOrder, isEmptyHoldings } from "./errors.ts";
import { createAccountRedaction } from "./redact.ts";

const FOLDER = new URL("../../test/fixtures/dhan/", import.meta.url);
const { redact } = createAccountRedaction("1100000007", "token-of-asha");

function replyOf(name: string) {
  const text = readFileSync(new URL(`error-${name}.json`, FOLDER), "utf8");
  const { status, body } = z
    .object({ status: z.number(), body: z.unknown() })
    .parse(JSON.parse(text));
  return { status, body: typeof body === "string" ? body : JSON.stringify(body) };
}

const ROWS: readonly (readonly [string, BrokerFaultClass])[] = [
  ["401-dh-901", "auth"],
  ["400-dh-901", "auth"],
  ["400-dh-902", "auth"],
  ["400-dh-906-invalid-token", "auth"],
  ["401-data-808", "auth"],
  ["400-dh-905-invalid-ip", "address"],
  ["400-dh-911", "address"],
  ["429-dh-904", "throttle"],
  ["429-data-805", "throttle"],
  ["502-bad-gateway-html", "unreachable"],
  ["400-dh-903", "other"],
  ["400-dh-905-missing-fields", "other"],
  ["500-dh-906-incorrect-request", "other"],
  ["500-dh-908", "other"],
  ["500-rs-9005-legacy", "other"],
  ["404-gateway-unknown-route", "other"],
];

for (const [name, reason] of ROWS) {
  test(`a read answered with ${name} is a fault of class ${reason}`, () => {
    const reply = replyOf(name);
    const fault = faultOfReply("order book", reply, redact);
    assert.equal(fault.reason, reason);
    assert.equal(fault.status, reply.status);
    assert.match(fault.message, /^order book: HTTP \d{3}, ./);
  });
}

test("401 and 403 are about credentials even without a readable body", () => {
  for (const status of [401, 403]) {
    assert.equal(faultOfReply("profile", { status, body: "" }, redact).reason, "auth");
  }
});

test("both shapes of an empty portfolio are known, and an outage is not one", () => {
  assert.ok(isEmptyHoldings(replyOf("500-dh-1111-no-holdings")));
  assert.ok(isEmptyHoldings(replyOf("500-dholding-no-holdings")));
  assert.ok(!isEmptyHoldings(replyOf("500-dh-908")));
  assert.ok(!isEmptyHoldings(replyOf("502-bad-gateway-html")));
});

test("only 404 DH-906 is an absent order; an unknown route is not", () => {
  assert.ok(isAbsentOrder(replyOf("404-dh-906-not-found")));
  assert.ok(!isAbsentOrder(replyOf("404-gateway-unknown-route")));
  assert.ok(!isAbsentOrder(replyOf("400-dh-906-incorrect-request")));
});

test("a fault's text carries neither token nor client id, and is short", () => {
  const message = `token-of-asha of 1100000007 ${"x".repeat(1_000)}`;
  const body = JSON.stringify({ errorType: "E", errorCode: "DH-908", errorMessage: message });
  const fault = faultOfReply("funds", { status: 500, body }, redact);
  assert.ok(!fault.message.includes("token-of-asha") && !fault.message.includes("1100000007"));
  assert.ok(fault.message.length <= 301);
});
