import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { manualClock } from "../../platform/manual-clock.ts";
import type { DropCopyEvent } from "../../ports/broker.ts";
import type { SocketEvent, SocketTransport } from "../../ports/transport.ts";
import { createAccountRedaction } from "../redact.ts";
import { OrderUpdates, type OrderUpdatesTiming } from "./order-updates.ts";

const FOLDER = new URL("../../../test/fixtures/dhan/", import.meta.url);
const ALERT = readFileSync(new URL("order-alert-traded-camel.json", FOLDER), "utf8");
const UNKNOWN_STATUS = readFileSync(new URL("order-alert-unknown-status.json", FOLDER), "utf8");

/** The other side of every connection made, in memory; "closed" follows a terminate one turn later. */
class Sockets implements SocketTransport {
  readonly connections: FakeConnection[] = [];

  connect(listener: (event: SocketEvent) => void): FakeConnection {
    const connection = new FakeConnection(listener);
    this.connections.push(connection);
    return connection;
  }

  get last(): FakeConnection {
    const last = this.connections.at(-1);
    assert.ok(last, "nothing has connected");
    return last;
  }
}

class FakeConnection {
  readonly sent: string[] = [];
  pings = 0;
  isClosed = false;
  readonly #listener: (event: SocketEvent) => void;

  constructor(listener: (event: SocketEvent) => void) {
    this.#listener = listener;
  }

  tell(event: SocketEvent): void {
    assert.ok(!this.isClosed, "a closed connection tells nothing");
    if (event.kind === "closed") this.isClosed = true;
    this.#listener(event);
  }

  end(text = "reset", status?: number): void {
    this.tell({ kind: "closed", text, ...(status === undefined ? {} : { status }) });
  }

  send(text: string): void {
    this.sent.push(text);
  }

  ping(): void {
    this.pings++;
  }

  terminate(): void {
    queueMicrotask(() => {
      if (!this.isClosed) this.end("terminated");
    });
  }
}

interface Options {
  readonly isTokenRefused?: () => Promise<boolean>;
  readonly timing?: Partial<OrderUpdatesTiming>;
}

function started(set: Options = {}) {
  const clock = manualClock(1_785_904_333_000);
  const sockets = new Sockets();
  const events: DropCopyEvent[] = [];
  const dropCopy = new OrderUpdates({
    sockets,
    clientId: "1100000007",
    accessToken: "token-of-asha",
    clock,
    // The longest wait of every range: the first is 250 ms, then doubled.
    random: { next: () => 1 },
    isTokenRefused: async () => false,
    redact: createAccountRedaction("1100000007", "token-of-asha").redact,
    ...set,
  });
  dropCopy.start((event) => events.push(event));
  const kinds = () => events.map((event) => event.kind).join(" ");
  return { clock, sockets, events, kinds, dropCopy };
}

function waitOf(event: DropCopyEvent | undefined): number {
  assert.ok(event?.kind === "down", "the last event is no down");
  return event.retryInMs;
}

/** Lets everything run that waits for a promise. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

test("logs in as the first thing on a new connection", () => {
  const { sockets } = started();
  assert.deepEqual(sockets.last.sent, []);
  sockets.last.tell({ kind: "open" });
  assert.deepEqual(
    sockets.last.sent.map((text) => JSON.parse(text)),
    [
      {
        LoginReq: { MsgCode: 42, ClientId: "1100000007", Token: "token-of-asha" },
        UserType: "SELF",
      },
    ],
  );
});

test("is up after a quiet grace, because the broker acknowledges no login", () => {
  const { clock, sockets, kinds } = started();
  sockets.last.tell({ kind: "open" });
  clock.advance(299);
  assert.equal(kinds(), "");
  clock.advance(1);
  assert.equal(kinds(), "up");
  clock.advance(5_000);
  assert.equal(kinds(), "up");
});

test("is up at once when the server pings or tells of an order", () => {
  const pinged = started();
  pinged.sockets.last.tell({ kind: "open" });
  pinged.sockets.last.tell({ kind: "ping" });
  assert.equal(pinged.kinds(), "up");
  const told = started();
  told.sockets.last.tell({ kind: "open" });
  told.sockets.last.tell({ kind: "message", data: ALERT });
  assert.equal(told.kinds(), "up order");
});

test("stray frames are counted, and neither end the connection nor make it up", () => {
  const { sockets, kinds } = started();
  sockets.last.tell({ kind: "open" });
  for (const data of [new Uint8Array([1, 2, 3, 4, 5]), "hello", '{"Type":"ack"}', UNKNOWN_STATUS]) {
    sockets.last.tell({ kind: "message", data });
  }
  assert.equal(kinds(), "unreadable unreadable unreadable unreadable");
  assert.ok(!sockets.last.isClosed);
});

test("a lost connection opens a gap at once and is made again soon", () => {
  const { clock, sockets, events } = started();
  sockets.last.tell({ kind: "open" });
  sockets.last.tell({ kind: "ping" });
  sockets.last.end("reset by peer");
  assert.deepEqual(events.at(-1), { kind: "down", text: "reset by peer", retryInMs: 250 });
  clock.advance(249);
  assert.equal(sockets.connections.length, 1);
  clock.advance(1);
  assert.equal(sockets.connections.length, 2);
});

test("keeps connecting for ever, with waits that double up to thirty seconds", () => {
  const { clock, sockets, events } = started();
  for (let round = 0; round < 10; round++) {
    sockets.last.end("connect ECONNREFUSED");
    clock.advance(waitOf(events.at(-1)));
  }
  assert.deepEqual(
    events.map((event) => (event.kind === "down" ? event.retryInMs : event.kind)),
    [250, 500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000],
  );
  assert.equal(sockets.connections.length, 11);
});

test("a connection that lived makes the next wait short again", () => {
  for (const live of ["ping", "two seconds"]) {
    const { clock, sockets, events } = started();
    for (let round = 0; round < 5; round++) {
      sockets.last.end();
      clock.advance(waitOf(events.at(-1)));
    }
    sockets.last.tell({ kind: "open" });
    if (live === "ping") sockets.last.tell({ kind: "ping" });
    else clock.advance(2_001);
    sockets.last.end();
    assert.deepEqual(events.at(-1), { kind: "down", text: "reset", retryInMs: 250 }, live);
  }
});

test("a login that only ever ends again is not hammered, though it was up for a moment", async () => {
  const { clock, sockets, events } = started();
  const waits: number[] = [];
  for (let round = 0; round < 4; round++) {
    sockets.last.tell({ kind: "open" });
    clock.advance(400);
    sockets.last.end();
    await settled();
    waits.push(waitOf(events.at(-1)));
    clock.advance(waitOf(events.at(-1)));
  }
  assert.deepEqual(waits, [250, 500, 1_000, 2_000]);
});

test("a handshake turned away with 429 is not tried again quickly", () => {
  const { sockets, events } = started();
  sockets.last.end("handshake answered with HTTP 429", 429);
  assert.equal(waitOf(events.at(-1)), 30_000);
});

test("pings from our side, and ends a connection on which nothing answers", async () => {
  const { clock, sockets, events } = started();
  sockets.last.tell({ kind: "open" });
  clock.advance(24_999);
  assert.equal(sockets.last.pings, 2);
  assert.ok(!sockets.last.isClosed);
  clock.advance(1);
  await settled();
  const down = { kind: "down", text: "no sign of life for 25000 ms", retryInMs: 250 };
  assert.deepEqual(events.at(-1), down);
});

test("pongs, pings and readable alerts are signs of life; unreadable frames are not", async () => {
  const signs: readonly (readonly [SocketEvent, boolean])[] = [
    [{ kind: "pong" }, true],
    [{ kind: "ping" }, true],
    [{ kind: "message", data: ALERT }, true],
    [{ kind: "message", data: "hello" }, false],
    [{ kind: "message", data: UNKNOWN_STATUS }, false],
  ];
  for (const [sign, isAlive] of signs) {
    const { clock, sockets } = started();
    sockets.last.tell({ kind: "open" });
    clock.advance(20_000);
    sockets.last.tell(sign);
    clock.advance(20_000);
    await settled();
    assert.equal(sockets.connections[0]?.isClosed, !isAlive, JSON.stringify(sign));
  }
});

test("a connection that never opens is given up", async () => {
  const { clock, sockets, events } = started();
  clock.advance(10_000);
  await settled();
  assert.deepEqual(events, [{ kind: "down", text: "not open within 10000 ms", retryInMs: 250 }]);
  clock.advance(250);
  assert.equal(sockets.connections.length, 2);
});

test("an early end with a dead token is a refusal, and the stream stands down", async () => {
  const { clock, sockets, kinds } = started({ isTokenRefused: async () => true });
  sockets.last.tell({ kind: "open" });
  clock.advance(10);
  sockets.last.end("closed with code 1006");
  await settled();
  assert.equal(kinds(), "down refused");
  clock.advance(600_000);
  assert.equal(sockets.connections.length, 1);
  assert.equal(clock.nextDueInMs(), undefined);
});

test("an early end with a living token is only a bad moment", async () => {
  const { clock, sockets, kinds } = started();
  sockets.last.tell({ kind: "open" });
  sockets.last.end();
  await settled();
  clock.advance(250);
  assert.equal(kinds(), "down");
  assert.equal(sockets.connections.length, 2);
});

test("an early end that cannot be checked is only a bad moment", async () => {
  const isTokenRefused = () => Promise.reject(new Error("unreachable"));
  const { clock, sockets, kinds } = started({ isTokenRefused });
  sockets.last.tell({ kind: "open" });
  sockets.last.end();
  await settled();
  clock.advance(250);
  assert.equal(kinds(), "down");
  assert.equal(sockets.connections.length, 2);
});

test("does not ask about the token when the connection lived, ended late or never opened", () => {
  let questions = 0;
  const isTokenRefused = async () => {
    questions++;
    return true;
  };
  const lived = started({ isTokenRefused });
  lived.sockets.last.tell({ kind: "open" });
  lived.sockets.last.tell({ kind: "ping" });
  lived.sockets.last.end();
  const late = started({ isTokenRefused });
  late.sockets.last.tell({ kind: "open" });
  late.clock.advance(2_001);
  late.sockets.last.end();
  started({ isTokenRefused }).sockets.last.end("connect ECONNREFUSED");
  assert.equal(questions, 0);
});

test("a slow refusal ends the connection that was made meanwhile", async () => {
  let answer: (isRefused: boolean) => void = () => undefined;
  const isTokenRefused = () =>
    new Promise<boolean>((resolve) => {
      answer = resolve;
    });
  const { clock, sockets, kinds } = started({ isTokenRefused });
  sockets.last.tell({ kind: "open" });
  sockets.last.end();
  clock.advance(250);
  sockets.last.tell({ kind: "open" });
  answer(true);
  await settled();
  assert.equal(kinds(), "down refused");
  assert.ok(sockets.last.isClosed);
  assert.equal(clock.nextDueInMs(), undefined);
});

test("a slow refusal is ignored once the new connection has lived", async () => {
  let answer: (isRefused: boolean) => void = () => undefined;
  const isTokenRefused = () =>
    new Promise<boolean>((resolve) => {
      answer = resolve;
    });
  const { clock, sockets, kinds } = started({ isTokenRefused });
  sockets.last.tell({ kind: "open" });
  sockets.last.end();
  clock.advance(250);
  sockets.last.tell({ kind: "open" });
  sockets.last.tell({ kind: "ping" });
  answer(true);
  await settled();
  assert.equal(kinds(), "down up");
});

test("new credentials wake a refused stream, and a late answer about the old ones is ignored", async () => {
  const answers: ((isRefused: boolean) => void)[] = [];
  const isTokenRefused = () => new Promise<boolean>((resolve) => answers.push(resolve));
  const { sockets, kinds, dropCopy } = started({ isTokenRefused });
  sockets.last.tell({ kind: "open" });
  sockets.last.end();
  answers[0]?.(true);
  await settled();
  dropCopy.useToken("newer-token-of-asha");
  sockets.last.tell({ kind: "open" });
  assert.match(sockets.last.sent[0] ?? "", /newer-token-of-asha/);
  sockets.last.end();
  dropCopy.useToken("newest-token-of-asha");
  answers[1]?.(true);
  await settled();
  assert.equal(kinds(), "down refused down");
});

test("new credentials leave a living connection alone and are used by the next", () => {
  const { clock, sockets, dropCopy } = started();
  sockets.last.tell({ kind: "open" });
  sockets.last.tell({ kind: "ping" });
  dropCopy.useToken("newer-token-of-asha");
  assert.equal(sockets.connections.length, 1);
  sockets.last.end();
  clock.advance(250);
  sockets.last.tell({ kind: "open" });
  assert.match(sockets.last.sent[0] ?? "", /newer-token-of-asha/);
});

test("stop ends the connection, waits for its end, tells nothing more and leaves no timer", async () => {
  const { clock, sockets, kinds, dropCopy } = started();
  sockets.last.tell({ kind: "open" });
  sockets.last.tell({ kind: "ping" });
  const stopped = dropCopy.stop();
  assert.ok(!sockets.last.isClosed);
  await stopped;
  assert.ok(sockets.last.isClosed);
  assert.equal(kinds(), "up");
  assert.equal(clock.nextDueInMs(), undefined);
});

test("stop while waiting to reconnect leaves no timer, and start begins anew", async () => {
  const { clock, sockets, dropCopy } = started();
  sockets.last.end();
  await dropCopy.stop();
  assert.equal(clock.nextDueInMs(), undefined);
  const events: DropCopyEvent[] = [];
  dropCopy.start((event) => events.push(event));
  sockets.last.tell({ kind: "open" });
  clock.advance(300);
  assert.deepEqual(events, [{ kind: "up" }]);
});

test("a listener that stops the stream within an event is safe", async () => {
  const clock = manualClock(0);
  const sockets = new Sockets();
  const kinds: string[] = [];
  const dropCopy = new OrderUpdates({
    sockets,
    clientId: "1100000007",
    accessToken: "token-of-asha",
    clock,
    random: { next: () => 0 },
    isTokenRefused: async () => true,
    redact: (text) => text,
  });
  dropCopy.start((event) => {
    kinds.push(event.kind);
    void dropCopy.stop();
  });
  sockets.last.tell({ kind: "open" });
  sockets.last.end();
  await settled();
  assert.deepEqual(kinds, ["down"]);
  assert.equal(clock.nextDueInMs(), undefined);
});
