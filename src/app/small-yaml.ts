/** A small file of YAML besides the configuration: what it holds, or every problem by its field. */
import { parse } from "yaml";
import type { z } from "zod";
import type { AppError } from "../platform/fault.ts";
import { type Path, pathText } from "./config/path.ts";

export interface SmallYaml<Schema extends z.ZodType> {
  readonly schema: Schema;
  /** The file's name in messages. */
  readonly origin: string;
  /** "list of orders" */
  readonly what: string;
  readonly unusable: (message: string, cause?: unknown) => AppError;
}

/** Throws what `unusable` makes of the problems, all of them together. */
export function readSmallYaml<Schema extends z.ZodType>(
  text: string,
  { schema, origin, what, unusable }: SmallYaml<Schema>,
): z.output<Schema> {
  let data: unknown;
  try {
    data = parse(text);
  } catch (error) {
    const problem = error instanceof Error ? error.message.split("\n", 1)[0] : String(error);
    throw unusable(`${origin} is not YAML: ${problem}`, error);
  }
  const parsed = schema.safeParse(data);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.flatMap(issueLines);
  throw unusable(`${origin} is no ${what}: ${problems.join("; ")}`);
}

/** "orders[0].price: expected …"; one line for each unknown key. */
function issueLines(issue: z.core.$ZodIssue): string[] {
  const where = pathText(issue.path as Path);
  const at = (key: string) => (where === "" ? key : `${where}.${key}`);
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => `${at(key)}: unknown key`);
  }
  const inKey = issue.code === "invalid_key" ? issue.issues[0]?.message : undefined;
  const message = inKey ?? issue.message;
  return [where === "" ? message : `${where}: ${message}`];
}
