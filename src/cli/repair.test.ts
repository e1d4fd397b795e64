import assert from "node:assert/strict";
import { test } from "node:test";
import { Command } from "commander";
import { addRepairCommand, type RepairDone, type RepairRow } from "./repair.ts";
import type { Terminal } from "./terminal.ts";

const ROW: RepairRow = {
  link: "leader-asha",
  follower: "asha",
  isShadow: false,
  instrument: "NSE_EQ:1333",
  symbol: "HDFCBANK",
  product: "INTRADAY",
  target: 50,
  actual: 0,
  parts: [{ cause: "rejected", units: 50, code: "child-rejected" }],
  age: "2 min",
  order: { side: "BUY", quantity: 50, price: 16_582_500 },
};
const BY_HAND: RepairRow = {
  ...ROW,
  symbol: "RELIANCE",
  actual: 20,
  parts: [
    { cause: "manual", units: 30, code: "" },
    { cause: "rounding", units: 2, code: "" },
  ],
  age: "",
  refused: { code: "done-by-hand", text: "somebody took it out by hand" },
};
const REPAIR = { name: "RP7", side: "BUY", units: 50, filled: 50, isOver: true };
const DONE: RepairDone = { follower: "asha", symbol: "HDFCBANK", product: "INTRADAY" };

interface Played {
  readonly rows: readonly RepairRow[];
  readonly done?: readonly RepairDone[];
  /** Absent: nobody sits at a terminal. */
  readonly answer?: boolean;
}

async function repair({ rows, done = [], answer }: Played, ...args: readonly string[]) {
  const printed: string[] = [];
  const asked: string[] = [];
  const waits: number[] = [];
  const wishes: unknown[] = [];
  let code = 0;
  const terminal: Terminal = {
    columns: 200,
    canRedraw: false,
    print: (text) => void printed.push(text),
    remark: () => {},
    printJson: (value) => void printed.push(JSON.stringify(value)),
    paint: (_tone, text) => text,
  };
  const finish = (exitCode: number) => {
    code = exitCode;
  };
  const look = async (wish: unknown) => {
    wishes.push(wish);
    return {
      rows,
      confirm: async (waitMs: number) => {
        waits.push(waitMs);
        return done;
      },
    };
  };
  const ask = async (question: string) => {
    asked.push(question.trim());
    return answer === true;
  };
  const program = new Command().exitOverride().configureOutput({ writeErr: () => {} });
  const frame = { terminal, untilStopped: async () => {}, finish };
  addRepairCommand(program, frame, { look, ...(answer !== undefined && { ask }) });
  await program.parseAsync(["repair", ...args], { from: "user" });
  return { out: printed.join("\n"), code, asked, waits, wishes };
}

test("what would be sent is shown with its cause and age, and what would not with its reason", async () => {
  const { order: _order, ...none } = BY_HAND;
  const { out, waits } = await repair({ rows: [ROW, none] });
  assert.equal(
    out.split("\n\n")[0],
    [
      "follower  instrument  product   target  actual  cause                  age    would send         why not, or no more",
      "asha      HDFCBANK    INTRADAY      50       0  rejected               2 min  BUY 50 at 1658.25",
      "asha      RELIANCE    INTRADAY      50      20  30 manual, 2 rounding         nothing            somebody took it out by hand",
    ].join("\n"),
  );
  assert.match(out, /Nothing was sent\. Give the command with --yes to send it\.$/);
  assert.deepEqual(waits, []);
});

test("at a terminal it asks first, and anything but a yes sends nothing", async () => {
  const { out, asked, waits } = await repair({ rows: [ROW], answer: false });
  assert.deepEqual([asked, waits], [["Send this order? [y/N]"], []]);
  assert.match(out, /Nothing was sent\.$/);
  const two = await repair({ rows: [ROW, BY_HAND], answer: false });
  assert.deepEqual(two.asked, ["Send these 2 orders? [y/N]"]);
});

test("after a yes it is sent, waited for, and told; all of it filled is a success", async () => {
  const done = [{ ...DONE, repair: REPAIR }];
  const { out, code, waits } = await repair({ rows: [ROW], done, answer: true });
  assert.deepEqual([waits, code], [[45_000], 0]);
  assert.match(out, /^asha HDFCBANK INTRADAY: BUY 50, 50 filled \(RP7\)$/m);
});

test("with --yes nobody is asked", async () => {
  const done = [{ ...DONE, repair: REPAIR }];
  const { asked, waits } = await repair(
    { rows: [ROW], done, answer: false },
    "--yes",
    "--wait",
    "5",
  );
  assert.deepEqual([asked, waits], [[], [5_000]]);
});

test("what was refused, ended short, or still works is no success, and says why", async () => {
  const stale = { code: "repair-stale", text: "the position has changed\u001b[2J" };
  const short = { code: "repair-not-filled", text: "it had not filled in time" };
  const done: readonly RepairDone[] = [
    { ...DONE, refused: stale },
    { ...DONE, repair: { ...REPAIR, filled: 20, why: short } },
    { ...DONE, repair: { ...REPAIR, filled: 20, isOver: false } },
    DONE,
  ];
  const { out, code } = await repair({ rows: [ROW], done }, "--yes");
  assert.equal(code, 1);
  assert.deepEqual(out.split("\n").slice(-4), [
    "asha HDFCBANK INTRADAY: nothing was sent: the position has changed [2J [repair-stale]",
    "asha HDFCBANK INTRADAY: BUY 50, 20 filled; it had not filled in time [repair-not-filled] (RP7)",
    "asha HDFCBANK INTRADAY: BUY 50, 20 filled; it is still under way (RP7)",
    "asha HDFCBANK INTRADAY: nothing was sent",
  ]);
});

test("an order at the market is said so, and a shadow is never taken for who trades", async () => {
  const row = { ...ROW, order: { side: "SELL", quantity: 30 }, isShadow: true };
  const { out } = await repair({ rows: [row] });
  assert.match(out, /^asha \(shadow\) .* SELL 30 at market/m);
});

test("where nothing differs, or nothing can be done, nobody is asked", async () => {
  assert.equal((await repair({ rows: [], answer: true })).out, "Nothing differs.");
  const { order: _order, ...none } = BY_HAND;
  const { out, asked } = await repair({ rows: [none], answer: true });
  assert.match(out, /Nothing of this can be repaired now\.$/);
  assert.deepEqual(asked, []);
});

test("programs get JSON, and send only with --yes", async () => {
  const done = [{ ...DONE, repair: REPAIR }];
  const shown = await repair({ rows: [ROW], done, answer: true }, "--json");
  assert.deepEqual(JSON.parse(shown.out), { positions: [ROW], repairs: [] });
  assert.deepEqual([shown.waits, shown.asked], [[], []]);
  const sent = await repair({ rows: [ROW], done }, "--json", "--yes");
  assert.deepEqual(JSON.parse(sent.out), { positions: [ROW], repairs: done });
  const none = await repair({ rows: [], done }, "--json", "--yes");
  assert.deepEqual([JSON.parse(none.out), none.waits], [{ positions: [], repairs: [] }, []]);
  const refused = await repair({ rows: [ROW], done: [DONE] }, "--json", "--yes");
  assert.equal(refused.code, 1);
});

test("it may be for one link and one contract alone", async () => {
  const { wishes } = await repair({ rows: [] }, "leader-asha", "--instrument", "HDFCBANK");
  const wish = { dataDir: ".tandem", link: "leader-asha", instrument: "HDFCBANK" };
  assert.deepEqual(wishes, [wish]);
  assert.deepEqual((await repair({ rows: [] })).wishes, [{ dataDir: ".tandem" }]);
  await assert.rejects(repair({ rows: [] }, "--wait", "soon"), /whole number from 0 to 600/);
});
