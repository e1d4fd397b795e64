/** What `tandem run` does: settings, journal, accounts and desk, put together and taken apart again. */
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Auditor } from "../audit/auditor.ts";
import type { RunningTandem, RunRequest } from "../cli/run.ts";
import type { InstrumentKey } from "../core/model/ids.ts";
import type { StepContext } from "../core/plan/draft.ts";
import { systemClock } from "../platform/clock.ts";
import { sha256Bytes } from "../platform/hash.ts";
import { DataFolderFault, lockDataFolder } from "../platform/instance-lock.ts";
import { createLogger } from "../platform/logger.ts";
import { createRedactor, type Redactor } from "../platform/redact.ts";
import type { Clock } from "../ports/clock.ts";
import type { Journal } from "../ports/journal.ts";
import type { Logger } from "../ports/logger.ts";
import { Desk } from "../runtime/desk.ts";
import { startHealthServer } from "../server/health.ts";
import type { OperatorDoor } from "../server/operator.ts";
import { applyToRunning } from "./apply-running.ts";
import { calendarRemarks, loadCalendar } from "./calendar/load-calendar.ts";
import { carryOut, carryOutMode, flatnessOf, inTime } from "./carry-out.ts";
import { carryOutRepairs, offersOf, type RepairParts } from "./carry-out-repair.ts";
import type { Credentials } from "./config/credentials.ts";
import { linksOf } from "./config/links-of.ts";
import { loadConfig } from "./config/load-config.ts";
import type { BrokerSettings, Settings } from "./config/settings.ts";
import { type SettingsAtStart, settingsAtStart } from "./config/settings-at-start.ts";
import { applySettings } from "./config/settings-log.ts";
import { sourceOf } from "./config/settings-origin.ts";
import { LOG_FILE, RUN_FILE } from "./data-files.ts";
import { loadFreezeTable } from "./freeze-table.ts";
import { loadInstruments, withFreezeLimits } from "./instruments.ts";
import { OpenAccounts } from "./open-accounts.ts";
import { openRecord } from "./open-record.ts";
import { operatorName } from "./operator-name.ts";
import { createOperatorToken, removeOperatorToken } from "./operator-token.ts";
import { PromiseWatch } from "./promise-watch.ts";
import { readMetrics } from "./read-metrics.ts";
import { rehearse } from "./rehearsal.ts";
import type { Surroundings } from "./settings-commands.ts";
import { areAllShadows, markShadows, shadowRemarks, shadowsOf } from "./shadow/shadow-remarks.ts";
import { tellAlarms } from "./tell-alarms.ts";

const LOG_LEVELS = ["debug", "info", "warn", "error"] as const;

/**
 * Resolves as soon as health is served; arming goes on behind it. Everything that can be wrong with
 * the configuration, the data folder or the port is found before anything is changed or sent.
 */
export async function startTandem(
  request: RunRequest,
  { environment, folder }: Surroundings,
): Promise<RunningTandem> {
  const { configFile: file, dataDir, isReplacing } = request;
  const { credentials, warnings, ...loaded } = loadConfig({
    environment,
    folder,
    ...(file === undefined ? {} : { file }),
  });
  await using undo = new AsyncDisposableStack();
  const clock = systemClock();
  undo.use(lockDataFolder(request.dataDir));
  const status: Status = { settings: loaded.settings };
  const token = createOperatorToken(request.dataDir);
  undo.defer(() => removeOperatorToken(request.dataDir));
  const door = { token, ...doorOf(status, clock, () => ({ journal, ...market })) };
  const health = undo.use(await serveHealth(request, status, door));
  const redactor = redactorOf(credentials);
  redactor.register(token);
  const record = undo.use(openRecord({ dataDir, clock }));
  const { journal } = record;
  const source = sourceOf(file, folder);
  const chosen = await settingsAtStart({ journal, ...loaded, source, isReplacing });
  const { settings } = chosen;
  status.settings = settings;
  const { remarks, ...market } = await readMarket(request, settings.broker, clock);
  const logger = openLog(request, { environment, redactor, clock, settings });
  for (const remark of remarks) logger.warn("market.remark", { remark });
  const disk = await record.watchDisk(logger);
  await takeSettings(chosen, { journal, clock, logger });
  const links = linksOf(settings);
  const house = { links, journal, clock, logger, ...market };
  const opened = await OpenAccounts.open({ settings, credentials, dataDir, ...house });
  const { accounts } = undo.use(opened);
  const ended = Promise.withResolvers<void>();
  await rehearse();
  const given = { ...house, accounts };
  const watch = undo.use(new PromiseWatch({ ...given, secrets: credentials.secretValues() }));
  status.auditor = watch.auditor;
  const desk = await Desk.start({
    ...given,
    ...watch.ports,
    sha256: sha256Bytes,
    onLost: (error) => {
      status.lost = error.message;
      ended.reject(error);
    },
  });
  status.desk = desk;
  disk.guard(desk);
  watch.guard(desk);
  let takeBack = () => {};
  undo.defer(async () => {
    await desk.stop();
    takeBack();
  });
  takeBack = announce(request.dataDir, health.url, clock);
  logger.info("tandem.started", { url: health.url, links: settings.links.length });
  const held = undo.move();
  return {
    url: health.url,
    remarks: [...remarksOn(settings), ...chosen.remarks, ...warnings, ...remarks],
    ended: ended.promise,
    async stop() {
      await held.disposeAsync();
      logger.info("tandem.stopped");
    },
  };
}

interface Records {
  readonly journal: Journal;
  readonly clock: Clock;
  readonly logger: Logger;
}

async function takeSettings(
  { settings, origin, remarks }: SettingsAtStart,
  { journal, clock, logger }: Records,
): Promise<void> {
  const appliedBy = operatorName();
  await applySettings({ journal, settings, appliedBy, ...(origin && { origin }), clock });
  for (const remark of remarks) logger.warn("settings.remark", { remark });
}

interface Status {
  desk?: Desk;
  lost?: string;
  auditor?: Auditor;
  /** Those that it runs with. */
  settings: Settings;
}

function serveHealth({ port, host }: RunRequest, status: Status, door: OperatorDoor) {
  return startHealthServer({
    port,
    host,
    readiness: () => readinessOf(status),
    metrics: () => readMetrics(status.desk, status.auditor, linksOf(status.settings)),
    door,
  });
}

function readinessOf({ desk, lost }: { desk?: Desk; lost?: string }) {
  if (lost !== undefined) return { ready: false, reasons: [lost] };
  if (desk === undefined) return { ready: false, reasons: ["starting"] };
  const { isReady, reasons } = desk.readiness();
  return { ready: isReady, reasons };
}

/** Known once Tandem has started. */
interface House extends Pick<StepContext, "instrument"> {
  readonly journal: Journal;
}

/** What a person at this machine is answered by. */
function doorOf(status: Status, clock: Clock, house: () => House): Omit<OperatorDoor, "token"> {
  const parts: RepairParts = {
    clock,
    symbolOf: (key) => house().instrument(key)?.symbol ?? key,
    isShadow: (account) => shadowsOf(status.settings).includes(account),
  };
  return {
    apply: (order) =>
      inTime(status.desk, clock, async (desk) => {
        const now = status.settings;
        const asked = { ...order, desk, journal: house().journal, clock, now };
        const change = await applyToRunning(asked);
        status.settings = change.settings;
        const { isChanged, seq, lines } = change;
        return { isChanged, seq, lines };
      }),
    carryOut: (order) => carryOut(status.desk, order, clock),
    setMode: (order) => carryOutMode(status.desk, order, clock),
    flatness: (some) => flatnessOf(status.desk, some, status.settings.accounts),
    repairOffers: ({ link }) => offersOf(status.desk, link, parts),
    repair: (asked) => carryOutRepairs(status.desk, asked, parts),
  };
}

function redactorOf(credentials: Credentials): Redactor {
  const redactor = createRedactor();
  for (const secret of credentials.secretValues()) redactor.register(secret);
  for (const clientId of credentials.clientIds()) redactor.registerClientId(clientId);
  return redactor;
}

/** What was published of the market: contracts with their limits, and when they trade. */
async function readMarket(
  { dataDir, signal }: RunRequest,
  { instruments, freezeTable, calendar, calendarFile }: BrokerSettings,
  clock: Clock,
) {
  const table = loadFreezeTable(freezeTable);
  const sessions = calendar === "market" ? loadCalendar(calendarFile).calendar : undefined;
  const loaded = await loadInstruments(instruments, dataDir, signal);
  const nowMs = clock.nowMs();
  const { byKey, remarks } = withFreezeLimits(loaded, table, nowMs);
  return {
    instrument: (key: InstrumentKey) => byKey.get(key),
    ...(sessions && { calendar: sessions }),
    remarks: [...(sessions ? calendarRemarks(sessions, nowMs) : []), ...remarks],
  };
}

interface LogOptions extends Pick<Surroundings, "environment"> {
  readonly redactor: Redactor;
  readonly clock: Clock;
  readonly settings: Settings;
}

/** What a person must act on is told on the terminal, too; what is about a shadow says so. */
function openLog(
  { dataDir, tell }: RunRequest,
  { environment, redactor, clock, settings }: LogOptions,
): Logger {
  const log = openLogFile(dataDir, environment.TANDEM_LOG_LEVEL, redactor);
  const told = tellAlarms(log, { tell: (line) => tell?.(redactor.redact(line)), clock });
  return markShadows(told, shadowsOf(settings));
}

function openLogFile(dataDir: string, level: string | undefined, redactor: Redactor): Logger {
  const destination = join(dataDir, LOG_FILE);
  try {
    return createLogger({
      level: LOG_LEVELS.find((known) => known === level) ?? "info",
      destination,
      redactor,
      onFault: ({ message }) => {
        process.stderr.write(
          `${destination} cannot be written (${message}); lines are lost until it can\n`,
        );
      },
    });
  } catch (error) {
    throw new DataFolderFault(dataDir, error);
  }
}

/** Returns what takes it back. */
function announce(dataDir: string, url: string, clock: Clock): () => void {
  const file = join(dataDir, RUN_FILE);
  const running = { pid: process.pid, url, startedAtMs: clock.nowMs() };
  try {
    writeFileSync(file, `${JSON.stringify(running)}\n`);
  } catch (error) {
    throw new DataFolderFault(dataDir, error);
  }
  return () => rmSync(file, { force: true });
}

/** Where orders go, and whose do not. */
function remarksOn(settings: Settings): readonly string[] {
  return [venueRemark(settings), ...shadowRemarks(settings)];
}

function venueRemark(settings: Settings): string {
  const { host } = new URL(settings.broker.restUrl);
  if (areAllShadows(settings)) return `broker: ${host}, where no order will be sent`;
  return host === "api.dhan.co"
    ? "LIVE: this copies orders with real money"
    : `broker: ${host} (not the live one)`;
}
