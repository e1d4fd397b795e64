import type { Command } from "commander";
import { addDataOption, addJsonOption, type CommandFrame } from "./command-frame.ts";
import { withoutControls } from "./terminal.ts";

/** What a person says about entries; exits are never touched by it. */
export interface StopOrder {
  readonly dataDir: string;
  /** kill: no more entries, and those that work are cancelled. release: they flow again. */
  readonly what: "kill" | "release" | "reset-breaker";
  /** In the person's own words; "" for none. */
  readonly reason: string;
  /** Accounts that follow; empty: all of them. */
  readonly accounts: readonly string[];
}

export interface StopReport {
  /** The accounts for which it holds from now on, durable. */
  readonly accounts: readonly string[];
  /** Told to the Tandem that runs; false: written into the journal, for the next one that runs. */
  readonly isRunning: boolean;
  /** Absent for a kill. */
  readonly released?: Released;
}

export interface Released {
  /** The accounts of which it has ended a stop: none where nothing was stopped. */
  readonly ended: readonly string[];
  /** Those whose entries something else stops, and what ("breaker", "disk", …). */
  readonly stillStopped: readonly {
    readonly account: string;
    readonly causes: readonly string[];
  }[];
}

/** Resolves when it is durable; rejects with an AppError when that is not certain. */
export type StopEntries = (order: StopOrder) => Promise<StopReport>;

interface KillOptions {
  readonly data: string;
  readonly json?: true;
  readonly reason?: string;
  readonly account: readonly string[];
  readonly release?: true;
}

export function addKillCommand(program: Command, frame: CommandFrame, stop: StopEntries): void {
  const command = program
    .command("kill")
    .summary("send no more entries, and cancel those that work")
    .description(
      "The kill switch: no new entry is sent for any follower, and entries that work at the broker\n" +
        "are cancelled. Exits and stops go on. It holds over restarts, until it is released.\n" +
        "What was not entered meanwhile is not entered afterwards.",
    )
    .option("--reason <text>", "why, for the record")
    .option("--account <id>", "only this follower; may be given several times", collected, [])
    .option("--release", "let entries flow again");
  addJsonOption(addDataOption(command)).action(async (options: KillOptions) => {
    const { data: dataDir, reason = "", account: accounts, release } = options;
    const what = release === true ? "release" : "kill";
    const report = await stop({ dataDir, what, reason, accounts });
    if (options.json) frame.terminal.printJson(report);
    else printReport(report, what, frame);
  });
}

function collected(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}

function printReport(
  { accounts, isRunning, released }: StopReport,
  what: "kill" | "release",
  frame: CommandFrame,
): void {
  const { terminal } = frame;
  const names = withoutControls(accounts.join(", "));
  if (what === "release") {
    printRelease({ ended: accounts, stillStopped: [], ...released }, isRunning, frame);
    return;
  }
  terminal.print(terminal.paint("bad", `entries of ${names} are stopped`));
  terminal.print(
    isRunning
      ? "Entries that work at the broker are being cancelled; see `tandem status`."
      : "Tandem is not running. What works at the broker stays there, and may fill: it is cancelled\n" +
          "at the next start, or by you in the broker's app.",
  );
  terminal.print("Exits go on. `tandem kill --release` lets entries flow again.");
}

function printRelease(
  { ended, stillStopped }: Released,
  isRunning: boolean,
  { terminal }: CommandFrame,
): void {
  const isStill = (name: string) => stillStopped.some(({ account }) => account === name);
  const flowing = ended.filter((account) => !isStill(account));
  if (flowing.length > 0) {
    const names = withoutControls(flowing.join(", "));
    terminal.print(terminal.paint("good", `entries of ${names} flow again`));
  }
  if (ended.length === 0) {
    const why = stillStopped.length === 0 ? ": no entries were stopped" : "";
    terminal.print(`nothing to release${why}`);
  }
  for (const { account, causes } of stillStopped) {
    const words = withoutControls(`entries of ${account} stay stopped (${causes.join(", ")})`);
    terminal.print(`${terminal.paint("attention", words)}: see \`tandem status\``);
  }
  if (ended.length > 0 && !isRunning) {
    terminal.print("Tandem is not running: it holds from its next start on.");
  }
}
