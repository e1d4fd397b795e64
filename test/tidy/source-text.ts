/**
 * Reads TypeScript just well enough to tell code from comments and texts. Blanked characters become
 * spaces, so that line numbers and columns stay what they were.
 */

export interface BlankedSource {
  /** Comments blanked, texts kept: for reading imports. */
  readonly withoutComments: string;
  /** Comments and the insides of texts and patterns blanked: for reading names and braces. */
  readonly code: string;
}

interface Piece {
  readonly kind: "code" | "comment" | "text";
  readonly end: number;
}

export function blankSource(source: string): BlankedSource {
  let withoutComments = "";
  let code = "";
  /** For each open `${`, how many braces are open inside it. */
  const templates: number[] = [];
  for (let at = 0; at < source.length; ) {
    const { kind, end } = pieceAt(source, at, code, templates);
    const raw = source.slice(at, end);
    withoutComments += kind === "comment" ? blank(raw) : raw;
    code += kind === "code" ? raw : kind === "text" ? blankInside(raw) : blank(raw);
    at = end;
  }
  return { withoutComments, code };
}

function pieceAt(source: string, at: number, before: string, templates: number[]): Piece {
  const character = source.charAt(at);
  if (source.startsWith("//", at)) return { kind: "comment", end: lineEnd(source, at) };
  if (source.startsWith("/*", at)) return { kind: "comment", end: after(source, "*/", at + 2) };
  if (character === '"' || character === "'") return { kind: "text", end: quoteEnd(source, at) };
  if (character === "`") return templatePiece(source, at + 1, templates);
  if (character === "/" && beginsPattern(before)) {
    return { kind: "text", end: patternEnd(source, at) };
  }
  return codePiece(source, at, templates);
}

/** One character of code; a brace that closes `${` leads back into its template. */
function codePiece(source: string, at: number, templates: number[]): Piece {
  const depth = templates.length - 1;
  const character = source.charAt(at);
  if (depth >= 0 && character === "{") templates[depth] = (templates[depth] ?? 0) + 1;
  if (depth >= 0 && character === "}") {
    if (templates[depth] === 0) {
      templates.pop();
      return templatePiece(source, at + 1, templates);
    }
    templates[depth] = (templates[depth] ?? 0) - 1;
  }
  return { kind: "code", end: at + 1 };
}

/** From inside a template to its end or to the next `${`, which is blanked with it. */
function templatePiece(source: string, from: number, templates: number[]): Piece {
  for (let at = from; at < source.length; at++) {
    if (source[at] === "\\") at++;
    else if (source[at] === "`") return { kind: "text", end: at + 1 };
    else if (source.startsWith("${", at)) {
      templates.push(0);
      return { kind: "text", end: at + 2 };
    }
  }
  return { kind: "text", end: source.length };
}

function quoteEnd(source: string, start: number): number {
  for (let at = start + 1; at < source.length; at++) {
    if (source[at] === "\\") at++;
    else if (source[at] === source[start] || source[at] === "\n") return at + 1;
  }
  return source.length;
}

function patternEnd(source: string, start: number): number {
  let isInClass = false;
  for (let at = start + 1; at < source.length; at++) {
    const character = source[at];
    if (character === "\\") at++;
    else if (character === "[") isInClass = true;
    else if (character === "]") isInClass = false;
    else if ((character === "/" && !isInClass) || character === "\n") return at + 1;
  }
  return source.length;
}

/** A slash after a value divides; after an operator or a keyword it begins a pattern. */
function beginsPattern(before: string): boolean {
  const trimmed = before.trimEnd();
  return (
    trimmed === "" || /(?:[([{,;=:!&|?+\-*%<>~^]|\b(?:return|case|typeof|of|in))$/.test(trimmed)
  );
}

function lineEnd(source: string, at: number): number {
  const end = source.indexOf("\n", at);
  return end === -1 ? source.length : end;
}

function after(source: string, mark: string, from: number): number {
  const at = source.indexOf(mark, from);
  return at === -1 ? source.length : at + mark.length;
}

/** Keeps the quotes, so that a text is still seen to stand there. */
function blankInside(text: string): string {
  const quote = text.charAt(0);
  const isQuoted = text.length > 1 && /["'`]/.test(quote) && text.endsWith(quote);
  return isQuoted ? quote + blank(text.slice(1, -1)) + quote : blank(text);
}

function blank(text: string): string {
  return text.replaceAll(/[^\n]/g, " ");
}
