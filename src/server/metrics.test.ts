import assert from "node:assert/strict";
import { test } from "node:test";
import { startHealthServer } from "./health.ts";
import type { Metrics } from "./metrics.ts";

const METRICS: Metrics = {
  isReady: false,
  checks: [{ check: "never-twice", promise: "P1", performed: 41, breaches: 1 }],
  checkFaults: 2,
  links: [
    { link: "leader-asha", isReady: true },
    { link: "leader-ravi", isReady: false },
  ],
  accounts: [
    { account: "leader", feed: "proved" },
    {
      account: "asha",
      feed: "gap",
      follower: { unknown: 3, openCopies: 4, waiting: 5, isStopped: true },
    },
  ],
};

test("every figure is told in the text that Prometheus reads, asked anew each time", async () => {
  let isReady = false;
  const metrics = () => ({ ...METRICS, isReady });
  const readiness = () => ({ ready: true, reasons: [] });
  await using server = await startHealthServer({ readiness, metrics, port: 0 });
  const reply = await fetch(`${server.url}/metrics`);
  assert.match(reply.headers.get("content-type") ?? "", /^text\/plain; version=0\.0\.4/);
  assert.equal(reply.headers.get("cache-control"), "no-store");
  const lines = (await reply.text()).split("\n");
  for (const line of [
    "# TYPE tandem_audit_checks_total counter",
    'tandem_audit_checks_total{promise="P1",check="never-twice"} 41',
    'tandem_audit_breaches_total{promise="P1",check="never-twice"} 1',
    "tandem_audit_faults_total 2",
    "tandem_ready 0",
    'tandem_link_ready{link="leader-asha"} 1',
    'tandem_link_ready{link="leader-ravi"} 0',
    'tandem_feed_state{account="leader",state="proved"} 1',
    'tandem_feed_state{account="leader",state="gap"} 0',
    'tandem_feed_state{account="asha",state="gap"} 1',
    'tandem_orders_unknown{account="asha"} 3',
    'tandem_copies_open{account="asha"} 4',
    'tandem_commands_waiting{account="asha"} 5',
    'tandem_entries_stopped{account="asha"} 1',
  ]) {
    assert.ok(lines.includes(line), line);
  }
  assert.ok(!lines.some((line) => line.startsWith('tandem_copies_open{account="leader"')));
  isReady = true;
  assert.match(await (await fetch(`${server.url}/metrics`)).text(), /^tandem_ready 1$/m);
});

test("where nothing is counted there is no such page", async () => {
  const readiness = () => ({ ready: true, reasons: [] });
  await using server = await startHealthServer({ readiness, port: 0 });
  assert.equal((await fetch(`${server.url}/metrics`)).status, 404);
});
