import assert from "node:assert/strict";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { WebSocketServer } from "ws";
import { buyTenWhileWatching } from "./example.ts";

test("the documented example runs against a broker", async () => {
  const http = createServer((request, response) => {
    request.resume().on("end", () => {
      const isPlace = request.method === "POST" && request.url === "/v2/orders";
      response.end(isPlace ? '{"orderId":"342260805001234","orderStatus":"TRANSIT"}' : "{}");
    });
  });
  const sockets = new WebSocketServer({ server: http, path: "/order-updates" });
  sockets.on("connection", (socket) => socket.once("message", () => socket.ping()));
  http.listen(0, "127.0.0.1");
  await once(http, "listening");
  const host = `127.0.0.1:${(http.address() as AddressInfo).port}`;
  const placed = await buyTenWhileWatching({
    restUrl: `http://${host}/v2`,
    orderUpdateUrl: `ws://${host}/order-updates`,
  });
  sockets.close();
  http.close();
  assert.equal(placed, "342260805001234");
});

test("the example in the documentation is the one that is compiled and run", () => {
  const index = readFileSync(new URL("index.ts", import.meta.url), "utf8");
  const example = readFileSync(new URL("example.ts", import.meta.url), "utf8");
  const block = /```ts\n(.*?) \* ```/s.exec(index)?.[1] ?? "";
  const code = block.replace(/^ \* ?/gm, "");
  assert.ok(example.endsWith(code), "copy the example of index.ts into example.ts");
});
