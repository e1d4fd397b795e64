/** Tokens, limits and addresses. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { manualClock } from "../../../src/platform/manual-clock.ts";
import { RequestLimits } from "../../../src/simulator/exchange/request-limits.ts";
import { ASHA, ASHA_TOKEN, fixture, type Json, openBox, order } from "./wire-client.ts";

const MORNING_MS = Date.parse("2026-08-05T10:00:00+05:30");
const INVALID_TOKEN = (fixture("error-400-dh-906-invalid-token") as Json).body;
const INVALID_LOGIN = (fixture("error-401-dh-901") as Json).body;

test("C180 a missing or unknown token is 401 DH-901", async (t) => {
  const box = await openBox(t);
  for (const token of [null, "token-of-nobody"]) {
    const answer = await box.call("GET", "/profile", { token });
    assert.equal(answer.status, 401);
    assert.deepEqual(answer.body, INVALID_LOGIN);
  }
});

test("C181 a superseded token is 400 DH-906 Invalid Token, the new one works", async (t) => {
  const box = await openBox(t);
  const { accessToken } = box.simulator.changeToken({ clientId: ASHA, action: "supersede" });
  const old = await box.call("GET", "/profile");
  assert.equal(old.status, 400);
  assert.deepEqual(old.body, INVALID_TOKEN);
  assert.equal((await box.call("GET", "/profile", { token: accessToken })).status, 200);
});

test("C182 an expired token is DH-901 with the status that the switch says", async (t) => {
  const box = await openBox(t);
  box.simulator.changeToken({ clientId: ASHA, action: "expire" });
  const answer = await box.call("GET", "/orders");
  assert.equal(answer.status, 401);
  assert.deepEqual(answer.body, INVALID_LOGIN);
  box.simulator.changeSwitches({ expiredTokenStatus: 400 });
  assert.equal((await box.call("GET", "/orders")).status, 400);
});

test("C183 a token lives for 24 hours", async (t) => {
  const clock = manualClock(MORNING_MS);
  const box = await openBox(t, { clock });
  clock.advance(86_400_000 - 1_000);
  assert.equal((await box.call("GET", "/profile")).status, 200);
  clock.advance(1_000);
  assert.equal((await box.call("GET", "/profile")).status, 401);
});

test("C184 renewing gives the six fields and ends the old token", async (t) => {
  const box = await openBox(t);
  const { body } = await box.call("GET", "/RenewToken");
  const fresh = body as Json;
  assert.deepEqual(Object.keys(fresh).sort(), [
    "accessToken",
    "dhanClientId",
    "dhanClientName",
    "dhanClientUcc",
    "expiryTime",
    "givenPowerOfAttorney",
  ]);
  assert.deepEqual((await box.call("GET", "/profile")).body, INVALID_TOKEN);
  const token = String(fresh.accessToken);
  assert.equal((await box.call("GET", "/profile", { token })).status, 200);
});

test("C185 the login mints with the right PIN, and not again within two minutes", async (t) => {
  const clock = manualClock(MORNING_MS);
  const box = await openBox(t, { clock }, { pin: "246810" });
  const mint = async (pin: string, totp: string) => {
    const query = new URLSearchParams({ dhanClientId: ASHA, pin, totp });
    const url = `${box.front.authUrl}/app/generateAccessToken?${query}`;
    const response = await fetch(url, { method: "POST" });
    return { status: response.status, body: (await response.json()) as Json };
  };
  assert.equal((await mint("111111", "123456")).body.errorMessage, "Invalid pin");
  assert.equal((await mint("246810", "000000")).body.errorMessage, "Invalid TOTP");
  const minted = await mint("246810", "123456");
  assert.equal(minted.status, 200);
  const claims = Buffer.from(String(minted.body.accessToken).split(".")[1] ?? "", "base64url");
  assert.equal(JSON.parse(claims.toString()).dhanClientId, ASHA);
  assert.deepEqual((await box.call("GET", "/profile", { token: ASHA_TOKEN })).body, INVALID_TOKEN);
  assert.equal((await mint("246810", "123456")).status, 400);
  clock.advance(120_000);
  assert.equal((await mint("246810", "123456")).status, 200);
});

test("C186 the eleventh order in a second is 429 without Retry-After; reads are apart", async (t) => {
  const clock = manualClock(MORNING_MS);
  const box = await openBox(t, { clock });
  for (let count = 0; count < 10; count++) await box.place({ correlationId: `cp-${count}` });
  const throttled = await box.call("POST", "/orders", { body: order() });
  assert.equal(throttled.status, 429);
  assert.deepEqual(throttled.body, (fixture("error-429-dh-904") as Json).body);
  assert.equal(throttled.headers.get("retry-after"), null);
  assert.equal((await box.call("GET", "/orders")).status, 200);
  clock.advance(999);
  assert.equal((await box.call("POST", "/orders", { body: order() })).status, 429);
  clock.advance(1);
  assert.equal((await box.call("POST", "/orders", { body: order() })).status, 200);
  const [truth] = box.simulator.truth(ASHA);
  assert.equal(truth?.throttled, 2);
  assert.equal(truth?.orderRequestsPerSecondMax, 12);
});

test("C187 the twenty-first read in a second is 429", async (t) => {
  const box = await openBox(t, { clock: manualClock(MORNING_MS) });
  for (let count = 0; count < 20; count++) {
    assert.equal((await box.call("GET", "/orders")).status, 200);
  }
  assert.equal((await box.call("GET", "/fundlimit")).status, 429);
});

test("C188 order limits hold for the minute, the hour and the day", () => {
  const taken = (count: number, everyMs: number) => {
    const limits = new RequestLimits("dhan");
    const times = Array.from({ length: count }, (_, at) => at * everyMs);
    return times.filter((atMs) => limits.take(true, atMs, "sliding")).length;
  };
  assert.equal(taken(390, 150), 250);
  assert.equal(taken(1_400, 2_500), 1_000);
  assert.equal(taken(8_600, 10_000), 7_000);
});

test("C189 a fixed window starts afresh where a sliding one does not", () => {
  const fixed = new RequestLimits("dhan");
  for (let count = 0; count < 10; count++) assert.ok(fixed.take(true, 1_900, "fixed"));
  assert.ok(!fixed.take(true, 1_950, "fixed"));
  assert.ok(fixed.take(true, 2_000, "fixed"));
});

test("C190 without limits nothing is throttled, but the rate is still seen", async (t) => {
  const box = await openBox(t, { clock: manualClock(MORNING_MS) }, { limits: "off" });
  for (let count = 0; count < 30; count++) await box.place({ correlationId: `cp-${count}` });
  const [truth] = box.simulator.truth(ASHA);
  assert.equal(truth?.throttled, 0);
  assert.equal(truth?.orderRequestsPerSecondMax, 30);
});

test("C191 order writes need a registered address: after the fields, before the instrument", async (t) => {
  const box = await openBox(t, { switches: { staticIp: true } });
  const refused = (fixture("error-400-dh-905-invalid-ip") as Json).body;
  const badFields = await box.call("POST", "/orders", { body: order({ validity: "WEEK" }) });
  assert.notDeepEqual(badFields.body, refused);
  const unknown = order({ securityId: "999999" });
  assert.deepEqual((await box.call("POST", "/orders", { body: unknown })).body, refused);
  assert.deepEqual((await box.call("DELETE", "/orders/342260805000001")).body, refused);
  assert.equal((await box.call("GET", "/orders")).status, 200);
  const none = await box.call("GET", "/ip/getIP");
  assert.deepEqual(none.body, (fixture("error-200-address-not-configured") as Json).body);
  const body = { dhanClientId: ASHA, ip: "127.0.0.1", ipFlag: "PRIMARY" };
  assert.equal(((await box.call("POST", "/ip/setIP", { body })).body as Json).status, "SUCCESS");
  assert.equal((await box.call("POST", "/orders", { body: order() })).status, 200);
  const again = { ...body, ip: "127.0.0.9" };
  assert.equal(
    ((await box.call("PUT", "/ip/modifyIP", { body: again })).body as Json).status,
    "ERROR",
  );
  const match = (await box.call("GET", "/ip/getIP")).body as Json;
  assert.equal(match.ipMatchStatus, "MATCH");
});

test("C192 two accounts cannot have the same address", async (t) => {
  const box = await openBox(t, {
    accounts: [{ clientId: "1100000002", accessToken: "token-of-ravi", primaryIp: "127.0.0.1" }],
  });
  const body = { dhanClientId: ASHA, ip: "127.0.0.1", ipFlag: "PRIMARY" };
  assert.equal(((await box.call("POST", "/ip/setIP", { body })).body as Json).status, "ERROR");
});
