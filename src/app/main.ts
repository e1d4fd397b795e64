/** The composition root of the command line: gives every command what it reaches the rest through. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { runProgram } from "../cli/program.ts";
import { createTerminal } from "../cli/terminal.ts";
import { openSqliteJournal } from "../journal/sqlite/journal.ts";
import { systemClock } from "../platform/clock.ts";
import { askYesOrNo } from "./ask-yes-or-no.ts";
import { measureLatency } from "./bench/measure-latency.ts";
import { calendarDay } from "./calendar/calendar-command.ts";
import { JOURNAL_FILE } from "./data-files.ts";
import { playDemo } from "./demo/play-demo.ts";
import { driftFromJournal } from "./drift-command.ts";
import { explainFromJournal } from "./explain-command.ts";
import { setLinkMode } from "./link-mode.ts";
import { previewOrders } from "./preview/preview-command.ts";
import { lookForRepairs } from "./repair-command.ts";
import { applyFile, exportSettings } from "./settings-commands.ts";
import { endWithLauncher, untilStopped } from "./signals.ts";
import { simulateDays } from "./simulate-command.ts";
import { startSimulator } from "./simulator-command.ts";
import { squareOff } from "./square-off.ts";
import { startTandem } from "./start-tandem.ts";
import { statusFromJournal } from "./status-command.ts";
import { stopEntries } from "./stop-entries.ts";

const { env: environment, stdin, stdout, stderr } = process;
const surroundings = { environment, folder: process.cwd() };

// `tandem export | head` closes our output early; that is no fault of anybody.
stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(0);
  throw error;
});

endWithLauncher(environment);

const packageFile = new URL("../../package.json", import.meta.url);
const { version } = JSON.parse(readFileSync(packageFile, "utf8")) as { version: string };

process.exitCode = await runProgram(process.argv.slice(2), {
  version,
  terminal: createTerminal({ stdout, stderr, environment }),
  isDebugging: Boolean(environment.TANDEM_DEBUG),
  untilStopped,
  run: (request) => startTandem(request, surroundings),
  demo: (request) => playDemo(request, surroundings),
  sim: startSimulator,
  apply: (request) => applyFile(request, surroundings),
  export: exportSettings,
  preview: (request) => previewOrders(request, surroundings),
  status: statusFromJournal,
  drift: driftFromJournal,
  stopEntries,
  squareOff,
  setLinkMode,
  repair: { look: lookForRepairs, ...(stdin.isTTY && stdout.isTTY && { ask: askYesOrNo }) },
  explain: explainFromJournal,
  calendar: (request) => calendarDay(request, surroundings, systemClock().nowMs()),
  audit: async (dataDir) =>
    openSqliteJournal({ file: join(dataDir, JOURNAL_FILE), readOnly: true }),
  bench: measureLatency,
  simulate: simulateDays,
});
