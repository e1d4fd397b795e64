/** The command line: which commands there are, and how any of them ends. */
import { Command, CommanderError } from "commander";
import { type ApplyFile, addApplyCommand } from "./apply.ts";
import { addAuditCommand, type OpenAuditJournal } from "./audit.ts";
import { addBenchCommand, type MeasureLatency } from "./bench.ts";
import { addBreakerCommand } from "./breaker.ts";
import { addCalendarCommand, type ReadCalendarDay } from "./calendar.ts";
import { type CommandFrame, EXIT_OK, EXIT_USAGE } from "./command-frame.ts";
import { addDemoCommand, type PlayDemo } from "./demo.ts";
import { addDriftCommand, type ReadDriftReport } from "./drift.ts";
import { addExplainCommand, type ExplainOrder } from "./explain.ts";
import { addExportCommand, type ReadSettings } from "./export.ts";
import { addKillCommand, type StopEntries } from "./kill.ts";
import { addLinkModeCommands, type SetLinkMode } from "./link-mode.ts";
import { addPreviewCommand, type PreviewOrders } from "./preview.ts";
import { addRepairCommand, type RepairParts } from "./repair.ts";
import { reportError } from "./report-error.ts";
import { addRunCommand, type StartTandem } from "./run.ts";
import { addSimCommand, type StartSimulator } from "./sim.ts";
import { addSimulateCommand } from "./simulate.ts";
import type { SimulateDays } from "./simulate-model.ts";
import { addSquareOffCommand, type SquareOff } from "./square-off.ts";
import { addStatusCommand, type ReadStatus } from "./status.ts";
import type { Terminal } from "./terminal.ts";

/** All that commands reach the rest of Tandem through. */
export interface ProgramParts {
  readonly version: string;
  readonly terminal: Terminal;
  readonly isDebugging: boolean;
  readonly untilStopped: () => Promise<void>;
  readonly run: StartTandem;
  readonly demo: PlayDemo;
  readonly sim: StartSimulator;
  readonly apply: ApplyFile;
  readonly export: ReadSettings;
  readonly preview: PreviewOrders;
  readonly status: ReadStatus;
  readonly drift: ReadDriftReport;
  readonly stopEntries: StopEntries;
  readonly squareOff: SquareOff;
  readonly setLinkMode: SetLinkMode;
  readonly repair: RepairParts;
  readonly explain: ExplainOrder;
  readonly calendar: ReadCalendarDay;
  readonly audit: OpenAuditJournal;
  readonly bench: MeasureLatency;
  readonly simulate: SimulateDays;
}

/**
 * Runs one command line (without the program's own name) to its end and returns the exit code: 0
 * it succeeded, 1 it did not, 2 it was not understood. Never throws.
 */
export async function runProgram(args: readonly string[], parts: ProgramParts): Promise<number> {
  const { terminal, isDebugging, untilStopped } = parts;
  let exitCode = EXIT_OK;
  const finish = (code: number) => {
    exitCode = code;
  };
  try {
    const program = createProgram(parts, { terminal, untilStopped, finish });
    if (args.length === 0) program.outputHelp();
    else await program.parseAsync([...args], { from: "user" });
    return exitCode;
  } catch (error) {
    // Commander has printed its own message already; help and version come this way too.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT_OK : EXIT_USAGE;
    return reportError(error, { terminal, isDebugging });
  }
}

function createProgram(parts: ProgramParts, frame: CommandFrame): Command {
  const { terminal } = parts;
  const program = new Command("tandem")
    .description("Copies the orders of one DhanHQ account to others, and can prove what it did.")
    .version(parts.version, "-v, --version")
    .exitOverride()
    .showHelpAfterError("Run it with --help to see what it takes.")
    .configureHelp({ showGlobalOptions: false, sortSubcommands: false })
    .configureOutput({
      writeOut: (text) => terminal.print(text.trimEnd()),
      writeErr: (text) => terminal.remark(text.trimEnd()),
      getOutHelpWidth: () => Math.min(terminal.columns, 100),
      getErrHelpWidth: () => Math.min(terminal.columns, 100),
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    });
  addRunCommand(program, frame, parts.run);
  addDemoCommand(program, frame, parts.demo);
  addSimCommand(program, frame, parts.sim);
  addApplyCommand(program, frame, parts.apply);
  addExportCommand(program, frame, parts.export);
  addPreviewCommand(program, frame, parts.preview);
  addStatusCommand(program, frame, parts.status);
  addDriftCommand(program, frame, parts.drift);
  addKillCommand(program, frame, parts.stopEntries);
  addSquareOffCommand(program, frame, parts.squareOff);
  addLinkModeCommands(program, frame, parts.setLinkMode);
  addRepairCommand(program, frame, parts.repair);
  addBreakerCommand(program, frame, parts.stopEntries);
  addExplainCommand(program, frame, parts.explain);
  addCalendarCommand(program, frame, parts.calendar);
  addAuditCommand(program, frame, parts.audit);
  addBenchCommand(program, frame, parts.bench);
  addSimulateCommand(program, frame, parts.simulate);
  program.addHelpText(
    "after",
    "\nExit codes: 0 it succeeded, 1 it did not, 2 it was not understood.\n" +
      "TANDEM_DEBUG=1 shows stacks; NO_COLOR=1 turns colours off.",
  );
  return program;
}
