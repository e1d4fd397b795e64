/** What `tandem simulate` prints for people. */
import type { ManyDays, OneDay, ReducedDay } from "./simulate-model.ts";
import { table } from "./table.ts";
import { type Terminal, withoutControls } from "./terminal.ts";

const BROKEN_SHOWN_MAX = 20;
const LINES_A_DAY_MAX = 3;

export function printOneDay(day: OneDay, terminal: Terminal): void {
  const { seed, broken, traceHash, events, virtualMs, commit, reduced } = day;
  const seconds = Math.round(virtualMs / 1_000);
  const version = commit === undefined ? "" : ` at commit ${commit}`;
  terminal.print(`seed ${seed}${version}: ${events} events in ${seconds} s, trace ${traceHash}`);
  if (reduced !== undefined) printStory(reduced, terminal);
  if (broken.length === 0) terminal.print(terminal.paint("good", "every promise was kept"));
  else {
    terminal.print(terminal.paint("bad", "broken:"));
    for (const text of broken) terminal.print(`  ${clean(text)}`);
  }
}

function printStory({ story, replay, runs, broken }: ReducedDay, terminal: Terminal): void {
  terminal.print(`\nthe smallest such day that ${runs} runs have found (times in IST):\n`);
  for (const line of story) {
    const isBreach = / BROKEN /.test(line);
    terminal.print(isBreach ? terminal.paint("bad", clean(line)) : clean(line));
  }
  terminal.print(`\nit breaks:`);
  for (const text of broken) terminal.print(`  ${clean(text)}`);
  terminal.print(`\nto play it again:\n  ${replay}\n`);
}

export function printManyDays(days: ManyDays, terminal: Terminal): void {
  const { brokenDays, byCheck, faults } = days;
  for (const { seed, broken, replay } of brokenDays.slice(0, BROKEN_SHOWN_MAX)) {
    terminal.print(`${terminal.paint("bad", `seed ${seed}`)}  ${replay}`);
    for (const text of broken.slice(0, LINES_A_DAY_MAX)) terminal.print(`  ${clean(text)}`);
  }
  const hidden = brokenDays.length - BROKEN_SHOWN_MAX;
  if (hidden > 0) terminal.print(`and ${hidden} more broken days`);
  printCounts("check", Object.entries(byCheck), terminal);
  printFaults(faults, terminal);
  terminal.print(verdict(days, terminal));
}

function clean(text: string): string {
  return text.split("\n").map(withoutControls).join("\n    ");
}

function printCounts(
  header: string,
  rows: readonly (readonly [string, number])[],
  terminal: Terminal,
): void {
  if (rows.length === 0) return;
  const sorted = rows.toSorted(([, a], [, b]) => b - a);
  terminal.print("");
  terminal.print(
    table(
      sorted,
      [
        { header, text: ([name]) => name, isWhole: true },
        { header: "broken days", text: ([, count]) => String(count), align: "right" },
      ],
      terminal,
    ),
  );
}

function printFaults(faults: ManyDays["faults"], terminal: Terminal): void {
  const rows = Object.entries(faults).sort(([a], [b]) => (a < b ? -1 : 1));
  if (rows.length === 0) return;
  const text = table(
    rows,
    [
      { header: "fault", text: ([kind]) => kind, isWhole: true },
      { header: "happened", text: ([, { happened }]) => String(happened), align: "right" },
      {
        header: "met an order in flight",
        text: ([, { metOrder }]) => String(metOrder),
        align: "right",
      },
    ],
    terminal,
  );
  terminal.print(`\n${text}`);
}

function verdict(result: ManyDays, { paint }: Terminal): string {
  const { days, asked, brokenDays, from, msPerDay, tracesHash, commit } = result;
  const last = from + asked - 1;
  const what =
    brokenDays.length === 0
      ? paint("good", "0 broken")
      : paint("bad", `${brokenDays.length} broken`);
  const version = commit === undefined ? "" : `, commit ${commit}`;
  const stopped = days < asked ? `, stopped after ${days}` : "";
  const figures = `${msPerDay.toFixed(0)} ms a day${version}`;
  return `\n${asked} days (seeds ${from} to ${last})${stopped}: ${what}; ${figures}\ntraces ${tracesHash}`;
}

const PROGRESS_LINES_MAX = 20;
const PROGRESS_DRAWS_MAX = 1_000;
/** One line up, and it is empty. */
const DRAW_OVER = "\u001b[1A\u001b[2K";

/** One line that is drawn over; where that cannot be, a few lines, as a log needs them. */
export function progressLine(
  terminal: Terminal,
  count: number,
): (done: number, brokenDays: number) => void {
  const { canRedraw } = terminal;
  const step = Math.ceil(count / (canRedraw ? PROGRESS_DRAWS_MAX : PROGRESS_LINES_MAX));
  let isFirst = true;
  return (done, brokenDays) => {
    if (done % step !== 0 && done !== count) return;
    const text = `${done} of ${count} days, ${brokenDays} broken`;
    terminal.remark(canRedraw && !isFirst ? DRAW_OVER + text : text);
    isFirst = false;
  };
}
