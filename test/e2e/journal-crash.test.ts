/**
 * The SQLite journal and a process that dies: with SIGKILL, at every named place of each of its first
 * writes, and at instants that nobody chose. Each life tells what it found of the life before.
 */
import assert from "node:assert/strict";
import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { describe, type TestContext, test } from "node:test";
import { openSqliteJournal } from "../../src/journal/sqlite/journal.ts";
import { seededRandom } from "../../src/platform/random.ts";
import { eventually } from "../eventually.ts";
import { type Found, SEAMS, type Seam, tailsAfter, wholeWrites, writeOf } from "./crash-script.ts";
import { cleanEnvironment, temporaryFolder } from "./program.ts";

const CHILD = join(import.meta.dirname, "journal-crash.child.ts");
const WRITES = 12;
const RANDOM_KILLS = 10;
/** At these, the write under way is in the journal. */
const IS_THERE: ReadonlySet<Seam> = new Set([
  "after COMMIT",
  "after the acknowledgement",
  "after a checkpoint",
]);
const WAS_ACKNOWLEDGED: ReadonlySet<Seam> = new Set([
  "after the acknowledgement",
  "after a checkpoint",
]);

interface Told {
  readonly found?: Found;
  readonly acknowledged?: number;
  readonly stops?: number;
  readonly refused?: string;
}

/** One life of the child; without an appointed end it goes on until it is killed. */
class Life {
  readonly child: ChildProcessByStdio<null, Readable, null>;
  readonly #gone: Promise<unknown>;
  #said = "";

  constructor(t: TestContext, file: string, ...end: readonly (Seam | number | "SIGSTOP")[]) {
    this.child = spawn(process.execPath, [CHILD, file, ...end.map(String)], {
      env: cleanEnvironment(),
      stdio: ["ignore", "pipe", "inherit"],
    });
    this.child.stdout.setEncoding("utf8").on("data", (chunk) => {
      this.#said += chunk;
    });
    this.#gone = once(this.child, "close");
    t.after(() => this.kill());
  }

  /** Whole lines that it has told; the last one may be torn. */
  get #lines(): readonly Told[] {
    const lines = this.#said.split("\n").slice(0, -1);
    return lines.map((line) => JSON.parse(line));
  }

  get found(): Found | undefined {
    return this.#lines[0]?.found;
  }

  /** The last write that it was told to be durable, 0 when none was. */
  get acknowledged(): number {
    return (
      this.#lines.findLast(({ acknowledged }) => acknowledged !== undefined)?.acknowledged ?? 0
    );
  }

  /** The last thing that it told. */
  get last(): Told | undefined {
    return this.#lines.at(-1);
  }

  async kill(): Promise<void> {
    if (this.child.exitCode === null) this.child.kill("SIGKILL");
    await this.#gone;
  }

  async ended(): Promise<void> {
    await this.#gone;
    assert.equal(this.child.signalCode, "SIGKILL", "it ended by itself");
  }
}

/** The chain holds, a writer who is behind is refused, and there are whole writes alone: how many. */
function writesIn(found: Found | undefined): number {
  assert(found !== undefined, "it died before it could look");
  assert.deepEqual(found.breaks, []);
  assert.match(found.second, /^(refused|nothing to be behind of)$/);
  const writes = wholeWrites(found.tails);
  assert(writes !== undefined, `half a write is there: ${JSON.stringify(found.tails)}`);
  return writes;
}

describe("a process that is killed", { concurrency: 2 }, () => {
  for (const seam of SEAMS) {
    test(`${seam}, in each of the first ${WRITES} writes, leaves whole writes alone`, async (t) => {
      const file = join(temporaryFolder(t), "journal.db");
      let whole = 0;
      for (let write = 1; write <= WRITES; write += 1) {
        const life = new Life(t, file, seam, write);
        await life.ended();
        assert.equal(writesIn(life.found), whole, `found in front of write ${write}`);
        const { acknowledged } = life;
        assert.equal(
          acknowledged,
          WAS_ACKNOWLEDGED.has(seam) ? write : expectedBefore(seam, write),
        );
        whole = IS_THERE.has(seam) ? write : write - 1;
      }
      await assertGoesOn(file, whole);
    });
  }

  test("at any moment leaves what was acknowledged, and of the next write all or nothing", async (t) => {
    const file = join(temporaryFolder(t), "journal.db");
    const random = seededRandom(20_261_122);
    let acknowledged = 0;
    for (let kill = 0; kill < RANDOM_KILLS; kill += 1) {
      const life = new Life(t, file);
      const found = await eventually(() => life.found, { what: "what it found" });
      const whole = writesIn(found);
      assert.ok(whole === acknowledged || whole === acknowledged + 1, `${whole}, ${acknowledged}`);
      const more = 1 + Math.floor(random.next() * 20);
      const isThere = () => life.acknowledged >= whole + more;
      await eventually(isThere, { what: `${more} writes`, deadlineMs: 15_000 });
      await life.kill();
      acknowledged = life.acknowledged;
    }
  });

  test("does not trouble who has the journal open for reading, and he sees the next life", async (t) => {
    const file = join(temporaryFolder(t), "journal.db");
    const first = new Life(t, file, "in the middle of the transaction", 7);
    await first.ended();
    const second = new Life(t, file);
    await eventually(() => second.acknowledged > 8, { what: "a life that writes" });
    await using reader = openSqliteJournal({ file, readOnly: true });
    const reading = reader.read("follower/asha")[Symbol.asyncIterator]();
    await reading.next();
    await second.kill();
    let seen = 1;
    while ((await reading.next()).done !== true) seen += 1;
    assert.ok(seen >= (tailsAfter(8)["follower/asha"] ?? 0), `${seen} entries`);
    assert.deepEqual(await reader.verify(), []);

    const third = new Life(t, file, "after a checkpoint", second.acknowledged + 3);
    await third.ended();
    assert.ok(writesIn(third.found) >= second.acknowledged);
    const tails = tailsAfter(third.acknowledged);
    for (const [stream, seq] of Object.entries(tails)) {
      assert.equal(await reader.lastSeq(stream), seq, stream);
    }
    assert.deepEqual(await reader.verify(), []);
  });

  test("with a transaction open has kept the others out, and keeps them out no longer", async (t) => {
    const file = join(temporaryFolder(t), "journal.db");
    const hung = new Life(t, file, "before COMMIT", 3, "SIGSTOP");
    await eventually(() => hung.last?.stops === 3, { what: "a life that hangs" });
    {
      await using journal = openSqliteJournal({ file, readOnly: true });
      assert.equal(await journal.lastSeq("follower/asha"), 3, "reading goes on meanwhile");
    }
    assert.throws(() => openSqliteJournal({ file }), { code: "JOURNAL_BUSY" });
    await hung.kill();
    await assertGoesOn(file, 2);
  });
});

test("a process that slept while another took over is refused when it wakes", async (t) => {
  const file = join(temporaryFolder(t), "journal.db");
  const asleep = new Life(t, file, "before the write", 4, "SIGSTOP");
  await eventually(() => asleep.last?.stops === 4, { what: "a life that sleeps" });
  await assertGoesOn(file, 3);
  await eventually(() => asleep.child.kill("SIGCONT") && asleep.last?.refused !== undefined, {
    what: "a writer that was refused",
  });
  assert.match(asleep.last?.refused ?? "", /is at \d+, the writer expected \d+$/);
  await assertGoesOn(file, 6);
});

/** Writes that this life acknowledged before it died in `write` unacknowledged. */
function expectedBefore(seam: Seam, write: number): number {
  // The life that follows one whose write was lost makes up for it first.
  return write > 1 && !IS_THERE.has(seam) ? write - 1 : 0;
}

async function tailsOf(file: string) {
  await using journal = openSqliteJournal({ file });
  const tails: Record<string, number> = {};
  for (const stream of await journal.streams()) tails[stream] = await journal.lastSeq(stream);
  return tails;
}

function wholeOf(tails: Readonly<Record<string, number>>): number {
  const writes = wholeWrites(tails);
  assert(writes !== undefined, JSON.stringify(tails));
  return writes;
}

/** The next writes take the next numbers, and the chain goes through. */
async function assertGoesOn(file: string, whole: number): Promise<void> {
  await using journal = openSqliteJournal({ file });
  for (let write = whole + 1; write <= whole + 3; write += 1) {
    const appends = writeOf(write);
    const seqs = appends.map(({ expectedSeq, entries }) => expectedSeq + entries.length);
    assert.deepEqual(await journal.append(appends), seqs);
  }
  assert.equal(wholeOf(await tailsOf(file)), whole + 3);
  assert.deepEqual(await journal.verify(), []);
}
