import { AppError } from "../platform/fault.ts";
import { EXIT_FAULT } from "./command-frame.ts";
import type { Terminal } from "./terminal.ts";

export interface ReportOptions {
  readonly terminal: Terminal;
  /** Stacks are for those who asked for them (TANDEM_DEBUG). */
  readonly isDebugging: boolean;
}

/** Tells the operator what went wrong and what to do about it; returns the exit code. */
export function reportError(error: unknown, { terminal, isDebugging }: ReportOptions): number {
  if (error instanceof AppError) {
    terminal.remark(`${terminal.paint("bad", "error")}: ${error.message}`);
    terminal.remark(`${terminal.paint("strong", "what to do")}: ${error.remedy} [${error.code}]`);
  } else {
    const message = error instanceof Error ? error.message : String(error);
    terminal.remark(`${terminal.paint("bad", "unexpected error")}: ${message}`);
    if (!isDebugging) {
      terminal.remark("This is a fault of Tandem. Run it again with TANDEM_DEBUG=1 to see where.");
    }
  }
  if (isDebugging && error instanceof Error) terminal.remark(stackOf(error));
  return EXIT_FAULT;
}

/** Longer chains of causes are a cycle or of no use. */
const CAUSES_MAX = 10;

function stackOf(error: Error): string {
  const stacks: string[] = [];
  let each: unknown = error;
  while (each instanceof Error && stacks.length < CAUSES_MAX) {
    stacks.push(each.stack ?? String(each));
    each = each.cause;
  }
  return stacks.join("\ncaused by: ");
}
