/**
 * Space on the disk that is kept for the moment in which there is none left: a file of no content that
 * can be given back at once.
 *
 * Keeps: what is laid up is really there (bytes that no file system can press together or leave out,
 * synced), or nothing of it is. Does not: keep others from taking the space once it is given back.
 */
import { randomFillSync } from "node:crypto";
import { rmSync } from "node:fs";
import { type FileHandle, open, rm, stat, statfs } from "node:fs/promises";
import { dirname } from "node:path";

export interface DiskReserveOptions {
  /** Path of the file. Its folder must exist. */
  readonly file: string;
  readonly bytes: number;
}

export interface DiskReserve {
  /**
   * Lays it up where it is not; resolves to whether it is there. It is not while the disk has less than
   * twice as much free, or cannot be written to.
   */
  lay(): Promise<boolean>;
  /** Gives all of it back to the disk before it returns. False when there was nothing to give. */
  spend(): boolean;
}

const CHUNK_BYTES = 1024 * 1024;

export function diskReserve({ file, bytes }: DiskReserveOptions): DiskReserve {
  let isLaid = false;
  return {
    async lay() {
      isLaid ||= (await isWhole(file, bytes)) || (await write(file, bytes));
      return isLaid;
    },
    spend() {
      if (!isLaid) return false;
      isLaid = false;
      rmSync(file, { force: true });
      return true;
    },
  };
}

/** A file of another size was left by a start that did not get far, or by another version. */
async function isWhole(file: string, bytes: number): Promise<boolean> {
  const size = await stat(file).then(
    (found) => found.size,
    () => undefined,
  );
  if (size === bytes) return true;
  if (size !== undefined) await rm(file, { force: true });
  return false;
}

async function write(file: string, bytes: number): Promise<boolean> {
  let handle: FileHandle | undefined;
  try {
    const { bavail, bsize } = await statfs(dirname(file));
    if (bavail * bsize < 2 * bytes) return false;
    handle = await open(file, "w", 0o600);
    const chunk = randomFillSync(new Uint8Array(Math.min(CHUNK_BYTES, bytes)));
    for (let left = bytes; left > 0; left -= chunk.byteLength) {
      await handle.writeFile(left < chunk.byteLength ? chunk.subarray(0, left) : chunk);
    }
    await handle.sync();
    return true;
  } catch {
    await rm(file, { force: true });
    return false;
  } finally {
    await handle?.close();
  }
}
