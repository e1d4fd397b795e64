import assert from "node:assert/strict";
import { test } from "node:test";
import { BrokerFault } from "../../ports/broker.ts";
import type { HttpReply } from "../../ports/transport.ts";
import { Calls } from "./calls.ts";
import { listSuperOrderIds } from "./super-orders.ts";

function calls(reply: HttpReply): Calls {
  return new Calls({
    clientId: "1100000007",
    accessToken: "token-of-asha",
    transport: { request: async () => reply, close: async () => {} },
  });
}

test("entries and legs are told, whether or not the legs carry ids of their own", async () => {
  const body = JSON.stringify([
    { orderId: "59", legDetails: [{ orderId: "59" }, { orderId: "60" }] },
    { orderId: "61", legDetails: null },
  ]);
  assert.deepEqual(await listSuperOrderIds(calls({ status: 200, body })), ["59", "59", "60", "61"]);
});

test("a broker without the route has none; a broker in trouble is a fault, not an empty list", async () => {
  const absent = {
    status: 404,
    body: '{"status":404,"error":"Not Found","path":"/v2/super/orders"}',
  };
  assert.deepEqual(await listSuperOrderIds(calls(absent)), []);
  await assert.rejects(listSuperOrderIds(calls({ status: 500, body: "{}" })), BrokerFault);
});
