/** Through which door settings came, and from where: what tells an undoing from an edit. */
import { basename, resolve } from "node:path";

export interface SettingsOrigin {
  /** "apply": a person has said so. "run": they stood in what a start was given. */
  readonly through: "apply" | "run";
  /** The absolute path of the file, or "variables". */
  readonly source: string;
}

const VARIABLES = "variables";

/** Where a command takes its settings from; `file` may be relative to `folder`. */
export function sourceOf(file: string | undefined, folder: string): string {
  return file === undefined ? VARIABLES : resolve(folder, file);
}

/** As an operator calls it: "tandem.yaml". */
export function sourceName(source: string): string {
  return basename(sourcePlace(source));
}

/** Where it is: "/home/ravi/tandem.yaml". */
export function sourcePlace(source: string): string {
  return source === VARIABLES ? "the environment" : source;
}
