/** What `tandem demo` does: a simulated broker, a Tandem as it is shipped, a day, and its check. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { request } from "undici";
import type { DemoDay, DemoRequest } from "../../cli/demo.ts";
import type { DemoDifference, DemoScreen, PlayedDemo } from "../../cli/demo-model.ts";
import type { RunningTandem } from "../../cli/run.ts";
import { openSqliteJournal, type SqliteJournal } from "../../journal/sqlite/journal.ts";
import { createSimulator, type Listening, type Simulator } from "../../simulator/index.ts";
import { JOURNAL_FILE } from "../data-files.ts";
import type { Surroundings } from "../settings-commands.ts";
import { startTandem } from "../start-tandem.ts";
import { FOLLOWERS, LEADER, ruleText } from "./cast.ts";
import { configText, createAccounts } from "./desk-settings.ts";
import { JournalView } from "./journal-view.ts";
import { LEADER_DAY, type Scene } from "./leader-day.ts";
import { LEGS_DAY } from "./legs-day.ts";
import { remarks } from "./remarks.ts";
import { DayInterrupted, Stage } from "./stage.ts";

export interface DemoExtras {
  /** For tests: may change the broker's books behind everybody's back before they are checked. */
  readonly beforeCheck?: (simulator: Simulator) => void;
  /** For tests: another day. */
  readonly day?: readonly Scene[];
}

const DAYS: Readonly<Record<DemoDay, readonly Scene[]>> = { plain: LEADER_DAY, legs: LEGS_DAY };

const READY_MS_MAX = 20_000;
const READY_LOOK_MS = 50;
const WATCH_MS = 150;

export async function playDemo(
  { day, port, screen, signal }: DemoRequest,
  { environment }: Pick<Surroundings, "environment">,
  extras: DemoExtras = {},
): Promise<PlayedDemo> {
  const startedMs = performance.now();
  await using undo = new AsyncDisposableStack();
  const desk = await openDesk(undo, port, environment.TANDEM_LOG_LEVEL);
  const { simulator, listening, running, journal } = desk;
  screen.say(`A simulated broker listens at ${listening.restUrl}; no account is needed.`);
  const names = FOLLOWERS.map(({ name }) => name);
  const view = new JournalView(journal, LEADER.name, names);
  const stage = new Stage({ simulator, view, onLook: () => screen.show(view.orders()), signal });
  let burst: PlayedDemo["burst"] = [0, 0];
  const interruption = await whyInterrupted(async () => {
    await ready(running, signal);
    screen.say(`Tandem copies one leader to ${FOLLOWERS.length} followers:\n${castText()}`);
    // Slow from now on: a slow start would only be waited for.
    for (const { clientId, replyMs } of FOLLOWERS) simulator.changeAccount({ clientId, replyMs });
    burst = await play(extras.day ?? DAYS[day], stage, screen);
  });
  extras.beforeCheck?.(simulator);
  const differences = [...interruption, ...(await everyDifference(stage, journal))];
  // What went wrong can be looked into afterwards.
  desk.isKept = differences.length > 0 && !signal.aborted;
  const found = await findings(stage, journal);
  const watching = new AbortController();
  const held = undo.move();
  return {
    followers: FOLLOWERS.map((each) => ({ name: each.name, rule: ruleText(each) })),
    orders: view.orders(),
    differences,
    findings: desk.isKept ? [...found, `Journal and log are kept in ${desk.dataDir}`] : found,
    burst,
    elapsedMs: Math.round(performance.now() - startedMs),
    remarks: remarks(running, listening, desk.dataDir, stage),
    watch: (after) => watch(view, after, watching.signal),
    async stop() {
      watching.abort();
      await held.disposeAsync();
    },
  };
}

interface DemoDesk {
  readonly simulator: Simulator;
  readonly listening: Listening;
  readonly running: RunningTandem;
  readonly journal: SqliteJournal;
  readonly dataDir: string;
  /** The folder outlives the demo. */
  isKept: boolean;
}

/** A broker on a free port, and a Tandem on it that was started as every other is. */
async function openDesk(
  undo: AsyncDisposableStack,
  port: number,
  logLevel: string | undefined,
): Promise<DemoDesk> {
  const folder = mkdtempSync(join(tmpdir(), "tandem-demo-"));
  undo.defer(() => {
    if (!desk?.isKept) rmSync(folder, { recursive: true, force: true });
  });
  let desk: DemoDesk | undefined;
  const simulator = createSimulator();
  undo.defer(() => simulator.close());
  const listening = await simulator.listen({ port: 0 });
  const tokens = createAccounts(simulator);
  const configFile = join(folder, "tandem.yaml");
  writeFileSync(configFile, configText(listening));
  const dataDir = join(folder, "data");
  const running = await startTandem(
    { configFile, dataDir, port, host: "127.0.0.1" },
    { environment: { TANDEM_LOG_LEVEL: logLevel, ...tokens }, folder },
  );
  undo.defer(() => running.stop());
  const journal = openSqliteJournal({ file: join(dataDir, JOURNAL_FILE), readOnly: true });
  undo.use(journal);
  desk = { simulator, listening, running, journal, dataDir, isKept: false };
  return desk;
}

/** At the broker, and in the journal itself. */
async function everyDifference(stage: Stage, journal: SqliteJournal): Promise<DemoDifference[]> {
  await stage.look();
  const breaks = await journal.verify();
  const broken = breaks.map(({ stream, seq, problem }) => {
    return { account: "journal", text: `${stream}#${seq}: ${problem}` };
  });
  return [...stage.differences(), ...broken];
}

/** Waits until Tandem says of itself that every link is armed. */
async function ready({ url, ended }: RunningTandem, signal: AbortSignal): Promise<void> {
  const patience = AbortSignal.any([signal, AbortSignal.timeout(READY_MS_MAX)]);
  const lost = ended.then(() => Promise.reject(new DayInterrupted("Tandem has ended")));
  for (;;) {
    const { statusCode, body } = await Promise.race([request(`${url}/readyz`), lost]);
    const answer = await body.text();
    if (statusCode === 200) return;
    if (patience.aborted) throw new DayInterrupted(`Tandem did not get ready: ${answer}`);
    await delay(READY_LOOK_MS);
  }
}

/** A line for each follower. */
function castText(): string {
  const lines = FOLLOWERS.map((follower) => {
    const { name, about } = follower;
    return `  ${name.padEnd(6)}  ${ruleText(follower).padEnd(9)}  ${about}`.trimEnd();
  });
  const legend = "ms: from Tandem seeing the leader's order to the broker's answer for the copy";
  return [...lines, legend].join("\n");
}

/** Returns the numbers of the first and the last order of the burst. */
async function play(
  day: readonly Scene[],
  stage: Stage,
  screen: DemoScreen,
): Promise<readonly [number, number]> {
  let burst: readonly [number, number] = [0, 0];
  for (const [index, { title, about, isBurst, play: act }] of day.entries()) {
    screen.scene(`${index + 1}/${day.length}  ${title}`, about);
    const before = stage.expected.orders().length;
    await act(stage);
    await stage.answered();
    if (isBurst) burst = [before + 1, stage.expected.orders().length];
    screen.endScene();
  }
  return burst;
}

/** Why the day was not played out; nothing when it was. */
async function whyInterrupted(act: () => Promise<void>): Promise<DemoDifference[]> {
  try {
    await act();
    return [];
  } catch (error) {
    if (!(error instanceof DayInterrupted)) throw error;
    return [{ account: "demo", text: `the day was not played out: ${error.message}` }];
  }
}

async function findings(stage: Stage, journal: SqliteJournal): Promise<string[]> {
  const orders = stage.expected.orders();
  const copies = orders.flatMap((order) => [...order.copies.values()]);
  const children = copies.filter(({ child }) => child !== undefined).length;
  const streams = await journal.streams();
  const seqs = await Promise.all(streams.map((stream) => journal.lastSeq(stream)));
  const entries = seqs.reduce((sum, seq) => sum + seq, 0);
  return [
    `${orders.length} leader orders for ${FOLLOWERS.length} followers: ${children} child orders, ` +
      `${copies.length - children} reasons for none.`,
    "Held against the broker's own books: terms, fills and end of every order, every",
    "position, nothing besides, and no more calls a second than the broker allows.",
    `The journal has ${entries} entries, each chained to the one before by its hash.`,
  ];
}

async function watch(view: JournalView, screen: DemoScreen, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await view.refresh();
    screen.show(view.orders());
    await delay(WATCH_MS);
  }
}
