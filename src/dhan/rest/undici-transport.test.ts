import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer as createHttpServer, type Server } from "node:http";
import { type AddressInfo, createServer as createTcpServer, type Socket } from "node:net";
import { after, test } from "node:test";
import { systemClock } from "../../platform/clock.ts";
import { type HttpRequest, TransportFault } from "../../ports/transport.ts";
import { createUndiciTransport, type UndiciTransportOptions } from "./undici-transport.ts";

const clock = systemClock();
const closers: (() => void)[] = [];
after(() => {
  for (const close of closers) close();
});

const GET: HttpRequest = { method: "GET", path: "/orders", headers: { "client-id": "1" } };
const POST: HttpRequest = { ...GET, method: "POST", body: '{"quantity":10}' };

async function listening(server: Server | ReturnType<typeof createTcpServer>): Promise<number> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

/** A server that treats raw connections as `onConnection` says and counts the bytes it got. */
async function rawServer(onConnection: (socket: Socket) => void) {
  const seen = { connections: 0, text: "" };
  const sockets = new Set<Socket>();
  const server = createTcpServer((socket) => {
    seen.connections++;
    sockets.add(socket);
    socket.on("error", () => undefined);
    socket.on("data", (chunk) => {
      seen.text += chunk.toString();
    });
    onConnection(socket);
  });
  const port = await listening(server);
  closers.push(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return { port, seen, sockets };
}

function transportTo(port: number, more: Partial<UndiciTransportOptions> = {}) {
  const transport = createUndiciTransport({
    restUrl: `http://127.0.0.1:${port}/v2/`,
    clock,
    connectTimeoutMs: 500,
    ...more,
  });
  return transport;
}

async function faultOf(promise: Promise<unknown>): Promise<TransportFault> {
  const error = await promise.then(
    () => assert.fail("it should not have been answered"),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof TransportFault);
  return error;
}

/** Waits, turn by turn, for a condition; fails after two seconds. */
async function eventually(condition: () => boolean): Promise<void> {
  const deadlineMs = clock.monotonicMs() + 2_000;
  while (!condition()) {
    assert.ok(clock.monotonicMs() < deadlineMs, "the condition did not come true in time");
    await new Promise((resolve) => setImmediate(resolve));
  }
}

async function closedPort(): Promise<number> {
  const server = createTcpServer();
  const port = await listening(server);
  server.close();
  await once(server, "close");
  return port;
}

const OK = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n[]";

test("sends below the base path, with headers and body, and gives back any status", async () => {
  const requests: string[] = [];
  const server = createHttpServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => {
      body += chunk;
    });
    request.on("end", () => {
      requests.push(`${request.method} ${request.url} ${request.headers["client-id"]} ${body}`);
      response.writeHead(429).end('{"errorCode":"DH-904"}');
    });
  });
  const transport = transportTo(await listening(server));
  const reply = await transport.request(POST, { timeoutMs: 2_000 });
  await transport.close();
  server.close();
  assert.deepEqual(requests, ['POST /v2/orders 1 {"quantity":10}']);
  assert.deepEqual(reply, { status: 429, body: '{"errorCode":"DH-904"}' });
});

test("a refused connection is proved not sent", async () => {
  const transport = transportTo(await closedPort());
  assert.equal((await faultOf(transport.request(POST, { timeoutMs: 2_000 }))).kind, "notSent");
  await transport.close();
});

test("a name that cannot be looked up is proved not sent", async () => {
  const restUrl = "http://no-such-host.invalid/v2";
  const transport = createUndiciTransport({ restUrl, clock, connectTimeoutMs: 1_000 });
  assert.equal((await faultOf(transport.request(POST, { timeoutMs: 5_000 }))).kind, "notSent");
  await transport.close();
});

test("a TLS handshake that comes to nothing is proved not sent", async () => {
  const { port } = await rawServer(() => undefined);
  const transport = transportTo(port, { restUrl: `https://127.0.0.1:${port}/v2` });
  assert.equal((await faultOf(transport.request(POST, { timeoutMs: 3_000 }))).kind, "notSent");
  await transport.close();
});

test("a connection that ends after the request was written is lost, and nothing is sent again", async () => {
  const { port, seen } = await rawServer((socket) => {
    socket.once("data", () => socket.destroy());
  });
  const transport = transportTo(port);
  for (const request of [POST, GET]) {
    assert.equal((await faultOf(transport.request(request, { timeoutMs: 2_000 }))).kind, "lost");
  }
  await transport.close();
  assert.equal(seen.text.match(/POST \/v2\/orders/g)?.length, 1);
  assert.equal(seen.text.match(/GET \/v2\/orders/g)?.length, 1);
});

test("no reply within the deadline is lost", async () => {
  const { port, seen } = await rawServer(() => undefined);
  const transport = transportTo(port);
  const fault = await faultOf(transport.request(POST, { timeoutMs: 50 }));
  assert.equal(fault.kind, "lost");
  assert.match(fault.message, /no reply within 50 ms/);
  await transport.close();
  assert.equal(seen.text.match(/POST/g)?.length, 1);
});

test("a reply that breaks off is lost", async () => {
  const { port } = await rawServer((socket) => {
    socket.once("data", () => socket.end("HTTP/1.1 200 OK\r\ncontent-length: 50\r\n\r\n{"));
  });
  const transport = transportTo(port);
  assert.equal((await faultOf(transport.request(POST, { timeoutMs: 2_000 }))).kind, "lost");
  await transport.close();
});

test("an answer that is no HTTP is lost", async () => {
  const { port } = await rawServer((socket) => {
    socket.once("data", () => socket.end("SSH-2.0-nothing\r\n"));
  });
  const transport = transportTo(port);
  assert.equal((await faultOf(transport.request(POST, { timeoutMs: 2_000 }))).kind, "lost");
  await transport.close();
});

test("a request still queued at its deadline is proved not sent, and never leaves later", async () => {
  const { port, seen, sockets } = await rawServer(() => undefined);
  const transport = transportTo(port, { connections: 1 });
  const first = transport.request(GET, { timeoutMs: 2_000 });
  await eventually(() => seen.text.includes("GET /v2/orders"));
  const fault = await faultOf(transport.request(POST, { timeoutMs: 20 }));
  assert.equal(fault.kind, "notSent");
  for (const socket of sockets) socket.write(OK);
  await first;
  const third = transport.request({ ...GET, path: "/trades" }, { timeoutMs: 2_000 });
  await eventually(() => seen.text.includes("GET /v2/trades"));
  for (const socket of sockets) if (!socket.destroyed) socket.write(OK);
  assert.equal((await third).status, 200);
  await transport.close();
  assert.ok(!seen.text.includes("POST"));
});

test("an idle connection is used again", async () => {
  let connections = 0;
  const server = createHttpServer((request, response) => {
    request.resume().on("end", () => response.end("[]"));
  });
  server.on("connection", () => connections++);
  const transport = transportTo(await listening(server));
  for (let round = 0; round < 3; round++) {
    await transport.request(POST, { timeoutMs: 2_000 });
    // undici calls a connection free one turn after its reply.
    await new Promise((resolve) => setImmediate(resolve));
  }
  await transport.close();
  server.close();
  assert.equal(connections, 1);
});

test("a redirect is an answer, not an invitation", async () => {
  const { port, seen } = await rawServer((socket) => {
    socket.on("data", () =>
      socket.write("HTTP/1.1 301 Moved\r\nlocation: /v2/\r\ncontent-length: 0\r\n\r\n"),
    );
  });
  const transport = transportTo(port);
  assert.equal((await transport.request(POST, { timeoutMs: 2_000 })).status, 301);
  await transport.close();
  assert.equal(seen.text.match(/POST/g)?.length, 1);
});

test("connects from the account's own egress address", async () => {
  const from: (string | undefined)[] = [];
  const { port } = await rawServer((socket) => {
    from.push(socket.remoteAddress);
    socket.on("data", () => socket.write(OK));
  });
  const transport = transportTo(port, { localAddress: "127.0.0.2" });
  await transport.request(GET, { timeoutMs: 2_000 });
  await transport.close();
  assert.deepEqual(from, ["127.0.0.2"]);
});

test("an egress address that this machine does not have is proved not sent", async () => {
  const { port } = await rawServer(() => undefined);
  const transport = transportTo(port, { localAddress: "203.0.113.7" });
  assert.equal((await faultOf(transport.request(POST, { timeoutMs: 2_000 }))).kind, "notSent");
  await transport.close();
});

test("goes through a proxy when the account's egress is one", async () => {
  const { port, seen } = await rawServer((socket) => {
    socket.on("data", () => socket.write(OK));
  });
  const proxy = `http://127.0.0.1:${port}`;
  const restUrl = "http://api.broker.invalid/v2";
  const transport = createUndiciTransport({ restUrl, clock, proxy });
  assert.equal((await transport.request(POST, { timeoutMs: 2_000 })).status, 200);
  await transport.close();
  assert.match(seen.text, /^POST http:\/\/api\.broker\.invalid\/v2\/orders HTTP\/1\.1/);
});

test("a proxy that refuses the tunnel proves that nothing was sent", async () => {
  const { port, seen } = await rawServer((socket) => {
    socket.once("data", () => socket.end("HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n"));
  });
  const proxy = `http://127.0.0.1:${port}`;
  const restUrl = "https://api.broker.invalid/v2";
  const transport = createUndiciTransport({ restUrl, clock, proxy });
  assert.equal((await faultOf(transport.request(POST, { timeoutMs: 2_000 }))).kind, "notSent");
  await transport.close();
  assert.ok(!seen.text.includes("quantity"));
});

test("a queued request that is called off is proved not sent, and no byte of it is written", async () => {
  const answers: (() => void)[] = [];
  const paths: (string | undefined)[] = [];
  const server = createHttpServer((request, response) => {
    paths.push(request.url);
    answers.push(() => response.end("[]"));
  });
  const transport = transportTo(await listening(server), { connections: 1 });
  let mayLeave = true;
  const limits = { timeoutMs: 5_000, mayLeave: () => mayLeave };
  const first = transport.request({ ...POST, path: "/first" }, limits);
  await eventually(() => answers.length === 1);
  const second = faultOf(transport.request({ ...POST, path: "/second" }, limits));
  mayLeave = false;
  answers[0]?.();
  assert.equal((await first).status, 200);
  assert.equal((await second).kind, "notSent");
  const third = transport.request({ ...POST, path: "/third" }, { timeoutMs: 5_000 });
  await eventually(() => answers.length === 2);
  answers[1]?.();
  assert.equal((await third).status, 200);
  assert.deepEqual(paths, ["/v2/first", "/v2/third"]);
  await transport.close();
  server.close();
});
