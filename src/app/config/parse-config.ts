import { buildSettings } from "./build-settings.ts";
import type { Credentials } from "./credentials.ts";
import { crossChecks } from "./cross-checks.ts";
import { explainIssues } from "./explain-issues.ts";
import { ConfigFault } from "./problem.ts";
import { configSchema } from "./schema.ts";
import type { Settings } from "./settings.ts";
import { readSource, type Source } from "./source.ts";
import type { Variables } from "./variables.ts";
import { warningsOf } from "./warnings.ts";

export interface LoadedConfig {
  readonly settings: Settings;
  readonly credentials: Credentials;
  /** Sentences for the operator; nothing in them stops anything. */
  readonly warnings: readonly string[];
}

export interface ConfigText {
  readonly text: string;
  /** How messages name it: "tandem.yaml". */
  readonly origin: string;
  /** Paths in it are relative to this folder. */
  readonly folder: string;
  readonly variables: Variables;
}

/** Throws a ConfigFault with everything that is wrong with the text at once. */
export function parseConfig({ text, origin, folder, variables }: ConfigText): LoadedConfig {
  return checkConfig(readSource(text, variables), { origin, folder });
}

/** The second half of parsing, for data that did not come from a file. */
export function checkConfig(
  source: Source,
  { origin, folder }: { origin: string; folder: string },
): LoadedConfig {
  // Without data there is nothing to say beyond why it could not be read.
  if (source.data === undefined) throw new ConfigFault(origin, source.problems);
  const parsed = configSchema.safeParse(source.data);
  const issues = parsed.success ? [] : explainIssues(parsed.error.issues, source);
  const known = new Set(source.problems.map(({ field }) => field));
  const problems = [
    ...source.problems,
    // A variable that is not set is one problem, not also a missing value.
    ...[...crossChecks(source), ...issues].filter(({ field }) => !known.has(field)),
  ];
  if (problems.length > 0 || !parsed.success) throw new ConfigFault(origin, problems);
  const built = buildSettings(parsed.data, { folder, variableOf: source.variableOf });
  return { ...built, warnings: warningsOf(built.settings) };
}
