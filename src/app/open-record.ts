/** The journal of a running Tandem, with what keeps it writable: its reserve, and checkpoints. */
import { join } from "node:path";
import { JournalFault } from "../journal/errors.ts";
import { openSqliteJournal, type SqliteJournal } from "../journal/sqlite/journal.ts";
import type { Clock } from "../ports/clock.ts";
import type { Logger } from "../ports/logger.ts";
import { DiskWatch } from "./disk-watch.ts";
import { JOURNAL_FILE } from "./settings-commands.ts";

const CHECKPOINT_MS = 60_000;

export interface OpenRecord extends AsyncDisposable {
  readonly journal: SqliteJournal;
  readonly disk: DiskWatch;
  readonly logger: Logger;
}

/**
 * Rejects with a JournalFault. `dataDir` must exist and be this process's. Nothing else is written there
 * before the journal is known to be usable: the log is opened by `openLog` after it.
 */
export async function openRecord(options: {
  readonly dataDir: string;
  readonly clock: Clock;
  readonly openLog: () => Logger;
}): Promise<OpenRecord> {
  const { dataDir, clock, openLog } = options;
  await using undo = new AsyncDisposableStack();
  let disk: DiskWatch | undefined;
  const makeRoom = () => disk?.makeRoom() ?? false;
  const journal = undo.use(openSqliteJournal({ file: join(dataDir, JOURNAL_FILE), makeRoom }));
  const logger = openLog();
  disk = undo.use(await DiskWatch.begin({ dataDir, clock, logger }));
  undo.defer(checkpointNowAndThen(journal, clock, logger));
  const held = undo.move();
  return { journal, disk, logger, [Symbol.asyncDispose]: () => held.disposeAsync() };
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
