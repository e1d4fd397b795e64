/**
 * A YAML text as plain data, together with where each part of it stands.
 *
 * Keeps: every part that can be complained about has a line; variables are put in here and
 * nowhere later, and it is remembered which values came from them.
 * Does not: know any key (that is schema.ts).
 */
import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from "yaml";
import { type Path, pathText } from "./path.ts";
import type { Problem } from "./problem.ts";
import { substitute, type Variables } from "./variables.ts";

export interface Place {
  readonly line?: number;
  readonly field: string;
}

export interface Source {
  /** Maps (with no prototype), lists, strings, numbers, booleans and nulls. */
  readonly data: unknown;
  /** What keeps the text from being read, or a variable from being put in. */
  readonly problems: readonly Problem[];
  /** Where a part stands, and its name; for what is not there, the nearest part around it. */
  placeOf(path: Path): Place;
  /** The variable that a value was, whole; undefined when it was written out. */
  variableOf(path: Path): string | undefined;
  /** Whether any part of a value came from a variable, so that it must not be shown. */
  hasVariable(path: Path): boolean;
}

/** Real ones have a few hundred lines; this is a wrong file, or a hostile one. */
const TEXT_LENGTH_MAX = 4_000_000;

export function readSource(text: string, variables: Variables): Source {
  if (text.length > TEXT_LENGTH_MAX) return unreadable("the file is larger than 4 MB");
  const lines = new LineCounter();
  const document = parseDocument(withoutBraces(text), {
    lineCounter: lines,
    prettyErrors: false,
    // Found while reading instead, where the field has a name.
    uniqueKeys: false,
  });
  const lineAt = (offset: number) => lines.linePos(offset).line;
  const syntax = [...document.errors, ...document.warnings].map(
    (error): Problem => ({
      line: lineAt(error.pos[0]),
      field: "",
      message: `not readable as YAML: ${withBraces(error.message)}`,
    }),
  );
  const reader = new NodeReader(variables, lineAt);
  const data = syntax.length > 0 ? undefined : reader.read(document.contents, []);
  return {
    data,
    problems: [...syntax, ...reader.problems],
    placeOf: (path) => ({ line: reader.lineOf(path), field: pathText(path) }),
    variableOf: (path) => reader.wholes.get(pathText(path)),
    hasVariable: (path) => reader.partials.has(pathText(path)),
  };
}

function unreadable(message: string): Source {
  return {
    data: undefined,
    problems: [{ field: "", message }],
    placeOf: (path) => ({ field: pathText(path) }),
    variableOf: () => undefined,
    hasVariable: () => false,
  };
}

/**
 * `{ pin: ${PIN} }` is no YAML: inside a flow map a brace ends the plain text. People write it all
 * the same, so the braces of variables become other characters of the same length (lines and
 * columns stay) for the parser, and braces again after it.
 */
const OPEN = "\u27e8";
const CLOSE = "\u27e9";

function withoutBraces(text: string): string {
  return text.replaceAll(/\$\{([A-Za-z0-9_]*)\}/g, `$$${OPEN}$1${CLOSE}`);
}

function withBraces(text: string): string {
  return text.replaceAll(/\$\u27e8([A-Za-z0-9_]*)\u27e9/g, "$${$1}");
}

class NodeReader {
  readonly problems: Problem[] = [];
  readonly #lines = new Map<string, number>();
  readonly wholes = new Map<string, string>();
  readonly partials = new Set<string>();
  readonly #variables: Variables;
  readonly #lineAt: (offset: number) => number;

  constructor(variables: Variables, lineAt: (offset: number) => number) {
    this.#variables = variables;
    this.#lineAt = lineAt;
  }

  read(node: unknown, path: Path): unknown {
    const place = pathText(path);
    // A key's own line is the better one: a block map begins only on the line below its key.
    if (!this.#lines.has(place)) this.#mark(node, path);
    if (isMap(node)) return this.#readMap(node.items, path);
    if (isSeq(node)) return node.items.map((item, index) => this.read(item, [...path, index]));
    if (isAlias(node)) {
      this.#complain(path, `aliases (*${node.source}) are not supported; write it out`);
      return undefined;
    }
    return isScalar(node) ? this.#readScalar(node.value, node.source, path) : null;
  }

  #readMap(items: readonly { key: unknown; value: unknown }[], path: Path): unknown {
    const map: Record<string, unknown> = Object.create(null);
    for (const { key, value } of items) {
      const name = isScalar(key) ? String(key.value) : String(key);
      const at = [...path, name];
      this.#mark(key, at);
      if (Object.hasOwn(map, name))
        this.#complain(at, "stands here twice; keys are unique in a map");
      map[name] = this.read(value, at);
    }
    return map;
  }

  #readScalar(value: unknown, written: string | undefined, path: Path): unknown {
    // "0110000001" without quotes is a number to YAML, and would lose its first digit.
    if (typeof value === "number" && /^0[0-9]/.test(written ?? "")) return written;
    if (typeof value !== "string") return value;
    const { text, whole, names, problems } = substitute(withBraces(value), this.#variables);
    for (const problem of problems) this.#complain(path, problem);
    if (whole !== undefined) this.wholes.set(pathText(path), whole);
    if (names.length > 0) this.partials.add(pathText(path));
    return problems.length > 0 ? undefined : text;
  }

  lineOf(path: Path): number {
    for (let length = path.length; length > 0; length--) {
      const line = this.#lines.get(pathText(path.slice(0, length)));
      if (line !== undefined) return line;
    }
    return 1;
  }

  #mark(node: unknown, path: Path): void {
    const range = (node as Node | null)?.range;
    if (range) this.#lines.set(pathText(path), this.#lineAt(range[0]));
  }

  #complain(path: Path, message: string): void {
    this.problems.push({ line: this.lineOf(path), field: pathText(path), message });
  }
}
