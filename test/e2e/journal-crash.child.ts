/**
 * One life of a writer with an appointed end: `file`, `seam`, `write`, `signal`. Tells as JSON lines
 * what it finds in the journal, then goes on with the writes where the last life left off, tells the
 * number of each that was acknowledged, and gets the signal at the seam of the write that it was given.
 * With `file` alone it goes on for ever.
 */
import { writeSync } from "node:fs";
import { type SQLInputValue, StatementSync } from "node:sqlite";
import { openSqliteJournal, type SqliteJournal } from "../../src/journal/sqlite/journal.ts";
import { SeqConflict } from "../../src/ports/journal.ts";
import {
  entriesIn,
  type Found,
  type Seam,
  type Tails,
  wholeWrites,
  writeOf,
} from "./crash-script.ts";

/** Watches the statements that the store runs; `at` is told each place that has a name. */
function watchStatements(at: (seam: Seam) => void, isHalfway: () => boolean): void {
  const { run } = StatementSync.prototype;
  const watched = function (this: StatementSync, ...values: SQLInputValue[]) {
    const sql = this.sourceSQL;
    if (sql === "COMMIT") at("before COMMIT");
    const result = Reflect.apply(run, this, values) as ReturnType<typeof run>;
    if (sql.startsWith("INSERT INTO entry") && isHalfway()) at("in the middle of the transaction");
    if (sql === "COMMIT") at("after COMMIT");
    return result;
  };
  StatementSync.prototype.run = watched as typeof run;
}

function tell(line: unknown): void {
  writeSync(1, `${JSON.stringify(line)}\n`);
}

async function look(file: string, journal: SqliteJournal): Promise<number> {
  const tails: Record<string, number> = {};
  for (const stream of await journal.streams()) tails[stream] = await journal.lastSeq(stream);
  const breaks = await journal.verify();
  const found: Found = { tails, breaks, second: await secondWriter(file, tails) };
  tell({ found });
  const write = wholeWrites(tails);
  if (write === undefined) throw new Error(`half a write is there: ${JSON.stringify(tails)}`);
  return write;
}

async function secondWriter(file: string, tails: Tails): Promise<string> {
  const known = Object.entries(tails)[0];
  if (known === undefined) return "nothing to be behind of";
  const [stream, seq] = known;
  await using second = openSqliteJournal({ file });
  try {
    const entries = [{ kind: "note", atMs: 0, body: "of another writer" }];
    await second.append([{ stream, expectedSeq: seq - 1, entries }]);
    return "was let in";
  } catch (error) {
    return error instanceof SeqConflict ? "refused" : String(error);
  }
}

async function live(file: string, seam: Seam, target: number, signal: string): Promise<void> {
  const journal = openSqliteJournal({ file });
  let write = await look(file, journal);
  let inserts = 0;
  const die = (place: Seam) => {
    if (place !== seam || write !== target) return;
    if (signal === "SIGSTOP") tell({ stops: write });
    process.kill(process.pid, signal);
  };
  watchStatements(die, () => {
    inserts += 1;
    return inserts === Math.ceil(entriesIn(write) / 2);
  });
  while (write < target) {
    write += 1;
    inserts = 0;
    die("before the write");
    await journal.append(writeOf(write));
    tell({ acknowledged: write });
    die("after the acknowledgement");
    if (write % 4 === 0 || seam === "after a checkpoint") journal.checkpoint();
    die("after a checkpoint");
  }
}

const [file = "", seam = "", target = "Infinity", signal = "SIGKILL"] = process.argv.slice(2);
try {
  await live(file, seam as Seam, Number(target), signal);
} catch (error) {
  if (!(error instanceof SeqConflict)) throw error;
  tell({ refused: error.message });
}
