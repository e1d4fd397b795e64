/** The shipped program as an operator has it: a process of its own, in a folder of its own. */
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { fileURLToPath } from "node:url";
import { stringify } from "yaml";
import { createSimulator, type Listening, type Simulator } from "../../src/simulator/index.ts";
import { eventually } from "../eventually.ts";

export const PROJECT = fileURLToPath(new URL("../..", import.meta.url));
export const MAIN = join(PROJECT, "src/app/main.ts");

export type Environment = Readonly<Record<string, string>>;

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Place {
  /** The current folder of the program; `.env` is read there. */
  readonly folder: string;
  readonly environment?: Environment;
}

/** Dozens of processes start from the same sources: halves what each takes for it. */
const COMPILE_CACHE = join(PROJECT, "node_modules/.cache/tandem-tests");

/** Nothing of the machine that runs the tests but the way to its programs. */
export function cleanEnvironment(more: Environment = {}): Record<string, string> {
  return { PATH: process.env.PATH ?? "", NODE_COMPILE_CACHE: COMPILE_CACHE, ...more };
}

/**
 * A program that has not come so far by then never will. To start one is seconds of work, and several
 * are started at a time: how fast Tandem is, is measured elsewhere.
 */
const HANGS_AFTER_MS = 30_000;

/** Runs one command to its end; a program that does not end within `deadlineMs` is a failure. */
export async function runOnce(
  args: readonly string[],
  { folder, environment }: Place,
  deadlineMs = HANGS_AFTER_MS,
): Promise<Ended> {
  const program = new Program([MAIN, ...args], { folder, ...(environment && { environment }) });
  try {
    return await program.ended(deadlineMs);
  } finally {
    await program.kill();
  }
}

/** A started process and what it has said so far. */
export class Program {
  readonly child: ChildProcess;
  readonly #gone: Promise<unknown>;
  stdout = "";
  stderr = "";

  /** `args` are the interpreter's: the script comes first. */
  constructor(args: readonly string[], { folder, environment }: Place) {
    this.child = spawn(process.execPath, args, {
      cwd: folder,
      env: cleanEnvironment(environment),
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.child.stdout?.on("data", (chunk) => {
      this.stdout += chunk;
    });
    this.child.stderr?.on("data", (chunk) => {
      this.stderr += chunk;
    });
    this.#gone = once(this.child, "close");
  }

  async ended(deadlineMs = HANGS_AFTER_MS): Promise<Ended> {
    const timer = setTimeout(() => this.child.kill("SIGKILL"), deadlineMs);
    await this.#gone;
    clearTimeout(timer);
    const { stdout, stderr } = this;
    const how = `${stdout}${stderr}`;
    assert.notEqual(this.child.signalCode, "SIGKILL", `not within ${deadlineMs} ms; said: ${how}`);
    return { code: this.child.exitCode, stdout, stderr };
  }

  async kill(): Promise<void> {
    if (this.child.exitCode === null) this.child.kill("SIGKILL");
    await this.#gone;
  }
}

/** `tandem run`, to be asked where it says that it can be. */
export class RunningTandem extends Program {
  readonly #data: string;

  constructor(args: readonly string[], place: Place) {
    const data = join(place.folder, "data");
    super([MAIN, "run", "--data", data, "--port", "0", ...args], place);
    this.#data = data;
  }

  /** Resolves to where it listens. */
  async url(): Promise<string> {
    const file = join(this.#data, "run.json");
    return eventually(
      () => {
        this.#mustRun();
        if (!existsSync(file)) return undefined;
        const { pid, url } = JSON.parse(readFileSync(file, "utf8"));
        // A killed life leaves its announcement behind.
        return pid === this.child.pid ? (url as string) : undefined;
      },
      { what: "run.json", deadlineMs: HANGS_AFTER_MS },
    );
  }

  async readiness(): Promise<{ status: number; reasons: readonly string[] }> {
    const reply = await fetch(`${await this.url()}/readyz`);
    const { reasons = [] } = (await reply.json()) as { reasons?: string[] };
    return { status: reply.status, reasons };
  }

  async untilReady(): Promise<void> {
    const isReady = async () => {
      this.#mustRun();
      return (await this.readiness()).status === 200;
    };
    await eventually(isReady, { what: "a ready Tandem", deadlineMs: HANGS_AFTER_MS });
  }

  /** Ends it as a supervisor would; resolves to how long that took. */
  async stop(signal: NodeJS.Signals = "SIGTERM"): Promise<number> {
    const startedMs = performance.now();
    this.child.kill(signal);
    const { code, stderr } = await this.ended();
    assert.equal(code, 0, `a clean stop; it said: ${stderr}`);
    return performance.now() - startedMs;
  }

  #mustRun(): void {
    assert.equal(this.child.exitCode, null, `Tandem ended by itself: ${this.stderr}`);
  }
}

export const LEADER = "1100000001";
export const ASHA = "1100000002";
export const TOKENS = { leader: "token-of-the-leader", asha: "token-of-asha" } as const;

/** A simulated broker with a leader and asha, a folder, and a configuration that joins them. */
export interface World {
  readonly simulator: Simulator;
  readonly broker: Listening;
  readonly folder: string;
  /** Where `RunningTandem` keeps its data. */
  readonly data: string;
  /** The configuration as plain data, to be changed and written again. */
  readonly config: Config;
  /** Path of the file that `config` stands in. */
  readonly file: string;
  tandem(args?: readonly string[], environment?: Environment): RunningTandem;
  run(args: readonly string[], environment?: Environment): Promise<Ended>;
}

export type Config = ReturnType<typeof configFor>;

/** Everything of it is gone after the test. */
export async function createWorld(t: TestContext): Promise<World> {
  const folder = temporaryFolder(t);
  const simulator = createSimulator({ seed: 1 });
  createAccounts(simulator);
  const broker = await simulator.listen({ port: 0 });
  const started: Program[] = [];
  t.after(async () => {
    await Promise.all(started.map((program) => program.kill()));
    await broker.close();
    await simulator.close();
  });
  const config = configFor(broker);
  const file = writeConfig(folder, config);
  const tandem = (args: readonly string[] = ["--config", file], environment?: Environment) => {
    const program = new RunningTandem(args, { folder, ...(environment && { environment }) });
    started.push(program);
    return program;
  };
  const run = (args: readonly string[], environment?: Environment) =>
    runOnce(args, { folder, ...(environment && { environment }) });
  return { simulator, broker, folder, data: join(folder, "data"), config, file, tandem, run };
}

/** The leader and asha, rich. */
export function createAccounts(simulator: Simulator): void {
  const availableBalance = 1_000_000_000;
  simulator.createAccount({ clientId: LEADER, accessToken: TOKENS.leader, availableBalance });
  simulator.createAccount({ clientId: ASHA, accessToken: TOKENS.asha, availableBalance });
}

export function temporaryFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "tandem-e2e-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function configFor({ restUrl, orderUpdateUrl, instrumentsUrl }: Listening) {
  return {
    broker: {
      restUrl,
      orderUpdateUrl,
      instruments: instrumentsUrl,
      requestTimeoutMs: 2_000,
      calendar: "always-open",
    },
    accounts: [
      { id: "leader", clientId: LEADER, accessToken: TOKENS.leader as string },
      { id: "asha", clientId: ASHA, accessToken: TOKENS.asha as string, relation: "spouse" },
    ],
    links: [{ id: "leader-asha", leader: "leader", follower: "asha" }],
  };
}

/** Resolves to the path. `config` is data, or a text to be taken as it is. */
export function writeConfig(folder: string, config: object | string | Uint8Array): string {
  const file = join(folder, "tandem.yaml");
  const isText = typeof config === "string" || config instanceof Uint8Array;
  writeFileSync(file, isText ? config : stringify(config));
  return file;
}

/** A limit order of the leader, by hand; trades at once unless `price` keeps it off. */
export function lead({ simulator }: World, change: Readonly<Record<string, unknown>> = {}): string {
  const { body } = simulator.placeByHand(LEADER, {
    securityId: "1333",
    quantity: 10,
    price: 1660,
    ...change,
  });
  const { orderId } = body as { orderId?: string };
  assert(orderId !== undefined, `the leader's order was refused: ${JSON.stringify(body)}`);
  return orderId;
}

/** All that the broker has of one account. */
export function truthOf({ simulator }: World, clientId: string) {
  const [truth] = simulator.truth(clientId);
  assert(truth !== undefined);
  return truth;
}

export async function untilCopied(world: World, count: number): Promise<void> {
  const isThere = () => truthOf(world, ASHA).orders.length === count;
  await eventually(isThere, { what: `${count} orders of asha`, deadlineMs: 10_000 });
}

/** Each line of `text` as the JSON that it is. */
export function linesOf(text: string): unknown[] {
  const lines = text.split("\n");
  assert.equal(lines.pop(), "", "the last line is a whole one");
  return lines.map((line) => JSON.parse(line));
}

/** Resolves to "http://127.0.0.1:12345"; the server is gone after the test. */
export async function listen(t: TestContext, server: Server): Promise<string> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Who runs writes these before he knows whether he may go on; they say nothing to anybody else. */
const LOCK_FILES = new Set(["instance.lock", "instance.pid"]);

/** Every file below the folder with the hash of its bytes; undefined when there is no such folder. */
export function contentsOf(folder: string): Record<string, string> | undefined {
  if (!existsSync(folder)) return undefined;
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter(
    (entry) => entry.isFile() && !LOCK_FILES.has(entry.name),
  );
  const hashOf = (path: string) => createHash("sha256").update(readFileSync(path)).digest("hex");
  return Object.fromEntries(
    files
      .map(({ parentPath, name }) => join(parentPath, name))
      .sort()
      .map((path) => [path, hashOf(path)]),
  );
}

/** How every fault ends: one message, what to do, exit code 1, nothing on standard output. */
export function assertFault({ code, stdout, stderr }: Ended, message: RegExp, fault: string): void {
  assert.equal(code, 1, stderr);
  assert.equal(stdout, "");
  assert.match(stderr, message);
  const end = new RegExp(`^error: [\\s\\S]+\\nwhat to do: .+ \\[${fault}\\]\\n$`);
  assert.match(stderr, end);
  assert.doesNotMatch(stderr, /^\s+at |unexpected error/m);
}
