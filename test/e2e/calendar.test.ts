/** The market calendar of a configuration before a running Tandem's entries, and its remarks. */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { tradingDayOf } from "../../src/core/model/time.ts";
import { systemClock } from "../../src/platform/clock.ts";
import { eventually } from "../eventually.ts";
import {
  ASHA,
  assertFault,
  createWorld,
  lead,
  truthOf,
  untilCopied,
  writeConfig,
} from "./program.ts";

const DAY_MS = 86_400_000;

test("cash has a holiday, derivatives have none: one entry is refused with its reason, one is copied", async (t) => {
  const world = await createWorld(t);
  const { broker } = world.config;
  const nowMs = systemClock().nowMs();
  // Also of tomorrow, should the test run over midnight in India.
  const [today, tomorrow] = [nowMs, nowMs + DAY_MS].map((atMs) => tradingDayOf(atMs as never));
  const feast = "{ name: Feast, closed: [NSE_EQ], open: { NSE_FNO: { open: 00:00-24:00 } } }";
  const text = `validTo: "${tomorrow}"\ndays: { "${today}": ${feast}, "${tomorrow}": ${feast} }\n`;
  writeFileSync(join(world.folder, "days.yaml"), text);
  writeConfig(world.folder, {
    ...world.config,
    broker: { ...broker, calendar: "market", calendarFile: "days.yaml" },
  });
  const tandem = world.tandem();
  await tandem.untilReady();
  const refused = lead(world);
  lead(world, { exchangeSegment: "NSE_FNO", securityId: "52002", quantity: 65, price: 100 });
  await untilCopied(world, 1);
  assert.equal(truthOf(world, ASHA).orders[0]?.row.exchangeSegment, "NSE_FNO");
  const explained = await eventually(
    async () => {
      const { stdout } = await world.run(["explain", refused, "--data", world.data]);
      return stdout.includes("market-closed") && stdout;
    },
    { what: "the refusal", deadlineMs: 20_000 },
  );
  assert.match(explained, /NSE_EQ is closed all day \(Feast\)/);
  await tandem.stop();
  assert.match(tandem.stderr + tandem.stdout, /the market calendar ends on/);
});

test("a wrong calendar keeps Tandem from starting, and names the line", async (t) => {
  const world = await createWorld(t);
  const { broker } = world.config;
  writeFileSync(join(world.folder, "days.yaml"), 'days:\n  "2026-12-01": { name: Feast }\n');
  writeConfig(world.folder, {
    ...world.config,
    broker: { ...broker, calendar: "market", calendarFile: "days.yaml" },
  });
  const ended = await world.run([
    "run",
    "--config",
    world.file,
    "--data",
    world.data,
    "--port",
    "0",
  ]);
  assertFault(ended, /line 2, days\.2026-12-01: expected segments/, "MARKET_CALENDAR_UNUSABLE");
});
