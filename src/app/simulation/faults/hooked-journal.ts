/** The journal as one life of the process has it: slow, failing, or gone with the process. */
import type { Clock } from "../../../ports/clock.ts";
import type { Journal, StreamAppend } from "../../../ports/journal.ts";

export interface JournalHooks {
  readonly clock: Clock;
  /** Once true, nothing is taken and nothing returns any more. */
  readonly isDead: () => boolean;
  /** How long an append takes now. */
  readonly delayMs: () => number;
  /** Why an append fails now; absent: it does not. */
  readonly failure: () => string | undefined;
  /** Before the store has it, and once it has. */
  readonly before: (appends: readonly StreamAppend[]) => void;
  readonly after: (appends: readonly StreamAppend[]) => void;
}

const never = <T>(): Promise<T> => new Promise(() => {});

export function hookedJournal(journal: Journal, hooks: JournalHooks): Journal {
  return {
    ...journal,
    async append(appends) {
      if (hooks.isDead()) return never();
      hooks.before(appends);
      const delayMs = hooks.delayMs();
      if (delayMs > 0) {
        await new Promise<void>((resolve) => {
          hooks.clock.schedule(delayMs, resolve);
        });
      }
      if (hooks.isDead()) return never();
      const failure = hooks.failure();
      if (failure !== undefined) throw new Error(failure);
      const seqs = await journal.append(appends);
      hooks.after(appends);
      return hooks.isDead() ? never() : seqs;
    },
  };
}

/** Whether it holds the intent of an order command. */
export function holdsIntent(appends: readonly StreamAppend[]): boolean {
  return appends.some(({ entries }) => entries.some(({ kind }) => kind.endsWith("Intended")));
}
