/** What a single value of the configuration may be. Every message says what was expected. */
import { z } from "zod";
import { assert } from "../../platform/assert.ts";

/** How `tandem export` writes a secret that it does not know. */
export const PLACEHOLDER_START = "FILL-IN-";

export function expected(what: string): string {
  return `expected ${what}`;
}

export function text(what: string, shape: RegExp) {
  return z.string(expected(what)).regex(shape, expected(what));
}

/** As text(), and knows what an export leaves to be filled in. */
export function secretText(what: string, shape: RegExp) {
  return z
    .string(expected(what))
    .refine((value) => !value.startsWith(PLACEHOLDER_START), {
      error: "is a placeholder of `tandem export`; put the value, or a variable, in its place",
      abort: true,
    })
    .regex(shape, expected(what));
}

export interface Range {
  readonly min: number;
  readonly max: number;
}

export function whole(what: string, { min, max }: Range) {
  return number(what, (value) => Number.isInteger(value) && value >= min && value <= max);
}

/** Four decimals at most, because that is what basis points and E4 hold exactly. */
export function decimal(what: string, { min, max }: Range) {
  const shape = /^\d+(\.\d{1,4})?$/;
  return number(what, (value) => shape.test(String(value)) && value >= min && value <= max);
}

/** Also takes digits as text, which is what a variable holds. */
function number(what: string, isRight: (value: number) => boolean) {
  return z.preprocess(
    (value) => (typeof value === "string" && /^\d+(\.\d+)?$/.test(value) ? Number(value) : value),
    z.number(expected(what)).refine(isRight, expected(what)),
  );
}

/** Without a user name and a password in it: those would be journaled. */
export function url(what: string, protocols: readonly string[]) {
  const rule = expected(`${what} without a user name or password`);
  return z
    .string(rule)
    .refine((value) => isUrl(value, protocols) && !hasLogin(new URL(value)), rule);
}

/** A URL as in url(), or a path; whatever does not begin as a web address is a path. */
export function urlOrPath(what: string) {
  const rule = expected(`${what}; a URL without a user name or password`);
  const isWeb = (value: string) => /^https?:/i.test(value);
  return text(what, /^\S(.*\S)?$/).refine(
    (value) => !isWeb(value) || (URL.canParse(value) && !hasLogin(new URL(value))),
    rule,
  );
}

/** May carry a user name and a password; kept like a secret. */
export function proxyUrl(what: string) {
  return secretText(what, /^https?:\/\//).refine((value) => isUrl(value, ["http:", "https:"]), {
    error: expected(what),
  });
}

function hasLogin({ username, password }: URL): boolean {
  return username !== "" || password !== "";
}

function isUrl(value: string, protocols: readonly string[]): boolean {
  return URL.canParse(value) && protocols.includes(new URL(value).protocol);
}

export function choice<const Value extends string>(values: readonly [Value, ...Value[]]) {
  return z.enum(values, expected(`one of ${values.join(", ")}`));
}

/** A key of the file's language that this version refuses, whatever it holds. */
export function unavailable(instead: string) {
  return z
    .custom<undefined>((value) => value === undefined, {
      error: `not available in this version; ${instead}`,
    })
    .optional();
}

interface KindShape {
  readonly [key: string]: z.ZodType;
  readonly kind: z.ZodLiteral<string>;
}

/** A map whose `kind` says what else it holds. */
export function kinds<const Shapes extends readonly [KindShape, ...KindShape[]]>(shapes: Shapes) {
  const names = shapes.flatMap(({ kind }) => [...kind.values]);
  const what = expected(`a map with kind: ${names.join(" or ")}`);
  const [first, ...others] = shapes.map((shape) => z.strictObject(shape, what));
  assert(first !== undefined, "a union has a first kind");
  const union = z.discriminatedUnion("kind", [first, ...others], what);
  // A map over the shapes forgets which of them stands where.
  return union as unknown as z.ZodType<Kind<Shapes>, unknown>;
}

type Kind<Shapes extends readonly KindShape[]> = {
  [Index in keyof Shapes]: z.output<z.ZodObject<Shapes[Index]>>;
}[number];
