/**
 * The paper log without the days that are over: what they have left stands for their lines.
 *
 * Keeps: it is the same book. Both logs are taken, and where the books differ in anything that can be
 * seen, there is no shorter one.
 */
import { isDeepStrictEqual } from "node:util";
import { midnightBefore, PaperBook } from "./paper-book.ts";
import type { PaperInput, PaperOpened } from "./paper-log.ts";

export type PaperLines = readonly [PaperOpened, ...PaperInput[]];

export interface Shortened {
  /** Absent where it cannot be any shorter. */
  readonly lines?: PaperLines;
  /** The shorter one would have made another book: a defect, and nothing to lose an order for. */
  readonly isOther: boolean;
}

/** The last midnight over which no order waited takes the place of all before it. */
export function shorten([opened, ...inputs]: PaperLines, nowMs: number): Shortened {
  const book = new PaperBook(opened);
  const last = Math.max(nowMs, inputs.at(-1)?.atMs ?? opened.atMs);
  let best: PaperLines | undefined;
  const look = (atMs: number, index: number): void => {
    const midnightMs = midnightBefore(atMs);
    if (midnightMs <= book.clock.nowMs()) return;
    book.clock.moveTo(midnightMs);
    const left = book.overnight();
    if (left !== undefined)
      best = [{ ...opened, atMs: midnightMs }, ...left, ...inputs.slice(index)];
  };
  for (const [index, input] of inputs.entries()) {
    look(input.atMs, index);
    void book.take(input);
  }
  look(last, inputs.length);
  book.clock.moveTo(last);
  const standing = book.standing();
  void book.close();
  if (best === undefined || best.length > inputs.length) return { isOther: false };
  return isDeepStrictEqual(standingOf(best, last), standing)
    ? { lines: best, isOther: false }
    : { isOther: true };
}

function standingOf([opened, ...inputs]: PaperLines, untilMs: number): object {
  const book = new PaperBook(opened);
  for (const input of inputs) void book.take(input);
  book.clock.moveTo(untilMs);
  void book.close();
  return book.standing();
}
