import { type Command, Option } from "commander";
import { formatE4 } from "../core/model/money.ts";
import {
  addDataOption,
  addJsonOption,
  type CommandFrame,
  EXIT_FAULT,
  integerBetween,
} from "./command-frame.ts";
import { type Follower, followerText } from "./shadow-words.ts";
import { table } from "./table.ts";
import { type Tone, withoutControls } from "./terminal.ts";

export interface WhyNot {
  readonly code: string;
  readonly text: string;
}

/** One position that differs, and what would be done about it. All units are signed, long positive. */
export interface RepairRow extends Follower {
  readonly link: string;
  /** "NSE_EQ:1333" */
  readonly instrument: string;
  readonly symbol: string;
  readonly product: string;
  /** What the leader's orders stand for by now, by the link's rule. */
  readonly target: number;
  /** Copied, and really held. */
  readonly actual: number;
  readonly parts: readonly { cause: string; units: number; code: string }[];
  /** "2 min"; "" where it has not been seen with the books read whole. */
  readonly age: string;
  /** Absent: nothing would be sent. */
  readonly order?: {
    readonly side: string;
    readonly quantity: number;
    /** In ten-thousandths of a rupee; absent: at the market. */
    readonly price?: number;
  };
  /** Why nothing, or no more. */
  readonly refused?: WhyNot;
}

/** What became of one position. */
export interface RepairDone {
  readonly follower: string;
  readonly symbol: string;
  readonly product: string;
  readonly refused?: WhyNot;
  readonly repair?: {
    /** "RP12": by which `tandem explain` knows it. */
    readonly name: string;
    readonly side: string;
    readonly units: number;
    readonly filled: number;
    readonly isOver: boolean;
    readonly why?: WhyNot;
  };
}

export interface RepairWish {
  readonly dataDir: string;
  /** Absent: every link. */
  readonly link?: string;
  /** A symbol or a contract such as NSE_EQ:1333; absent: every one. */
  readonly instrument?: string;
}

/** What was looked at, and the way to say yes to just that. */
export interface RepairPreview {
  readonly rows: readonly RepairRow[];
  /** Resolves when all are over, or the time is. Rejects with an AppError. */
  confirm(waitMs: number): Promise<readonly RepairDone[]>;
}

export interface RepairParts {
  readonly look: (wish: RepairWish) => Promise<RepairPreview>;
  /** Asks whoever sits at the terminal; absent where nobody does. */
  readonly ask?: (question: string) => Promise<boolean>;
}

interface RepairOptions {
  readonly data: string;
  readonly json?: true;
  readonly yes?: true;
  readonly instrument?: string;
  readonly wait: number;
}

/** Longer than a repair may rest. */
const WAIT_S = 45;

export function addRepairCommand(program: Command, frame: CommandFrame, parts: RepairParts): void {
  const command = program
    .command("repair")
    .summary("bring followers to what they should have, after a look")
    .description(
      "Shows each position that differs, and the order that would bring it to what it should be.\n" +
        "What is too much goes at the market; what is missing is bought at a limit, under the link's\n" +
        "guards. Asks before anything is sent; a position that has changed meanwhile is left alone.",
    )
    .argument("[link]", "only of this link, as `tandem status` names it")
    .option("--instrument <name>", "only of this contract: a symbol, or such as NSE_EQ:1333")
    .option("--yes", "send what is shown without being asked")
    .addOption(
      new Option("--wait <seconds>", "how long to wait for the fills")
        .default(WAIT_S)
        .argParser(integerBetween(0, 600)),
    );
  addJsonOption(addDataOption(command)).action(
    async (link: string | undefined, options: RepairOptions) => {
      const { data: dataDir, instrument } = options;
      const wish = { dataDir, ...(link && { link }), ...(instrument && { instrument }) };
      const preview = await parts.look(wish);
      if (options.json) await answerProgram(preview, options, frame);
      else await answerPerson(preview, options, { frame, ask: parts.ask });
    },
  );
}

async function answerProgram(
  preview: RepairPreview,
  { yes, wait }: RepairOptions,
  { terminal, finish }: CommandFrame,
): Promise<void> {
  const { rows } = preview;
  const isMeant = yes && rows.some(isOffered);
  const repairs = isMeant ? await preview.confirm(wait * 1_000) : [];
  if (!repairs.every(isDone)) finish(EXIT_FAULT);
  terminal.printJson({ positions: rows, repairs });
}

async function answerPerson(
  preview: RepairPreview,
  { yes, wait }: RepairOptions,
  { frame, ask }: { frame: CommandFrame; ask: RepairParts["ask"] },
): Promise<void> {
  const { terminal } = frame;
  const { rows } = preview;
  if (rows.length === 0) return terminal.print("Nothing differs.");
  terminal.print(rowsText(rows, terminal));
  const offered = rows.filter(isOffered).length;
  if (offered === 0) return terminal.print("\nNothing of this can be repaired now.");
  if (!yes && ask === undefined) {
    return terminal.print("\nNothing was sent. Give the command with --yes to send it.");
  }
  const what = offered === 1 ? "this order" : `these ${offered} orders`;
  if (!yes && !(await ask?.(`\nSend ${what}? [y/N] `))) return terminal.print("Nothing was sent.");
  const done = await preview.confirm(wait * 1_000);
  terminal.print(`\n${done.map((one) => doneText(one, terminal)).join("\n")}`);
  if (!done.every(isDone)) frame.finish(EXIT_FAULT);
}

function isOffered({ order }: RepairRow): boolean {
  return order !== undefined;
}

function isDone({ repair }: RepairDone): boolean {
  return repair?.isOver === true && repair.filled === repair.units;
}

function rowsText(rows: readonly RepairRow[], terminal: CommandFrame["terminal"]): string {
  const units = (header: string, of: (row: RepairRow) => number) =>
    ({ header, text: (row: RepairRow) => String(of(row)), align: "right", isWhole: true }) as const;
  return table(
    rows,
    [
      { header: "follower", text: followerText, isWhole: true },
      { header: "instrument", text: ({ symbol }) => symbol },
      { header: "product", text: ({ product }) => product },
      units("target", ({ target }) => target),
      units("actual", ({ actual }) => actual),
      { header: "cause", text: causeText },
      { header: "age", text: ({ age }) => age, isWhole: true },
      { header: "would send", text: orderText, tone: toneOfOrder, isWhole: true },
      { header: "why not, or no more", text: ({ refused }) => refused?.text ?? "" },
    ],
    terminal,
  );
}

/** "rejected", or "50 rejected, 3 rounding" where there are several. */
function causeText({ parts }: RepairRow): string {
  const [first, ...others] = parts;
  if (others.length === 0) return first?.cause ?? "";
  return parts.map(({ cause, units }) => `${units} ${cause}`).join(", ");
}

function orderText({ order }: RepairRow): string {
  if (order === undefined) return "nothing";
  const { side, quantity, price } = order;
  return `${side} ${quantity} ${price === undefined ? "at market" : `at ${formatE4(price)}`}`;
}

function toneOfOrder({ order, refused }: RepairRow): Tone {
  if (order === undefined) return "attention";
  return refused === undefined ? "good" : "attention";
}

function doneText(done: RepairDone, { paint }: CommandFrame["terminal"]): string {
  const { follower, symbol, product, refused, repair } = done;
  const what = withoutControls(`${follower} ${symbol} ${product}`);
  if (repair === undefined) {
    const why = refused === undefined ? "" : `: ${withoutControls(refused.text)} [${refused.code}]`;
    return paint("bad", `${what}: nothing was sent${why}`);
  }
  const { name, side, units, filled, isOver, why } = repair;
  const order = `${what}: ${side} ${units}, ${filled} filled`;
  const end = why === undefined ? "" : `; ${withoutControls(why.text)} [${why.code}]`;
  const state = isOver ? end : "; it is still under way";
  return paint(isDone(done) ? "good" : "attention", `${order}${state} (${name})`);
}
