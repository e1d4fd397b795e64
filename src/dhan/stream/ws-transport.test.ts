import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { after, test } from "node:test";
import { type WebSocket, WebSocketServer } from "ws";
import { systemClock } from "../../platform/clock.ts";
import { systemRandom } from "../../platform/random.ts";
import type { DropCopyEvent } from "../../ports/broker.ts";
import type { SocketEvent } from "../../ports/transport.ts";
import { OrderUpdates } from "./order-updates.ts";
import { createWsTransport } from "./ws-transport.ts";

const clock = systemClock();
const closers: (() => void)[] = [];
after(() => {
  for (const close of closers) close();
});

async function urlOf(server: Server): Promise<string> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  closers.push(() => server.close());
  return `ws://127.0.0.1:${(server.address() as AddressInfo).port}/order-updates`;
}

async function socketServer(onConnection: (socket: WebSocket) => void): Promise<string> {
  const http = createServer();
  const server = new WebSocketServer({ server: http });
  server.on("connection", onConnection);
  closers.push(() => {
    for (const socket of server.clients) socket.terminate();
  });
  return urlOf(http);
}

async function eventually(condition: () => boolean): Promise<void> {
  const deadlineMs = clock.monotonicMs() + 5_000;
  while (!condition()) {
    assert.ok(clock.monotonicMs() < deadlineMs, "the condition did not come true in time");
    await new Promise((resolve) => setImmediate(resolve));
  }
}

function connectTo(url: string) {
  const events: SocketEvent[] = [];
  const connection = createWsTransport({ url }).connect((event) => events.push(event));
  const isClosed = () => events.at(-1)?.kind === "closed";
  return { events, connection, isClosed };
}

test("tells opens, texts, binaries, pings and pongs, and the close once and last", async () => {
  const url = await socketServer((socket) => {
    socket.on("message", (data) => {
      socket.send(data.toString());
      socket.send(Buffer.from([1, 2]));
      socket.ping();
      socket.once("pong", () => socket.once("ping", () => socket.close(1000, "bye")));
    });
  });
  const { events, connection, isClosed } = connectTo(url);
  await eventually(() => events.length === 1);
  connection.send("hello");
  await eventually(() => events.some((event) => event.kind === "ping"));
  connection.ping();
  await eventually(isClosed);
  assert.deepEqual(
    events.map((event) => event.kind),
    ["open", "message", "message", "ping", "pong", "closed"],
  );
  assert.deepEqual(events[1], { kind: "message", data: "hello" });
  assert.deepEqual(events.at(-1), { kind: "closed", text: "closed with code 1000 bye" });
});

test("a refused handshake is a close with its status", async () => {
  const http = createServer((_request, response) => response.end());
  http.on("upgrade", (_request, socket) => socket.end("HTTP/1.1 429 Too Many\r\n\r\n"));
  const { events, isClosed } = connectTo(await urlOf(http));
  await eventually(isClosed);
  const text = "handshake answered with HTTP 429";
  assert.deepEqual(events, [{ kind: "closed", text, status: 429 }]);
});

test("a refused connection is a close", async () => {
  const http = createServer();
  const url = await urlOf(http);
  http.close();
  await once(http, "close");
  const { events, isClosed } = connectTo(url);
  await eventually(isClosed);
  assert.equal(events.length, 1);
});

test("terminate closes at any time, also before the connection opened", async () => {
  const url = await socketServer(() => undefined);
  const early = connectTo(url);
  early.connection.terminate();
  await eventually(early.isClosed);
  const open = connectTo(url);
  await eventually(() => open.events.length === 1);
  open.connection.terminate();
  await eventually(open.isClosed);
  // Sending into a closed connection is harmless: "closed" has told all there is.
  open.connection.send("late");
  open.connection.ping();
});

test("the drop copy logs in over a real socket, survives a reset and stops cleanly", async () => {
  const logins: string[] = [];
  const url = await socketServer((socket) => {
    socket.on("message", (data) => {
      logins.push(data.toString());
      if (logins.length === 1) socket.ping(() => socket.terminate());
    });
  });
  const events: DropCopyEvent[] = [];
  const dropCopy = new OrderUpdates({
    sockets: createWsTransport({ url }),
    clientId: "1100000007",
    accessToken: "token-of-asha",
    clock,
    random: systemRandom(),
    isTokenRefused: async () => false,
    redact: (text) => text,
  });
  dropCopy.start((event) => events.push(event));
  const kinds = () => events.map((event) => event.kind).join(" ");
  await eventually(() => kinds() === "up down up");
  await dropCopy.stop();
  assert.equal(logins.length, 2);
});
