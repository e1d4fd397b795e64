/**
 * Appends until the system refuses a write, then tries once more, and prints what it saw as JSON.
 * Started by the I/O fault test under a limit on the size of files.
 */
import { openSqliteJournal } from "../../../src/journal/sqlite/journal.ts";
import { note } from "./stores.ts";

const journal = openSqliteJournal({ file: process.argv[2] ?? "" });
let acknowledged = 0;
const codes: unknown[] = [];
while (codes.length < 2) {
  const text = codes.length === 0 ? "x".repeat(100_000) : "small";
  const append = { stream: "s", expectedSeq: acknowledged, entries: [note(text)] };
  try {
    await journal.append([append]);
    acknowledged++;
  } catch (error) {
    codes.push(error instanceof Error && "code" in error ? error.code : error);
  }
}
console.log(JSON.stringify({ acknowledged, codes }));
