import type { Command } from "commander";
import type { CopyExplanation, OrderExplanation } from "../core/model/explanation.ts";
import { addDataOption, addJsonOption, type CommandFrame, EXIT_FAULT } from "./command-frame.ts";
import type { Follower } from "./shadow-words.ts";
import { toneOf, withoutControls } from "./terminal.ts";

export interface ExplainRequest {
  readonly dataDir: string;
  /** Of a leader's order or of a copy of it, or a correlation id. */
  readonly orderId: string;
}

export type ShownCopy = CopyExplanation & Follower;

export interface ShownOrder extends OrderExplanation {
  readonly copies: readonly ShownCopy[];
}

/** Undefined when the journal knows no such order. */
export type ExplainOrder = (request: ExplainRequest) => Promise<ShownOrder | undefined>;

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

function printExplanation(explanation: ShownOrder, { terminal }: CommandFrame): void {
  const { leader, leaderOrderId, leaderOrder, day, remark, lines, copies } = explanation;
  const title = `order ${leaderOrderId} of ${leader}: ${leaderOrder}`;
  terminal.print(terminal.paint("strong", withoutControls(title)));
  if (remark !== "") terminal.print(`(${withoutControls(remark)})`);
  terminal.print(terminal.paint("quiet", `times are of ${day} in India`));
  for (const line of lines) terminal.print(`  ${withoutControls(line)}`);
  if (copies.length === 0) terminal.print(`\nno link copies ${leader}`);
  for (const copy of copies) printCopy(copy, terminal);
}

function printCopy(copy: ShownCopy, terminal: CommandFrame["terminal"]): void {
  const { link, follower, isShadow, outcome, code, summary, lines } = copy;
  const would = isShadow ? `${terminal.paint("attention", "SHADOW, would have")}: ` : "";
  const state = would + terminal.paint(toneOf(outcome), outcome);
  const coded = code === "" ? "" : ` [${code}]`;
  terminal.print(`\n${follower} (${link}): ${state}: ${withoutControls(summary)}${coded}`);
  for (const line of lines) terminal.print(`  ${withoutControls(line)}`);
}
