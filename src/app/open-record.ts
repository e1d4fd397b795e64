/** The journal of a running Tandem, with what keeps it writable: its reserve, and checkpoints. */
import { join } from "node:path";
import { JournalFault } from "../journal/errors.ts";
import { openSqliteJournal, type SqliteJournal } from "../journal/sqlite/journal.ts";
import type { Clock } from "../ports/clock.ts";
import type { Logger } from "../ports/logger.ts";
import { JOURNAL_FILE } from "./data-files.ts";
import { DiskWatch } from "./disk-watch.ts";

const CHECKPOINT_MS = 60_000;

export interface OpenRecord extends AsyncDisposable {
  readonly journal: SqliteJournal;
  /** Lays up a reserve of the disk and watches over it, once there is a log to tell of it. */
  watchDisk(logger: Logger): Promise<DiskWatch>;
}

/**
 * Throws a JournalFault. `dataDir` must exist and be this process's. Nothing but the journal is written
 * there before it is known to be usable.
 */
export function openRecord({ dataDir, clock }: { dataDir: string; clock: Clock }): OpenRecord {
  let disk: DiskWatch | undefined;
  const makeRoom = () => disk?.makeRoom() ?? false;
  const held = new AsyncDisposableStack();
  const journal = held.use(openSqliteJournal({ file: join(dataDir, JOURNAL_FILE), makeRoom }));
  return {
    journal,
    async watchDisk(logger) {
      held.defer(checkpointNowAndThen(journal, clock, logger));
      disk = held.use(await DiskWatch.begin({ dataDir, clock, logger }));
      return disk;
    },
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  };
}

function checkpointNowAndThen(journal: SqliteJournal, clock: Clock, logger: Logger): () => void {
  let cancel = () => {};
  const arrange = () => {
    cancel = clock.schedule(CHECKPOINT_MS, () => {
      checkpoint(journal, logger);
      arrange();
    });
  };
  arrange();
  return () => cancel();
}

/** What a full disk refuses stays in the log, where it is as durable; the next one may succeed. */
function checkpoint(journal: SqliteJournal, logger: Logger): void {
  try {
    journal.checkpoint();
  } catch (error) {
    if (!(error instanceof JournalFault)) throw error;
    logger.error("journal.checkpointFailed", { text: error.message });
  }
}
