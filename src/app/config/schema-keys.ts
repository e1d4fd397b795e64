/** Which keys the schema knows, for "did you mean" and for the page that lists them all. */
import { z } from "zod";
import { assert } from "../../platform/assert.ts";
import type { Path } from "./path.ts";
import { configSchema } from "./schema.ts";

/** Keys that may stand in the map at `path`, the refused ones of other versions left out. */
export function keysAt(path: Path): readonly string[] {
  let here = mapsIn(configSchema);
  for (const part of path) {
    if (typeof part === "string") here = here.flatMap((map) => mapsIn(map.shape[part]));
  }
  return [...new Set(here.flatMap((map) => Object.keys(map.shape).filter(isServed(map))))];
}

/** "links[].sizing.value" and so on: every key at every depth, refused ones too. */
export function allKeys(): readonly string[] {
  const visit = (schema: unknown, name: string): string[] =>
    mapsIn(schema).flatMap((map) =>
      Object.entries(map.shape).flatMap(([key, value]) => {
        const full = name === "" ? key : `${name}.${key}`;
        return [full, ...visit(value, isList(value) ? `${full}[]` : full)];
      }),
    );
  return [...new Set(visit(configSchema, ""))];
}

function isServed(map: z.ZodObject) {
  return (key: string) => !(unwrapped(map.shape[key]) instanceof z.ZodCustom);
}

function isList(schema: unknown): boolean {
  return unwrapped(schema) instanceof z.ZodArray;
}

/** The maps that a value may be: the elements of a list, the alternatives of a union. */
function mapsIn(schema: unknown): readonly z.ZodObject[] {
  const inner = unwrapped(schema);
  if (inner instanceof z.ZodObject) return [inner];
  if (inner instanceof z.ZodArray) return mapsIn(inner.element);
  if (inner instanceof z.ZodDiscriminatedUnion) return inner.options.flatMap(mapsIn);
  return [];
}

/** Layers of optional, default and preprocess; the schema nests fewer than this. */
const WRAPPERS_MAX = 10;

function unwrapped(schema: unknown): unknown {
  let inner = schema;
  for (let depth = 0; depth < WRAPPERS_MAX; depth++) {
    if (inner instanceof z.ZodPipe) inner = inner.def.out;
    else if (
      inner instanceof z.ZodOptional ||
      inner instanceof z.ZodDefault ||
      inner instanceof z.ZodPrefault
    ) {
      inner = inner.unwrap();
    } else return inner;
  }
  assert(false, "the schema is wrapped deeper than expected");
}
