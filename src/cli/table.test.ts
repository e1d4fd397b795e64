import assert from "node:assert/strict";
import { test } from "node:test";
import { table } from "./table.ts";

interface Row {
  readonly link: string;
  readonly open: number;
  readonly remark: string;
}

const rows: readonly Row[] = [
  { link: "leader-asha", open: 2, remark: "waiting for the broker's answer" },
  { link: "leader-ravi", open: 110, remark: "" },
];

const columns = [
  { header: "link", text: ({ link }: Row) => link, isWhole: true },
  { header: "open", text: ({ open }: Row) => String(open), align: "right" },
  { header: "remark", text: ({ remark }: Row) => remark },
] as const;

const plain = (columnsOfTerminal: number) => ({
  columns: columnsOfTerminal,
  paint: (_tone: string, text: string) => text,
});

test("columns are aligned, numbers right, and no line ends in blanks", () => {
  assert.deepEqual(table(rows, columns, plain(80)).split("\n"), [
    "link         open  remark",
    "leader-asha     2  waiting for the broker's answer",
    "leader-ravi   110",
  ]);
});

test("a narrow terminal cuts the widest column that may be cut, with a mark", () => {
  assert.deepEqual(table(rows, columns, plain(30)).split("\n"), [
    "link         open  remark",
    "leader-asha     2  waiting fo…",
    "leader-ravi   110",
  ]);
});

test("a terminal too narrow for anything still gets whole ids", () => {
  const [, first] = table(rows, columns, plain(5)).split("\n");
  assert.equal(first, "leader-asha     2  waiti…");
});

test("no rows are the headers alone", () => {
  assert.equal(table([], columns, plain(80)), "link  open  remark");
});

test("a text from elsewhere cannot move the cursor or make a line of its own", () => {
  const hostile = [{ link: "a\u001b[2Jb\nc", open: 1, remark: "" }];
  const text = table(hostile, columns, plain(80));
  assert.equal(text.split("\n").length, 2);
  assert.ok(!text.includes("\u001b"));
});

test("colours do not disturb the alignment", () => {
  const coloured = columns.map((column) => ({ ...column, tone: () => "good" as const }));
  const paint = (_tone: string, text: string) => `<${text}>`;
  const [, first] = table(rows, coloured, { columns: 80, paint }).split("\n");
  assert.equal(first, "<leader-asha>     <2>  <waiting for the broker's answer>");
});
