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
  { accounts, isRunning }: StopReport,
  what: "kill" | "release",
  { terminal }: CommandFrame,
): void {
  const names = withoutControls(accounts.join(", "));
  if (what === "release") {
    terminal.print(terminal.paint("good", `entries of ${names} flow again`));
    if (!isRunning) terminal.print("Tandem is not running: it holds from its next start on.");
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
