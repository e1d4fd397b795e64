/**
 * A file that lines are added to behind the caller's back.
 *
 * Keeps: the caller never waits and never fails. Lines that cannot be written (a full disk) are
 * dropped, and the next ones are tried anew, so that the log comes back with the space. What is
 * still here when the process exits is written then, once.
 * Does not: use sonic-boom, pino's own: at an exit on a full disk it tries for ever, and a process
 * that hangs there keeps its locks.
 */
import { mkdirSync, openSync, write, writeSync } from "node:fs";
import { dirname } from "node:path";

export interface LogFile {
  write(line: string): void;
}

/** What may wait for a slow disk; more than this is dropped. */
const PENDING_LENGTH_MAX = 4 * 1024 * 1024;

/** Opens or makes it, and throws when that fails. `onFault` is called once for each row of failures. */
export function openLogFile(path: string, onFault: (error: Error) => void = () => {}): LogFile {
  mkdirSync(dirname(path), { recursive: true });
  const fd = openSync(path, "a");
  let pending = "";
  let isWriting = false;
  let isFailing = false;

  function writeOn(bytes: Buffer): void {
    isWriting = true;
    write(fd, bytes, (error, written) => {
      isWriting = false;
      if (error !== null) {
        pending = "";
        if (!isFailing) onFault(error);
        isFailing = true;
        return;
      }
      isFailing = false;
      if (written < bytes.length) writeOn(bytes.subarray(written));
      else begin();
    });
  }

  function begin(): void {
    if (isWriting || pending === "") return;
    const bytes = Buffer.from(pending);
    pending = "";
    writeOn(bytes);
  }

  process.once("exit", () => {
    try {
      if (pending !== "") writeSync(fd, pending);
    } catch {
      // The process is over; there is nobody left to tell.
    }
  });

  return {
    write(line) {
      if (pending.length + line.length <= PENDING_LENGTH_MAX) pending += line;
      begin();
    },
  };
}
