import assert from "node:assert/strict";
import { test } from "node:test";
import { AppError } from "../platform/fault.ts";
import { startHealthServer } from "./health.ts";
import type { CarriedOut, ModeOrder, OperatorDoor, OperatorOrder } from "./operator.ts";
import type { OfferedRepair, RepairsAsked, TakenRepair } from "./repair-door.ts";

const TOKEN = "token-of-this-run";

const FLAT = {
  account: "asha",
  isShadow: false,
  isProved: true,
  positions: [],
  orders: 0,
  unknown: 0,
  problem: "",
};

const SEEN = {
  link: "leader-asha",
  instrument: "NSE_EQ:1333",
  product: "INTRADAY",
  target: 50,
  actual: 0,
  order: { leg: "entry", side: "BUY", quantity: 50, price: 16_582_500 },
} as const;
const OFFER: OfferedRepair = {
  ...SEEN,
  leader: "leader",
  follower: "asha",
  isShadow: false,
  symbol: "HDFCBANK",
  difference: -50,
  parts: [{ cause: "rejected", units: 50, code: "child-rejected" }],
};
const TAKEN: TakenRepair = {
  link: "leader-asha",
  follower: "asha",
  symbol: "HDFCBANK",
  product: "INTRADAY",
  repair: { name: "RP7", side: "BUY", units: 50, filled: 0, isOver: false },
};

async function startServer(carryOut?: (order: OperatorOrder) => Promise<CarriedOut>) {
  const orders: OperatorOrder[] = [];
  const heard = async (order: OperatorOrder) => {
    orders.push(order);
    return carryOut === undefined ? { accounts: ["asha"] } : carryOut(order);
  };
  const apply = async () => ({ isChanged: true, seq: 2, lines: ["link leader-asha: changed"] });
  const modes: ModeOrder[] = [];
  const setMode = async (order: ModeOrder) => {
    modes.push(order);
    return "asha";
  };
  const asked: RepairsAsked[] = [];
  const door: OperatorDoor = {
    token: TOKEN,
    carryOut: heard,
    flatness: async () => [FLAT],
    setMode,
    apply,
    repairOffers: async ({ link }) => [{ ...OFFER, link: link ?? OFFER.link }],
    repair: async (order) => {
      asked.push(order);
      return [TAKEN];
    },
  };
  const readiness = () => ({ ready: true, reasons: [] });
  const server = await startHealthServer({ readiness, port: 0, door });
  const post = (path: string, body: unknown, token = TOKEN) =>
    fetch(server.url + path, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${token}` },
      body: JSON.stringify(body),
    });
  return { server, orders, modes, asked, post };
}

for (const [path, what] of [
  ["/api/v1/kill", "kill"],
  ["/api/v1/kill/release", "release"],
  ["/api/v1/breaker/reset", "reset-breaker"],
  ["/api/v1/square-off", "square-off"],
] as const) {
  test(`${path} with the token is carried out as ${what}, and answered when it is done`, async () => {
    const { server, orders, post } = await startServer();
    await using _server = server;
    const reply = await post(path, { by: "asha", reason: "enough", accounts: ["ravi"] });
    assert.deepEqual([reply.status, await reply.json()], [200, { accounts: ["asha"] }]);
    assert.deepEqual(orders, [{ what, by: "asha", reason: "enough", accounts: ["ravi"] }]);
  });
}

test("how accounts stand that are to be flat is told to who has the token, and to nobody else", async () => {
  const { server, post } = await startServer();
  await using _server = server;
  const reply = await post("/api/v1/flat", {});
  assert.deepEqual([reply.status, await reply.json()], [200, { accounts: [FLAT] }]);
  assert.equal((await post("/api/v1/flat", {}, "token-of-another-run")).status, 401);
});

test("a link's mode is set for who has the token, and only to one that there is", async () => {
  const { server, modes, post } = await startServer();
  await using _server = server;
  const order = { link: "leader-asha", mode: "paused", by: "ravi", reason: "lunch" };
  const reply = await post("/api/v1/links/mode", order);
  assert.deepEqual([reply.status, await reply.json()], [200, { follower: "asha" }]);
  assert.equal((await post("/api/v1/links/mode", { ...order, mode: "asleep" })).status, 400);
  assert.equal((await post("/api/v1/links/mode", order, "token-of-another-run")).status, 401);
  assert.deepEqual(modes, [order]);
});

test("differences are shown, and repaired as they were seen, for who has the token", async () => {
  const { server, asked, post } = await startServer();
  await using _server = server;
  const shown = await post("/api/v1/repairs/offers", { link: "leader-ravi" });
  assert.deepEqual(await shown.json(), { offers: [{ ...OFFER, link: "leader-ravi" }] });
  const order = { requestId: "request-of-asha", by: "ravi", positions: [SEEN] };
  const reply = await post("/api/v1/repairs", order);
  assert.deepEqual([reply.status, await reply.json()], [200, { repairs: [TAKEN] }]);
  assert.deepEqual(asked, [order]);
  const [seen] = order.positions;
  for (const positions of [[], [{ ...seen, target: 0.5 }], [{ ...seen, product: "cash" }]]) {
    assert.equal((await post("/api/v1/repairs", { ...order, positions })).status, 400);
  }
  assert.equal((await post("/api/v1/repairs", order, "token-of-another-run")).status, 401);
  assert.equal(asked.length, 1);
});

test("without the token, or with another, nothing is done", async () => {
  const { server, orders, post } = await startServer();
  await using _server = server;
  assert.equal((await post("/api/v1/kill", { by: "asha" }, "token-of-another-run")).status, 401);
  const bare = await fetch(`${server.url}/api/v1/kill`, { method: "POST" });
  assert.equal(bare.status, 401);
  assert.deepEqual(orders, []);
});

test("what is not understood is refused, and a fault comes with its remedy", async () => {
  const fault = { code: "ACCOUNT_UNKNOWN", message: "nobody is no account", remedy: "Look." };
  const { server, post } = await startServer(async () => Promise.reject(new AppError(fault)));
  await using _server = server;
  assert.equal((await post("/api/v1/kill", { reason: "no name" })).status, 400);
  const reply = await post("/api/v1/kill", { by: "asha" });
  assert.deepEqual([reply.status, await reply.json()], [409, fault]);
});

test("it is only served where it was asked for", async () => {
  await using server = await startHealthServer({
    readiness: () => ({ ready: true, reasons: [] }),
    port: 0,
  });
  const reply = await fetch(`${server.url}/api/v1/kill`, { method: "POST" });
  assert.equal(reply.status, 404);
});
