/** The token by which commands of this machine are heard by the Tandem that runs on a data folder. */
import { randomBytes } from "node:crypto";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DataFolderFault } from "../platform/instance-lock.ts";

const TOKEN_FILE = "operator.token";
const TOKEN_BYTES = 32;

/** A new one with each start; only this user can read the file. */
export function createOperatorToken(dataDir: string): string {
  const token = randomBytes(TOKEN_BYTES).toString("hex");
  const file = join(dataDir, TOKEN_FILE);
  try {
    // A file that is there already would keep the rights that it has.
    rmSync(file, { force: true });
    writeFileSync(file, `${token}\n`, { mode: 0o600, flag: "wx" });
  } catch (error) {
    throw new DataFolderFault(dataDir, error);
  }
  return token;
}

/** Undefined where there is none, or where this user may not read it. */
export function readOperatorToken(dataDir: string): string | undefined {
  try {
    return readFileSync(join(dataDir, TOKEN_FILE), "utf8").trim();
  } catch {
    return undefined;
  }
}

export function removeOperatorToken(dataDir: string): void {
  rmSync(join(dataDir, TOKEN_FILE), { force: true });
}
