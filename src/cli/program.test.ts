import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { memoryJournal } from "../journal/memory/journal.ts";
import { AppError } from "../platform/fault.ts";
import type { AuditJournal } from "./audit.ts";
import type { PlayedDemo } from "./demo-model.ts";
import type { StopOrder } from "./kill.ts";
import { type ProgramParts, runProgram } from "./program.ts";
import { createTerminal } from "./terminal.ts";

const refuse = async () => assert.fail("this command was not asked for");

/** Runs a command line; whatever the parts given do not cover must not be reached. */
async function run(args: readonly string[], parts: Partial<ProgramParts> = {}) {
  let out = "";
  let errors = "";
  const code = await runProgram(args, {
    version: "1.2.3",
    terminal: createTerminal({
      stdout: { write: (text) => (out += text) },
      stderr: { write: (text) => (errors += text) },
      environment: {},
    }),
    isDebugging: false,
    untilStopped: async () => {},
    run: refuse,
    demo: refuse,
    sim: refuse,
    apply: refuse,
    export: refuse,
    preview: refuse,
    status: refuse,
    drift: refuse,
    stopEntries: refuse,
    squareOff: refuse,
    setLinkMode: refuse,
    repair: { look: refuse },
    explain: refuse,
    calendar: () => assert.fail("this command was not asked for"),
    audit: refuse,
    bench: refuse,
    simulate: { one: refuse, many: refuse },
    ...parts,
  });
  return { code, out, errors };
}

describe("the frame", () => {
  test("no command at all shows what there is", async () => {
    const { code, out } = await run([]);
    assert.equal(code, 0);
    for (const command of ["run", "demo", "sim", "apply", "export", "status", "drift", "audit"]) {
      assert.match(out, new RegExp(`^ {2}${command}\\b`, "m"));
    }
  });

  test("--version and --help succeed", async () => {
    assert.deepEqual(await run(["--version"]), { code: 0, out: "1.2.3\n", errors: "" });
    const { code, out } = await run(["run", "--help"]);
    assert.equal(code, 0);
    assert.match(out, /readyz/);
  });

  for (const args of [
    ["frobnicate"],
    ["apply"],
    ["run", "--port", "high"],
    ["run", "--port", "65536"],
    ["run", "--prot", "1"],
    ["apply", "a.yaml", "b.yaml"],
    ["sim", "--account", "a b"],
    ["sim", "--account", "1001", "--account", "1001"],
    ["bench", "--followers", "1,x"],
    ["calendar", "--date", "2026-02-30"],
    ["calendar", "--date", "tomorrow"],
  ]) {
    test(`\`${args.join(" ")}\` is not understood: exit 2, on standard error`, async () => {
      const { code, out, errors } = await run(args);
      assert.equal(code, 2);
      assert.equal(out, "");
      assert.match(errors, /^error: [\s\S]*--help/);
    });
  }

  const fault = new AppError({ code: "X_LOCKED", message: "it is locked", remedy: "Unlock it." });

  test("a fault is what happened and what to do, without a stack, and exit 1", async () => {
    const { code, errors } = await run(["apply", "x.yaml"], {
      apply: async () => Promise.reject(fault),
    });
    assert.equal(code, 1);
    assert.equal(errors, "error: it is locked\nwhat to do: Unlock it. [X_LOCKED]\n");
  });

  test("a bug says how to see where it is, and shows it when asked", async () => {
    const apply = async () => Promise.reject(new TypeError("x is undefined"));
    const short = await run(["apply", "x.yaml"], { apply });
    assert.equal(short.code, 1);
    assert.match(short.errors, /^unexpected error: x is undefined\n.*TANDEM_DEBUG=1/);
    assert.doesNotMatch(short.errors, /program\.test\.ts/);
    const long = await run(["apply", "x.yaml"], { apply, isDebugging: true });
    assert.match(long.errors, /program\.test\.ts/);
  });
});

describe("run", () => {
  test("hands over its options, runs until stopped, and stops cleanly", async () => {
    const events: string[] = [];
    const { code, out, errors } = await run(
      ["run", "--config", "desk.yaml", "--replace", "--data", "/d", "--port", "0"],
      {
        run: async ({ signal: _, tell, ...request }) => {
          tell?.("10:02:11.000 ALARM exit-rejected");
          assert.deepEqual(request, {
            configFile: "desk.yaml",
            isReplacing: true,
            dataDir: "/d",
            port: 0,
            host: "127.0.0.1",
          });
          return {
            url: "http://127.0.0.1:1",
            remarks: ["live: real money"],
            ended: new Promise(() => {}),
            stop: async () => void events.push("stopped"),
          };
        },
        untilStopped: async () => void events.push("waited"),
      },
    );
    assert.deepEqual([code, events], [0, ["waited", "stopped"]]);
    assert.match(out, /http:\/\/127\.0\.0\.1:1\/readyz/);
    assert.equal(errors, "10:02:11.000 ALARM exit-rejected\nlive: real money\n");
  });

  test("a stop that comes while it starts ends the start, and is no fault", async () => {
    const { code, out, errors } = await run(["run"], {
      run: ({ signal }) =>
        new Promise((_resolve, reject) => {
          signal?.addEventListener("abort", () => reject(signal.reason));
        }),
      untilStopped: async () => {},
    });
    assert.deepEqual({ code, out, errors }, { code: 0, out: "Tandem has stopped\n", errors: "" });
  });

  test("stops and exits 1 when it ends by itself", async () => {
    let isStopped = false;
    const { code, errors } = await run(["run"], {
      run: async () => ({
        url: "http://127.0.0.1:1",
        remarks: [],
        ended: Promise.reject(
          new AppError({ code: "DISK", message: "the disk is full", remedy: "Free some." }),
        ),
        stop: async () => {
          isStopped = true;
        },
      }),
      untilStopped: () => new Promise(() => {}),
    });
    assert.deepEqual([code, isStopped], [1, true]);
    assert.match(errors, /the disk is full/);
  });
});

describe("demo", () => {
  const copy = { reason: "", explanation: "", filled: 25, ms: 7 };
  const played = (differences: PlayedDemo["differences"]): PlayedDemo => ({
    followers: [{ name: "asha", rule: "x0.5" }],
    orders: [
      {
        number: 1,
        leaderOrderId: "342261122000001",
        leaderOrder: "BUY 50 HDFCBANK at 1650.00",
        brief: "BUY 50 HDFCBANK",
        state: "filled",
        filled: 50,
        copies: [{ ...copy, follower: "asha", childOrder: "BUY 25 at 1650.00", state: "filled" }],
      },
    ],
    differences,
    findings: ["1 leader order"],
    burst: [0, 0],
    elapsedMs: 1_500,
    remarks: ["try this"],
    watch: () => new Promise(() => {}),
    stop: async () => {},
  });
  const forever = () => new Promise<void>(() => {});

  test("--once prints what each has got and exits 0 when nothing differs", async () => {
    const good = await run(["demo", "--once"], {
      demo: async () => played([]),
      untilStopped: forever,
    });
    assert.equal(good.code, 0);
    assert.match(good.out, /^1 {2}BUY 50 HDFCBANK {6}50 {4}25$/m);
    assert.match(good.out, /asha {6}x0\.5 {4}7 ms/);
    assert.match(good.out, /every copy converged \(1\.5 s\)/);
    assert.doesNotMatch(good.out, /try this/);
  });

  test("a difference is told with its order and makes the exit code 1", async () => {
    const difference = { account: "asha", leaderOrderId: "342261122000001", text: "is wrong" };
    const bad = await run(["demo", "--once"], {
      demo: async () => played([difference]),
      untilStopped: forever,
    });
    assert.equal(bad.code, 1);
    assert.match(bad.out, /asha: #1 BUY 50 HDFCBANK: is wrong\nnot every copy converged/);
  });

  test("without --once it says what to try, and goes on until stopped", async () => {
    const stopped = Promise.withResolvers<void>();
    let isStopped = false;
    const { code, out } = await run(["demo"], {
      demo: async () => ({
        ...played([]),
        watch: async () => stopped.resolve(),
        stop: async () => {
          isStopped = true;
        },
      }),
      untilStopped: () => stopped.promise,
    });
    assert.deepEqual([code, isStopped], [0, true]);
    assert.match(out, /try this/);
  });

  test("--json is one JSON document and nothing else", async () => {
    const { out } = await run(["demo", "--once", "--json"], {
      demo: async ({ screen }) => {
        screen.say("the leader buys");
        return played([]);
      },
      untilStopped: forever,
    });
    const summary = JSON.parse(out);
    assert.equal(summary.converged, true);
    assert.equal(summary.orders[0].copies[0].childOrder, "BUY 25 at 1650.00");
  });
});

describe("audit", () => {
  async function journalWith(breaks: Awaited<ReturnType<AuditJournal["verify"]>>) {
    const journal = memoryJournal();
    const entries = [{ kind: "noted", atMs: 1, body: { n: 1 } }];
    await journal.append([
      { stream: "leader/main", expectedSeq: 0, entries: [...entries, ...entries] },
      { stream: "settings", expectedSeq: 0, entries },
    ]);
    let isClosed = false;
    const close = async () => {
      isClosed = true;
      await journal.close();
    };
    const audit: AuditJournal = { ...journal, close, verify: async () => breaks };
    return { open: async () => audit, wasClosed: () => isClosed };
  }

  test("verify prints each stream with its length and last hash", async () => {
    const { open, wasClosed } = await journalWith([]);
    const { code, out } = await run(["audit", "verify"], { audit: open });
    assert.equal(code, 0);
    assert.match(out, /^leader\/main +2 {2}[0-9a-f]{64}$/m);
    assert.match(out, /the record is whole: 3 entries/);
    assert.ok(wasClosed());
  });

  test("verify names the first break and exits 1", async () => {
    const { open } = await journalWith([{ stream: "settings", seq: 7, problem: "wrong hash" }]);
    const { code, out } = await run(["audit", "verify"], { audit: open });
    assert.equal(code, 1);
    assert.match(out, /settings#7: wrong hash/);
    const asJson = await run(["audit", "verify", "--json"], { audit: open });
    assert.equal(JSON.parse(asJson.out).breaks[0].seq, 7);
  });

  test("export is one line of JSON for each entry, of one stream if asked", async () => {
    const { open } = await journalWith([]);
    const all = (await run(["audit", "export"], { audit: open })).out.trim().split("\n");
    assert.deepEqual(
      all.map((line) => JSON.parse(line)).map(({ stream, seq }) => [stream, seq]),
      [
        ["leader/main", 1],
        ["leader/main", 2],
        ["settings", 1],
      ],
    );
  });
});

describe("kill and breaker", () => {
  async function said(args: readonly string[], isRunning = true) {
    const orders: StopOrder[] = [];
    const stopEntries = async (order: StopOrder) => {
      orders.push(order);
      return { accounts: ["asha", "ravi"], isRunning };
    };
    return { ...(await run(args, { stopEntries })), orders };
  }

  test("kill hands over whom and why, and says what it does", async () => {
    const args = ["kill", "--data", "/d", "--reason", "enough", "--account", "a", "--account", "b"];
    const { code, out, orders } = await said(args);
    assert.equal(code, 0);
    assert.deepEqual(orders, [
      { dataDir: "/d", what: "kill", reason: "enough", accounts: ["a", "b"] },
    ]);
    assert.match(out, /^entries of asha, ravi are stopped\nEntries that work .* being cancelled/);
    assert.match((await said(["kill"], false)).out, /not running[\s\S]*may fill/);
  });

  test("kill --release lets entries flow again", async () => {
    const { out, orders } = await said(["kill", "--release"]);
    assert.deepEqual([orders[0]?.what, orders[0]?.accounts], ["release", []]);
    assert.equal(out, "entries of asha, ravi flow again\n");
    assert.match((await said(["kill", "--release"], false)).out, /from its next start on/);
    const asJson = JSON.parse((await said(["kill", "--json"])).out);
    assert.deepEqual(asJson, { accounts: ["asha", "ravi"], isRunning: true });
  });

  test("breaker reset is about one account", async () => {
    const { out, orders } = await said(["breaker", "reset", "asha"]);
    assert.deepEqual([orders[0]?.what, orders[0]?.accounts], ["reset-breaker", ["asha"]]);
    assert.match(out, /^the breaker of asha, ravi is reset$/m);
    assert.match((await said(["breaker", "reset", "asha"], false)).out, /next start/);
    assert.equal(JSON.parse((await said(["breaker", "reset", "a", "--json"])).out).isRunning, true);
    assert.equal((await said(["breaker", "reset"])).code, 2);
  });
});

describe("status and explain", () => {
  const report = {
    isRunning: true,
    isReady: false,
    reasons: ["link leader-asha is not armed"],
    venue: "simulator",
    links: [
      {
        link: "leader-asha",
        leader: "leader",
        follower: "asha",
        isShadow: false,
        mode: "active",
        state: "disarmed" as const,
        openCopies: 1,
        openChildOrders: 0,
        unknownChildOrders: 1,
        heldCopies: 0,
        positions: [{ symbol: "HDFCBANK", product: "CNC", copiedUnits: 50, leaderUnits: 100 }],
        groups: [
          {
            leaderOrderId: "L7",
            symbol: "SBIN",
            product: "INTRADAY",
            side: "BUY" as const,
            units: 40,
            stop: { price: "780.00", status: "working", filledUnits: 0 },
            target: { price: "810.00", status: "triggered", filledUnits: 10 },
          },
          {
            leaderOrderId: "L8",
            symbol: "TCS",
            product: "INTRADAY",
            side: "SELL" as const,
            units: 5,
            stop: { price: "3200.00", status: "not seen", filledUnits: 0 },
          },
        ],
        stops: [
          { cause: "kill", by: "ravi", text: "the market is mad", at: "10:00:00.000" },
          { cause: "breaker", by: "tandem", text: "", at: "09:59:00.000" },
        ],
        parked: [
          {
            leaderOrderId: "L9",
            symbol: "INFY",
            side: "BUY" as const,
            units: 25,
            code: "funds",
            text: "no money",
            at: "09:58:00.000",
            ageMs: 90_000,
          },
          {
            leaderOrderId: "L3",
            symbol: "INFY",
            side: "SELL" as const,
            units: 5,
            code: "other",
            text: "",
            at: "09:58:00.000",
            ageMs: 8_000_000,
          },
        ],
        alarmsToday: 1,
        lastAlarm: { at: "10:00:00.000", code: "unknown-order", sentence: "it is unknown" },
        remark: "",
      },
    ],
  };

  test("status exits 1 until it is ready", async () => {
    const { code, out } = await run(["status"], { status: async () => report });
    assert.equal(code, 1);
    assert.match(
      out,
      /running, not ready \(broker: simulator\)\n {2}link leader-asha is not armed/,
    );
    assert.match(out, /^leader-asha {2}HDFCBANK +CNC +50 +100$/m);
    assert.match(
      out,
      /^leader-asha {2}BUY SBIN +40 {2}780\.00 working +810\.00 triggered, 10 out {2}L7$/m,
    );
    assert.match(out, /^leader-asha {2}SELL TCS +5 {2}3200\.00 not seen {2}none +L8$/m);
    assert.match(
      out,
      /leader-asha: ENTRIES STOPPED \(kill\) since 10:00.*, by ravi: the market is/,
    );
    assert.match(out, /leader-asha: ENTRIES STOPPED \(breaker\) since 09:59:00\.000, by tandem$/m);
    assert.match(out, /^leader-asha {2}BUY 25 INFY +L9 +90 s {2}funds +no money$/m);
    assert.match(out, /^leader-asha {2}SELL 5 INFY +L3 +2 h {2}other/m);
    assert.match(out, /leader-asha: 1 alarm at 10:00:00\.000: it is unknown \[unknown-order\]/);
    const ready = async () => ({ ...report, isReady: true });
    assert.equal((await run(["status", "--json"], { status: ready })).code, 0);
  });

  test("status marks a shadow in its row and below, and only a shadow", async () => {
    const [link] = report.links;
    assert.ok(link !== undefined);
    const shadow = { ...link, link: "leader-ravi", follower: "ravi", isShadow: true };
    const status = async () => ({ ...report, links: [link, shadow] });
    const { out } = await run(["status"], { status });
    assert.match(out, /^leader-ravi {2}leader {2}ravi \(shadow\) {2}active/m);
    assert.match(out, /^leader-asha {2}leader {2}asha {11}active/m);
    assert.match(out, /^SHADOW ravi: would have; none of it is at the broker$/m);
    assert.doesNotMatch((await run(["status"], { status: async () => report })).out, /shadow/i);
  });

  test("explain tells each follower's story, and exits 1 for an order nobody knows", async () => {
    const explanation = {
      leader: "main",
      leaderOrderId: "112111182045",
      leaderOrder: "BUY 50 HDFCBANK",
      day: "2026-11-22",
      remark: "",
      lines: ["10:00:00.000  working"],
      facts: [],
      copies: [
        {
          link: "leader-asha",
          follower: "asha",
          isShadow: false,
          outcome: "skipped" as const,
          code: "below-one-lot",
          summary: "50 x 0.01 = 0.5 is less than one lot of 1",
          lines: ["10:00:00.001  not copied"],
          facts: [],
        },
      ],
    };
    const known = await run(["explain", "112111182045"], { explain: async () => explanation });
    assert.equal(known.code, 0);
    assert.match(known.out, /^order 112111182045 of main: BUY 50 HDFCBANK\n/);
    assert.match(
      known.out,
      /asha \(leader-asha\): skipped: 50 x 0\.01 .* \[below-one-lot\]\n {2}10:00:00\.001 {2}not/,
    );
    const copies = explanation.copies.map((copy) => ({ ...copy, isShadow: true }));
    const shadow = await run(["explain", "1"], {
      explain: async () => ({ ...explanation, copies }),
    });
    assert.match(shadow.out, /asha \(leader-asha\): SHADOW, would have: skipped: 50 x/);
    const none = await run(["explain", "1"], { explain: async () => undefined });
    assert.deepEqual([none.code, none.out], [1, ""]);
  });
});
