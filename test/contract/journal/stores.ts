/** The stores that the contract runs over, and how a test gets one that is cleaned up behind it. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { memoryJournal, memoryStore } from "../../../src/journal/memory/journal.ts";
import { openSqliteJournal } from "../../../src/journal/sqlite/journal.ts";
import type { Entry, Journal, NewEntry, StreamName } from "../../../src/ports/journal.ts";

/** One store; `open` gives another journal on the same one each time it is called. */
export interface StoreUnderTest {
  open(): Journal;
}

export const stores: Readonly<Record<string, (context: TestContext) => StoreUnderTest>> = {
  memory: () => {
    const store = memoryStore();
    return { open: () => memoryJournal(store) };
  },
  sqlite: (context) => {
    const file = join(temporaryFolder(context), "journal.db");
    return {
      open() {
        const journal = openSqliteJournal({ file });
        context.after(() => journal.close());
        return journal;
      },
    };
  },
};

/** A folder of its own for one test, removed after it. */
export function temporaryFolder(context: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "tandem-journal-"));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** An entry whose body says `text`. */
export function note(text: string): NewEntry {
  return { kind: "note", atMs: 1_787_283_900_000, body: { text } };
}

export async function readAll(
  journal: Journal,
  stream: StreamName,
  fromSeq?: number,
): Promise<readonly Entry[]> {
  return Array.fromAsync(journal.read(stream, fromSeq));
}
