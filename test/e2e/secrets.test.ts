/** Whatever happens on a busy day: no token, no password and no whole client id is written anywhere. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, request } from "node:http";
import { connect } from "node:net";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { eventually } from "../eventually.ts";
import {
  ASHA,
  createWorld,
  type Ended,
  LEADER,
  listen,
  TOKENS,
  truthOf,
  type World,
  writeConfig,
} from "./program.ts";

const RAVI = "1100000003";
const MEERA = "1100000004";
const PROXY_USER = "meera-at-the-proxy";
/** It has to be written as %2F in a URL. */
const PROXY_PASSWORD = "password/of-the-proxy";
const SECRETS = {
  ...TOKENS,
  ravi: "token-of-nobody",
  meera: "token-of-meera",
  password: PROXY_PASSWORD,
  encodedPassword: encodeURIComponent(PROXY_PASSWORD),
  proxyLogin: Buffer.from(`${PROXY_USER}:${PROXY_PASSWORD}`).toString("base64"),
  leaderId: LEADER,
  ashaId: ASHA,
  raviId: RAVI,
  meeraId: MEERA,
};
const DEBUG = { TANDEM_LOG_LEVEL: "debug", TANDEM_DEBUG: "1" };

/** A proxy that asks for its password; says how many requests it let through. */
async function startProxy(t: TestContext): Promise<{ url: string; passed: () => number }> {
  let passed = 0;
  const isAllowed = (login: string | undefined) => {
    const isRight = login === `Basic ${SECRETS.proxyLogin}`;
    if (isRight) passed += 1;
    return isRight;
  };
  const server = createServer((incoming, outgoing) => {
    if (!isAllowed(incoming.headers["proxy-authorization"])) {
      outgoing.writeHead(407).end();
      return;
    }
    const { method, url = "", headers } = incoming;
    const forwarded = request(url, { method, headers });
    forwarded.on("response", (reply) => {
      outgoing.writeHead(reply.statusCode ?? 502, reply.headers);
      reply.pipe(outgoing);
    });
    forwarded.on("error", () => outgoing.destroy());
    incoming.pipe(forwarded);
  });
  server.on("connect", ({ url = "", headers }, socket) => {
    if (!isAllowed(headers["proxy-authorization"])) {
      socket.end("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n");
      return;
    }
    const [host = "", port] = url.split(":");
    const onward = connect(Number(port), host, () => {
      socket.write("HTTP/1.1 200 OK\r\n\r\n");
      socket.pipe(onward).pipe(socket);
    });
    onward.on("error", () => socket.destroy());
    socket.on("error", () => onward.destroy());
    t.after(() => onward.destroy());
  });
  const { host } = new URL(await listen(t, server));
  const login = `${PROXY_USER}:${SECRETS.encodedPassword}`;
  return { url: `http://${login}@${host}`, passed: () => passed };
}

function configure(world: World, proxy: string): string {
  const { config, folder, simulator } = world;
  const availableBalance = 1_000_000_000;
  simulator.createAccount({ clientId: RAVI, availableBalance });
  simulator.createAccount({ clientId: MEERA, accessToken: SECRETS.meera, availableBalance });
  const [leader, asha] = config.accounts;
  const accounts = [
    { ...leader, accessToken: `$\{LEADER_TOKEN}` },
    asha,
    { id: "ravi", clientId: RAVI, accessToken: SECRETS.ravi, relation: "spouse" },
    { id: "meera", clientId: MEERA, accessToken: SECRETS.meera, egress: { proxy } },
  ];
  const links = ["asha", "ravi", "meera"].map((follower) => {
    return { id: `leader-${follower}`, leader: "leader", follower };
  });
  return writeConfig(folder, { ...config, accounts, links });
}

/** Words of a broker that tells more than it should. */
function indiscreet(clientId: string, token: string): object {
  const errorMessage = `client ${clientId} with token ${token}, see ${clientId}-1790000000000`;
  return { errorType: "Order_Error", errorCode: "DH-906", errorMessage };
}

/** An order of the leader's own program, without a name: the broker makes one of his client id. */
async function leadByProgram({ broker }: World, change: object = {}): Promise<string> {
  const reply = await fetch(`${broker.restUrl}/orders`, {
    method: "POST",
    headers: { "access-token": TOKENS.leader, "content-type": "application/json" },
    body: JSON.stringify({
      dhanClientId: LEADER,
      transactionType: "BUY",
      exchangeSegment: "NSE_EQ",
      productType: "INTRADAY",
      orderType: "LIMIT",
      validity: "DAY",
      securityId: "1333",
      quantity: 10,
      disclosedQuantity: 0,
      price: 1660,
      triggerPrice: 0,
      afterMarketOrder: false,
      ...change,
    }),
  });
  const { orderId } = (await reply.json()) as { orderId?: string };
  assert(orderId !== undefined, "the leader's order was refused");
  return orderId;
}

async function playIndiscreetly(world: World): Promise<string[]> {
  const { simulator } = world;
  const onPlace = { clientId: ASHA, path: "place" } as const;
  const rowsOf = (clientId: string) => truthOf(world, clientId).orders.map(({ row }) => row);
  const body = indiscreet(ASHA, TOKENS.asha);
  simulator.addFault({ kind: "status", code: 400, body, match: onPlace, count: 1 });
  const first = await leadByProgram(world);
  await eventually(() => rowsOf(MEERA).length === 1, { what: "a copy through the proxy" });
  const text = `RMS:{orderId}:client ${ASHA} with token ${TOKENS.asha} has insufficient funds`;
  simulator.addFault({ kind: "reject-later", text, afterMs: 20, match: onPlace, count: 1 });
  const second = await leadByProgram(world, { securityId: "2885", price: 1410 });
  const isRejected = () => rowsOf(ASHA).some((row) => row.orderStatus === "REJECTED");
  await eventually(isRejected, { what: "a rejection by the risk check" });
  const onBook = { clientId: ASHA, path: "orders" } as const;
  simulator.addFault({ kind: "status", code: 500, body, match: onBook, count: 1 });
  simulator.addFault({ kind: "cut", match: { clientId: ASHA } });
  const third = await leadByProgram(world, { transactionType: "SELL", price: 1640 });
  await eventually(() => rowsOf(MEERA).length === 3, { what: "the copied exit" });
  simulator.changeToken({ clientId: ASHA, action: "expire" });
  const log = join(world.data, "tandem.log");
  const isRefused = () => /"asha".*"account\.refused"/.test(readFileSync(log, "utf8"));
  simulator.addFault({ kind: "cut", match: { clientId: ASHA } });
  await eventually(isRefused, { what: "a refused token", deadlineMs: 10_000 });
  return [first, second, third];
}

/** Which secrets stand in `bytes`, whatever it is. */
function secretsIn(bytes: string | Buffer): string[] {
  return Object.entries(SECRETS).flatMap(([name, secret]) =>
    bytes.includes(secret) ? [name] : [],
  );
}

function assertClean(what: string, bytes: string | Buffer): void {
  assert.ok(bytes.length > 0, `${what} says something`);
  assert.deepEqual(secretsIn(bytes), [], `${what} tells secrets`);
}

function assertDataClean(data: string): void {
  const files = readdirSync(data).filter((name) => name !== "instance.lock");
  assert.ok(files.includes("journal.db") && files.includes("tandem.log"), files.join());
  for (const file of files) assertClean(file, readFileSync(join(data, file)));
}

test("no token, password or whole client id reaches any sink of a busy day", async (t) => {
  const world = await createWorld(t);
  const { data, folder } = world;
  const proxy = await startProxy(t);
  const file = configure(world, proxy.url);
  const environment = { ...DEBUG, LEADER_TOKEN: TOKENS.leader };
  const tandem = world.tandem(["--config", file], environment);
  const others = ["leader", "asha", "meera"];
  await eventually(
    async () => {
      const { reasons } = await tandem.readiness();
      return (
        reasons.length > 0 &&
        !reasons.some((text) => others.some((id) => text.includes(`account ${id}`)))
      );
    },
    { what: "all accounts but ravi's", deadlineMs: 15_000 },
  );
  const orders = await playIndiscreetly(world);
  const names = truthOf(world, LEADER).orders.map(({ correlationId }) => correlationId);
  assert.ok(
    names.every((name) => name.startsWith(`${LEADER}-`)),
    "the broker made the names",
  );
  assert.ok(proxy.passed() > 0, "meera's calls went through her proxy");
  const log = readFileSync(join(data, "tandem.log"), "utf8");
  assert.match(log, /client 11\*\*\*\*02 with token \[redacted\]/, "the broker was indiscreet");

  // While it runs the write-ahead log holds the newest pages; afterwards the file does.
  assertDataClean(data);
  const readyz = await (await fetch(`${await tandem.url()}/readyz`)).text();
  assertClean("/readyz", readyz);
  const looks: (readonly string[])[] = [
    ["status"],
    ["status", "--json"],
    ["export"],
    ["export", "--json"],
    ["audit", "export"],
    ...orders.map((order) => ["explain", order, "--json"]),
    ["explain", orders[0] ?? ""],
    ["apply", file],
    // Faults, each with its stack and its causes.
    ["run", "--config", file],
    ["pause", "nobody"],
  ];
  const said: [string, Ended][] = [];
  for (const look of looks) {
    said.push([look.join(" "), await world.run([...look, "--data", data], environment)]);
  }
  await tandem.stop();
  writeFileSync(
    join(folder, "bad.yaml"),
    readFileSync(file, "utf8").replaceAll("token-of", "a token-of"),
  );
  const bad = ["apply", "bad.yaml", "--data", data];
  said.push([bad.join(" "), await world.run(bad, environment)]);

  assertDataClean(data);
  assertClean("standard output", tandem.stdout);
  assertClean("standard error", tandem.stderr);
  for (const [name, { stdout, stderr }] of said) assertClean(name, stdout + stderr);
  const faults = said.filter(([name]) => /^(run|pause|apply bad)/.test(name));
  for (const [name, { stderr }] of faults) assert.match(stderr, /\n {4}at /, `${name}: a stack`);
});
