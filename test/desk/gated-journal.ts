/** The journal of a process that may be gone. */
import type { Journal } from "../../src/ports/journal.ts";

/** What a process that is gone can still write: nothing. */
export interface Gate {
  isShut: boolean;
}

export function gated(journal: Journal, gate: Gate): Journal {
  return {
    ...journal,
    append: (appends) =>
      gate.isShut ? Promise.reject(new Error("the process is gone")) : journal.append(appends),
  };
}
