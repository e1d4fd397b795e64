/** What is wrong with a small file of YAML, by the names of its fields. */
import type { z } from "zod";
import { type Path, pathText } from "./config/path.ts";

/** "orders[0].price: expected …"; one line for each unknown key. */
export function issueLines(issue: z.core.$ZodIssue): string[] {
  const where = pathText(issue.path as Path);
  const at = (key: string) => (where === "" ? key : `${where}.${key}`);
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => `${at(key)}: unknown key`);
  }
  const inKey = issue.code === "invalid_key" ? issue.issues[0]?.message : undefined;
  const message = inKey ?? issue.message;
  return [where === "" ? message : `${where}: ${message}`];
}
