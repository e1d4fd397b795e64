import type { StreamAppend } from "../../../ports/journal.ts";
import type { PlantBug } from "./planted.ts";

/** As a disk's cache that is written out now and then. */
const WRITTEN_AFTER_MS = 500;

/**
 * An append is acknowledged before it is on disk. What a process leaves behind when it dies does not
 * get there: its journal takes nothing any more.
 */
export const skipFsync: PlantBug = ({ clock }) => ({
  journal(disk) {
    let cached: StreamAppend[] = [];
    const lost = () => {};
    const write = () => {
      const appends = cached;
      cached = [];
      disk.append(appends).catch(lost);
    };
    return {
      ...disk,
      async append(appends) {
        if (cached.length === 0) clock.schedule(WRITTEN_AFTER_MS, write);
        cached.push(...appends);
        return appends.map(({ expectedSeq, entries }) => expectedSeq + entries.length);
      },
    };
  },
});
