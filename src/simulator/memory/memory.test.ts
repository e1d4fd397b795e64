import assert from "node:assert/strict";
import { test } from "node:test";
import { seededRandom } from "../../platform/random.ts";
import { type VirtualClock, virtualClock } from "../../platform/virtual-clock.ts";
import type { HttpReply, SocketConnection, SocketEvent } from "../../ports/transport.ts";
import { createSimulator, type Simulator, type SimulatorOptions } from "../index.ts";
import type { MemoryLink } from "./connect.ts";

const ASHA = "1100000007";
const TOKEN = "token-of-asha";
const TIMEOUT_MS = 10_000;
const HEADERS = { "access-token": TOKEN, "content-type": "application/json" };
const LIMIT_ORDER = {
  dhanClientId: ASHA,
  correlationId: "one",
  transactionType: "BUY",
  exchangeSegment: "NSE_EQ",
  productType: "INTRADAY",
  orderType: "LIMIT",
  validity: "DAY",
  securityId: "1333",
  quantity: 10,
  disclosedQuantity: 0,
  price: 1600,
  triggerPrice: 0,
  afterMarketOrder: false,
};

interface Box {
  readonly clock: VirtualClock;
  readonly simulator: Simulator;
  readonly link: MemoryLink;
}

function newBox(options: SimulatorOptions = {}): Box {
  const clock = virtualClock(Date.parse("2026-12-01T10:00:00+05:30"));
  const accounts = [{ clientId: ASHA, accessToken: TOKEN }];
  const simulator = createSimulator({ clock, accounts, ...options });
  return { clock, simulator, link: simulator.connect({ random: seededRandom(7) }) };
}

type Ended = { readonly reply: HttpReply } | { readonly fault: unknown };

/** Asks, and lets time pass until there is an end. */
async function ask(box: Box, method: "GET" | "POST", path: string, body?: unknown): Promise<Ended> {
  const request = {
    method,
    path,
    headers: HEADERS,
    ...(body !== undefined && { body: JSON.stringify(body) }),
  };
  let ended: Ended | undefined;
  box.link.http.request(request, { timeoutMs: TIMEOUT_MS }).then(
    (reply) => {
      ended = { reply };
    },
    (fault: unknown) => {
      ended = { fault };
    },
  );
  await box.clock.runUntil(() => ended !== undefined, 2 * TIMEOUT_MS);
  assert.ok(ended, "the request has an end");
  return ended;
}

async function replyTo(box: Box, path: string): Promise<HttpReply> {
  const ended = await ask(box, "GET", path);
  assert.ok("reply" in ended, "a reply came");
  return ended.reply;
}

async function faultOf(box: Box, path: string): Promise<{ kind: string; message: string }> {
  const ended = await ask(box, "GET", path);
  assert.ok("fault" in ended && ended.fault instanceof Error, "no reply came");
  return ended.fault as Error & { kind: string };
}

interface Ears {
  readonly connection: SocketConnection;
  readonly events: SocketEvent[];
  /** Kinds of what was heard; messages as the status that they tell. */
  readonly heard: () => string[];
}

function listen({ link }: Box): Ears {
  const events: SocketEvent[] = [];
  const connection = link.sockets.connect((event) => events.push(event));
  const heard = () => events.map(wordOf);
  return { connection, events, heard };
}

function wordOf(event: SocketEvent): string {
  if (event.kind === "closed") return `closed: ${event.text}`;
  if (event.kind !== "message") return event.kind;
  if (typeof event.data !== "string") return `${event.data.length} bytes`;
  return (JSON.parse(event.data) as { Data: { status: string } }).Data.status;
}

async function logIn(box: Box, token = TOKEN): Promise<Ears> {
  const ears = listen(box);
  await box.clock.run(100);
  const LoginReq = { MsgCode: 42, ClientId: ASHA, Token: token };
  ears.connection.send(JSON.stringify({ LoginReq, UserType: "SELF" }));
  await box.clock.run(100);
  return ears;
}

test("the same question gets the same bytes from memory and from a socket", async () => {
  const simulator = createSimulator({
    accounts: [{ clientId: ASHA, accessToken: TOKEN }],
    // Nothing moves between the two questions.
    switches: { transitMs: 86_400_000 },
  });
  const { restUrl } = await simulator.listen({ port: 0 });
  const { http } = simulator.connect({ random: seededRandom(7) });
  simulator.placeByHand(ASHA, LIMIT_ORDER);
  try {
    for (const path of ["/orders", "/positions", "/holdings", "/fundlimit", "/orders/nothing"]) {
      const overSocket = await fetch(restUrl + path, { headers: HEADERS });
      const inMemory = await http.request(
        { method: "GET", path, headers: HEADERS },
        { timeoutMs: TIMEOUT_MS },
      );
      assert.equal(inMemory.status, overSocket.status, path);
      assert.equal(inMemory.body, await overSocket.text(), path);
    }
  } finally {
    await simulator.close();
  }
});

test("a token that is not valid and a path that does not exist are answered as over HTTP", async () => {
  const box = newBox();
  assert.equal((await replyTo(box, "/nowhere")).status, 404);
  box.simulator.changeToken({ clientId: ASHA, action: "expire" });
  assert.equal((await replyTo(box, "/orders")).status, 401);
});

test("a reply takes the way there, the broker's delay and the way back", async () => {
  const box = newBox({ accounts: [{ clientId: ASHA, accessToken: TOKEN, replyMs: 500 }] });
  await replyTo(box, "/orders");
  const tookMs = box.clock.monotonicMs();
  assert.ok(tookMs >= 506 && tookMs <= 524, `${tookMs} ms`);
});

test("a broken gateway, a lost reply and a dropped request come through as they do on a network", async () => {
  const box = newBox();
  box.simulator.addFault({ kind: "html", count: 1 });
  const page = await replyTo(box, "/orders");
  assert.equal(page.status, 502);
  assert.match(page.body, /^<html>/);
  box.simulator.addFault({ kind: "drop", count: 1 });
  assert.equal((await faultOf(box, "/orders")).kind, "lost");
  box.simulator.addFault({ kind: "lose-reply", count: 1 });
  const lost = await ask(box, "POST", "/orders", LIMIT_ORDER);
  assert.ok("fault" in lost);
  assert.equal(box.simulator.truth(ASHA)[0]?.orders.length, 1, "the order is there all the same");
});

test("a reply that comes too late is lost at the deadline", async () => {
  const box = newBox();
  box.simulator.addFault({ kind: "delay-reply", ms: TIMEOUT_MS, count: 1 });
  const fault = await faultOf(box, "/orders");
  assert.equal(fault.kind, "lost");
  assert.equal(box.clock.monotonicMs(), TIMEOUT_MS);
});

test("a closed simulator refuses the connection, which is told as notSent", async () => {
  const box = newBox();
  await box.simulator.close();
  assert.equal((await faultOf(box, "/orders")).kind, "notSent");
});

test("a logged-in socket hears its orders in their order, and pings both ways are answered", async () => {
  const box = newBox();
  const ears = await logIn(box);
  box.simulator.placeByHand(ASHA, LIMIT_ORDER);
  await box.clock.run(200);
  box.simulator.setPrice("HDFCBANK", 1599);
  await box.clock.run(200);
  ears.connection.ping();
  await box.clock.run(10_000);
  assert.deepEqual(ears.heard(), ["open", "Transit", "Pending", "Traded", "pong", "ping"]);
});

for (const [refusal, heard] of [
  ["close", ["open", "closed: closed with code 1008"]],
  ["binary", ["open", "5 bytes", "closed: closed with code 1006"]],
  ["reset", ["open", "closed: closed with code 1006"]],
] as const) {
  test(`a login refused by ${refusal} is heard as such`, async () => {
    const box = newBox({ switches: { loginRefusal: refusal } });
    const ears = await logIn(box, "token-of-nobody");
    assert.deepEqual(ears.heard(), heard);
  });
}

test("faults of frames work as over a socket: dropped, repeated, shuffled, silent", async () => {
  const box = newBox();
  const ears = await logIn(box);
  const place = async () => {
    ears.events.length = 0;
    box.simulator.placeByHand(ASHA, LIMIT_ORDER);
    await box.clock.run(400);
    return ears.heard();
  };
  box.simulator.addFault({ kind: "drop-frames", count: 1 });
  assert.deepEqual(await place(), ["Pending"]);
  box.simulator.addFault({ kind: "repeat-frames", times: 3, count: 1 });
  assert.deepEqual(await place(), ["Transit", "Transit", "Transit", "Pending"]);
  box.simulator.addFault({ kind: "shuffle-frames", hold: 2, count: 2 });
  assert.deepEqual((await place()).toSorted(), ["Pending", "Transit"]);
  box.simulator.addFault({ kind: "silent" });
  assert.deepEqual(await place(), []);
});

test("a cut ends the socket, loses what was under way, and refuses new ones for its time", async () => {
  const box = newBox();
  const ears = await logIn(box);
  ears.events.length = 0;
  box.simulator.placeByHand(ASHA, LIMIT_ORDER);
  box.simulator.addFault({ kind: "cut", ms: 1_000 });
  const refused = listen(box);
  await box.clock.run(200);
  assert.deepEqual(ears.heard(), ["closed: closed with code 1006"]);
  assert.deepEqual(refused.heard(), ["closed: the other side refused the connection"]);
  await box.clock.run(1_000);
  assert.equal((await logIn(box)).heard()[0], "open");
});

test("a client that terminates hears the end at once and the broker a little later", async () => {
  const box = newBox();
  const ears = await logIn(box);
  ears.connection.terminate();
  ears.connection.terminate();
  await box.clock.run(0);
  assert.deepEqual(ears.heard(), ["open", "closed: closed with code 1006"]);
  assert.equal(box.simulator.accounts()[0]?.sockets, 1);
  await box.clock.run(50);
  assert.equal(box.simulator.accounts()[0]?.sockets, 0);
});

test("after the process is gone its order still arrives, nothing comes back, its socket ends", async () => {
  const box = newBox();
  const ears = await logIn(box);
  let isEnded = false;
  const end = () => {
    isEnded = true;
  };
  const request = {
    method: "POST",
    path: "/orders",
    headers: HEADERS,
    body: JSON.stringify(LIMIT_ORDER),
  } as const;
  box.link.http.request(request, { timeoutMs: TIMEOUT_MS }).then(end, end);
  box.link.cut();
  await box.clock.run(2 * TIMEOUT_MS);
  assert.equal(isEnded, false);
  assert.equal(box.simulator.truth(ASHA)[0]?.orders.length, 1);
  assert.deepEqual(ears.heard(), ["open"]);
  assert.equal(box.simulator.accounts()[0]?.sockets, 0);
});

test("watchers are told of every change with the order as it is then, until they stop", () => {
  const { simulator } = newBox({ switches: { transitMs: 0 } });
  const seen: string[] = [];
  const stop = simulator.watch(({ clientId, row }) => seen.push(`${clientId} ${row.orderStatus}`));
  simulator.placeByHand(ASHA, LIMIT_ORDER);
  stop();
  simulator.placeByHand(ASHA, LIMIT_ORDER);
  assert.deepEqual(seen, [`${ASHA} TRANSIT`]);
});
