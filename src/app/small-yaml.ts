/** A small file of YAML besides the configuration: what it holds, or every problem by line and field. */
import { type Document, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from "yaml";
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
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const [fault] = document.errors;
  if (fault !== undefined) {
    throw unusable(`${origin} is not YAML: ${fault.message.split("\n", 1)[0]}`, fault);
  }
  const parsed = schema.safeParse(document.toJS());
  if (parsed.success) return parsed.data;
  const lineOf = (path: Path) => lines.linePos(offsetOf(document, path)).line;
  const problems = parsed.error.issues.flatMap((issue) => issueTexts(issue, lineOf));
  throw unusable(`${origin} is no ${what}: ${problems.join("; ")}`);
}

/** "line 3, orders[0].price: expected …"; one text for each unknown key. */
function issueTexts(issue: z.core.$ZodIssue, lineOf: (path: Path) => number): string[] {
  const path = issue.path as Path;
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => placed([...path, key], "unknown key", lineOf));
  }
  const inKey = issue.code === "invalid_key" ? issue.issues[0]?.message : undefined;
  return [placed(path, inKey ?? issue.message, lineOf)];
}

function placed(path: Path, message: string, lineOf: (path: Path) => number): string {
  return path.length === 0 ? message : `line ${lineOf(path)}, ${pathText(path)}: ${message}`;
}

/** Where the part stands in the text; of what is not there, the nearest part around it. */
function offsetOf({ contents }: Document.Parsed, path: Path): number {
  let node: unknown = contents;
  let offset = startOf(node) ?? 0;
  for (const part of path) {
    const [name, value] = partOf(node, part);
    const start = startOf(name);
    if (start === undefined) break;
    offset = start;
    node = value;
  }
  return offset;
}

/** What names the part (the key itself, or the item of a list), and what it holds. */
function partOf(node: unknown, part: string | number): readonly [unknown, unknown] {
  if (isSeq(node)) return [node.items[Number(part)], node.items[Number(part)]];
  if (!isMap(node)) return [undefined, undefined];
  const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(part));
  return [pair?.key, pair?.value];
}

function startOf(node: unknown): number | undefined {
  return (node as Node | null | undefined)?.range?.[0];
}
