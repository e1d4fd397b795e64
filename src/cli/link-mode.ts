import type { Command } from "commander";
import { addDataOption, addJsonOption, type CommandFrame } from "./command-frame.ts";
import { withoutControls } from "./terminal.ts";

export type LinkModeName = "active" | "close-only" | "paused";

export interface LinkModeOrder {
  readonly dataDir: string;
  readonly link: string;
  readonly mode: LinkModeName;
  /** In the person's own words; "" for none. */
  readonly reason: string;
}

export interface LinkModeReport {
  readonly link: string;
  readonly mode: LinkModeName;
  /** What the follower has of copies, as far as the Tandem that runs tells; the leader may leave it. */
  readonly positions: readonly CopiedLeft[];
  /** Told to the Tandem that runs; false: written into the journal, for the next one that runs. */
  readonly isRunning: boolean;
}

export interface CopiedLeft {
  readonly symbol: string;
  readonly product: string;
  readonly copied: number;
}

/** Resolves when it is durable; rejects with an AppError when that is not certain. */
export type SetLinkMode = (order: LinkModeOrder) => Promise<LinkModeReport>;

interface LinkModeOptions {
  readonly data: string;
  readonly json?: true;
  readonly reason?: string;
}

const COMMANDS = [
  {
    name: "pause",
    mode: "paused",
    summary: "copy nothing new under a link, exits included",
    description:
      "Nothing new of the leader is copied under the link, his exits included: what was copied stays\n" +
      "until you resume or close it. Changes and cancels of what works are followed. To follow exits\n" +
      "and enter nothing, use close-only.",
    done: "is paused: nothing new is copied, exits included",
  },
  {
    name: "close-only",
    mode: "close-only",
    summary: "copy exits alone under a link",
    description:
      "No new entries are sent under the link; exits, changes and cancels are still followed.",
    done: "only closes: no new entries; what was copied is managed to its end",
  },
  {
    name: "resume",
    mode: "active",
    summary: "copy everything under a link again",
    description:
      "New orders of the leader are copied again. What was not copied meanwhile is not copied later.",
    done: "is active: new orders are copied; what was not copied meanwhile is not copied later",
  },
] as const;

/** `pause`, `close-only` and `resume`. */
export function addLinkModeCommands(program: Command, frame: CommandFrame, set: SetLinkMode): void {
  for (const { name, mode, summary, description, done } of COMMANDS) {
    const command = program
      .command(name)
      .summary(summary)
      .description(
        `${description}\nIt holds over restarts, until it is said otherwise here, or the settings' mode changes.`,
      )
      .argument("<link>", "the link, as `tandem status` names it")
      .option("--reason <text>", "why, for the record");
    addJsonOption(addDataOption(command)).action(async (link: string, options: LinkModeOptions) => {
      const { data: dataDir, reason = "", json } = options;
      const report = await set({ dataDir, link, mode, reason });
      if (json) return frame.terminal.printJson(report);
      const when = report.isRunning
        ? ""
        : "\nTandem is not running: it holds from its next start on.";
      frame.terminal.print(`${withoutControls(report.link)} ${done}${when}`);
      if (mode === "paused") printLeft(report, frame);
    });
  }
}

/** He who pauses with copies that are in must know what becomes of them. */
function printLeft({ positions }: LinkModeReport, { terminal }: CommandFrame): void {
  if (positions.length === 0) return;
  const words = positions.map(
    ({ symbol, product, copied }) => `${copied} ${withoutControls(symbol)} ${product}`,
  );
  terminal.print(terminal.paint("attention", `the follower still has ${words.join(", ")}`));
  terminal.print(
    "The leader's exits of it are not copied. `tandem close-only` follows them; `tandem square-off`\n" +
      "closes it now; or leave it, and exit by hand.",
  );
}
