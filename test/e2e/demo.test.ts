import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import type { Scene } from "../../src/app/demo/leader-day.ts";
import { type DemoExtras, playDemo } from "../../src/app/demo/play-demo.ts";
import { runProgram } from "../../src/cli/program.ts";
import { createTerminal } from "../../src/cli/terminal.ts";
import { eventually } from "../eventually.ts";

const folder = mkdtempSync(join(tmpdir(), "tandem-demo-test-"));
after(() => rmSync(folder, { recursive: true, force: true }));
// A demo whose check fails keeps its journal, in here.
process.env.TMPDIR = folder;

const BIN = fileURLToPath(new URL("../../bin/tandem.js", import.meta.url));
const DAY_MS_MAX = 60_000;
const LEGS_DAY_MS_MAX = 40_000;

/** The shipped command with nothing of ours in its environment, and a place of its own to write to. */
function startBin(...args: readonly string[]) {
  const startedMs = performance.now();
  const place = mkdtempSync(join(folder, "place-"));
  const child = spawn(process.execPath, [BIN, "demo", ...args], {
    cwd: place,
    env: { TMPDIR: place },
    stdio: ["ignore", "pipe", "pipe"],
    timeout: DAY_MS_MAX,
  });
  const seen = { out: "", errors: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => (seen.out += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (seen.errors += text));
  const ended = once(child, "close").then(([code]) => {
    return { code: code as number | null, tookMs: performance.now() - startedMs };
  });
  return { child, place, seen, ended };
}

describe("the shipped command", { concurrency: true }, () => {
  test("`tandem demo --once` plays the day, and every copy converges", async () => {
    const { place, seen, ended } = startBin("--once");
    const { code, tookMs } = await ended;
    const { out, errors } = seen;
    assert.equal(errors, "");
    assert.equal(code, 0, out);
    assert.ok(tookMs < DAY_MS_MAX, `${tookMs} ms`);
    for (const line of [
      /^#1 {2}asha +BUY 60 at 1642\.00 +filled +\d+ ms$/m,
      /^#1 {2}leela +BUY 15 at 1642\.00 +filled +\d{4} ms$/m,
      /^#1 {2}dev +BUY 180 at 1640\.00 +rejected +\d+ ms {2}You have insufficient funds/m,
      /^#3 {2}ravi +SELL 37 at 1388\.00 stop 1390\.00 +working/m,
      /^#3 {2}dev +skipped +nothing-to-exit$/m,
      /^#4 {2}asha +skipped +leader-rejected$/m,
      /^#16 meera +BUY 40 at 810\.50 +cancelled/m,
      /^#18 tara +skipped +below-one-lot$/m,
      // Refused often enough in a row, dev's breaker opens, sooner or later.
      /^23 +BUY 30 ITC +30 +30 +15 +60 +3 +(rej|stop) +7 +2 +100 +12 +9 +3 +90$/m,
      /^23 leader orders for 12 followers: 2\d\d child orders, \d\d reasons for none\.$/m,
      /^every copy converged \(\d+\.\d s\)$/m,
    ]) {
      assert.match(out, line);
    }
    assert.doesNotMatch(out, /eyJ|simulated-\d|token/i, "a token is in the output");
    assert.ok(!out.includes("\u001b"), "no escape sequences where nobody looks");
    assert.deepEqual(readdirSync(place), [], "nothing is left behind");
  });

  test("`tandem demo --day legs --once` plays exits, triggers and slices, and all converge", async () => {
    const { place, seen, ended } = startBin("--day", "legs", "--once");
    const { code, tookMs } = await ended;
    const { out, errors } = seen;
    assert.equal(errors, "");
    assert.equal(code, 0, out);
    assert.ok(tookMs < LEGS_DAY_MS_MAX, `${tookMs} ms`);
    for (const line of [
      /^#1 {2}meera +BUY 200 at 1640\.00 +filled +\d+ ms$/m,
      /^#4 {2}ravi +BUY 20 at 3090\.00 +filled/m,
      /^#5 {2}asha +BUY 50 at 1690\.00 +cancelled/m,
      / {2}ravi +SELL 50 at 394\.00 stop 395\.00 +filled/m,
      /^\d +BUY 1755 NIFTY 24000 CE +1755 +1755 +845 +1755 +130 +(0|stop) +390 +130 +65 +650 +520 +130 +130$/m,
      /^9 leader orders for 12 followers: 10\d child orders, \d reasons for none\.$/m,
      /^every copy converged \(\d+\.\d s\)$/m,
    ]) {
      assert.match(out, line);
    }
    assert.deepEqual(readdirSync(place), [], "nothing is left behind");
  });

  test("without --once it copies what is placed by hand, until it is stopped", async () => {
    const { child, place, seen, ended } = startBin();
    const advice = await eventually(() => /^ +curl (\S+\/orders) -d '(.*)'$/m.exec(seen.out), {
      what: "the advice how to place an order",
      deadlineMs: DAY_MS_MAX,
    });
    const [, url = "", body = ""] = advice;
    const placed = await fetch(url, { method: "POST", body });
    assert.equal(placed.status, 200);
    await eventually(() => /^#24 ravi +BUY 50 at 411\.00 +filled/m.test(seen.out), {
      what: "a copy of it",
      deadlineMs: 10_000,
    });
    child.kill("SIGINT");
    assert.equal((await ended).code, 0, seen.errors);
    assert.deepEqual(readdirSync(place), [], "nothing is left behind");
  });
});

/** The shortest day in which everything is copied, and something rests at the end. */
const SHORT_DAY: readonly Scene[] = [
  {
    title: "A limit order that rests",
    about: "",
    play: async (stage) => {
      stage.place({
        instrument: { symbol: "ITC", securityId: "1660", segment: "NSE_EQ", lot: 1 },
        side: "BUY",
        product: "INTRADAY",
        type: "LIMIT",
        quantity: 100,
        price: 400,
      });
      await stage.settled();
    },
  },
];

/** A BO of everybody's is in, with its exits at the broker. */
const BRACKET_DAY: readonly Scene[] = [
  {
    title: "A bracket order",
    about: "",
    play: async (stage) => {
      const instrument = { symbol: "ITC", securityId: "1660", segment: "NSE_EQ", lot: 1 } as const;
      const order = { instrument, side: "BUY", product: "BO", type: "LIMIT" } as const;
      const exits = { target: 420, stop: 390 };
      const id = stage.place({ ...order, quantity: 100, price: 405, exits });
      await stage.settled();
      stage.priceReaches(instrument, 405, [id]);
      await stage.settled();
    },
  },
];

async function runPlanted(
  beforeCheck?: DemoExtras["beforeCheck"],
  day: readonly Scene[] = SHORT_DAY,
) {
  let out = "";
  const refuse = async () => assert.fail("this command was not asked for");
  const code = await runProgram(["demo", "--once"], {
    version: "1.2.3",
    terminal: createTerminal({
      stdout: { write: (text) => (out += text), isTTY: true, columns: 80 },
      stderr: { write: (text) => (out += text) },
      environment: {},
    }),
    isDebugging: true,
    untilStopped: () => new Promise(() => {}),
    demo: (request) =>
      playDemo(
        request,
        { environment: {} },
        { day, ...(beforeCheck === undefined ? {} : { beforeCheck }) },
      ),
    run: refuse,
    sim: refuse,
    apply: refuse,
    export: refuse,
    status: refuse,
    drift: refuse,
    preview: refuse,
    stopEntries: refuse,
    squareOff: refuse,
    setLinkMode: refuse,
    repair: { look: refuse },
    explain: refuse,
    calendar: () => assert.fail("this command was not asked for"),
    audit: refuse,
    bench: refuse,
    simulate: { one: refuse, many: refuse },
  });
  return { code, out };
}

const ASHA = "1100000002";
const RED = "\u001b[31m";

describe("what is wrong at the broker makes the demo fail", () => {
  test("a short day as it should be converges", async () => {
    const { code, out } = await runPlanted();
    assert.equal(code, 0, out);
    assert.match(out, /every copy converged/);
  });

  test("an order that copies nothing", async () => {
    const { code, out } = await runPlanted((simulator) => {
      simulator.placeByHand(ASHA, { securityId: "1660", quantity: 7, price: 400 });
    });
    assert.equal(code, 1, out);
    assert.match(out, /asha: an order that copies nothing is at the broker: BUY 7 ITC/);
    assert.ok(out.includes(`${RED}  asha: `));
    assert.match(out, /not every copy converged: 1 difference/);
  });

  test("a copy that has traded when nothing should have", async () => {
    const { code, out } = await runPlanted((simulator) => {
      const child = simulator.truth(ASHA)[0]?.orders[0];
      assert.ok(child);
      simulator.fill({ orderId: child.orderId, quantity: 5 });
    });
    assert.equal(code, 1, out);
    assert.match(out, /asha: #1 BUY 100 ITC: the child order has filled 5, expected 0/);
    assert.match(out, /asha: the position in ITC \(INTRADAY\) is 5, expected 0/);
  });

  test("exits at the broker are as they should be", async () => {
    const { code, out } = await runPlanted(undefined, BRACKET_DAY);
    assert.equal(code, 0, out);
  });

  test("an exit that has traded when none should have", async () => {
    const { code, out } = await runPlanted((simulator) => {
      const orderId = simulator.truth(ASHA)[0]?.groups[0]?.targetId;
      assert.ok(orderId);
      simulator.fill({ orderId, quantity: 5 });
    }, BRACKET_DAY);
    assert.equal(code, 1, out);
    assert.match(
      out,
      /asha: #1 BUY 100 ITC: the child order has a target with filled 5, expected 0/,
    );
    assert.match(out, /asha: the position in ITC \(INTRADAY\) is 95, expected 100/);
  });

  test("a group of the follower's own that copies nothing", async () => {
    const { code, out } = await runPlanted((simulator) => {
      const levels = { targetPrice: 420, stopLossPrice: 390 };
      simulator.placeByHand(ASHA, { securityId: "1660", quantity: 7, price: 400, ...levels });
    }, BRACKET_DAY);
    assert.equal(code, 1, out);
    assert.match(out, /asha: an order that copies nothing is at the broker: BUY 7 ITC/);
  });
});
