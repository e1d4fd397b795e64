import type { Command } from "commander";
import { addDataOption, addJsonOption, type CommandFrame } from "./command-frame.ts";

export interface ExportedSettings {
  /** As a configuration file, secrets as variables or placeholders. */
  readonly yaml: string;
  /** The same as plain JSON data. */
  readonly settings: unknown;
  readonly appliedBy: string;
  readonly appliedAtMs: number;
  readonly seq: number;
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
        "Secrets are never in it: variables come back as variables, the rest as placeholders.",
    );
  addJsonOption(addDataOption(command)).action(async ({ data, json }: ExportOptions) => {
    const { yaml, settings, appliedBy, appliedAtMs, seq } = await read({ dataDir: data });
    if (json) {
      frame.terminal.printJson({ seq, appliedBy, appliedAtMs, settings });
      return;
    }
    const at = new Date(appliedAtMs).toISOString();
    frame.terminal.print(`# applied by ${appliedBy} at ${at} (entry ${seq})\n${yaml.trimEnd()}`);
  });
}
