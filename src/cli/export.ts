import type { Command } from "commander";
import { addDataOption, addJsonOption, type CommandFrame } from "./command-frame.ts";
import { withoutControls } from "./terminal.ts";

export interface ExportedSettings {
  /** As a configuration file, secrets as variables or placeholders. */
  readonly yaml: string;
  /** The same as plain JSON data. */
  readonly settings: unknown;
  readonly appliedBy: string;
  readonly appliedAtMs: number;
  readonly seq: number;
  /** Links that a person has put into another mode than the settings': it is no part of them. */
  readonly movedModes: readonly MovedMode[];
}

export interface MovedMode {
  readonly link: string;
  /** The one in force. */
  readonly mode: string;
  readonly by: string;
  /** In the person's own words; "" for none. */
  readonly reason: string;
  readonly sinceMs: number;
}

/** What holds now; rejects with an AppError when nothing was ever applied there. */
export type ReadSettings = (request: { readonly dataDir: string }) => Promise<ExportedSettings>;

interface ExportOptions {
  readonly data: string;
  readonly json?: true;
}

export function addExportCommand(program: Command, frame: CommandFrame, read: ReadSettings): void {
  const command = program
    .command("export")
    .summary("print the settings that hold, as a configuration")
    .description(
      "Prints the settings last applied as a configuration that `tandem apply` takes back.\n" +
        "Secrets are never in it: variables come back as variables, the rest as placeholders. Where\n" +
        "somebody has put a link into another mode, a comment says so.",
    );
  addJsonOption(addDataOption(command)).action(async ({ data, json }: ExportOptions) => {
    const { yaml, ...exported } = await read({ dataDir: data });
    if (json) {
      frame.terminal.printJson(exported);
      return;
    }
    const { appliedBy, appliedAtMs, seq, movedModes } = exported;
    const comments = [
      `applied by ${appliedBy} at ${isoTime(appliedAtMs)} (entry ${seq})`,
      ...movedModes.map(movedText),
    ];
    const head = comments.map((comment) => `# ${withoutControls(comment)}\n`).join("");
    frame.terminal.print(head + yaml.trimEnd());
  });
}

function movedText({ link, mode, by, reason, sinceMs }: MovedMode): string {
  const why = reason === "" ? "" : `: ${reason}`;
  return `${link} is ${mode} since ${isoTime(sinceMs)}, by ${by}${why}; below stands the settings' mode`;
}

function isoTime(atMs: number): string {
  return new Date(atMs).toISOString();
}
