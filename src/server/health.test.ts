import assert from "node:assert/strict";
import { Agent, get } from "node:http";
import { test } from "node:test";
import { AppError } from "../platform/fault.ts";
import { type Readiness, startHealthServer } from "./health.ts";

const READY: Readiness = { ready: true, reasons: [] };

test("the process is up as soon as it listens, on loopback", async () => {
  await using server = await startHealthServer({ readiness: () => READY, port: 0 });
  assert.match(server.url, /^http:\/\/127\.0\.0\.1:\d+$/);
  const reply = await fetch(`${server.url}/healthz`);
  assert.equal(reply.status, 200);
  assert.deepEqual(await reply.json(), { ok: true });
});

test("readiness is 503 with the reasons, then 200, asked anew each time", async () => {
  let state: Readiness = { ready: false, reasons: ["link leader-asha is not armed"] };
  await using server = await startHealthServer({ readiness: () => state, port: 0 });
  const before = await fetch(`${server.url}/readyz`);
  assert.equal(before.status, 503);
  assert.deepEqual(await before.json(), {
    ready: false,
    reasons: ["link leader-asha is not armed"],
  });
  state = READY;
  const after = await fetch(`${server.url}/readyz`);
  assert.equal(after.status, 200);
  assert.equal(after.headers.get("cache-control"), "no-store");
  assert.deepEqual(await after.json(), { ready: true });
});

test("a port in use is one clear fault", async () => {
  await using first = await startHealthServer({ readiness: () => READY, port: 0 });
  const port = Number(new URL(first.url).port);
  await assert.rejects(startHealthServer({ readiness: () => READY, port }), (error) => {
    assert.ok(error instanceof AppError);
    assert.equal(error.code, "PORT_IN_USE");
    assert.equal(error.message, `127.0.0.1:${port} is in use by another program`);
    assert.match(error.remedy, /--port/);
    return true;
  });
});

test("an address of another machine is one clear fault", async () => {
  const host = "192.0.2.1";
  await assert.rejects(startHealthServer({ readiness: () => READY, port: 0, host }), (error) => {
    assert.ok(error instanceof AppError);
    assert.equal(error.code, "ADDRESS_NOT_AVAILABLE");
    return true;
  });
});

test("a name that nobody knows is one clear fault", async () => {
  const host = "no-such-host.invalid";
  const started = startHealthServer({ readiness: () => READY, port: 0, host });
  await assert.rejects(started, { name: "AppError", code: "ADDRESS_NOT_AVAILABLE" });
});

test("closes with a kept-alive connection open, and the port is free again", async () => {
  const server = await startHealthServer({ readiness: () => READY, port: 0 });
  const agent = new Agent({ keepAlive: true });
  try {
    await new Promise<void>((resolve, reject) => {
      get(`${server.url}/healthz`, { agent }, (reply) => {
        reply.resume().on("end", resolve);
      }).on("error", reject);
    });
    await server.close();
    const port = Number(new URL(server.url).port);
    const again = await startHealthServer({ readiness: () => READY, port });
    await again.close();
  } finally {
    agent.destroy();
  }
});
