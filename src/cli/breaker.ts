import type { Command } from "commander";
import { addDataOption, addJsonOption, type CommandFrame } from "./command-frame.ts";
import type { StopEntries } from "./kill.ts";
import { withoutControls } from "./terminal.ts";

interface ResetOptions {
  readonly data: string;
  readonly json?: true;
}

export function addBreakerCommand(program: Command, frame: CommandFrame, stop: StopEntries): void {
  const breaker = program
    .command("breaker")
    .summary("let entries flow again after the broker had rejected several in a row");
  const reset = breaker
    .command("reset")
    .description(
      "The breaker stops entries of an account when the broker has rejected several in a row.\n" +
        "Mend what its words say, then reset it. It ends by itself with the trading day.",
    )
    .argument("<account>", "the follower");
  addJsonOption(addDataOption(reset)).action(async (account: string, options: ResetOptions) => {
    const { data: dataDir, json } = options;
    const order = { dataDir, what: "reset-breaker", reason: "", accounts: [account] } as const;
    const report = await stop(order);
    if (json) return frame.terminal.printJson(report);
    const when = report.isRunning ? "" : " from the next start on";
    const names = withoutControls(report.accounts.join(", "));
    if (report.released?.ended.length === 0) {
      return frame.terminal.print(`nothing to reset: the breaker of ${names} has not opened`);
    }
    frame.terminal.print(`the breaker of ${names} is reset${when}`);
  });
}
