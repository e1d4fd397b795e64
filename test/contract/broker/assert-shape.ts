import assert from "node:assert/strict";
import type { Json } from "./wire-client.ts";

function typeOf(value: unknown): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "array" : typeof value;
}

/** Fields that are null in one capture and text in another. */
const NULLABLE = new Set(["customSymbol", "drvOptionType"]);

/** The same keys, and values of the same JSON type; lists by their first element. */
export function assertShape(actual: unknown, expected: unknown, path = "$"): void {
  assert.equal(typeOf(actual), typeOf(expected), path);
  if (Array.isArray(actual)) {
    assert.ok(actual.length > 0, `${path} is empty`);
    const [first] = expected as unknown[];
    for (const item of actual) assertShape(item, first, `${path}[]`);
    return;
  }
  if (typeof actual !== "object" || actual === null) return;
  const expectedKeys = Object.keys(expected as Json);
  assert.deepEqual(Object.keys(actual).sort(), expectedKeys.sort(), path);
  for (const [key, value] of Object.entries(actual)) {
    const other = (expected as Json)[key];
    if (NULLABLE.has(key) && (value === null || other === null)) continue;
    assertShape(value, other, `${path}.${key}`);
  }
}
