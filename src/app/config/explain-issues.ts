/** What the schema found, in the words of the person who wrote the file. */
import type { z } from "zod";
import { nearest } from "./nearest.ts";
import type { Path } from "./path.ts";
import type { Problem } from "./problem.ts";
import { keysAt } from "./schema-keys.ts";
import type { Source } from "./source.ts";

export function explainIssues(issues: readonly z.core.$ZodIssue[], source: Source): Problem[] {
  return issues.flatMap((issue) => {
    const path = issue.path as Path;
    if (issue.code === "unrecognized_keys") {
      return issue.keys.map((key) => unknownKey(path, key, source));
    }
    const found = issue.message.startsWith("expected") ? foundText(path, source) : "";
    return [{ ...source.placeOf(path), message: `${issue.message}${found}` }];
  });
}

function unknownKey(path: Path, key: string, source: Source): Problem {
  const known = keysAt(path);
  const guess = nearest(key, known);
  const hint = guess === undefined ? "" : `did you mean ${guess}? `;
  return {
    ...source.placeOf([...path, key]),
    message: `unknown key; ${hint}Known here: ${known.join(", ")}`,
  };
}

const SECRET_KEYS = new Set<string | number>(["clientId", "accessToken", "login", "proxy"]);

/** ", found …", unless that would show a secret on the screen. */
function foundText(path: Path, source: Source): string {
  const value = valueAt(source.data, path);
  if (value === undefined || value === null) return ", found nothing";
  if (path.some((part) => SECRET_KEYS.has(part))) return "";
  if (source.hasVariable(path)) return ", found something else in the variable";
  return `, found ${shown(value)}`;
}

function valueAt(data: unknown, path: Path): unknown {
  let here = data;
  for (const part of path) {
    if (typeof here !== "object" || here === null) return here;
    here = (here as Record<string | number, unknown>)[part];
  }
  return here;
}

/** Enough to find it by, too little of a token that stands where it should not. */
const SHOWN_LENGTH_MAX = 30;

function shown(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? "an empty list" : "a list";
  if (typeof value === "object") return "a map";
  const text = typeof value === "string" ? JSON.stringify(withoutLogin(value)) : String(value);
  return text.length > SHOWN_LENGTH_MAX ? `${text.slice(0, SHOWN_LENGTH_MAX)}…` : text;
}

/** A URL's user name and password, wherever the URL stands. */
function withoutLogin(text: string): string {
  return text.replaceAll(/\/\/[^/\s]*@/g, "//***@");
}
