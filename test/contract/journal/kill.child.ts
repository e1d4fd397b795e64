/**
 * Appends to two streams for ever, and prints the seq of each append that was acknowledged. The kill
 * test starts it and ends it without warning.
 */
import { writeSync } from "node:fs";
import { openSqliteJournal } from "../../../src/journal/sqlite/journal.ts";
import { note } from "./stores.ts";

const journal = openSqliteJournal({ file: process.argv[2] ?? "" });
const first = await journal.lastSeq("leader/main");
for (let seq = first; ; seq++) {
  const entries = [note(`event ${seq + 1}`)];
  await journal.append([
    { stream: "leader/main", expectedSeq: seq, entries },
    { stream: "follower/asha", expectedSeq: seq, entries },
  ]);
  writeSync(1, `${seq + 1}\n`);
  if (seq % 50 === 0) journal.checkpoint();
}
