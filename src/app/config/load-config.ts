import { readFileSync } from "node:fs";
import { basename, dirname, resolve } from "node:path";
import { AppError } from "../../platform/fault.ts";
import { configFromEnvironment } from "./config-from-environment.ts";
import { type LoadedConfig, parseConfig } from "./parse-config.ts";
import { readVariables } from "./variables.ts";

export interface ConfigPlace {
  /** The YAML file; absent to take the settings from variables alone. */
  readonly file?: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The current folder: `.env` is read there, and `file` may be relative to it. */
  readonly folder: string;
}

/**
 * Settings and secrets of a file, or of the environment when no file is named. Throws an AppError
 * with one clear message when they cannot be read or used; nothing is changed by that.
 */
export function loadConfig({ file, environment, folder }: ConfigPlace): LoadedConfig {
  const variables = readVariables({ environment, folder });
  if (file === undefined) return configFromEnvironment({ variables, folder });
  const path = resolve(folder, file);
  const origin = basename(path);
  return parseConfig({ text: readText(path), origin, folder: dirname(path), variables });
}

function readText(path: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(readFileSync(path));
  } catch (error) {
    throw new AppError({
      code: "CONFIG_UNREADABLE",
      message: `cannot read ${path}: ${readProblem(error)}`,
      remedy: "Name a YAML file that exists and that the user running Tandem may read.",
      cause: error,
    });
  }
}

function readProblem(error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : "";
  if (code === "ENOENT") return "there is no such file";
  if (code === "EACCES") return "permission denied";
  if (code === "EISDIR") return "it is a folder";
  if (code === "ERR_ENCODING_INVALID_ENCODED_DATA") return "it is not UTF-8 text";
  return String(code);
}
