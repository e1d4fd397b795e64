import assert from "node:assert/strict";
import { test } from "node:test";
import { silentLogger } from "../platform/logger.ts";
import { manualClock } from "../platform/manual-clock.ts";
import { DiskWatch, type StoppableDesk } from "./disk-watch.ts";

/** A disk that has room or not, and a desk that tells what it was asked for. */
async function watched({ hasRoom }: { hasRoom: boolean }) {
  const disk = { hasRoom, isLaid: false };
  const asked: string[] = [];
  const alarms: string[] = [];
  const clock = manualClock(0);
  const desk: StoppableDesk = {
    stopEntries: async (cause, by, text) => {
      asked.push(`stop ${cause} by ${by}: ${text}`);
      return [];
    },
    allowEntries: async (cause, by) => {
      asked.push(`allow ${cause} by ${by}`);
      return [];
    },
  };
  const reserve = {
    lay: async () => {
      disk.isLaid ||= disk.hasRoom;
      return disk.isLaid;
    },
    spend: () => {
      const wasLaid = disk.isLaid;
      disk.isLaid = false;
      return wasLaid;
    },
  };
  const logger = { ...silentLogger(), error: (event: string) => alarms.push(event) };
  const watch = await DiskWatch.begin({ dataDir: "/nowhere", clock, logger, reserve });
  watch.guard(desk);
  const pass = async (ms: number) => {
    clock.advance(ms);
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { watch, disk, asked, alarms, pass };
}

test("with room, what a full disk had stopped in the run before flows again", async () => {
  const { watch, asked, alarms } = await watched({ hasRoom: true });
  assert.deepEqual(asked, ["allow disk by tandem"]);
  assert.deepEqual(alarms, []);
  assert.equal(watch.problem, undefined);
});

test("a full disk stops entries at once, and gives the journal its reserve once", async () => {
  const { watch, disk, asked, alarms } = await watched({ hasRoom: true });
  disk.hasRoom = false;
  assert.equal(watch.makeRoom(), true);
  assert.match(asked.at(-1) ?? "", /^stop disk by tandem: the disk of the data folder is full/);
  assert.match(watch.problem ?? "", /is full/);
  assert.deepEqual(alarms, ["disk.full"]);
  assert.equal(watch.makeRoom(), false);
  assert.equal(asked.length, 2);
});

test("entries flow again when the reserve could be laid up again, and not before", async () => {
  const { watch, disk, asked, pass } = await watched({ hasRoom: true });
  disk.hasRoom = false;
  watch.makeRoom();
  await pass(10_000);
  assert.equal(asked.length, 2);
  disk.hasRoom = true;
  await pass(2_000);
  assert.equal(asked.at(-1), "allow disk by tandem");
  assert.equal(watch.problem, undefined);
  assert.equal(watch.makeRoom(), true);
});

test("a start without room for the reserve begins with entries stopped", async () => {
  const { watch, asked, alarms } = await watched({ hasRoom: false });
  assert.match(asked.join(), /^stop disk by tandem: .*has no room for the reserve/);
  assert.deepEqual(alarms, ["disk.full"]);
  assert.equal(watch.makeRoom(), false);
});

test("a watch that is over looks no more", async () => {
  const { watch, disk, asked, pass } = await watched({ hasRoom: false });
  watch[Symbol.dispose]();
  disk.hasRoom = true;
  await pass(60_000);
  assert.equal(asked.length, 1);
});
