import assert from "node:assert/strict";
import { test } from "node:test";
import { Command } from "commander";
import { addDriftCommand, type DriftReport, type DriftRow } from "./drift.ts";
import type { Terminal } from "./terminal.ts";

const ROW: DriftRow = {
  link: "leader-asha",
  leader: "leader",
  follower: "asha",
  isShadow: false,
  instrument: "NSE_EQ:1333",
  symbol: "HDFCBANK",
  product: "INTRADAY",
  target: 50,
  copied: 0,
  held: 0,
  difference: -50,
  parts: [{ cause: "rejected", units: 50, code: "child-rejected", leaderOrderId: "L1" }],
  ageMs: 120_000,
  age: "2 min",
};
const FOREIGN = {
  follower: "asha",
  orderId: "112111182045",
  at: "10:00:00.000",
  symbol: "HDFCBANK",
  product: "INTRADAY",
  side: "SELL",
  quantity: 40,
  filled: 40,
  status: "filled",
  origin: "by hand",
};

async function drift(report: DriftReport, ...args: readonly string[]) {
  const printed: string[] = [];
  let code = 0;
  const terminal: Terminal = {
    columns: 140,
    canRedraw: false,
    print: (text) => void printed.push(text),
    remark: () => {},
    printJson: (value) => void printed.push(JSON.stringify(value)),
    paint: (_tone, text) => text,
  };
  const frame = {
    terminal,
    untilStopped: async () => {},
    finish: (exitCode: number) => {
      code = exitCode;
    },
  };
  const program = new Command().exitOverride();
  addDriftCommand(program, frame, async () => report);
  await program.parseAsync(["drift", ...args], { from: "user" });
  return { out: printed.join("\n"), code };
}

test("a difference that is explained is shown with its cause and age, and is no fault", async () => {
  const { out, code } = await drift({ positions: [ROW], foreignOrders: [] });
  assert.equal(code, 0);
  assert.equal(
    out,
    [
      "follower  instrument  product   target  copied  held  difference  cause                      age",
      "asha      HDFCBANK    INTRADAY      50       0     0         -50  rejected [child-rejected]  2 min",
    ].join("\n"),
  );
});

test("one of which a part is explained by nothing is a fault, and every part has its units", async () => {
  const parts = [
    { cause: "manual", units: 30, code: "", foreignOrderId: "112111182045" },
    { cause: "unknown", units: 20, code: "account-holds-less" },
  ];
  const { out, code } = await drift({ positions: [{ ...ROW, parts }], foreignOrders: [FOREIGN] });
  assert.equal(code, 1);
  assert.match(out, /30 manual, 20 unknown \[account-holds-less\]/);
  assert.match(
    out,
    /^asha +SELL 40 HDFCBANK +INTRADAY +40 +filled +10:00:00\.000 +112111182045 +by hand$/m,
  );
});

test("what is as it should be is shown without a cause", async () => {
  const even = { ...ROW, copied: 50, held: 50, difference: 0, parts: [], age: "" };
  const { out, code } = await drift({ positions: [even], foreignOrders: [] });
  assert.equal(code, 0);
  assert.match(out, /^asha +HDFCBANK +INTRADAY +50 +50 +50 +0$/m);
});

test("nothing at all is said so, and programs get JSON", async () => {
  const none = { positions: [], foreignOrders: [] };
  assert.equal((await drift(none)).out, "Nothing is copied, and nothing should be.");
  const { out } = await drift({ positions: [ROW], foreignOrders: [FOREIGN] }, "--json");
  assert.deepEqual(JSON.parse(out), { positions: [ROW], foreignOrders: [FOREIGN] });
});

test("a shadow is never taken for a follower that trades", async () => {
  const shadow = { ...ROW, follower: "ravi", isShadow: true };
  const { out } = await drift({ positions: [ROW, shadow], foreignOrders: [] });
  assert.match(out, /^asha {11}HDFCBANK/m);
  assert.match(out, /^ravi \(shadow\) {2}HDFCBANK/m);
});
