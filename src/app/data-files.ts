/** Names of what Tandem keeps in its data folder. */

export const JOURNAL_FILE = "journal.db";
export const LOG_FILE = "tandem.log";
/** Where a running Tandem can be asked, for `tandem status`; gone when it has stopped cleanly. */
export const RUN_FILE = "run.json";
