import type { Command } from "commander";
import { addDataOption, addJsonOption, type CommandFrame } from "./command-frame.ts";

export interface ApplyRequest {
  readonly file: string;
  readonly dataDir: string;
}

export interface ApplyReport {
  readonly isChanged: boolean;
  /** Seq of the entry in the stream "settings" that holds them. */
  readonly seq: number;
  /** The difference to what was set before. */
  readonly lines: readonly string[];
  readonly warnings: readonly string[];
}

/** Rejects with an AppError, and has changed nothing then. */
export type ApplyFile = (request: ApplyRequest) => Promise<ApplyReport>;

interface ApplyOptions {
  readonly data: string;
  readonly json?: true;
}

export function addApplyCommand(program: Command, frame: CommandFrame, apply: ApplyFile): void {
  const command = program
    .command("apply")
    .summary("check a configuration and record its settings")
    .description(
      "Checks FILE, shows what it changes, and records its settings in the journal: who set them,\n" +
        "and when. A file with a problem changes nothing. A Tandem that runs on the data takes new rules\n" +
        "of its links up at once; what needs a start it refuses.",
    )
    .argument("<file>", "the configuration (YAML)");
  addJsonOption(addDataOption(command)).action(async (file: string, options: ApplyOptions) => {
    const report = await apply({ file, dataDir: options.data });
    const { terminal } = frame;
    if (options.json) {
      const { isChanged, seq, lines, warnings } = report;
      terminal.printJson({ changed: isChanged, seq, lines, warnings });
      return;
    }
    for (const warning of report.warnings) {
      terminal.remark(`${terminal.paint("attention", "warning")}: ${warning}`);
    }
    for (const line of report.lines) terminal.print(line);
    terminal.print(
      report.isChanged
        ? `applied (entry ${report.seq} of the settings)`
        : `nothing to change: these are the settings already (entry ${report.seq})`,
    );
  });
}
