import assert from "node:assert/strict";
import { test } from "node:test";
import type { CommandOutcome, OrderCommand } from "../core/model/command.ts";
import { toBrokerOrderId } from "../core/model/ids.ts";
import { TransportFault } from "../ports/transport.ts";
import { outcomeOfFault, outcomeOfReply } from "./outcome.ts";
import { createAccountRedaction } from "./redact.ts";

type Kind = OrderCommand["kind"];
const { redact } = createAccountRedaction("1100000007", "token-of-asha");

function reply(status: number, body: unknown) {
  return { status, body: typeof body === "string" ? body : JSON.stringify(body) };
}

function error(status: number, code: string, message: string) {
  return reply(status, { errorType: "Order_Error", errorCode: code, errorMessage: message });
}

const OK = { orderId: "342260805001234", orderStatus: "TRANSIT" };
const GENERIC = "Incorrect request for order and cannot be processed";
const FIELDS = "Missing required fields, bad values for parameters etc.";

/** What came back | of which commands | what it comes to | why. */
type Row = readonly [string, ReturnType<typeof reply>, string, string, string];

// biome-ignore format: a table is read by its columns
const TABLE: readonly Row[] = [
  ["200 with an order id in transit", reply(200, OK), "place modify cancel", "accepted transit", "taken, not yet at the exchange"],
  ["200 with a pending order", reply(200, { ...OK, orderStatus: "PENDING" }), "place modify", "accepted working", "the docs' own sample"],
  ["200 with a cancelled order", reply(200, { ...OK, orderStatus: "CANCELLED" }), "cancel", "accepted cancelled", "an acknowledgement; a fill may still win"],
  ["202 with an order id", reply(202, OK), "cancel", "accepted transit", "the docs' prose says 202"],
  ["200 with a numeric order id", reply(200, { ...OK, orderId: 342260805001234 }), "place", "accepted transit", "ids may come as numbers"],
  ["200 with a status of no list", reply(200, { ...OK, orderStatus: "INACTIVE" }), "place", "accepted transit", "taken all the same"],
  ["200 without a status", reply(200, { orderId: OK.orderId }), "place", "accepted transit", "the id is the proof"],
  ["200 saying rejected", reply(200, { ...OK, orderStatus: "REJECTED" }), "place modify cancel", "rejected other", "the broker's own no"],
  ["200 saying Rejected", reply(200, { ...OK, orderStatus: "Rejected" }), "place", "rejected other", "case says nothing"],
  ["200 without an order id", reply(200, { orderStatus: "TRANSIT" }), "place modify cancel", "unknown", "proves nothing"],
  ["200 with an empty order id", reply(200, { ...OK, orderId: "" }), "place", "unknown", "proves nothing"],
  ["200 naming another order", reply(200, { ...OK, orderId: "999" }), "modify cancel", "unknown", "not the answer to this command"],
  ["200 that is no JSON", reply(200, "<html>"), "place modify cancel", "unknown", "unparsable success"],
  ["200 with a broken JSON", reply(200, '{"orderId":"3422'), "place", "unknown", "cut off"],
  ["202 without a body", reply(202, ""), "cancel modify", "unknown", "no order id"],
  ["200 with an error inside", reply(200, [{ message: "x", status: "ERROR" }]), "place", "unknown", "an error that claims success"],
  ["301", reply(301, ""), "place", "unknown", "seen from gateways; never followed"],
  ["401 DH-901", error(401, "DH-901", "Client ID or token invalid"), "place modify cancel", "rejected auth", "captured 2025"],
  ["400 DH-901", error(400, "DH-901", "Client ID or token invalid"), "place modify cancel", "rejected auth", "captured 2026"],
  ["400 DH-902", error(400, "DH-902", "no access to Trading APIs"), "place", "rejected auth", "access refused"],
  ["403 with an error body", error(403, "DH-902", "Forbidden"), "place", "rejected auth", "access refused"],
  ["400 DH-906 Invalid Token", error(400, "DH-906", "Invalid Token"), "place modify cancel", "rejected auth", "captured: superseded token"],
  ["401 data error 808", reply(401, { status: "failed", data: { 808: "Authentication Failed" } }), "place", "rejected auth", "captured on data endpoints"],
  ["401 with a page", reply(401, "<html>"), "place", "unknown", "no parsed error body"],
  ["403 with a page", reply(403, "<html>"), "place cancel", "unknown", "a gateway's word, not the broker's"],
  ["400 DH-905 Invalid IP", error(400, "DH-905", "Invalid IP"), "place modify cancel", "rejected address", "captured"],
  ["400 DH-911", error(400, "DH-911", "Invalid IP"), "place", "rejected address", "reported"],
  ["500 DH-905 Invalid IP", error(500, "DH-905", "Invalid IP"), "place", "unknown", "5xx proves nothing, whatever it says"],
  ["429 DH-904", error(429, "DH-904", "Too many requests"), "place modify cancel", "unknown throttled", "absence was never measured"],
  ["429 with a page", reply(429, "<html>"), "place", "unknown throttled", "the status is enough"],
  ["429 data error 805", reply(429, { status: "failed", data: { 805: "Too many requests" } }), "place", "unknown throttled", "data endpoints' wording"],
  ["400 DH-904", error(400, "DH-904", "Too many requests"), "place", "unknown throttled", "the code is enough"],
  ["429 saying Invalid Token", error(429, "DH-906", "Invalid Token"), "place", "unknown throttled", "the throttle comes first"],
  ["400 DH-905 missing fields", error(400, "DH-905", FIELDS), "place modify cancel", "rejected input", "captured"],
  ["400 DH-905 quantity", error(400, "DH-905", "quantity is required"), "place modify", "rejected input", "captured"],
  ["400 DH-905 client id", error(400, "DH-905", "dhanClientId is required"), "place modify", "rejected input", "captured"],
  ["400 DH-905 security id", error(400, "DH-905", "Invalid Security Id"), "place", "rejected input", "captured"],
  ["400 DH-905 bad quantity", error(400, "DH-905", "Invalid quantity"), "place modify", "rejected input", "can mean nothing else"],
  ["400 DH-905 of no list", error(400, "DH-905", "Something new"), "place modify cancel", "unknown", "the code decides nothing"],
  ["500 DH-905 missing fields", error(500, "DH-905", FIELDS), "place", "unknown", "status and text must both fit"],
  ["404 DH-905 missing fields", error(404, "DH-905", FIELDS), "place", "unknown", "status and text must both fit"],
  ["400 lot size", error(400, "DH-906", "Quantity should be in multiples of lot size 65"), "place modify", "rejected input", "about an order that was not taken"],
  ["400 tick size", error(400, "DH-906", "Price is not a multiple of tick size"), "place modify", "rejected input", "about an order that was not taken"],
  ["400 freeze quantity", error(400, "DH-906", "Order exceeds Freeze Quantity"), "place modify", "rejected input", "about an order that was not taken"],
  ["400 trigger and price", error(400, "DH-906", "Trigger Price should be greater than Price"), "place modify", "rejected input", "captured"],
  ["400 market closed on place", error(400, "DH-906", "Market is Closed! Want to place an offline order?"), "place", "rejected market-closed", "captured"],
  ["400 market closed on change", error(400, "DH-906", "Market is Closed! You cannot modify/cancel an order now."), "modify cancel", "rejected market-closed", "captured"],
  ["400 markets offline", error(400, "DH-906", "Markets are Offline or Blocked"), "place", "rejected market-closed", "sandbox"],
  ["400 insufficient funds", error(400, "DH-906", "RMS:1:You have insufficient funds. Please add Rs.5"), "place modify", "rejected funds", "the risk check's words"],
  ["400 older funds text", error(400, "DH-906", "RMS:1:Fund Limit Insufficient By 5"), "place", "rejected funds", "the risk check's words"],
  ["400 selling too much", error(400, "DH-906", "RMS:1:You are trying to sell more than the quantity you currently hold."), "place", "rejected holdings", "the risk check's words"],
  ["400 no DDPI", error(400, "DH-906", "Please complete eDIS or DDPI"), "place", "rejected holdings", "delivery sells need one of them"],
  ["400 circuit limits", error(400, "DH-906", "RMS:1:Order Price needs to be Circuit Limits of 1 to 2"), "place modify", "rejected price-band", "the risk check's words"],
  ["400 kill switch", error(400, "DH-903", "Kill Switch is active"), "place modify", "rejected other", "trading is off for the day"],
  ["400 segment", error(400, "DH-903", "Segment is not active"), "place", "rejected other", "trading is off there"],
  ["400 generic text on place", error(400, "DH-906", GENERIC), "place", "rejected other", "captured: says it was not processed"],
  ["400 generic text on change", error(400, "DH-906", GENERIC), "modify cancel", "unknown", "may mean that it is done already"],
  ["404 DH-901", error(404, "DH-901", "Client ID or token invalid"), "place", "unknown", "status and text must both fit"],
  ["404 generic text", error(404, "DH-906", GENERIC), "place modify cancel", "unknown", "not found proves nothing"],
  ["500 generic text", error(500, "DH-906", GENERIC), "place modify cancel", "unknown", "5xx even with DH-906"],
  ["400 in transit on change", error(400, "DH-906", "Order is in Transit state"), "cancel modify", "rejected transit", "captured; right again later"],
  ["400 in transit on place", error(400, "DH-906", "Order is in Transit state"), "place", "unknown", "makes no sense there"],
  ["404 DH-906 of a dead leg", error(404, "DH-906", "Order leg is not active"), "modify cancel", "unknown", "seen on dead legs: it may have filled"],
  ["404 in transit", error(404, "DH-906", "Order is in Transit state"), "cancel modify", "unknown", "status and text must both fit"],
  ["400 in Transit, in other words", error(400, "DH-906", "order IS in transit State, try later"), "cancel modify", "rejected transit", "case says nothing"],
  ["400 alert not found", error(400, "DH-907", "Requested alert order not found"), "modify cancel", "unknown", "it may have fired"],
  ["400 nothing to exit", error(400, "DH-907", "No open positions or orders found for the current trading day"), "cancel", "rejected other", "captured"],
  ["400 nothing to exit, on others", error(400, "DH-907", "No open positions or orders found for the current trading day"), "place modify", "unknown", "makes no sense there"],
  ["400 no P&L exit", error(400, "DH-907", "No active P&L based exit configured for the current trading day"), "cancel", "rejected other", "captured"],
  ["400 product", error(400, "DH-905", "Invalid Product Type"), "place modify", "rejected input", "bracket and cover orders may be gone"],
  ["404 no Super Orders", reply(404, { timestamp: 1, status: 404, error: "Not Found", path: "/v2/super/orders" }), "place modify cancel", "unknown", "a gateway's word; the list tells"],
  ["400 order not found", error(400, "DH-906", "Order not found"), "modify cancel", "unknown", "it may be filled"],
  ["400 already cancelled", error(400, "DH-906", "Order is already cancelled"), "modify cancel", "unknown", "read the order"],
  ["400 already traded, with lot size", error(400, "DH-906", "already traded: lot size"), "modify", "unknown", "what proves nothing comes first"],
  ["400 duplicate correlation id", error(400, "DH-905", "Duplicate correlationId: missing required fields"), "place", "unknown", "an earlier attempt may live"],
  ["400 transaction failed", error(400, "DH-906", "Transaction has Failed"), "place", "unknown", "sandbox; says not what failed"],
  ["400 legacy error", reply(400, { errorCode: "NONE", httpStatus: "BAD_REQUEST", internalErrorCode: "RS-9005", internalErrorMessage: "x" }), "place", "unknown", "of no list"],
  ["400 with a page", reply(400, "<html>"), "place modify cancel", "unknown", "no parsed error body"],
  ["404 unknown route", reply(404, { timestamp: 1, status: 404, error: "Not Found", path: "/v2/x" }), "place", "unknown", "a gateway's word"],
  ["500 DH-908", error(500, "DH-908", "Internal Server Error"), "place modify cancel", "unknown", "never assume failure"],
  ["500 DH-901", error(500, "DH-901", "Invalid Authentication"), "place", "unknown", "status and text must both fit"],
  ["502 with a page", reply(502, "<html>"), "place modify cancel", "unknown", "the broker may have it"],
  ["503 without a body", reply(503, ""), "place", "unknown", "the broker may have it"],
];

function summary(outcome: CommandOutcome): string {
  if (outcome.kind === "accepted") return `accepted ${outcome.status}`;
  if (outcome.kind === "rejected") return `rejected ${outcome.reason}`;
  return outcome.kind === "unknown" && outcome.throttled ? "unknown throttled" : outcome.kind;
}

for (const [evidence, answer, kinds, expected, why] of TABLE) {
  for (const kind of kinds.split(" ") as Kind[]) {
    test(`${kind}: ${evidence} -> ${expected}, because ${why}`, () => {
      const brokerOrderId = kind === "place" ? {} : { brokerOrderId: toBrokerOrderId(OK.orderId) };
      assert.equal(summary(outcomeOfReply({ kind, ...brokerOrderId }, answer, redact)), expected);
    });
  }
}

test("a fault that proves that no byte left is notSent", () => {
  const fault = new TransportFault("notSent", "connect ECONNREFUSED 127.0.0.1:1");
  assert.deepEqual(outcomeOfFault(fault, redact), { kind: "notSent", text: fault.message });
});

test("a fault after the first byte is unknown", () => {
  const outcome = outcomeOfFault(new TransportFault("lost", "no reply within 10 ms"), redact);
  assert.deepEqual(outcome, { kind: "unknown", text: "no reply within 10 ms" });
});

test("an error of any other kind is unknown", () => {
  assert.equal(outcomeOfFault(new TypeError("odd"), redact).kind, "unknown");
  assert.equal(outcomeOfFault("odd", redact).kind, "unknown");
});

test("the code and the text of a rejection are the broker's", () => {
  const outcome = outcomeOfReply({ kind: "place" }, error(400, "DH-905", "Invalid IP"), redact);
  assert.deepEqual(outcome, {
    kind: "rejected",
    reason: "address",
    code: "DH-905",
    text: "Invalid IP",
  });
});

test("a throttled outcome says so in words as well", () => {
  const outcome = outcomeOfReply({ kind: "place" }, error(429, "DH-904", "Too many"), redact);
  assert.deepEqual(outcome, {
    kind: "unknown",
    text: "throttled: HTTP 429: DH-904 Too many",
    throttled: true,
  });
});

test("no outcome carries the token or the client id", () => {
  const text = "token-of-asha of 1100000007 is bad, eyJhbGciOi.eyJkaGFuIjoi.c2ln is too";
  const answers = [error(400, "DH-906", `Invalid Token ${text}`), error(500, "DH-908", text)];
  const outcomes = answers.map((answer) => outcomeOfReply({ kind: "place" }, answer, redact));
  const faults = [outcomeOfFault(new TransportFault("lost", text), redact)];
  for (const outcome of [...outcomes, ...faults]) {
    const written = JSON.stringify(outcome);
    for (const secret of ["token-of-asha", "1100000007", "eyJ"]) {
      assert.ok(!written.includes(secret), `${secret} in ${written}`);
    }
  }
});
