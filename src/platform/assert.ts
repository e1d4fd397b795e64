/**
 * Programmer errors. They stay on in production: a wrong answer becomes an outage, which is the
 * better of the two. Operating errors (the network, the disk, bad input) never come through here.
 */
export class AssertionFault extends Error {
  override readonly name = "AssertionFault";
}

/** Throws when `condition` does not hold. The message is built only then. */
export function assert(condition: boolean, message: string | (() => string)): asserts condition {
  if (!condition) throw new AssertionFault(typeof message === "string" ? message : message());
}

/** The value, which cannot be absent here. */
export function must<T>(value: T | null | undefined, what: string): T {
  assert(value !== null && value !== undefined, () => `expected ${what}`);
  return value;
}

/** Closes a switch over a union; the compiler proves that it is never reached. */
export function unreachable(value: never): never {
  throw new AssertionFault(`unreachable: ${JSON.stringify(value)}`);
}
