import type { Command } from "commander";
import { addPortOption, type CommandFrame, EXIT_FAULT, EXIT_OK } from "./command-frame.ts";
import { createDemoScreen, type DemoScreen, lineScreen, silentScreen } from "./demo-screen.ts";
import { printDemoSummary } from "./demo-summary.ts";

export interface DemoRequest {
  readonly port: number;
  /** Shown as it happens. */
  readonly screen: DemoScreen;
  /** Aborted when the operator does not want to see the end of it. */
  readonly signal: AbortSignal;
}

/** How one leader order stands. */
export interface DemoOrder {
  /** 1 for the day's first. */
  readonly number: number;
  readonly leaderOrderId: string;
  /** "BUY 50 HDFCBANK at 1650.00" */
  readonly leaderOrder: string;
  /** "BUY 50 HDFCBANK" */
  readonly brief: string;
  /** "working", "filled" … */
  readonly state: string;
  readonly filled: number;
  readonly copies: readonly DemoCopy[];
}

/** What one follower has of it. */
export interface DemoCopy {
  readonly follower: string;
  /** "BUY 25 at 1650.00"; "" when there is none. */
  readonly childOrder: string;
  readonly state:
    | "waiting"
    | "held"
    | "skipped"
    | "sending"
    | "unknown"
    | "not sent"
    | "accepted"
    | "working"
    | "part-filled"
    | "filled"
    | "cancelled"
    | "rejected"
    | "expired";
  /** Code of why it was skipped or is held; "" when it was not. */
  readonly reason: string;
  /** The broker's words, if it had any. */
  readonly explanation: string;
  readonly filled: number;
  /** Milliseconds from Tandem seeing the leader's order to the broker's answer to the copy. */
  readonly ms?: number;
}

export interface DemoFollower {
  readonly name: string;
  /** "x0.5" */
  readonly multiplier: string;
}

/** Something at the broker that the script of the day does not account for. */
export interface DemoDifference {
  readonly account: string;
  readonly leaderOrderId: string | undefined;
  readonly text: string;
}

export interface PlayedDemo {
  readonly followers: readonly DemoFollower[];
  readonly orders: readonly DemoOrder[];
  /** None when every copy came to what it should have. */
  readonly differences: readonly DemoDifference[];
  /** What was counted and checked, as sentences. */
  readonly findings: readonly string[];
  readonly elapsedMs: number;
  /** Where things are and what to try next. */
  readonly remarks: readonly string[];
  /** Goes on showing what happens; resolves when stopped. */
  watch(screen: DemoScreen): Promise<void>;
  stop(): Promise<void>;
}

/** Starts simulator and Tandem, plays a leader's day, and resolves when it has been checked. */
export type PlayDemo = (request: DemoRequest) => Promise<PlayedDemo>;

interface DemoOptions {
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
    .option("--json", "print the summary as JSON, for programs");
  addPortOption(command, 0).action((options: DemoOptions) => run(options, frame, play));
}

async function run({ once, port, json }: DemoOptions, frame: CommandFrame, play: PlayDemo) {
  const { terminal } = frame;
  const impatience = new AbortController();
  const stopped = frame.untilStopped().then(() => impatience.abort());
  const screen = json ? silentScreen() : createDemoScreen(terminal);
  const demo = await play({ port, screen, signal: impatience.signal });
  const hasConverged = demo.differences.length === 0;
  try {
    if (json) terminal.printJson(toJson(demo));
    else printDemoSummary(demo, terminal);
    if (!once && !impatience.signal.aborted) {
      if (!json) for (const remark of demo.remarks) terminal.print(remark);
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
