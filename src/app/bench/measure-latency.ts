/** What `tandem bench` does: Tandem and the bare relay in turn, against one simulated broker. */
import { type ChildProcess, fork, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { stringify } from "yaml";
import type { BenchReport, BenchRequest, BenchRow, Rhythm } from "../../cli/bench.ts";
import { RUN_FILE } from "../data-files.ts";

import { arrivals, latencyOf, passagesOf } from "./figures.ts";
import { type BrokerQuestion, SIDES, type Side, type Stage, type Stamp } from "./stage.ts";

const READY_MS_MAX = 60_000;
/** How long an order may take to reach everybody before the run is given up. */
const ARRIVAL_MS_MAX = 30_000;
const BURST = 10;
/** Leader orders at the start of a row that are not counted: code is compiled, connections open. */
const WARM_UP = 5;
/** Rest after a burst: Tandem keeps to the broker's ten orders a second. */
const BURST_REST_MS = 2_300;
const PACE_MS = 130;

interface Case {
  readonly followers: number;
  readonly restMs: number;
  readonly orders: number;
  readonly rhythm: Rhythm;
  readonly hasTransitFrames: boolean;
}

/** Rejects when any order did not reach every follower exactly once. */
export async function measureLatency(request: BenchRequest): Promise<BenchReport> {
  const { orders, hasTransitFrames } = request;
  const cases = request.followers.flatMap((followers) =>
    request.restMs.flatMap((restMs) =>
      request.rhythms.map(
        (rhythm): Case => ({ followers, restMs, rhythm, orders, hasTransitFrames }),
      ),
    ),
  );
  const rows: BenchRow[] = [];
  let rssMb = 0;
  for (const [index, wanted] of cases.entries()) {
    const { followers, restMs, rhythm } = wanted;
    request.tell(
      `${index + 1}/${cases.length}: ${followers} followers, broker ${restMs} ms, ${rhythm}`,
    );
    const measured = await measureCase(wanted);
    rows.push(measured.row);
    rssMb = Math.max(rssMb, measured.rssMb);
  }
  return { rows, rssMb };
}

async function measureCase(wanted: Case): Promise<{ row: BenchRow; rssMb: number }> {
  const folder = mkdtempSync(join(tmpdir(), "tandem-bench-"));
  const children: ChildProcess[] = [];
  try {
    const broker = fork(script("broker-process.ts"), [
      String(wanted.followers),
      String(wanted.restMs),
      wanted.hasTransitFrames ? "transit-frames" : "no-transit-frames",
    ]);
    children.push(broker);
    const { stage } = await message<{ stage: Stage }>(broker);
    const relay = fork(script("bare-relay.ts"), [JSON.stringify(stage)]);
    children.push(relay);
    await message(relay);
    const tandem = startTandemProcess(stage, folder);
    children.push(tandem);
    await untilReady(folder, tandem);
    const row = await play(wanted, stage, broker);
    return { row, rssMb: residentMb(tandem) };
  } finally {
    for (const child of children.reverse()) await ended(child);
    rmSync(folder, { recursive: true, force: true });
  }
}

function script(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url));
}

/** The shipped program with a configuration file, as anybody would run it. */
function startTandemProcess(stage: Stage, folder: string): ChildProcess {
  const { leader, followers } = stage.tandem;
  const named = [leader, ...followers].map((account, index) => ({
    id: index === 0 ? "leader" : `f${index}`,
    ...account,
    relation: index === 0 ? "self" : "spouse",
  }));
  const config = {
    broker: {
      restUrl: stage.restUrl,
      orderUpdateUrl: stage.orderUpdateUrl,
      instruments: stage.instrumentsUrl,
      calendar: "always-open",
    },
    accounts: named,
    links: named.slice(1).map(({ id }) => ({
      id: `leader-${id}`,
      leader: "leader",
      follower: id,
      sizing: { kind: "multiplier", value: 1 },
    })),
  };
  const file = join(folder, "tandem.yaml");
  writeFileSync(file, stringify(config));
  const args = ["run", "--config", file, "--data", join(folder, "data"), "--port", "0"];
  const main = fileURLToPath(new URL("../main.ts", import.meta.url));
  return spawn(process.execPath, [main, ...args], { stdio: "ignore" });
}

async function untilReady(folder: string, tandem: ChildProcess): Promise<void> {
  await until(READY_MS_MAX, "Tandem to be ready", async () => {
    if (tandem.exitCode !== null) throw new Error(`Tandem ended with ${tandem.exitCode}`);
    try {
      const { url } = JSON.parse(readFileSync(join(folder, "data", RUN_FILE), "utf8"));
      return (await fetch(`${url}/readyz`)).ok;
    } catch {
      return false;
    }
  });
}

async function play(wanted: Case, stage: Stage, broker: ChildProcess): Promise<BenchRow> {
  const { followers, restMs, orders, rhythm } = wanted;
  const prices: Record<Side, number[]> = { tandem: [], relay: [] };
  let tick = 0;
  const lead = (side: Side): void => {
    tick += 1;
    const price = (30_000 + tick) / 20;
    prices[side].push(price);
    ask(broker, { kind: "lead", side, price });
  };
  const group = rhythm === "burst" ? BURST : 1;
  const rounds = Math.ceil((orders + (rhythm === "burst" ? BURST : WARM_UP)) / group);
  for (let round = 0; round < rounds; round += 1) {
    // Whoever goes first changes from round to round.
    for (const side of round % 2 === 0 ? SIDES : SIDES.toReversed()) {
      const from = prices[side].length;
      for (let count = 0; count < group; count += 1) lead(side);
      const sent = prices[side].slice(from);
      await pause(rhythm === "burst" ? BURST_REST_MS : PACE_MS);
      await until(ARRIVAL_MS_MAX, `${side} to serve all followers`, async () => {
        const stamps = await stampsOf(broker);
        return arrivals(stage[side], sent, stamps) >= sent.length * followers;
      });
    }
  }
  const stamps = await stampsOf(broker);
  const counted = (side: Side) => passagesOf(stage[side], prices[side].slice(-orders), stamps);
  const tandem = latencyOf(counted("tandem"));
  const bareRelay = latencyOf(counted("relay"));
  const ratio = tandem.lastMs.p50 / bareRelay.lastMs.p50;
  const ratioLastP50 = Math.round(ratio * 100) / 100;
  return { followers, restMs, rhythm, orders, tandem, bareRelay, ratioLastP50 };
}

function ask(broker: ChildProcess, question: BrokerQuestion): void {
  broker.send(question);
}

async function stampsOf(broker: ChildProcess): Promise<readonly Stamp[]> {
  const answer = message<{ stamps: Stamp[] }>(broker);
  ask(broker, { kind: "stamps" });
  return (await answer).stamps;
}

function message<T>(child: ChildProcess): Promise<T> {
  return new Promise((resolve, reject) => {
    const onExit = (code: number | null) => reject(new Error(`a process ended with ${code}`));
    child.once("exit", onExit);
    child.once("message", (value) => {
      child.off("exit", onExit);
      resolve(value as T);
    });
  });
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  if (child.connected) child.disconnect();
  else child.kill("SIGTERM");
  await gone;
}

async function until(
  deadlineMs: number,
  what: string,
  isSo: () => Promise<boolean>,
): Promise<void> {
  const startedMs = performance.now();
  while (!(await isSo())) {
    if (performance.now() - startedMs > deadlineMs) throw new Error(`waited in vain for ${what}`);
    await pause(20);
  }
}

function pause(delayMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, delayMs));
}

/** Resident memory, where the system tells it. */
function residentMb({ pid }: ChildProcess): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    const kib = Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0);
    return Math.round(kib / 102.4) / 10;
  } catch {
    return 0;
  }
}
