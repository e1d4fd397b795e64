/**
 * One Tandem for each data folder.
 *
 * The lock is SQLite's own: an exclusive transaction, held open on a file of its own. On Linux and
 * macOS that is an fcntl lock and on Windows LockFileEx, so the system drops it with the process,
 * SIGKILL included, and no stale lock is ever left to be cleaned up by hand. A file with a pid in it
 * was the other candidate: pids are used again, their start times are read differently on each
 * system, and two processes can find the same stale file and both take it.
 *
 * Does not: work on a network file system whose locks are not real.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { AppError } from "./fault.ts";

/** The folder cannot be made, or not be written to. */
export class DataFolderFault extends AppError {
  override readonly name = "DataFolderFault";
  constructor(folder: string, cause: unknown) {
    const text = cause instanceof Error ? cause.message : String(cause);
    super({
      code: "DATA_FOLDER_UNUSABLE",
      message: `${folder} cannot be used as the data folder: ${text}`,
      remedy: "Name a folder with --data that the user running Tandem may make and write to.",
      cause,
    });
  }
}

/** Somebody else runs on this data folder. */
export class DataLockedFault extends AppError {
  override readonly name = "DataLockedFault";
  constructor(folder: string, holder: string, cause: unknown) {
    super({
      code: "DATA_LOCKED",
      message: `${folder} is in use by another Tandem (${holder})`,
      remedy: "Stop the other one first, or start this one with another --data folder.",
      cause,
    });
  }
}

export interface InstanceLock extends Disposable {
  release(): void;
}

/** Keeps the connections alive: one that were collected as garbage would take its lock with it. */
const held = new Set<DatabaseSync>();

/** `tandem status` looks whether the lock is held, which takes microseconds; an owner stays. */
const BUSY_TIMEOUT_MS = 100;

/**
 * Takes the folder (made if it is missing) for this process. Throws a DataLockedFault when it is
 * taken, and a DataFolderFault when it cannot be used at all.
 */
export function lockDataFolder(folder: string): InstanceLock {
  const holderFile = join(folder, "instance.pid");
  let database: DatabaseSync | undefined;
  try {
    mkdirSync(folder, { recursive: true });
    database = new DatabaseSync(join(folder, "instance.lock"), { timeout: BUSY_TIMEOUT_MS });
    database.exec("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE");
    // For the other's message only; the lock does not depend on it.
    writeFileSync(holderFile, `process ${process.pid}\n`);
  } catch (error) {
    database?.close();
    if (isBusy(error)) throw new DataLockedFault(folder, readHolder(holderFile), error);
    throw new DataFolderFault(folder, error);
  }
  return hold(database);
}

function hold(database: DatabaseSync): InstanceLock {
  held.add(database);
  const release = () => {
    if (held.delete(database)) database.close();
  };
  return { release, [Symbol.dispose]: release };
}

/** SQLite's SQLITE_BUSY. */
const BUSY = 5;

function isBusy(error: unknown): boolean {
  return error instanceof Error && "errcode" in error && error.errcode === BUSY;
}

function readHolder(file: string): string {
  try {
    return readFileSync(file, "utf8").trim();
  } catch {
    return "unknown process";
  }
}
