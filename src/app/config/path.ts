/** Way to a part of a configuration, outermost first; numbers are places in lists. */
export type Path = readonly (string | number)[];

/** ["links", 0, "sizing", "value"] to "links[0].sizing.value". */
export function pathText(path: Path): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === "number") return `${text}[${part}]`;
    return text === "" ? part : `${text}.${part}`;
  }, "");
}
