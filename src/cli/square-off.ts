import type { Command } from "commander";
import {
  addDataOption,
  addJsonOption,
  type CommandFrame,
  EXIT_FAULT,
  integerBetween,
} from "./command-frame.ts";
import { followerText } from "./shadow-words.ts";
import { withoutControls } from "./terminal.ts";

export interface SquareOffOrder {
  readonly dataDir: string;
  /** In the person's own words; "" for none. */
  readonly reason: string;
  /** Accounts that follow; empty: all of them. */
  readonly accounts: readonly string[];
  /** How long the proof is waited for. What was begun goes on after it. */
  readonly waitMs: number;
}

/** How a follower stands; units are signed. */
export interface FollowerLeft {
  readonly account: string;
  /** It copies on paper: what is closed there was nowhere at the broker. */
  readonly isShadow: boolean;
  /** Nothing copied is in, and positions that were read from the broker after that say so, too. */
  readonly isProved: boolean;
  readonly positions: readonly {
    readonly symbol: string;
    readonly product: string;
    readonly copied: number;
    readonly held: number;
  }[];
  /** Orders of Tandem's that may still fill, and those of them whose outcome is unknown. */
  readonly orders: number;
  readonly unknown: number;
  /** Why its books or orders cannot be relied on; "" when they can. */
  readonly problem: string;
}

export interface SquareOffReport {
  readonly isFlat: boolean;
  readonly followers: readonly FollowerLeft[];
  readonly tookMs: number;
}

/** Resolves when all are proved flat, or the time is over; `tell` hears how they stand meanwhile. */
export type SquareOff = (
  order: SquareOffOrder,
  tell: (followers: readonly FollowerLeft[]) => void,
) => Promise<SquareOffReport>;

interface SquareOffOptions {
  readonly data: string;
  readonly json?: true;
  readonly reason?: string;
  readonly account: readonly string[];
  readonly wait: number;
}

const WAIT_S = 60;

export function addSquareOffCommand(
  program: Command,
  frame: CommandFrame,
  squareOff: SquareOff,
): void {
  const command = program
    .command("square-off")
    .summary("close all that was copied, and prove it flat")
    .description(
      "Stops entries like `tandem kill`, cancels what works, and closes what was copied with orders\n" +
        "at the market; holdings that were not copied are left alone. It waits until positions that are\n" +
        "read back from the broker prove it. It holds over restarts, until `tandem kill --release`.",
    )
    .option("--reason <text>", "why, for the record")
    .option("--account <id>", "only this follower; may be given several times", collected, [])
    .option("--wait <seconds>", "how long to wait for the proof", integerBetween(1, 3_600), WAIT_S);
  addJsonOption(addDataOption(command)).action(async (options: SquareOffOptions) => {
    const { data: dataDir, reason = "", account: accounts, wait, json } = options;
    const { terminal } = frame;
    let last = "";
    const tell = (followers: readonly FollowerLeft[]) => {
      const lines = followers.map(lineOf).join("\n");
      if (json === undefined && lines !== last) terminal.print(lines);
      last = lines;
    };
    const report = await squareOff({ dataDir, reason, accounts, waitMs: wait * 1_000 }, tell);
    if (!report.isFlat) frame.finish(EXIT_FAULT);
    if (json) terminal.printJson(report);
    else printEnd(report, frame);
  });
}

function collected(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}

function lineOf(left: FollowerLeft): string {
  const { account, isShadow, isProved, positions, orders, unknown, problem } = left;
  const name = withoutControls(followerText({ follower: account, isShadow }));
  if (isProved) return `${name}: flat, as ${isShadow ? "the paper" : "the broker's"} positions say`;
  const trouble = problem === "" ? "" : `; ${withoutControls(problem)}`;
  if (positions.length === 0 && orders === 0) {
    return `${name}: nothing is in by its orders; its positions are being read${trouble}`;
  }
  const contracts = positions.map(
    ({ symbol, product, copied, held }) =>
      `${withoutControls(symbol)} ${product}: ${copied} copied, ${held} held`,
  );
  const works = `${orders} ${orders === 1 ? "order works" : "orders work"}`;
  const lost = unknown === 0 ? "" : `, ${unknown} of unknown outcome`;
  return `${name}: ${[...contracts, works + lost].join("; ")}${trouble}`;
}

function printEnd({ isFlat, tookMs }: SquareOffReport, { terminal }: CommandFrame): void {
  const time = `${(tookMs / 1_000).toFixed(1)} s`;
  if (isFlat) {
    terminal.print(terminal.paint("good", `flat, proved after ${time}`));
    terminal.print("Entries stay stopped. `tandem kill --release` lets them flow again.");
    return;
  }
  terminal.print(terminal.paint("bad", `NOT PROVED FLAT after ${time}`));
  terminal.print(
    "Tandem goes on closing. Look at what is left in the broker's app; ask again with the same\n" +
      "command, and see `tandem status`.",
  );
}
