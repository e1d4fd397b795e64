/** The project's files as the rules see them. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type BlankedSource, blankSource } from "./source-text.ts";

export interface ProjectFile {
  /** From the project's root, with slashes: "src/core/step.ts". */
  readonly path: string;
  readonly text: string;
}

export interface SourceFile extends ProjectFile, BlankedSource {
  readonly isTest: boolean;
  readonly imports: readonly Import[];
}

export interface Import {
  /** A path from the root when it is one of ours; else the package's or built-in's name. */
  readonly target: string;
  readonly isOurs: boolean;
  readonly isTypeOnly: boolean;
}

/** One thing to repair: "src/a.ts:12: what, and what instead". */
export type Problem = string;

const FOLDERS = ["src", "test", "bin", "docs", ".ci"];
const NOT_OURS = new Set(["node_modules", "fixtures"]);

export function readProject(root: string): readonly ProjectFile[] {
  const paths = FOLDERS.flatMap((folder) => walk(root, folder));
  const atRoot = readdirSync(root).filter((name) => name.endsWith(".md"));
  return [...atRoot, ...paths].map((path) => ({
    path,
    text: readFileSync(join(root, path), "utf8"),
  }));
}

function walk(root: string, folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((item) => {
    if (NOT_OURS.has(item.name)) return [];
    const path = `${folder}/${item.name}`;
    return item.isDirectory() ? walk(root, path) : [path];
  });
}

export function parseSources(files: readonly ProjectFile[]): readonly SourceFile[] {
  return files
    .filter((file) => /\.[jt]s$/.test(file.path))
    .map((file) => {
      const blanked = blankSource(file.text);
      const isTest = file.path.startsWith("test/") || /\.test\.ts$/.test(file.path);
      return { ...file, ...blanked, isTest, imports: importsOf(file.path, blanked) };
    });
}

const STATEMENT =
  /^[ \t]*(?:import|export)\b(?<type>\s+type\b)?(?<names>[^;"']*?)\s*(?:\bfrom\s*)?["'](?<name>[^"'\n]+)["']/gm;
const DYNAMIC = /\bimport\(\s*["'](?<name>[^"'\n]+)["']\s*\)/g;

function importsOf(path: string, { withoutComments }: BlankedSource): readonly Import[] {
  const found: Import[] = [];
  for (const match of withoutComments.matchAll(STATEMENT)) {
    const { type, names = "", name = "" } = match.groups ?? {};
    // "export const x = "text"" is no import: only braces, stars, names and commas may stand before.
    if (!/^[\s\w{},*$]*$/.test(names) || !/\bfrom\s*["']|import\s*["']/.test(match[0])) continue;
    found.push(resolve(path, name, type !== undefined || hasOnlyTypes(names)));
  }
  for (const match of withoutComments.matchAll(DYNAMIC)) {
    found.push(resolve(path, match.groups?.name ?? "", false));
  }
  return found;
}

function hasOnlyTypes(names: string): boolean {
  const braces = /^\s*\{(?<list>[^}]*)\}\s*(?:from)?\s*$/.exec(names)?.groups?.list;
  const items = (braces ?? "").split(",").filter((item) => item.trim() !== "");
  return items.length > 0 && items.every((item) => /^\s*type\s/.test(item));
}

function resolve(from: string, name: string, isTypeOnly: boolean): Import {
  if (!name.startsWith(".")) return { target: name, isOurs: false, isTypeOnly };
  const parts = from.split("/").slice(0, -1);
  for (const part of name.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== ".") parts.push(part);
  }
  return { target: parts.join("/"), isOurs: true, isTypeOnly };
}
