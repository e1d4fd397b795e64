/** A promise that is broken in the running program: seen at once, and it stops. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { eventually } from "../eventually.ts";
import {
  ASHA,
  createWorld,
  LEADER,
  lead,
  type RunningTandem,
  TOKENS,
  truthOf,
  untilCopied,
  type World,
} from "./program.ts";

const SEEN_WITHIN_MS = 1_000;
const FOREIGN_NAME = "T0123456789ABCDEFGHJKMNPQ";

/** Another program with asha's token sends an order of its own, under a name that it has chosen. */
async function placeBehindTandem({ broker }: World, correlationId: string): Promise<void> {
  const order = {
    dhanClientId: ASHA,
    correlationId,
    transactionType: "BUY",
    exchangeSegment: "NSE_EQ",
    productType: "INTRADAY",
    orderType: "LIMIT",
    validity: "DAY",
    securityId: "1333",
    quantity: 10,
    disclosedQuantity: 0,
    price: 1600,
  };
  const headers = { "access-token": TOKENS.asha, "content-type": "application/json" };
  const body = JSON.stringify(order);
  const reply = await fetch(`${broker.restUrl}/orders`, { method: "POST", headers, body });
  assert.equal(reply.status, 200, await reply.text());
}

/** How long it took from the order on. */
async function untilRed(tandem: RunningTandem, reason: RegExp): Promise<number> {
  const startedMs = performance.now();
  const isRed = async () => {
    const { status, reasons } = await tandem.readiness();
    return status === 503 && reasons.some((text) => reason.test(text));
  };
  await eventually(isRed, { what: `a Tandem that is red for ${reason}`, deadlineMs: 10_000 });
  return performance.now() - startedMs;
}

/** The leader has bought ten, and asha with him; one more entry of each rests. */
async function copiedWorld(t: Parameters<typeof createWorld>[0]) {
  const world = await createWorld(t);
  const tandem = world.tandem();
  await tandem.untilReady();
  lead(world, { price: 1660 });
  lead(world, { price: 1640 });
  await untilCopied(world, 2);
  const isIn = () => truthOf(world, ASHA).orders[0]?.status === "TRADED";
  await eventually(isIn, { what: "asha's first order filled" });
  return { world, tandem };
}

/** New orders of the leader that open are not copied; one that reduces is. */
async function assertStopped(world: World): Promise<void> {
  lead(world, { price: 1641 });
  const exit = lead(world, { transactionType: "SELL", quantity: 10, price: 1640 });
  const sales = () =>
    truthOf(world, ASHA).orders.filter(({ row }) => row.transactionType === "SELL");
  await eventually(() => sales()[0]?.status === "TRADED", { what: "asha's exit" });
  assert.equal(sales()[0]?.row.quantity, 10);
  const [, , , , ...later] = truthOf(world, LEADER).orders;
  assert.deepEqual(later, [], "the leader has placed four");
  assert.equal(truthOf(world, LEADER).orders.at(-1)?.orderId, exit);
  const late = truthOf(world, ASHA).orders.filter(({ row }) => row.price === 1641);
  assert.deepEqual(late, []);
  const working = () => truthOf(world, ASHA).orders.find(({ row }) => row.price === 1640);
  await eventually(() => working()?.status === "CANCELLED", { what: "the resting entry's end" });
}

describe("a broken promise", { concurrency: 2 }, () => {
  test("a second order under the name of one of ours stops all entries within a second", async (t) => {
    const { world, tandem } = await copiedWorld(t);
    const { correlationId } = truthOf(world, ASHA).orders[1] ?? {};
    assert(correlationId);
    await placeBehindTandem(world, correlationId);
    const tookMs = await untilRed(tandem, /breach.*P1 never-twice.*have one name/);
    assert.ok(tookMs < SEEN_WITHIN_MS, `${tookMs} ms`);

    const status = await world.run(["status", "--data", world.data]);
    assert.equal(status.code, 1);
    assert.match(status.stdout, /ENTRIES STOPPED \(breach\) since \d\d:\d\d.*P1 never-twice/);
    assert.match(tandem.stderr, /ALARM audit\.breach: .*never-twice/);
    const metrics = await (await fetch(`${await tandem.url()}/metrics`)).text();
    assert.match(metrics, /tandem_audit_breaches_total\{promise="P1",check="never-twice"\} [1-9]/);
    assert.match(metrics, /tandem_entries_stopped\{account="asha"\} 1/);
    assert.match(metrics, /\ntandem_ready 0\n/);
    await assertStopped(world);

    const release = await world.run(["kill", "--release", "--data", world.data]);
    assert.equal(release.code, 0, release.stderr);
    await tandem.untilReady();
    await tandem.stop();
  });

  test("an order under a name that the journal never intended does so, over a restart", async (t) => {
    const { world, tandem } = await copiedWorld(t);
    await placeBehindTandem(world, FOREIGN_NAME);
    const tookMs = await untilRed(tandem, /breach.*P3 intent-first.*without an intent/);
    assert.ok(tookMs < SEEN_WITHIN_MS, `${tookMs} ms`);
    await assertStopped(world);
    await tandem.stop();

    const second = world.tandem();
    await untilRed(second, /breach.*P3 intent-first.*without an intent/);
    await second.stop();
  });
});
