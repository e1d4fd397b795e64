import assert from "node:assert/strict";
import { test } from "node:test";
import { BrokerFault } from "../../ports/broker.ts";
import type { HttpReply } from "../../ports/transport.ts";
import { Calls } from "./calls.ts";
import { listForever } from "./forever.ts";
import { listSuperOrders } from "./super-orders.ts";

function calls(reply: HttpReply): Calls {
  return new Calls({
    clientId: "1100000007",
    accessToken: "token-of-asha",
    transport: { request: async () => reply, close: async () => {} },
  });
}

for (const list of [listSuperOrders, listForever]) {
  test(`${list.name}: a broker without the route has none; one in trouble is a fault, not an empty list`, async () => {
    const absent = {
      status: 404,
      body: '{"timestamp":1,"status":404,"error":"Not Found","path":"/v2/super/orders"}',
    };
    assert.deepEqual(await list(calls(absent)), []);
    for (const [status, body] of [
      [500, "{}"],
      [404, '{"errorType":"Order_Error","errorCode":"DH-906","errorMessage":"x"}'],
      [200, "{}"],
      [200, '[{"orderId":"1"}]'],
    ] as const) {
      await assert.rejects(list(calls({ status, body })), BrokerFault, body);
    }
  });
}
