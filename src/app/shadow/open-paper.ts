/**
 * The paper log as a start finds it, and the book that it makes.
 *
 * Keeps: the days that are over leave the log at the first start of a day, and never take anything of
 * the book with them. A log with orders of another version of the exchange is refused.
 */
import { AppError } from "../../platform/fault.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Logger } from "../../ports/logger.ts";
import { PaperBook } from "./paper-book.ts";
import { type PaperHours, type PaperInput, PaperLog, type PaperOpened } from "./paper-log.ts";
import { type PaperLines, shorten } from "./shorten-paper.ts";

/**
 * Goes up with every change that makes another book of the same inputs, in the simulator as well
 * (open-paper.test.ts notices): a log with orders of another version is refused.
 */
export const PAPER_EXCHANGE_VERSION = 1;

export interface OpenPaperOptions {
  readonly file: string;
  readonly clock: Pick<Clock, "nowMs">;
  readonly logger: Pick<Logger, "error">;
  /** For a file that does not exist yet. */
  readonly hours: PaperHours;
}

export interface OpenPaper {
  readonly log: PaperLog;
  readonly book: PaperBook;
}

/** Throws an AppError when the file cannot be understood, and what the disk says. */
export function openPaper(options: OpenPaperOptions): OpenPaper {
  const { file, clock, hours } = options;
  const { log, opened, inputs } = PaperLog.open(file);
  const exchange = PAPER_EXCHANGE_VERSION;
  const atMs = clock.nowMs();
  const first: PaperOpened = opened ?? { kind: "opened", atMs, version: 1, exchange, hours };
  try {
    if (opened === undefined) log.add(first);
    else if (opened.exchange !== exchange) takeOver(file, log, { opened, inputs });
    const [begun, ...taken] = beganAnew(log, [{ ...first, exchange }, ...inputs], options);
    const book = new PaperBook(begun);
    // What was answered then is known; nobody waits for it now.
    for (const input of taken) void book.take(input);
    return { log, book };
  } catch (error) {
    log[Symbol.dispose]();
    throw error;
  }
}

/**
 * At the first start of a day the log is begun anew, without the days before. Where the disk has no room
 * for that, or it would be another book, the long one is as good.
 */
function beganAnew(
  log: PaperLog,
  lines: PaperLines,
  { clock, logger }: OpenPaperOptions,
): PaperLines {
  const { lines: shorter, isOther } = shorten(lines, clock.nowMs());
  if (isOther) logger.error("paper.notShortened", { text: "it would have made another book" });
  if (shorter === undefined) return lines;
  try {
    log.writeAside(shorter);
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    logger.error("paper.notShortened", { text });
    return lines;
  }
  log.takeAside();
  return shorter;
}

interface OtherVersion {
  readonly opened: PaperOpened;
  readonly inputs: readonly PaperInput[];
}

/** What days before have left reads the same in every version; what calls come to may not. */
function takeOver(file: string, log: PaperLog, { opened, inputs }: OtherVersion): void {
  const exchange = PAPER_EXCHANGE_VERSION;
  if (inputs.some(({ kind }) => kind === "called")) {
    throw new AppError({
      code: "PAPER_BOOK_OF_OTHER_VERSION",
      message: `${file} was written by version ${opened.exchange} of the paper exchange, and this is version ${exchange}: the same orders could come to something else`,
      remedy:
        "Start the version of Tandem that wrote it once on a morning before the first order, which leaves no order in the file, and then this one. Or give the shadows new account ids and move the file away.",
    });
  }
  log.writeAside([{ ...opened, exchange }, ...inputs]);
  log.takeAside();
}
