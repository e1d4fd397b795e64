/** Who may import whom, and whether anybody imports it at all. */
import type { Import, Problem, SourceFile } from "./project.ts";

/**
 * What a folder of src may import besides itself and src/core/model, the vocabulary of all. A longer
 * name allows only that part. `packages`: npm packages; `node`: Node's own modules.
 */
interface Allowance {
  readonly folders: readonly string[];
  readonly node: boolean;
  readonly packages: boolean;
}

const ALLOWED: Readonly<Record<string, Allowance>> = {
  core: { folders: ["platform/assert.ts"], node: false, packages: false },
  ports: { folders: [], node: false, packages: false },
  platform: { folders: [], node: true, packages: true },
  dhan: { folders: ["ports", "platform"], node: true, packages: true },
  audit: { folders: ["ports", "platform", "journal/chain.ts"], node: false, packages: false },
  journal: { folders: ["ports", "platform"], node: true, packages: false },
  runtime: { folders: ["core", "ports", "platform"], node: false, packages: false },
  simulator: { folders: ["dhan/wire", "ports", "platform"], node: true, packages: true },
  server: { folders: ["core", "ports", "platform"], node: true, packages: true },
  cli: { folders: ["core", "ports", "platform"], node: true, packages: true },
};

export function checkDirections(sources: readonly SourceFile[]): readonly Problem[] {
  return sources.flatMap((file) =>
    file.imports.flatMap((imported) => {
      const reason = refusalOf(file, imported);
      return reason === undefined
        ? []
        : [`${file.path}: may not import ${imported.target}: ${reason}`];
    }),
  );
}

function refusalOf(file: SourceFile, imported: Import): string | undefined {
  const folder = folderOf(file.path);
  if (imported.isOurs && folderOf(imported.target) === "app" && folder !== "app") {
    return file.isTest ? undefined : "nothing imports src/app";
  }
  if (file.isTest || folder === undefined || folder === "app") return undefined;
  if (imported.target.startsWith("test/") || /\.test\.ts$/.test(imported.target)) {
    return "src never imports tests";
  }
  const allowed = ALLOWED[folder];
  if (allowed === undefined) return `src/${folder} has no row in the table of directions`;
  if (!imported.isOurs) return refusalOfPackage(folder, imported.target, allowed);
  return refusalOfFolder(folder, imported, allowed);
}

function refusalOfPackage(folder: string, name: string, allowed: Allowance): string | undefined {
  const isNode = name.startsWith("node:");
  const isAllowed = isNode ? allowed.node : allowed.packages;
  return isAllowed ? undefined : `src/${folder} imports no ${isNode ? "node: module" : "package"}`;
}

function refusalOfFolder(folder: string, imported: Import, allowed: Allowance): string | undefined {
  const inside = [folder, "core/model", ...allowed.folders];
  if (imported.isTypeOnly) inside.push("ports");
  const target = imported.target.replace(/^src\//, "");
  if (inside.some((name) => target === name || target.startsWith(`${name}/`))) return undefined;
  return `src/${folder} may import ${inside.join(", ")}`;
}

/** "core" for src/core/…; undefined outside src. */
function folderOf(path: string): string | undefined {
  return /^src\/([^/]+)\//.exec(path)?.[1];
}

/** Every circle of imports, named once; types count, since a reader cannot skip them. */
export function checkCycles(sources: readonly SourceFile[]): readonly Problem[] {
  const byPath = new Map(sources.map((file) => [file.path, file]));
  const done = new Set<string>();
  const problems: Problem[] = [];

  function visit(path: string, trail: readonly string[]): void {
    const start = trail.indexOf(path);
    if (start !== -1) {
      problems.push(`imports in a circle: ${[...trail.slice(start), path].join(" -> ")}`);
      return;
    }
    if (done.has(path)) return;
    for (const { target } of byPath.get(path)?.imports ?? []) visit(target, [...trail, path]);
    done.add(path);
  }

  for (const { path } of sources) visit(path, []);
  return problems;
}

/** Barrels hide who needs what; only the published subpaths have one. */
export function checkBarrels(
  sources: readonly SourceFile[],
  published: readonly string[],
): readonly Problem[] {
  return sources
    .filter((file) => file.path.startsWith("src/") && !published.includes(file.path))
    .filter((file) => file.path.endsWith("/index.ts") || /^\s*export\s+\*/m.test(file.code))
    .map((file) => `${file.path}: no barrel here; import the file that has it`);
}

/** Files that nobody needs: reached neither from an entry point nor from a test but their own. */
export function checkDeadFiles(
  sources: readonly SourceFile[],
  entryPoints: readonly string[],
): readonly Problem[] {
  const byPath = new Map(sources.map((file) => [file.path, file]));
  const reached = new Set<string>();
  const queue = sources.map((file) => file.path).filter((path) => /\.test\.ts$/.test(path));
  for (const path of [...entryPoints, ...queue]) reach(path);

  function reach(path: string): void {
    const file = byPath.get(path);
    if (file === undefined || reached.has(path)) return;
    reached.add(path);
    for (const { target } of file.imports) if (!isOwnTest(path, target)) reach(target);
    for (const other of mentionedIn(file, sources)) if (!isOwnTest(path, other)) reach(other);
  }

  return sources
    .filter((file) => !reached.has(file.path))
    .map((file) => `${file.path}: nobody imports it; use it or delete it`);
}

/** A test does not make the file that it tests needed. */
function isOwnTest(test: string, target: string): boolean {
  return /\.test\.ts$/.test(test) && test.replace(/(\.\w+)?\.test\.ts$/, ".ts") === target;
}

/** Children and workers are started by their file's name, not imported. */
function mentionedIn(file: SourceFile, sources: readonly SourceFile[]): string[] {
  const names = [...file.withoutComments.matchAll(/["'`](?:[^"'`\n]*\/)?([\w.-]+\.[jt]s)["'`]/g)];
  const folder = file.path.slice(0, file.path.lastIndexOf("/") + 1);
  const paths = new Set(names.map((match) => folder + match[1]));
  return sources.map((source) => source.path).filter((path) => paths.has(path));
}
