import { type Terminal, type Tone, withoutControls } from "./terminal.ts";

export interface Column<Row> {
  readonly header: string;
  readonly text: (row: Row) => string;
  readonly tone?: (row: Row) => Tone;
  /** Numbers stand right. */
  readonly align?: "left" | "right";
  /** A column whose texts must stay whole (ids, amounts); default false. */
  readonly isWhole?: boolean;
}

const GAP = "  ";
/** Less than this says nothing any more; then the line is let run over instead. */
const SHRUNK_LENGTH_MIN = 6;

/**
 * Rows as aligned columns under their headers, cut with "…" where the terminal is too narrow.
 * Counts characters, not cells: wide scripts would stand out of line.
 */
export function table<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  terminal: Pick<Terminal, "columns" | "paint">,
): string {
  const cells = rows.map((row) => columns.map(({ text }) => withoutControls(text(row))));
  const natural = columns.map(({ header }, index) => {
    return Math.max(header.length, ...cells.map((line) => lengthOf(line[index] ?? "")));
  });
  const widths = fitted(natural, columns, terminal.columns);
  const layOut = (texts: readonly string[], tones: readonly (Tone | undefined)[]) => {
    const parts = texts.map((text, index) => {
      const width = widths[index] ?? 0;
      const short = cut(text, width);
      const tone = tones[index];
      const painted = tone === undefined ? short : terminal.paint(tone, short);
      const space = " ".repeat(Math.max(0, width - lengthOf(short)));
      if (columns[index]?.align === "right") return space + painted;
      return index === texts.length - 1 ? painted : painted + space;
    });
    return parts.join(GAP).trimEnd();
  };
  const head = layOut(
    columns.map(({ header }) => header),
    columns.map(() => "quiet"),
  );
  const body = rows.map((row, index) =>
    layOut(
      cells[index] ?? [],
      columns.map(({ tone }) => tone?.(row)),
    ),
  );
  return [head, ...body].join("\n");
}

/** Takes from the widest column that may be cut until all fit, or nothing more can be taken. */
function fitted<Row>(
  natural: readonly number[],
  columns: readonly Column<Row>[],
  available: number,
): readonly number[] {
  const widths = [...natural];
  let excess = sum(widths) + GAP.length * (widths.length - 1) - available;
  while (excess > 0) {
    const cuttable = widths.map((width, index) =>
      columns[index]?.isWhole === true || width <= SHRUNK_LENGTH_MIN ? 0 : width,
    );
    const widest = cuttable.indexOf(Math.max(...cuttable));
    if ((cuttable[widest] ?? 0) === 0) break;
    widths[widest] = (widths[widest] ?? 0) - 1;
    excess -= 1;
  }
  return widths;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}

function lengthOf(text: string): number {
  return [...text].length;
}

function cut(text: string, width: number): string {
  return lengthOf(text) <= width ? text : `${[...text].slice(0, width - 1).join("")}…`;
}
