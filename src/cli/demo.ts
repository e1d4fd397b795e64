import { type Command, Option } from "commander";
import { addPortOption, type CommandFrame, EXIT_FAULT, EXIT_OK } from "./command-frame.ts";
import type { DemoScreen, PlayedDemo } from "./demo-model.ts";
import { createDemoScreen, lineScreen, silentScreen } from "./demo-screen.ts";
import { printDemoSummary } from "./demo-summary.ts";

/** plain: simple orders. legs: orders with exits, triggers and slices. */
export const DEMO_DAYS = ["plain", "legs"] as const;
export type DemoDay = (typeof DEMO_DAYS)[number];

export interface DemoRequest {
  readonly day: DemoDay;
  readonly port: number;
  /** Shown as it happens. */
  readonly screen: DemoScreen;
  /** Aborted when the operator does not want to see the end of it. */
  readonly signal: AbortSignal;
}

/** Starts simulator and Tandem, plays a leader's day, and resolves when it has been checked. */
export type PlayDemo = (request: DemoRequest) => Promise<PlayedDemo>;

interface DemoOptions {
  readonly day: DemoDay;
  readonly once?: true;
  readonly port: number;
  readonly json?: true;
}

export function addDemoCommand(program: Command, frame: CommandFrame, play: PlayDemo): void {
  const command = program
    .command("demo")
    .summary("see it copy a day of orders, without an account")
    .description(
      "Starts a simulated broker and Tandem, plays a leader's day, shows what is copied as it\n" +
        "happens, and checks every copy against the broker's own books. No account is needed and\n" +
        "nothing leaves this machine.",
    )
    .option("--once", "play the day, print the summary, and exit 0 only if every copy converged")
    .addOption(
      new Option("--day <which>", "simple orders, or orders with exits, triggers and slices")
        .choices(DEMO_DAYS)
        .default("plain"),
    )
    .option("--json", "print the summary as JSON, for programs");
  addPortOption(command, 0).action((options: DemoOptions) => run(options, frame, play));
}

async function run({ once, day, port, json }: DemoOptions, frame: CommandFrame, play: PlayDemo) {
  const { terminal } = frame;
  const impatience = new AbortController();
  const stopped = frame.untilStopped().then(() => impatience.abort());
  const screen = json ? silentScreen() : createDemoScreen(terminal);
  const demo = await play({ day, port, screen, signal: impatience.signal });
  const hasConverged = demo.differences.length === 0;
  try {
    if (impatience.signal.aborted) terminal.remark("stopped before the day was over");
    else if (json) terminal.printJson(toJson(demo));
    else printDemoSummary(demo, terminal);
    if (!once && !impatience.signal.aborted) {
      for (const remark of demo.remarks) if (!json) terminal.print(remark);
      const after = json ? silentScreen() : lineScreen(terminal, demo.orders);
      await Promise.race([stopped, demo.watch(after)]);
    }
  } finally {
    await demo.stop();
  }
  frame.finish(hasConverged ? EXIT_OK : EXIT_FAULT);
}

function toJson(demo: PlayedDemo): object {
  const { followers, orders, differences, findings, elapsedMs } = demo;
  const converged = differences.length === 0;
  return { converged, elapsedMs, followers, orders, differences, findings };
}
