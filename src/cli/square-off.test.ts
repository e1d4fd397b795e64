import assert from "node:assert/strict";
import { test } from "node:test";
import { Command } from "commander";
import {
  addSquareOffCommand,
  type FollowerLeft,
  type SquareOffOrder,
  type SquareOffReport,
} from "./square-off.ts";
import type { Terminal } from "./terminal.ts";

const FLAT: FollowerLeft = {
  account: "asha",
  isShadow: false,
  isProved: true,
  positions: [],
  orders: 0,
  unknown: 0,
  problem: "",
};
const IN: FollowerLeft = {
  account: "ravi",
  isShadow: false,
  isProved: false,
  positions: [{ symbol: "HDFCBANK", product: "INTRADAY", copied: 50, held: 90 }],
  orders: 2,
  unknown: 1,
  problem: "the order stream is down",
};

async function squaresOff(stages: readonly (readonly FollowerLeft[])[], ...args: string[]) {
  const printed: string[] = [];
  const orders: SquareOffOrder[] = [];
  let code = 0;
  const terminal: Terminal = {
    columns: 100,
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
  addSquareOffCommand(program, frame, async (order, tell): Promise<SquareOffReport> => {
    orders.push(order);
    for (const followers of stages) tell(followers);
    const followers = stages.at(-1) ?? [];
    return { followers, isFlat: followers.every(({ isProved }) => isProved), tookMs: 4_250 };
  });
  await program.parseAsync(["square-off", ...args], { from: "user" });
  return { out: printed.join("\n"), code, orders };
}

test("it hands over whom, why and for how long, and ends well when all are proved flat", async () => {
  const args = ["--account", "asha", "--account", "ravi", "--reason", "out", "--wait", "5"];
  const { out, code, orders } = await squaresOff([[FLAT]], "--data", "/d", ...args);
  assert.equal(code, 0);
  assert.deepEqual(orders, [
    { dataDir: "/d", reason: "out", accounts: ["asha", "ravi"], waitMs: 5_000 },
  ]);
  assert.match(out, /^asha: flat, as the broker's positions say\nflat, proved after 4\.3 s\n/);
  assert.match(out, /tandem kill --release/);
});

test("who is not flat is shown with what is left and why, once for each change, and it fails", async () => {
  const reading = { ...IN, positions: [], orders: 0, problem: "" };
  const { out, code } = await squaresOff([
    [FLAT, IN],
    [FLAT, IN],
    [FLAT, reading],
  ]);
  assert.equal(code, 1);
  assert.deepEqual(out.split("\n").slice(0, 4), [
    "asha: flat, as the broker's positions say",
    "ravi: HDFCBANK INTRADAY: 50 copied, 90 held; 2 orders work, 1 of unknown outcome; the order stream is down",
    "asha: flat, as the broker's positions say",
    "ravi: nothing is in by its orders; its positions are being read",
  ]);
  assert.match(out, /NOT PROVED FLAT after 4\.3 s/);
});

test("a shadow is marked, and its proof is on paper", async () => {
  const shadows = [FLAT, IN].map((one) => ({ ...one, isShadow: true }));
  const { out } = await squaresOff([shadows]);
  assert.match(out, /^asha \(shadow\): flat, as the paper positions say\nravi \(shadow\): HDFC/);
});

test("for a program it prints the report alone", async () => {
  const { out, code } = await squaresOff([[IN], [FLAT]], "--json");
  assert.equal(code, 0);
  assert.deepEqual(JSON.parse(out), { followers: [FLAT], isFlat: true, tookMs: 4_250 });
});
