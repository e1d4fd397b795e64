/** What may stand in a source file: calls, names, sizes, test switches. */
import type { Problem, SourceFile } from "./project.ts";

interface Ban {
  readonly pattern: RegExp;
  readonly instead: string;
  /** Folders of src where it is allowed. */
  readonly except: readonly string[];
  /** Whether tests are held to it, too. */
  readonly inTests: boolean;
}

const CLOCK_FOLDERS = ["platform", "app", "cli"];

const BANS: readonly Ban[] = [
  ban(/\bDate\.now\b/g, "clock.nowMs()"),
  ban(/\bnew Date\(\s*\)/g, "clock.nowMs()"),
  ban(/\bperformance\.now\b/g, "clock.monotonicMs()"),
  ban(/\bset(?:Timeout|Interval)\(/g, "clock.schedule(); in tests, eventually()", true),
  // Tests may let the event loop turn once; that is not a sleep.
  ban(/\bsetImmediate\(/g, "clock.schedule()"),
  ban(/\bMath\.random\b/g, "random.next()", true),
  ban(/\brandom(?:UUID|Bytes)\b/g, "random.next() or a computed id"),
  ban(/\bconsole\.\w+/g, "the logger"),
  ban(/\bprocess\.(?:env|exit|argv)\b/g, "what the composition root hands in"),
];

function ban(pattern: RegExp, instead: string, inTests = false): Ban {
  return { pattern, instead, except: CLOCK_FOLDERS, inTests };
}

export function checkBannedCalls(sources: readonly SourceFile[]): readonly Problem[] {
  return sources.flatMap((file) => {
    const folder = /^src\/([^/]+)\//.exec(file.path)?.[1];
    if (folder === undefined && !/\.test\.ts$/.test(file.path)) return [];
    return BANS.filter((rule) => !rule.except.includes(folder ?? ""))
      .filter((rule) => rule.inTests || !file.isTest)
      .flatMap((rule) =>
        [...file.code.matchAll(rule.pattern)].map(
          (match) => `${at(file, match.index)}: no ${match[0].trim()} here, use ${rule.instead}`,
        ),
      );
  });
}

/** Words of the glossary's "do not say" list that are easy to put into a name. */
const BANNED_WORDS = new Set(
  "master slave mirror canceled manager handler processor helper helpers util utils engine service".split(
    " ",
  ),
);

/** Names after a dot belong to whoever declared them, libraries too, so only the others count. */
export function checkNames(sources: readonly SourceFile[]): readonly Problem[] {
  return sources.flatMap((file) => {
    const identifiers = [...file.code.matchAll(/(?<![.\w$])[A-Za-z_$][\w$]*/g)];
    const inCode = identifiers.flatMap((match) => {
      const word = bannedWordIn(match[0]);
      return word === undefined ? [] : [`${at(file, match.index)}: ${match[0]} says "${word}"`];
    });
    const inPath = bannedWordIn(file.path);
    return inPath === undefined ? inCode : [...inCode, `${file.path}: the path says "${inPath}"`];
  });
}

function bannedWordIn(name: string): string | undefined {
  const words = name
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^a-z0-9]+/);
  return words.find((word) => BANNED_WORDS.has(word));
}

const SWITCHES: readonly (readonly [RegExp, string])[] = [
  [/\b(?:test|it|describe|suite)\.only\(|\bonly\s*:\s*true/g, "runs alone; take the switch away"],
  [/\b(?:test|it|describe|suite)\.skip\(/g, 'give the reason: { skip: "why" }'],
  [/\.skip\(\s*\)|\bskip\s*:\s*true/g, "give the reason as a text"],
];

export function checkTestSwitches(sources: readonly SourceFile[]): readonly Problem[] {
  return sources
    .filter((file) => file.isTest)
    .flatMap((file) =>
      SWITCHES.flatMap(([pattern, what]) =>
        [...file.code.matchAll(pattern)].map((match) => `${at(file, match.index)}: ${what}`),
      ),
    );
}

const FILE_LINES_MAX = 500;
const FUNCTION_LINES_MAX = 70;

export function checkSizes(sources: readonly SourceFile[]): readonly Problem[] {
  return sources.flatMap((file) => {
    const lines = file.text.split("\n").length - 1;
    const long = longFunctions(file);
    return lines > FILE_LINES_MAX
      ? [`${file.path}: ${lines} lines; ${FILE_LINES_MAX} is the end, split it`, ...long]
      : long;
  });
}

function longFunctions(file: SourceFile): Problem[] {
  const problems: Problem[] = [];
  const open: number[] = [];
  for (let index = 0; index < file.code.length; index++) {
    if (file.code[index] === "{") open.push(index);
    if (file.code[index] !== "}") continue;
    const start = open.pop() ?? 0;
    const lines = lineOf(file.code, index) - lineOf(file.code, start) + 1;
    if (lines > FUNCTION_LINES_MAX && opensFunction(file.code.slice(0, start))) {
      problems.push(
        `${at(file, start)}: a function of ${lines} lines; ${FUNCTION_LINES_MAX} at most`,
      );
    }
  }
  return problems;
}

/** Whether the brace after `before` opens a function's body rather than a block, class or object. */
function opensFunction(before: string): boolean {
  const head = before.slice(-600).trimEnd();
  if (head.endsWith("=>")) return !/\b(?:describe|suite)\((?:[^;{}]|\{[^{}]*\})*=>$/.test(head);
  const parameters = /\)(?:\s*:[^;{}()=]*(?:\([^()]*\)[^;{}()=]*)*)?$/.exec(head);
  if (parameters === null) return false;
  let depth = 0;
  for (let index = parameters.index; index >= 0; index--) {
    if (head[index] === ")") depth++;
    if (head[index] === "(" && --depth === 0) {
      return !/\b(?:if|for|while|switch|catch|await)\s*$/.test(head.slice(0, index));
    }
  }
  return false;
}

function at(file: SourceFile, index: number): string {
  return `${file.path}:${lineOf(file.code, index)}`;
}

function lineOf(text: string, index: number): number {
  let line = 1;
  for (
    let from = text.indexOf("\n");
    from !== -1 && from < index;
    from = text.indexOf("\n", from + 1)
  ) {
    line++;
  }
  return line;
}
