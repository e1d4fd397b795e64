/** What may stand in any text of ours, and what the documents must agree on with the code. */
import type { Problem, ProjectFile, SourceFile } from "./project.ts";

/** Each document is about one thing, and says which. */
export function checkHeadings(files: readonly ProjectFile[]): readonly Problem[] {
  return files
    .filter((file) => file.path.endsWith(".md"))
    .flatMap((file) => {
      const text = file.text.replaceAll(/^```[\s\S]*?^```/gm, "");
      const count = [...text.matchAll(/^# \S/gm)].length;
      return count === 1 ? [] : [`${file.path}: ${count} level-one headings; one, please`];
    });
}

interface WordBan {
  readonly pattern: RegExp;
  readonly instead: string;
}

/** Spelled in two halves, so that this file does not find itself. */
const WORD_BANS: readonly WordBan[] = [
  { pattern: new RegExp(`\\b${"FIX"}${"ME"}\\b`), instead: "repair it or write it down" },
  { pattern: new RegExp(`\\b${"TO"}${"DO"}\\b(?!.*#?\\d)`), instead: "give it a number" },
  ...[`../sha${"red"}`, `/wo${"rk"}/`, `iss${"ue"} #`].map(outside),
  ...["dhanhq" + "-v2.md", "des" + "ign.md", "sty" + "le.md", "prod" + "uct.md"].map(outside),
  { pattern: new RegExp(`\\b${"sess"}${"ion"} \\d`, "i"), instead: "the project speaks of itself" },
];

function outside(word: string): WordBan {
  const pattern = new RegExp(word.replaceAll(".", "\\."));
  return { pattern, instead: "the project speaks of itself alone" };
}

export function checkWords(files: readonly ProjectFile[]): readonly Problem[] {
  return files.flatMap((file) =>
    file.text
      .split("\n")
      .flatMap((line, index) =>
        WORD_BANS.filter(({ pattern }) => pattern.test(line)).map(
          ({ pattern, instead }) => `${file.path}:${index + 1}: ${pattern.source}: ${instead}`,
        ),
      ),
  );
}

export const ERRORS_PAGE = "docs/reference/errors.md";

const CODE_IN_SOURCE = /\bcode\s*(?::|=)\s*"([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)"/g;
const CODE_IN_PAGE = /^\|\s*`([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)`\s*\|/gm;

/** Every code that an operator can meet is explained, and nothing is explained that is gone. */
export function checkErrorCodes(
  files: readonly ProjectFile[],
  sources: readonly SourceFile[],
): readonly Problem[] {
  const page = files.find((file) => file.path === ERRORS_PAGE)?.text ?? "";
  const explained = [...page.matchAll(CODE_IN_PAGE)].map((match) => match[1] ?? "");
  const used = new Map<string, string>();
  for (const file of sources) {
    if (file.isTest || !file.path.startsWith("src/")) continue;
    for (const [, code = ""] of file.withoutComments.matchAll(CODE_IN_SOURCE)) {
      used.set(code, file.path);
    }
  }
  const twice = explained.filter((code, index) => explained.indexOf(code) !== index);
  return [
    ...[...used].flatMap(([code, path]) =>
      explained.includes(code) ? [] : [`${path}: ${code} is not explained in ${ERRORS_PAGE}`],
    ),
    ...explained.flatMap((code) =>
      used.has(code) ? [] : [`${ERRORS_PAGE}: ${code} is not used anywhere in src`],
    ),
    ...twice.map((code) => `${ERRORS_PAGE}: ${code} is explained twice`),
  ];
}
