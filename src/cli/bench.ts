import { type Command, InvalidArgumentError } from "commander";
import { addJsonOption, type CommandFrame, integerBetween } from "./command-frame.ts";
import { table } from "./table.ts";

export interface Percentiles {
  readonly p50: number;
  readonly p99: number;
}

/** Milliseconds from the leader's frame leaving the broker to orders having arrived there whole. */
export interface Latency {
  readonly firstMs: Percentiles;
  readonly lastMs: Percentiles;
}

export type Rhythm = "paced" | "burst";

export interface BenchRow {
  readonly followers: number;
  readonly restMs: number;
  /** paced: one order at a time. burst: ten at once, then a rest. */
  readonly rhythm: Rhythm;
  readonly orders: number;
  readonly tandem: Latency;
  readonly bareRelay: Latency;
  /** Tandem's median for the last follower over the bare relay's. */
  readonly ratioLastP50: number;
}

export interface BenchReport {
  readonly rows: readonly BenchRow[];
  readonly rssMb: number;
}

export interface BenchRequest {
  /** One row for each. */
  readonly followers: readonly number[];
  /** What the simulated broker takes to answer an order; rows for each. */
  readonly restMs: readonly number[];
  readonly rhythms: readonly Rhythm[];
  /** Leader orders counted in each row. */
  readonly orders: number;
  /** Whether the simulated broker's drop copy tells of orders in transit. */
  readonly hasTransitFrames: boolean;
  /** Progress, for people. */
  readonly tell: (line: string) => void;
}

export type MeasureLatency = (request: BenchRequest) => Promise<BenchReport>;

interface BenchOptions {
  readonly followers: readonly number[];
  readonly restMs: readonly number[];
  readonly rhythms: readonly Rhythm[];
  readonly orders: number;
  /** False with --no-transit-frames. */
  readonly transitFrames: boolean;
  readonly json?: true;
}

export function addBenchCommand(
  program: Command,
  frame: CommandFrame,
  measure: MeasureLatency,
): void {
  const command = program
    .command("bench")
    .summary("measure how fast it copies, on this machine")
    .description(
      "Measures, against a simulated broker, the time from a leader's order to the followers',\n" +
        "and the same for the least program that could do it: no journal, no rules.",
    )
    .option(
      "--followers <list>",
      "numbers of followers, a row for each",
      numbersBetween(1, 1_000),
      [1, 10, 50, 200],
    )
    .option("--rest-ms <list>", "broker's reply times", numbersBetween(0, 10_000), [0, 40])
    .option("--rhythms <list>", "paced, burst, or both", rhythms, ["paced", "burst"])
    .option("--orders <number>", "leader orders in each row", integerBetween(1, 500), 50)
    .option("--no-transit-frames", "the drop copy says nothing of orders in transit");
  addJsonOption(command).action(async (options: BenchOptions) => {
    const { followers, restMs, rhythms, orders, transitFrames, json } = options;
    const tell = (line: string) => frame.terminal.remark(line);
    const report = await measure({
      followers,
      restMs,
      rhythms,
      orders,
      hasTransitFrames: transitFrames,
      tell,
    });
    if (json) frame.terminal.printJson(report);
    else printReport(report, frame);
  });
}

function numbersBetween(min: number, max: number): (text: string) => readonly number[] {
  const read = integerBetween(min, max);
  return (text) => {
    const numbers = text.split(",").map((part) => read(part.trim()));
    if (numbers.length > 20) throw new InvalidArgumentError("expected 20 numbers at most");
    return numbers;
  };
}

function rhythms(text: string): readonly Rhythm[] {
  return text.split(",").map((part) => {
    const name = part.trim();
    if (name === "paced" || name === "burst") return name;
    throw new InvalidArgumentError("expected paced, burst, or paced,burst");
  });
}

function printReport({ rows, rssMb }: BenchReport, { terminal }: CommandFrame): void {
  const pair = ({ p50, p99 }: Percentiles) => `${p50.toFixed(1)} / ${p99.toFixed(1)}`;
  const text = table(
    rows,
    [
      { header: "followers", text: ({ followers }) => String(followers), align: "right" },
      { header: "broker ms", text: ({ restMs }) => String(restMs), align: "right" },
      { header: "rhythm", text: ({ rhythm }) => rhythm },
      { header: "first p50 / p99", text: ({ tandem }) => pair(tandem.firstMs), align: "right" },
      { header: "last p50 / p99", text: ({ tandem }) => pair(tandem.lastMs), align: "right" },
      { header: "bare last", text: ({ bareRelay }) => pair(bareRelay.lastMs), align: "right" },
      { header: "ratio", text: (row) => row.ratioLastP50.toFixed(2), align: "right" },
    ],
    terminal,
  );
  terminal.print(`${text}\n\nmilliseconds; ${rssMb.toFixed(0)} MB resident`);
}
