/** Where commands write to: one place that knows about colours, widths and untrusted texts. */
import { styleText } from "node:util";

/** What a text means; never a colour by itself. */
export type Tone = "good" | "attention" | "bad" | "quiet" | "strong";

export interface Terminal {
  /** Columns to keep to; infinite where nobody looks (a pipe, a file), so that nothing is cut. */
  readonly columns: number;
  /** Whether the cursor may be moved to draw over what stands there already. */
  readonly canRedraw: boolean;
  /** One line or more to standard output; this is what `--json` and pipes see. */
  print(text: string): void;
  /** One JSON document on one line to standard output. */
  printJson(value: unknown): void;
  /** One line or more to standard error: faults and remarks. */
  remark(text: string): void;
  /** The text in the tone's colour, or as it is where colours are not wanted. */
  paint(tone: Tone, text: string): string;
}

export interface TerminalStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

export interface TerminalOptions {
  readonly stdout: TerminalStream;
  readonly stderr: TerminalStream;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

const COLOURS = {
  good: "green",
  attention: "yellow",
  bad: "red",
  quiet: "gray",
  strong: "bold",
} as const;

/**
 * Colours only on a terminal, and not where NO_COLOR is set or TERM is "dumb". Lines are drawn over
 * only on a terminal that is not dumb, and not in CI: it is a log that somebody reads, whatever it calls itself.
 */
export function createTerminal({ stdout, stderr, environment }: TerminalOptions): Terminal {
  const isTerminal = stdout.isTTY === true;
  const knowsEscapes = isTerminal && environment.TERM !== "dumb";
  const isColoured = knowsEscapes && !environment.NO_COLOR;
  return {
    columns: isTerminal ? (stdout.columns ?? 80) : Number.POSITIVE_INFINITY,
    canRedraw: knowsEscapes && !environment.CI,
    print: (text) => void stdout.write(`${text}\n`),
    printJson: (value) => void stdout.write(`${JSON.stringify(value)}\n`),
    remark: (text) => void stderr.write(`${text}\n`),
    paint: (tone, text) =>
      isColoured ? styleText(COLOURS[tone], text, { validateStream: false }) : text,
  };
}

const TONES: Readonly<Record<string, Tone>> = {
  // Of a follower.
  "in sync": "good",
  "catching up": "attention",
  "out of sync": "bad",
  unknown: "bad",
  disarmed: "quiet",
  // Of a link.
  active: "good",
  "close-only": "attention",
  paused: "attention",
  closed: "quiet",
  // Of a copy.
  copied: "good",
  skipped: "attention",
  rejected: "bad",
  held: "bad",
  pending: "attention",
};

/** How a state is shown everywhere; one that is not known here is shown plain and loud. */
export function toneOf(state: string): Tone {
  return TONES[state] ?? "strong";
}

/**
 * The text without control characters. What brokers and files say is not ours, and an escape
 * sequence in it could move the cursor or fake a line.
 */
export function withoutControls(text: string): string {
  return text.replaceAll(/\p{Cc}+/gu, " ");
}
