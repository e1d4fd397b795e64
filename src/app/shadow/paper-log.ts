/**
 * What was put into the paper exchange, one line of JSON each, oldest first. Read from its beginning it
 * makes the same paper books again (paper-exchange.ts).
 *
 * Keeps: a line is in the file before what it says is done; a line that was only begun when the process
 * died is cut off. Where it is begun anew, the file is the old or the new one, whole, whenever the
 * process or the power ends. No real client id and no token is in it. Does not: sync single lines.
 */
import {
  closeSync,
  existsSync,
  fdatasync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { dirname } from "node:path";
import { promisify } from "node:util";
import { z } from "zod";
import { AppError } from "../../platform/fault.ts";
import type { Overnight } from "../../simulator/index.ts";

const atMs = z.int().positive();
const price = z.number().positive();
const account = z.string().min(1);

const contract = z.strictObject({
  key: z.string(),
  symbol: z.string(),
  kind: z.enum(["equity", "future", "option", "index"]),
  lotSize: z.int().positive(),
  tick: z.int().positive(),
  underlying: z.string().exactOptional(),
  /** Units. */
  freeze: z.int().positive().exactOptional(),
});

/** The first line. The hours hold for as long as the file does. */
const opened = z.strictObject({
  kind: z.literal("opened"),
  atMs,
  /** Of the lines. */
  version: z.literal(1),
  /** Of what becomes of them (PAPER_EXCHANGE_VERSION); files that do not say so are of the first. */
  exchange: z.int().positive().default(1),
  hours: z.enum(["market", "always-open"]),
});

const units = z.int();
const sum = z.number();
/** The simulator's own words for it, checked; in 1/10,000 rupee. */
const overnight: z.ZodType<Overnight> = z.strictObject({
  exchangeOrders: units,
  trades: units,
  prices: z.record(z.string(), price),
  accounts: z.array(
    z.strictObject({
      clientId: z.string(),
      startOfDay: sum,
      holdings: z.array(
        z.strictObject({
          instrument: z.string(),
          quantity: units,
          fundedQuantity: units,
          cost: sum,
        }),
      ),
      positions: z.array(
        z.strictObject({
          instrument: z.string(),
          product: z.enum(["CNC", "INTRADAY", "MARGIN", "MTF", "CO", "BO"]),
          quantity: units,
          value: sum,
          cost: sum,
        }),
      ),
    }),
  ),
});

const input = z.discriminatedUnion("kind", [
  /** A paper account, or what it has to trade with from now on; in rupees. */
  z.strictObject({ kind: z.literal("funded"), atMs, account, capital: z.number().nonnegative() }),
  z.strictObject({ kind: z.literal("listed"), atMs, contract }),
  /** What the days before have left, of accounts and contracts that stand above: stands for their lines. */
  z.strictObject({
    kind: z.literal("carried"),
    atMs,
    overnight,
    /** The last price of each contract that ever had one. */
    prices: z.record(z.string(), price),
    /** Leaders' orders whose fills have told a price. */
    told: z.array(z.strictObject({ order: z.string(), units: z.int().positive(), atMs })),
  }),
  /** A price of a contract, in 1/10,000 rupee; with the leader's fill that told of it. */
  z.strictObject({
    kind: z.literal("priced"),
    atMs,
    contract: z.string(),
    price,
    fill: z.strictObject({ order: z.string(), units: z.int().positive() }).exactOptional(),
  }),
  /** A write call of a paper account, as it would have gone to the broker. */
  z.strictObject({
    kind: z.literal("called"),
    atMs,
    account,
    method: z.enum(["POST", "PUT", "DELETE"]),
    path: z.string(),
    body: z.string().exactOptional(),
  }),
]);

export type PaperHours = PaperOpened["hours"];
export type PaperOpened = z.output<typeof opened>;
export type PaperInput = z.output<typeof input>;
export type PaperContract = z.output<typeof contract>;

const sync = promisify(fdatasync);

export interface OpenPaperLog {
  readonly log: PaperLog;
  /** Absent in a file that was not there. */
  readonly opened?: PaperOpened;
  /** All that came after it, oldest first. */
  readonly inputs: readonly PaperInput[];
}

export class PaperLog implements Disposable {
  readonly #file: string;
  #fd: number;
  /** Bytes of whole lines. */
  #length: number;

  private constructor(file: string, fd: number, length: number) {
    this.#file = file;
    this.#fd = fd;
    this.#length = length;
  }

  /** Opens it, or makes it, and reads it. Throws an AppError where a whole line makes no sense. */
  static open(file: string): OpenPaperLog {
    mkdirSync(dirname(file), { recursive: true });
    const text = existsSync(file) ? readFileSync(file, "utf8") : "";
    const whole = text.slice(0, text.lastIndexOf("\n") + 1);
    const lines = whole.split("\n").slice(0, -1);
    const [first, ...others] = lines;
    const start = first === undefined ? {} : { opened: readLine(opened, first, `${file}, line 1`) };
    const inputs = others.map((line, index) => readLine(input, line, `${file}, line ${index + 2}`));
    const fd = openSync(file, "a", 0o600);
    const length = Buffer.byteLength(whole);
    ftruncateSync(fd, length);
    return { log: new PaperLog(file, fd, length), ...start, inputs };
  }

  /** Writes these lines beside it, durable when this returns. Throws what the disk says. */
  writeAside(entries: readonly (PaperOpened | PaperInput)[]): void {
    const aside = asideOf(this.#file);
    const text = entries.map((entry) => `${JSON.stringify(entry)}\n`).join("");
    try {
      writeFileSync(aside, text, { mode: 0o600, flush: true });
    } catch (error) {
      // On a full disk the room is worth more than half a file.
      rmSync(aside, { force: true, recursive: true });
      throw error;
    }
  }

  /** What was written beside it is the file from now on. Throws what the disk says: go no further then. */
  takeAside(): void {
    renameSync(asideOf(this.#file), this.#file);
    closeSync(this.#fd);
    this.#fd = openSync(this.#file, "a", 0o600);
    this.#length = fstatSync(this.#fd).size;
    syncFolder(dirname(this.#file));
  }

  /** Throws what the disk says; the file is as it was then. */
  add(entry: PaperOpened | PaperInput): void {
    const line = Buffer.from(`${JSON.stringify(entry)}\n`);
    try {
      let written = 0;
      while (written < line.length) written += writeSync(this.#fd, line, written);
      this.#length += line.length;
    } catch (error) {
      ftruncateSync(this.#fd, this.#length);
      throw error;
    }
  }

  /** Resolves when what was added so far outlives a loss of power. */
  async durable(): Promise<void> {
    await sync(this.#fd);
  }

  [Symbol.dispose](): void {
    closeSync(this.#fd);
  }
}

function asideOf(file: string): string {
  return `${file}.new`;
}

/** Until then a loss of power may bring the old name back. */
function syncFolder(folder: string): void {
  const fd = openSync(folder, "r");
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

function readLine<Line>(schema: z.ZodType<Line>, line: string, place: string): Line {
  try {
    return schema.parse(JSON.parse(line));
  } catch (cause) {
    throw new AppError({
      code: "PAPER_BOOK_UNREADABLE",
      message: `${place}: this version cannot read the paper books of the shadow followers`,
      remedy:
        "Restore the file, run the version of Tandem that wrote it, or give the shadows new account ids and move the file away.",
      cause,
    });
  }
}
