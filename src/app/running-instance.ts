/** The Tandem that runs on a data folder, if one does, as seen from another process. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { z } from "zod";
import { RUN_FILE } from "./data-files.ts";

export interface RunningInstance {
  readonly isRunning: boolean;
  readonly isReady: boolean;
  /** Why it is not ready, as it says itself, or why it cannot be asked. */
  readonly reasons: readonly string[];
}

const LOCK_FILE = "instance.lock";
/** It answers from memory, on this machine. */
const ASK_TIMEOUT_MS = 2_000;

const runFile = z.object({ pid: z.int(), url: z.url(), startedAtMs: z.int() });
const readiness = z.object({
  ready: z.boolean(),
  reasons: z.array(z.string()).default([]),
});

export async function askRunning(dataDir: string): Promise<RunningInstance> {
  if (!isRunningOn(dataDir)) return { isRunning: false, isReady: false, reasons: [] };
  const url = urlOfRunning(dataDir);
  if (url === undefined) return notReady("it has not said yet where it can be asked");
  try {
    const signal = AbortSignal.timeout(ASK_TIMEOUT_MS);
    const reply = await fetch(`${url}/readyz`, { signal });
    const { ready, reasons } = readiness.parse(await reply.json());
    return { isRunning: true, isReady: ready, reasons };
  } catch (error) {
    const text = error instanceof Error ? (error.cause ?? error) : error;
    return notReady(
      `${url}/readyz does not answer: ${text instanceof Error ? text.message : text}`,
    );
  }
}

function notReady(reason: string): RunningInstance {
  return { isRunning: true, isReady: false, reasons: [reason] };
}

/** Where it says that it can be asked; what a killed one has left may be what is found. */
export function urlOfRunning(dataDir: string): string | undefined {
  try {
    return runFile.parse(JSON.parse(readFileSync(join(dataDir, RUN_FILE), "utf8"))).url;
  } catch {
    return undefined;
  }
}

/** Looks without taking: who holds the lock shuts out readers, too (platform/instance-lock.ts). */
export function isRunningOn(dataDir: string): boolean {
  const file = join(dataDir, LOCK_FILE);
  if (!existsSync(file)) return false;
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    database.prepare("SELECT count(*) FROM sqlite_schema").get();
    return false;
  } catch (error) {
    if (error instanceof Error && "errcode" in error && error.errcode === BUSY) return true;
    throw error;
  } finally {
    database.close();
  }
}

/** SQLite's SQLITE_BUSY. */
const BUSY = 5;
