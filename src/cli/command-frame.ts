/** What every command has at hand, and the options that several share. */
import { type Command, InvalidArgumentError, Option } from "commander";
import type { Terminal } from "./terminal.ts";

export interface CommandFrame {
  readonly terminal: Terminal;
  /** Says that the command ended, with its exit code. Without it the code is 0. */
  finish(exitCode: number): void;
  /** Resolves when the operator wants the process to end (SIGINT, SIGTERM). */
  untilStopped(): Promise<void>;
}

export const EXIT_OK = 0;
/** It was understood, and it did not succeed. */
export const EXIT_FAULT = 1;
/** It was not understood. */
export const EXIT_USAGE = 2;

export function addDataOption(command: Command): Command {
  return command.option("--data <folder>", "folder that holds everything kept", ".tandem");
}

export function addJsonOption(command: Command): Command {
  return command.option("--json", "print JSON, for programs");
}

/** `--port`; 0 lets the system choose. */
export function addPortOption(command: Command, preset: number): Command {
  return command.addOption(
    new Option("--port <number>", "port to listen on; 0 takes any free one")
      .default(preset)
      .argParser(integerBetween(0, 65_535)),
  );
}

/** Reads an option's value; anything else than such a whole number is a usage error. */
export function integerBetween(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (value >= min && value <= max) return value;
    throw new InvalidArgumentError(`expected a whole number from ${min} to ${max}`);
  };
}
