/** `${NAME}` in a configuration, and where its values come from. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { AppError } from "../../platform/fault.ts";

/** The value of a variable; undefined when it is set nowhere. */
export type Variables = (name: string) => string | undefined;

export interface VariableOptions {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The folder whose `.env` is read, if it has one. */
  readonly folder: string;
}

/** The environment first, then `.env`: what is typed before a command wins over what lies around. */
export function readVariables({ environment, folder }: VariableOptions): Variables {
  const fromFile = readDotEnv(join(folder, ".env"));
  return (name) => (Object.hasOwn(environment, name) ? environment[name] : fromFile[name]);
}

function readDotEnv(path: string): Readonly<Record<string, string | undefined>> {
  try {
    return parseEnv(readFileSync(path, "utf8"));
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return {};
    throw new AppError({
      code: "CONFIG_UNREADABLE",
      message: `cannot read ${path}`,
      remedy: "Make the file readable for the user that runs Tandem, or remove it.",
      cause: error,
    });
  }
}

/** A text in which variables stood, after their values were put in. */
export interface Substituted {
  readonly text: string;
  /** Set when the whole text was one variable. */
  readonly whole?: string;
  /** All variables that stood in it. */
  readonly names: readonly string[];
  /** What could not be put in, as sentences. */
  readonly problems: readonly string[];
}

const VARIABLE = /\$\{([^}]*)\}/g;
const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** Puts the values in. A value is never searched again, so a token may contain anything. */
export function substitute(text: string, variables: Variables): Substituted {
  const names: string[] = [];
  const problems: string[] = [];
  const replaced = text.replace(VARIABLE, (written, name: string) => {
    const value = NAME.test(name) ? variables(name) : undefined;
    if (!NAME.test(name)) {
      problems.push(
        `${written} is not a variable; a name has letters, digits and underscores only`,
      );
    } else if (value === undefined || value === "") {
      const lack = value === undefined ? "not set" : "empty";
      problems.push(`the variable ${name} is ${lack}; set it in the environment or in .env`);
    }
    names.push(name);
    return value ?? "";
  });
  const [only] = names;
  const isWhole = only !== undefined && names.length === 1 && text === `\${${only}}`;
  return { text: replaced, names, problems, ...(isWhole ? { whole: only } : {}) };
}
