import type { Command } from "commander";
import {
  addDataOption,
  addJsonOption,
  type CommandFrame,
  EXIT_FAULT,
  EXIT_OK,
} from "./command-frame.ts";
import { type Follower, followerText, shadowNote } from "./shadow-words.ts";
import { table } from "./table.ts";
import { toneOf, withoutControls } from "./terminal.ts";

export type FollowerState = "in sync" | "catching up" | "out of sync" | "unknown" | "disarmed";

export interface LinkAlarm {
  /** "10:00:00.123", in India. */
  readonly at: string;
  readonly code: string;
  readonly sentence: string;
}

export interface LinkPosition {
  readonly symbol: string;
  readonly product: string;
  /** Signed units that copying opened and has not closed. */
  readonly copiedUnits: number;
  readonly leaderUnits: number;
}

export interface LinkGroupLeg {
  /** "1640.00", in rupees. */
  readonly price: string;
  readonly status: string;
  /** Units that it has taken out. */
  readonly filledUnits: number;
}

/** An entry that is in with exits of its own at the broker. */
export interface LinkGroup {
  readonly leaderOrderId: string;
  readonly symbol: string;
  readonly product: string;
  readonly side: string;
  /** Units that have filled and that no exit leg has taken out. */
  readonly units: number;
  readonly stop?: LinkGroupLeg;
  readonly target?: LinkGroupLeg;
}

/** Why no entries are sent for the follower. */
export interface LinkStop {
  readonly cause: string;
  readonly by: string;
  readonly text: string;
  readonly at: string;
}

/** An entry of today that the broker rejected; it is not asked again by itself. */
export interface LinkParked {
  readonly leaderOrderId: string;
  readonly symbol: string;
  readonly side: string;
  readonly units: number;
  readonly code: string;
  readonly text: string;
  readonly at: string;
  readonly ageMs: number;
}

export interface LinkStatus extends Follower {
  readonly link: string;
  readonly leader: string;
  readonly mode: string;
  readonly state: FollowerState;
  /** Copies that may still need something. */
  readonly openCopies: number;
  /** Child orders that the broker may still fill. */
  readonly openChildOrders: number;
  readonly unknownChildOrders: number;
  /** Copies that wait for something that does not come by itself. */
  readonly heldCopies: number;
  readonly positions: readonly LinkPosition[];
  readonly groups: readonly LinkGroup[];
  readonly stops: readonly LinkStop[];
  readonly parked: readonly LinkParked[];
  readonly alarmsToday: number;
  /** The last one of today. */
  readonly lastAlarm?: LinkAlarm;
  /** What the operator should know; "" when nothing. */
  readonly remark: string;
}

export interface StatusReport {
  /** Whether a Tandem runs on the data at this moment. */
  readonly isRunning: boolean;
  readonly isReady: boolean;
  readonly reasons: readonly string[];
  /** "live", "sandbox", "simulator" or "custom"; "not set" before anything was ever applied. */
  readonly venue: string;
  readonly links: readonly LinkStatus[];
}

/** From the journal, and from the Tandem that runs on the data if one does. */
export type ReadStatus = (request: { readonly dataDir: string }) => Promise<StatusReport>;

interface StatusOptions {
  readonly data: string;
  readonly json?: true;
}

export function addStatusCommand(program: Command, frame: CommandFrame, read: ReadStatus): void {
  const command = program
    .command("status")
    .summary("show how each link stands")
    .description("Shows how each link stands. Exits 0 when Tandem runs and is ready, else 1.");
  addJsonOption(addDataOption(command)).action(async ({ data, json }: StatusOptions) => {
    const report = await read({ dataDir: data });
    if (json) frame.terminal.printJson(report);
    else printStatus(report, frame);
    frame.finish(report.isRunning && report.isReady ? EXIT_OK : EXIT_FAULT);
  });
}

function printStatus(report: StatusReport, { terminal }: CommandFrame): void {
  const { isRunning, isReady, reasons, venue, links } = report;
  const state = isRunning ? (isReady ? "running and ready" : "running, not ready") : "not running";
  terminal.print(`Tandem is ${terminal.paint(isReady ? "good" : "bad", state)} (broker: ${venue})`);
  for (const reason of reasons) terminal.print(`  ${reason}`);
  if (links.length === 0) return;
  const text = table(
    links,
    [
      { header: "link", text: ({ link }) => link, isWhole: true },
      { header: "leader", text: ({ leader }) => leader },
      { header: "follower", text: followerText },
      { header: "mode", text: ({ mode }) => mode, tone: ({ mode }) => toneOf(mode), isWhole: true },
      {
        header: "state",
        text: (link) => link.state,
        tone: (link) => toneOf(link.state),
        isWhole: true,
      },
      { header: "open", text: (link) => String(link.openChildOrders), align: "right" },
      { header: "unknown", text: (link) => String(link.unknownChildOrders), align: "right" },
      { header: "alarms", text: (link) => String(link.alarmsToday), align: "right" },
      { header: "remark", text: ({ remark }) => remark },
    ],
    terminal,
  );
  terminal.print(`\n${text}`);
  const note = shadowNote(links);
  if (note !== undefined) terminal.print(`\n${terminal.paint("attention", note)}`);
  printPositions(links, terminal);
  printGroups(links, terminal);
  printParked(links, terminal);
  printStops(links, terminal);
  for (const { link, alarmsToday, lastAlarm } of links) {
    if (lastAlarm === undefined) continue;
    const { at, code, sentence } = lastAlarm;
    const count = alarmsToday === 1 ? "1 alarm" : `${alarmsToday} alarms, the last`;
    const line = `${link}: ${count} at ${at}: ${withoutControls(sentence)} [${code}]`;
    terminal.print(`\n${terminal.paint("bad", line)}`);
  }
}

function printPositions(links: readonly LinkStatus[], terminal: CommandFrame["terminal"]): void {
  const rows = links.flatMap(({ link, positions }) => positions.map((row) => ({ link, ...row })));
  if (rows.length === 0) return;
  const text = table(
    rows,
    [
      { header: "link", text: ({ link }) => link, isWhole: true },
      { header: "copied position", text: ({ symbol }) => symbol },
      { header: "product", text: ({ product }) => product },
      { header: "units", text: (row) => String(row.copiedUnits), align: "right", isWhole: true },
      { header: "leader", text: (row) => String(row.leaderUnits), align: "right", isWhole: true },
    ],
    terminal,
  );
  terminal.print(`\n${text}`);
}

function printGroups(links: readonly LinkStatus[], terminal: CommandFrame["terminal"]): void {
  const rows = links.flatMap(({ link, groups }) => groups.map((row) => ({ link, ...row })));
  if (rows.length === 0) return;
  const text = table(
    rows,
    [
      { header: "link", text: ({ link }) => link, isWhole: true },
      { header: "group", text: ({ side, symbol }) => `${side} ${symbol}` },
      { header: "units", text: (row) => String(row.units), align: "right", isWhole: true },
      { header: "stop", text: ({ stop }) => legText(stop) },
      { header: "target", text: ({ target }) => legText(target) },
      { header: "leader's order", text: (row) => row.leaderOrderId },
    ],
    terminal,
  );
  terminal.print(`\n${text}`);
}

function printParked(links: readonly LinkStatus[], terminal: CommandFrame["terminal"]): void {
  const rows = links.flatMap(({ link, parked }) => parked.map((row) => ({ link, ...row })));
  if (rows.length === 0) return;
  const text = table(
    rows,
    [
      { header: "link", text: ({ link }) => link, isWhole: true },
      { header: "rejected entry", text: ({ side, units, symbol }) => `${side} ${units} ${symbol}` },
      { header: "leader's order", text: (row) => row.leaderOrderId },
      { header: "age", text: ({ ageMs }) => ageText(ageMs), align: "right", isWhole: true },
      { header: "code", text: ({ code }) => code, isWhole: true },
      { header: "the broker's words", text: (row) => withoutControls(row.text) },
    ],
    terminal,
  );
  terminal.print(`\n${text}`);
}

/** "12 s", "3 min", "2 h". */
function ageText(ageMs: number): string {
  const seconds = Math.max(0, Math.floor(ageMs / 1_000));
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 120 ? `${minutes} min` : `${Math.floor(minutes / 60)} h`;
}

function printStops(links: readonly LinkStatus[], terminal: CommandFrame["terminal"]): void {
  for (const { link, stops } of links) {
    for (const { cause, by, text, at } of stops) {
      const why = withoutControls(`${by}${text === "" ? "" : `: ${text}`}`);
      const line = `${link}: ENTRIES STOPPED (${cause}) since ${at}, by ${why}`;
      terminal.print(`\n${terminal.paint("bad", line)}`);
    }
  }
}

/** "1640.00 working", "1640.00 triggered, 25 out". */
function legText(leg: LinkGroupLeg | undefined): string {
  if (leg === undefined) return "none";
  const { price, status, filledUnits } = leg;
  return filledUnits === 0 ? `${price} ${status}` : `${price} ${status}, ${filledUnits} out`;
}
