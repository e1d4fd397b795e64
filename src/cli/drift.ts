import type { Command } from "commander";
import {
  addDataOption,
  addJsonOption,
  type CommandFrame,
  EXIT_FAULT,
  EXIT_OK,
} from "./command-frame.ts";
import { type Follower, followerText } from "./shadow-words.ts";
import { table } from "./table.ts";
import type { Tone } from "./terminal.ts";

export interface DriftPartRow {
  /** "rejected"; "unknown" where nothing explains it. */
  readonly cause: string;
  /** Positive. */
  readonly units: number;
  /** Of the skip, hold or alarm behind it; "" when there is none. */
  readonly code: string;
  readonly leaderOrderId?: string;
  readonly foreignOrderId?: string;
}

/** One contract of one link. All units are signed, long positive. */
export interface DriftRow extends Follower {
  readonly link: string;
  readonly leader: string;
  /** "NSE_EQ:1333" */
  readonly instrument: string;
  readonly symbol: string;
  readonly product: string;
  /** What the leader's orders stand for by now, by the link's rule. */
  readonly target: number;
  /** What copying has opened and not closed. */
  readonly copied: number;
  /** What the account holds, whoever bought it. */
  readonly held: number;
  /** Copied and really held, less the target. */
  readonly difference: number;
  readonly parts: readonly DriftPartRow[];
  /** Since when; absent while it was not there when the books were last read whole. */
  readonly ageMs?: number;
  /** "2 min"; "" where the age is not known. */
  readonly age: string;
}

export interface ForeignOrderRow {
  readonly follower: string;
  readonly orderId: string;
  /** "10:00:00.000", in India. */
  readonly at: string;
  readonly symbol: string;
  readonly product: string;
  readonly side: string;
  readonly quantity: number;
  readonly filled: number;
  readonly status: string;
  readonly origin: string;
}

export interface DriftReport {
  /** Every contract in which anything is copied, or should be. */
  readonly positions: readonly DriftRow[];
  /** Orders of today in followers' accounts that Tandem did not place. */
  readonly foreignOrders: readonly ForeignOrderRow[];
}

/** From the journal, beside a running Tandem or without one. */
export type ReadDriftReport = (request: { readonly dataDir: string }) => Promise<DriftReport>;

interface DriftOptions {
  readonly data: string;
  readonly json?: true;
}

export function addDriftCommand(
  program: Command,
  frame: CommandFrame,
  read: ReadDriftReport,
): void {
  const command = program
    .command("drift")
    .summary("show where followers differ from what they should have, and why")
    .description(
      "Shows what each follower should have copied, what he has, and why that differs. " +
        "Exits 0 when everything is explained, else 1.",
    );
  addJsonOption(addDataOption(command)).action(async ({ data, json }: DriftOptions) => {
    const report = await read({ dataDir: data });
    if (json) frame.terminal.printJson(report);
    else printDrift(report, frame);
    frame.finish(report.positions.some(isUnexplained) ? EXIT_FAULT : EXIT_OK);
  });
}

function isUnexplained({ parts }: DriftRow): boolean {
  return parts.some(({ cause }) => cause === "unknown");
}

function printDrift({ positions, foreignOrders }: DriftReport, { terminal }: CommandFrame): void {
  if (positions.length === 0) terminal.print("Nothing is copied, and nothing should be.");
  else printPositions(positions, terminal);
  if (foreignOrders.length === 0) return;
  const text = table(
    foreignOrders,
    [
      { header: "follower", text: ({ follower }) => follower, isWhole: true },
      { header: "not ours", text: ({ side, quantity, symbol }) => `${side} ${quantity} ${symbol}` },
      { header: "product", text: ({ product }) => product },
      { header: "filled", text: ({ filled }) => String(filled), align: "right", isWhole: true },
      { header: "status", text: ({ status }) => status },
      { header: "at", text: ({ at }) => at, isWhole: true },
      { header: "order", text: ({ orderId }) => orderId, isWhole: true },
      { header: "placed", text: ({ origin }) => origin },
    ],
    terminal,
  );
  terminal.print(`\n${text}`);
}

function printPositions(rows: readonly DriftRow[], terminal: CommandFrame["terminal"]): void {
  const units = (header: string, of: (row: DriftRow) => number) =>
    ({ header, text: (row: DriftRow) => String(of(row)), align: "right", isWhole: true }) as const;
  const text = table(
    rows,
    [
      { header: "follower", text: followerText, isWhole: true },
      { header: "instrument", text: ({ symbol }) => symbol },
      { header: "product", text: ({ product }) => product },
      units("target", ({ target }) => target),
      units("copied", ({ copied }) => copied),
      units("held", ({ held }) => held),
      units("difference", ({ difference }) => difference),
      { header: "cause", text: causeText, tone: toneOfRow },
      { header: "age", text: ({ age }) => age, isWhole: true },
    ],
    terminal,
  );
  terminal.print(text);
}

/** "rejected", or "50 rejected, 3 rounding" where there are several. */
function causeText({ parts }: DriftRow): string {
  const named = parts.map(({ cause, code }) => (code === "" ? cause : `${cause} [${code}]`));
  if (named.length === 1) return named[0] ?? "";
  return parts.map(({ units }, index) => `${units} ${named[index]}`).join(", ");
}

function toneOfRow(row: DriftRow): Tone {
  if (isUnexplained(row)) return "bad";
  return row.difference === 0 ? "good" : "attention";
}
