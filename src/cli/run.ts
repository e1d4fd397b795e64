import type { Command } from "commander";
import { addDataOption, addPortOption, type CommandFrame } from "./command-frame.ts";

export interface RunRequest {
  /** Absent: the settings come from variables. */
  readonly configFile?: string;
  /** The settings given replace those in force, also what a person has applied since. */
  readonly isReplacing?: true;
  readonly dataDir: string;
  readonly port: number;
  readonly host: string;
  /** Told each alarm as it comes, in one line. */
  readonly tell?: (line: string) => void;
  /** Aborted when the operator wants to stop; a start that has not come far is then given up. */
  readonly signal?: AbortSignal;
}

export interface RunningTandem {
  /** "http://127.0.0.1:4600" */
  readonly url: string;
  /** Sentences to be read before it is left alone; the venue ("live: real money") is one of them. */
  readonly remarks: readonly string[];
  /** Settles only when it ends without being asked to: rejects with the reason. */
  readonly ended: Promise<void>;
  /** Resolves when everything is down and durable. */
  stop(): Promise<void>;
}

/**
 * Resolves as soon as health is served; arming goes on behind it. Rejects with an AppError, or with
 * the signal's reason when the signal ended the start.
 */
export type StartTandem = (request: RunRequest) => Promise<RunningTandem>;

export const RUN_PORT = 4600;

interface RunOptions {
  readonly config?: string;
  readonly replace?: true;
  readonly data: string;
  readonly port: number;
  readonly host: string;
}

export function addRunCommand(program: Command, frame: CommandFrame, start: StartTandem): void {
  const command = program
    .command("run")
    .summary("copy orders until stopped")
    .description(
      "Copies the leader's orders to the followers until it is stopped (SIGINT, SIGTERM).\n" +
        "Asks no questions. /readyz on its port answers 200 once every active link is armed.\n" +
        "It shows what the settings change, and does not undo what was applied since from elsewhere.",
    )
    .option("--config <file>", "settings as YAML; without it, LEADER_… and FOLLOWER_… variables")
    .option("--replace", "take these settings, also over those that were applied since")
    .option("--host <address>", "address to listen on", "127.0.0.1");
  addPortOption(addDataOption(command), RUN_PORT).action(async (options: RunOptions) => {
    const { terminal } = frame;
    // Listened for from here on: a stop that comes while starting is a clean one, too.
    const wish = new AbortController();
    const stopped = frame.untilStopped().then(() => wish.abort());
    const running = await begun(start, options, { signal: wish.signal, tell: terminal.remark });
    if (running !== undefined) await watch(running, stopped, terminal);
    terminal.print("Tandem has stopped");
  });
}

/** Undefined when the operator wanted it to stop before it had started. */
async function begun(
  start: StartTandem,
  { config, replace, data: dataDir, port, host }: RunOptions,
  listener: Required<Pick<RunRequest, "signal" | "tell">>,
): Promise<RunningTandem | undefined> {
  const configFile = config === undefined ? {} : { configFile: config };
  try {
    const replacing = replace === undefined ? {} : { isReplacing: replace };
    return await start({ ...configFile, ...replacing, dataDir, port, host, ...listener });
  } catch (error) {
    if (listener.signal.aborted && error === listener.signal.reason) return undefined;
    throw error;
  }
}

async function watch(
  running: RunningTandem,
  stopped: Promise<void>,
  terminal: CommandFrame["terminal"],
): Promise<void> {
  try {
    for (const remark of running.remarks) terminal.remark(remark);
    terminal.print(`Tandem is running; readiness at ${running.url}/readyz`);
    await Promise.race([stopped, running.ended]);
  } finally {
    await running.stop();
  }
}
