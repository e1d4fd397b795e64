import assert from "node:assert/strict";
import { test } from "node:test";
import { Command } from "commander";
import { addPreviewCommand, type PreviewLine, type PreviewRequest } from "./preview.ts";

const LINE: PreviewLine = {
  order: 1,
  leader: "leader",
  asked: "BUY 100 at 1650.00 HDFCBANK INTRADAY",
  link: "leader-asha",
  follower: "asha",
  isShadow: false,
  copies: ["BUY 50 at 1650.00"],
  codes: [],
  why: "the leader's 100 x 0.5 = 50",
};

async function preview(lines: readonly PreviewLine[], ...args: readonly string[]) {
  const asked: PreviewRequest[] = [];
  const printed: string[] = [];
  let code: number | undefined;
  const terminal = {
    columns: Number.POSITIVE_INFINITY,
    paint: (_tone: unknown, text: string) => text,
    print: (text: string) => printed.push(text),
    printJson: (value: unknown) => printed.push(JSON.stringify(value)),
  };
  const frame = { terminal, untilStopped: async () => {}, finish: (exit: number) => (code = exit) };
  const program = new Command();
  addPreviewCommand(program, frame as never, async (request) => {
    asked.push(request);
    return lines;
  });
  await program.parseAsync(["preview", ...args], { from: "user" });
  return { asked, out: printed.join("\n"), code };
}

test("a line for each link, with what is sent and why, or why not", async () => {
  const none = { ...LINE, follower: "ravi", copies: [], codes: ["no-stop"], why: "no stop" };
  const { out, code, asked } = await preview([LINE, none], "orders.yaml", "--config", "new.yaml");
  const lines = out.split("\n");
  assert.match(
    lines[1] ?? "",
    /^1 +BUY 100 .* +asha +BUY 50 at 1650.00 +the leader's 100 x 0.5 = 50/,
  );
  assert.match(lines[2] ?? "", /ravi +nothing +no stop \[no-stop\]$/);
  assert.deepEqual([asked[0]?.file, asked[0]?.config, code], ["orders.yaml", "new.yaml", 0]);
});

test("a shadow is marked beside those that trade", async () => {
  const { out } = await preview([{ ...LINE, isShadow: true }, LINE], "orders.yaml");
  const [, shadow = "", trading = ""] = out.split("\n");
  assert.match(shadow, / asha \(shadow\) +BUY 50 at 1650.00/);
  assert.doesNotMatch(trading, /shadow/);
});

test("what several orders of one copy would be stands in their order", async () => {
  const { out } = await preview([{ ...LINE, copies: ["SELL 50", "SELL 30"] }], "orders.yaml");
  assert.match(out, /SELL 50, then SELL 30/);
});

test("as JSON for programs; and no line is said in words", async () => {
  assert.deepEqual(JSON.parse((await preview([LINE], "orders.yaml", "--json")).out), [LINE]);
  assert.match((await preview([], "orders.yaml")).out, /No link follows/);
});
