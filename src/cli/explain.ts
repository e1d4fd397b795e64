import type { Command } from "commander";
import { addDataOption, addJsonOption, type CommandFrame, EXIT_FAULT } from "./command-frame.ts";
import { toneOf, withoutControls } from "./terminal.ts";

export interface CopyExplanation {
  readonly link: string;
  readonly follower: string;
  readonly outcome: "copied" | "skipped" | "rejected" | "held" | "pending" | "unknown";
  /** Fixed code of a refusal, hold or rejection (docs/reference/reason-codes.md); "" when none. */
  readonly code: string;
  /** "50 of 50 filled at 1650.25; accepted by the broker 3 ms after the leader's order was seen" */
  readonly summary: string;
  /** The story with its inputs, oldest first, each line with its time. */
  readonly lines: readonly string[];
  /** What the story was told from, for `--json`. */
  readonly facts: readonly unknown[];
}

export interface Explanation {
  readonly leader: string;
  readonly leaderOrderId: string;
  /** "BUY 50 HDFCBANK LIMIT 1650.00 INTRADAY DAY: filled, 50 of 50 at 1650.00" */
  readonly leaderOrder: string;
  /** Date in India of the times in the lines. */
  readonly day: string;
  /** How the order was found when another id was asked for; "" otherwise. */
  readonly remark: string;
  /** What was observed of it, oldest first. */
  readonly lines: readonly string[];
  readonly facts: readonly unknown[];
  readonly copies: readonly CopyExplanation[];
}

export interface ExplainRequest {
  readonly dataDir: string;
  /** Of a leader's order or of a copy of it, or a correlation id. */
  readonly orderId: string;
}

/** Undefined when the journal knows no such order. */
export type ExplainOrder = (request: ExplainRequest) => Promise<Explanation | undefined>;

interface ExplainOptions {
  readonly data: string;
  readonly json?: true;
}

export function addExplainCommand(
  program: Command,
  frame: CommandFrame,
  explain: ExplainOrder,
): void {
  const command = program
    .command("explain")
    .summary("say why an order was copied, or was not")
    .description(
      "Tells, from the journal, what became of a leader's order for every follower, and why.\n" +
        "Works while Tandem runs and when it is stopped.",
    )
    .argument("<order-id>", "id of the leader's order, of a copy of it, or a correlation id");
  addJsonOption(addDataOption(command)).action(async (id: string, options: ExplainOptions) => {
    const { terminal } = frame;
    const explanation = await explain({ dataDir: options.data, orderId: id });
    if (options.json) terminal.printJson(explanation ?? null);
    else if (explanation !== undefined) printExplanation(explanation, frame);
    if (explanation !== undefined) return;
    terminal.remark(
      `the journal knows no leader order ${withoutControls(id)}, and no copy of that name`,
    );
    frame.finish(EXIT_FAULT);
  });
}

function printExplanation(explanation: Explanation, { terminal }: CommandFrame): void {
  const { leader, leaderOrderId, leaderOrder, day, remark, lines, copies } = explanation;
  const title = `order ${leaderOrderId} of ${leader}: ${leaderOrder}`;
  terminal.print(terminal.paint("strong", withoutControls(title)));
  if (remark !== "") terminal.print(`(${withoutControls(remark)})`);
  terminal.print(terminal.paint("quiet", `times are of ${day} in India`));
  for (const line of lines) terminal.print(`  ${withoutControls(line)}`);
  if (copies.length === 0) terminal.print(`\nno link copies ${leader}`);
  for (const copy of copies) printCopy(copy, terminal);
}

function printCopy(copy: CopyExplanation, terminal: CommandFrame["terminal"]): void {
  const { link, follower, outcome, code, summary, lines } = copy;
  const state = terminal.paint(toneOf(outcome), outcome);
  const coded = code === "" ? "" : ` [${code}]`;
  terminal.print(`\n${follower} (${link}): ${state}: ${withoutControls(summary)}${coded}`);
  for (const line of lines) terminal.print(`  ${withoutControls(line)}`);
}
