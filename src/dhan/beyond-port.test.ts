import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { asCorrelationId, toInstrumentKey } from "../core/model/ids.ts";
import { toPriceE4 } from "../core/model/money.ts";
import { must } from "../platform/assert.ts";
import { BrokerFault } from "../ports/broker.ts";
import { type HttpReply, TransportFault } from "../ports/transport.ts";
import { type BeyondPort, createBeyondPort } from "./beyond-port.ts";
import { Calls } from "./rest/calls.ts";
import { alertPlaceRequest, multiOrdersRequest } from "./wire/conditional.ts";

const FOLDER = new URL("../../test/fixtures/dhan/", import.meta.url);

function text(name: string): string {
  return readFileSync(new URL(`${name}.json`, FOLDER), "utf8");
}

function refusal(name: string): HttpReply {
  const { status, body } = JSON.parse(text(`error-${name}`));
  return { status, body: JSON.stringify(body) };
}

/** What is asked of a broker with this answer, and what comes of it. */
async function ask<T>(answer: HttpReply | Error, call: (port: BeyondPort) => Promise<T>) {
  const asked: { line: string; body: unknown }[] = [];
  const calls = new Calls({
    clientId: "1100000007",
    accessToken: "token-of-asha",
    transport: {
      async request({ method, path, body }) {
        asked.push({ line: `${method} ${path}`, body: body && JSON.parse(body) });
        if (answer instanceof Error) throw answer;
        return answer;
      },
      close: async () => {},
    },
  });
  const result = await call(createBeyondPort(calls));
  assert.equal(asked.length, 1);
  return { result, ...must(asked[0], "a request") };
}

const ALERT = alertPlaceRequest.parse(JSON.parse(text("alert-place-request")));
const MULTI = multiOrdersRequest.parse(JSON.parse(text("multi-orders-request")));
const { dhanClientId: _client, ...CONVERT } = JSON.parse(text("convert-request"));
const { dhanClientId: _again, ...PNL_EXIT } = JSON.parse(text("pnl-exit-request"));
const PLACE = {
  kind: "place",
  correlationId: must(asCorrelationId("T0123456789ABCDEFGHJKMNPQ"), "a correlation id"),
  instrument: toInstrumentKey("NSE_FNO", "49081"),
  side: "BUY",
  product: "MARGIN",
  terms: {
    type: "LIMIT",
    validity: "DAY",
    quantity: 5000,
    disclosedQuantity: 0,
    price: toPriceE4(1_000_000),
  },
} as const;

type Write = (port: BeyondPort) => Promise<{ readonly kind: string }>;

// Route | the call | the reply's fixture ("" for none) | the body's fixture.
// biome-ignore format: a table is read by its columns
const WRITES: readonly (readonly [string, Write, string, string?])[] = [
  ["POST /orders/slicing", (port) => port.placeSliced(PLACE), "slicing-reply"],
  ["POST /alerts/multi/orders", (port) => port.placeMulti(MULTI.orders), "multi-orders-reply", "multi-orders-request"],
  ["POST /alerts/orders", (port) => port.placeAlert(ALERT.condition, ALERT.orders), "alert-reply", "alert-place-request"],
  ["PUT /alerts/orders/12345", (port) => port.modifyAlert("12345", ALERT.condition), "alert-reply"],
  ["DELETE /alerts/orders/12345", (port) => port.cancelAlert("12345"), "alert-reply"],
  ["DELETE /positions", (port) => port.exitAll(), "exit-all-reply"],
  ["POST /positions/convert", (port) => port.convert(CONVERT), "", "convert-request"],
  ["POST /killswitch?killSwitchStatus=ACTIVATE", (port) => port.setKillSwitch("ACTIVATE"), "kill-switch-reply"],
  ["POST /pnlExit", (port) => port.setPnlExit(PNL_EXIT), "pnl-exit-reply", "pnl-exit-request"],
  ["DELETE /pnlExit", (port) => port.stopPnlExit(), "pnl-exit-reply-server-names"],
];

for (const [route, call, reply, body] of WRITES) {
  test(`${route} is sent once and accepted`, async () => {
    const status = reply === "" ? 202 : 200;
    const asked = await ask({ status, body: reply === "" ? "" : text(reply) }, call);
    assert.equal(asked.line, route);
    assert.equal(asked.result.kind, "accepted");
    if (body !== undefined) assert.deepEqual(asked.body, JSON.parse(text(body)));
  });

  test(`${route} without an answer is unknown, and an answer that says nothing is, too`, async () => {
    const answers = [
      new TransportFault("lost", "no reply within 10 ms"),
      { status: 502, body: "<html>" },
      { status: 500, body: '{"errorType":"E","errorCode":"DH-908","errorMessage":"x"}' },
      { status: 200, body: '{"errorType":"E","errorCode":"DH-908","errorMessage":"x"}' },
    ];
    for (const answer of answers) assert.equal((await ask(answer, call)).result.kind, "unknown");
  });

  test(`${route} is refused by the same evidence as orders`, async () => {
    const { result } = await ask(refusal("400-dh-906-invalid-token"), call);
    assert.equal(result.kind, "rejected");
    const notSent = new TransportFault("notSent", "connect ECONNREFUSED 127.0.0.1:1");
    assert.equal((await ask(notSent, call)).result.kind, "notSent");
    const { result: throttled } = await ask(refusal("429-dh-904"), call);
    assert.ok("throttled" in throttled && throttled.throttled);
  });
}

test("an order that was sliced names every slice, also when it is one", async () => {
  const { result } = await ask({ status: 200, body: text("slicing-reply") }, (port) =>
    port.placeSliced(PLACE),
  );
  assert.ok(result.kind === "accepted");
  assert.deepEqual(
    result.reply.map((slice) => slice.orderId),
    ["342260805001234", "342260805001235"],
  );
  const one = await ask({ status: 200, body: text("order-reply-place-transit") }, (port) =>
    port.placeSliced(PLACE),
  );
  assert.ok(one.result.kind === "accepted" && one.result.reply.length === 1);
});

test("nothing to exit is the broker's no; an exit that says ERROR is unknown", async () => {
  const nothing = await ask(refusal("400-dh-907-nothing-open"), (port) => port.exitAll());
  assert.equal(nothing.result.kind, "rejected");
  const noExit = await ask(refusal("400-dh-907-no-pnl-exit"), (port) => port.stopPnlExit());
  assert.equal(noExit.result.kind, "rejected");
  const body = '{"status":"ERROR","message":"some"}';
  const failed = await ask({ status: 200, body }, (port) => port.exitAll());
  assert.equal(failed.result.kind, "unknown");
});

test("reads alerts, with a last price that is a number or a string", async () => {
  const all = await ask({ status: 200, body: text("get-alerts") }, (port) => port.alerts());
  assert.equal(all.line, "GET /alerts/orders");
  assert.deepEqual(
    all.result.map((row) => [row.alertId, row.alertStatus, row.lastPrice]),
    [
      ["12345", "ACTIVE", 1650.3],
      ["12346", "TRIGGERED", 1700.1],
    ],
  );
  const one = await ask({ status: 200, body: text("get-alert-by-id") }, (port) =>
    port.alert("12345"),
  );
  assert.equal(one.result?.alertStatus, "ACTIVE");
  await assert.rejects(
    ask(refusal("400-dh-907-no-alert"), (port) => port.alert("1")),
    BrokerFault,
  );
});

test("reads the kill switch and the exit on profit or loss, in both spellings", async () => {
  const kill = await ask({ status: 200, body: text("get-kill-switch") }, (port) =>
    port.killSwitch(),
  );
  assert.deepEqual([kill.line, kill.result.killSwitchStatus], ["GET /killswitch", "DEACTIVATE"]);
  for (const [name, isOn] of [
    ["get-pnl-exit", true],
    ["get-pnl-exit-camel", false],
  ] as const) {
    const exit = await ask({ status: 200, body: text(name) }, (port) => port.pnlExit());
    assert.deepEqual([exit.result?.profit, exit.result?.enableKillSwitch], [1500, isOn]);
  }
  const none = await ask(refusal("400-dh-907-no-pnl-exit"), (port) => port.pnlExit());
  assert.equal(none.result, undefined);
  await assert.rejects(
    ask({ status: 500, body: "" }, (port) => port.pnlExit()),
    BrokerFault,
  );
});
