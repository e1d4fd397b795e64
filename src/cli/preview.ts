import type { Command } from "commander";
import { addDataOption, addJsonOption, type CommandFrame, EXIT_OK } from "./command-frame.ts";
import { type Follower, followerText } from "./shadow-words.ts";
import { table } from "./table.ts";

export interface PreviewRequest {
  /** The list of orders. */
  readonly file: string;
  /** A configuration that is not applied; absent: what holds in the data folder. */
  readonly config?: string;
  readonly dataDir: string;
}

/** What one link makes of one order of its leader's. */
export interface PreviewLine extends Follower {
  /** Its place in the file, from 1. */
  readonly order: number;
  readonly leader: string;
  /** "BUY 100 at 1650.00 HDFCBANK INTRADAY" */
  readonly asked: string;
  readonly link: string;
  /** "BUY 50 at 1650.00", in the order in which they would be sent; none when nothing would be. */
  readonly copies: readonly string[];
  /** Codes of what refused it or a part of it. */
  readonly codes: readonly string[];
  /** The arithmetic, and what refused it. */
  readonly why: string;
}

export type PreviewOrders = (request: PreviewRequest) => Promise<readonly PreviewLine[]>;

interface PreviewCommandOptions {
  readonly data: string;
  readonly config?: string;
  readonly json?: true;
}

export function addPreviewCommand(
  program: Command,
  frame: CommandFrame,
  preview: PreviewOrders,
): void {
  const command = program
    .command("preview")
    .argument("<orders>", "a YAML file with a list of a leader's orders")
    .summary("show what would be copied of a list of orders")
    .description(
      "Shows what every link would copy of a leader's orders, one after the other, and why; " +
        "each order fills, and so do its copies. Nothing is sent, and no broker is asked.",
    )
    .option("--config <file>", "rules of this configuration (default: those that hold)");
  addJsonOption(addDataOption(command)).action(
    async (file: string, { data, config, json }: PreviewCommandOptions) => {
      const lines = await preview({ file, dataDir: data, ...(config && { config }) });
      if (json) frame.terminal.printJson(lines);
      else frame.terminal.print(textOf(lines, frame.terminal));
      frame.finish(EXIT_OK);
    },
  );
}

function textOf(lines: readonly PreviewLine[], terminal: CommandFrame["terminal"]): string {
  if (lines.length === 0) return "No link follows the leader of these orders.";
  return table(
    lines,
    [
      { header: "#", text: ({ order }) => String(order), align: "right", isWhole: true },
      { header: "leader", text: ({ asked }) => asked },
      { header: "follower", text: followerText, isWhole: true },
      {
        header: "copy",
        text: ({ copies }) => (copies.length === 0 ? "nothing" : copies.join(", then ")),
        tone: ({ copies }) => (copies.length === 0 ? "quiet" : "good"),
        isWhole: true,
      },
      { header: "why", text: whyText },
    ],
    terminal,
  );
}

function whyText({ why, codes }: PreviewLine): string {
  return [why, ...codes.map((code) => `[${code}]`)].join(" ");
}
