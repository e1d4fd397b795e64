/** A small disk of its own for one test, so that it may be filled to the last byte. */
import { spawnSync } from "node:child_process";
import { closeSync, mkdirSync, openSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import type { TestContext } from "node:test";

export interface SmallDisk extends Disposable {
  readonly folder: string;
  /** Takes all that is left, as another program would, or all but some of it. */
  fill(left?: { readonly butBytes: number }): void;
  /** Gives back what `fill` took. */
  free(): void;
}

const BLOCK_SIZES = [65_536, 4_096, 64] as const;

/**
 * Mounts one at `folder`. Where that is not allowed the test is skipped with a reason and the result is
 * undefined; under CI it fails instead, so that the test is not lost in silence.
 */
export function smallDisk(
  t: TestContext,
  folder: string,
  mebibytes: number,
): SmallDisk | undefined {
  mkdirSync(folder, { recursive: true });
  const mount = ["-t", "tmpfs", "-o", `size=${mebibytes}m`, "tmpfs", folder];
  const { status, stderr, error } = spawnSync("mount", mount, { encoding: "utf8" });
  if (status !== 0) {
    const reason = `no small disk may be mounted here: ${error?.message ?? stderr.trim()}`;
    if (process.env.CI === "true") throw new Error(reason);
    t.skip(reason);
    return undefined;
  }
  const filler = join(folder, "of-another-program");
  return {
    folder,
    fill: ({ butBytes } = { butBytes: 0 }) => {
      const kept = `${filler}-kept`;
      if (butBytes > 0) writeFileSync(kept, Buffer.alloc(butBytes, 1));
      fill(filler);
      rmSync(kept, { force: true });
    },
    free: () => rmSync(filler, { force: true }),
    // Lazily: who still has files open there keeps them until he ends.
    [Symbol.dispose]: () => void spawnSync("umount", ["-l", folder]),
  };
}

function fill(file: string): void {
  const descriptor = openSync(file, "a");
  try {
    for (const size of BLOCK_SIZES) writeUntilFull(descriptor, Buffer.alloc(size, 1));
  } finally {
    closeSync(descriptor);
  }
}

function writeUntilFull(descriptor: number, block: Buffer): void {
  try {
    for (;;) writeSync(descriptor, block);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOSPC") throw error;
  }
}
