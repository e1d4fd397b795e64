/** The demo as it happens: redrawn in place on a terminal, a line for each change elsewhere. */
import type { DemoCopy, DemoOrder, DemoScreen } from "./demo-model.ts";
import { table } from "./table.ts";
import { type Terminal, type Tone, withoutControls } from "./terminal.ts";

export function silentScreen(): DemoScreen {
  const nothing = () => {};
  return { say: nothing, scene: nothing, show: nothing, endScene: nothing };
}

/** In a narrower terminal rows would run over, and drawing over them would go wrong. */
const COLUMNS_MIN = 80;

/** For a terminal that can draw over its lines; anything else, and a narrow one, get lines alone. */
export function createDemoScreen(terminal: Terminal): DemoScreen {
  const { columns, canRedraw } = terminal;
  const isPlace = canRedraw && columns >= COLUMNS_MIN;
  return isPlace ? placeScreen(terminal) : lineScreen(terminal, []);
}

/** One line for each change. `known` are orders that were shown before. */
export function lineScreen(terminal: Terminal, known: readonly DemoOrder[]): DemoScreen {
  const shown = new Map<string, string>();
  for (const line of known.flatMap(linesOf)) shown.set(line.about, line.key);
  return {
    say: (line) => terminal.print(line),
    scene: (title, about) => printTitle(terminal, title, about),
    show: (orders) => {
      for (const { about, key, text, tone } of orders.flatMap(linesOf)) {
        if (shown.get(about) === key) continue;
        shown.set(about, key);
        terminal.print(terminal.paint(tone, text));
      }
    },
    endScene: () => {},
  };
}

function printTitle(terminal: Terminal, title: string, about: string): void {
  terminal.print(`\n${terminal.paint("strong", title)}\n${terminal.paint("quiet", about)}`);
}

interface Line {
  /** What the line is about: one order of one account. */
  readonly about: string;
  /** Changes when the line is worth printing again. */
  readonly key: string;
  readonly text: string;
  readonly tone: Tone;
}

/** On their way from one state to the next within milliseconds. */
const PASSING = new Set<string>(["waiting", "prepared", "sending", "transit", "accepted"]);

function linesOf(order: DemoOrder): Line[] {
  const { number, leaderOrder } = order;
  const name = `#${number}`.padEnd(4);
  const state = stateText(order.state, order.filled);
  const head: Line = {
    about: name,
    key: `${leaderOrder}${state}`,
    text: `${name}leader  ${withoutControls(leaderOrder).padEnd(32)}  ${state}`.trimEnd(),
    tone: "strong",
  };
  const isNews = !PASSING.has(order.state);
  return [...(isNews ? [head] : []), ...order.copies.flatMap((copy) => copyLine(name, copy))];
}

function copyLine(name: string, copy: DemoCopy): Line[] {
  const { follower, childOrder, state } = copy;
  if (PASSING.has(state)) return [];
  const reason = state === "working" || state === "part-filled" ? "" : reasonText(copy);
  const shown = stateText(state, copy.filled);
  const ms = copy.ms === undefined ? "" : `${copy.ms} ms`;
  const parts = [follower.padEnd(6), childOrder.padEnd(32), shown.padEnd(12), ms.padStart(8)];
  const text = `${name}${parts.join("  ")}  ${withoutControls(reason)}`.trimEnd();
  return [
    {
      about: name + follower,
      key: `${childOrder}${shown}${reason}${ms === ""}`,
      text,
      tone: "quiet",
    },
  ];
}

/** More orders than this are shown as one row for each follower. */
const ORDERS_SHOWN_MAX = 2;

/** Redraws the scene's rows over themselves. */
function placeScreen(terminal: Terminal): DemoScreen {
  let drawn: readonly string[] = [];
  let isFresh = true;
  let isOver = true;
  let firstNumber = 1;
  let lastNumber = 0;
  return {
    say: (line) => terminal.print(line),
    scene: (title, about) => {
      firstNumber = lastNumber + 1;
      isFresh = true;
      isOver = false;
      printTitle(terminal, title, about);
    },
    show: (orders) => {
      if (isOver) return;
      lastNumber = orders.at(-1)?.number ?? 0;
      const own = orders.filter(({ number }) => number >= firstNumber);
      if (own.length === 0) return;
      const lines = own.length > ORDERS_SHOWN_MAX ? crowd(own, terminal) : rows(own, terminal);
      if (!isFresh && lines.join() === drawn.join()) return;
      // Up over what was drawn last, and clear from there to the end of the screen.
      const back = isFresh ? "" : `\x1b[${drawn.length}A\x1b[0J`;
      terminal.print(back + lines.join("\n"));
      drawn = lines;
      isFresh = false;
    },
    endScene: () => {
      isOver = true;
    },
  };
}

/** Under each leader order, what every follower has of it. */
function rows(orders: readonly DemoOrder[], terminal: Terminal): string[] {
  const copies = orders.flatMap((order) => order.copies);
  const [head = "", ...body] = table(
    copies,
    [
      { header: "  follower", text: ({ follower }) => `  ${follower}`, isWhole: true },
      { header: "child order", text: ({ childOrder }) => childOrder || "-", isWhole: true },
      {
        header: "state",
        text: ({ state, filled }) => stateText(state, filled),
        tone: ({ state }) => toneOf(state),
        isWhole: true,
      },
      { header: "ms", text: ({ ms }) => (ms === undefined ? "" : `${ms}`), align: "right" },
      { header: "reason", text: reasonText, tone: () => "quiet" },
    ],
    terminal,
  ).split("\n");
  const groups = orders.map((order) => {
    const { number, leaderOrder, state, filled } = order;
    const text = withoutControls(`#${number} ${leaderOrder}`);
    return [
      `${terminal.paint("strong", text)}  ${stateText(state, filled)}`,
      ...body.splice(0, order.copies.length),
    ];
  });
  return [head, ...groups.flat()];
}

interface Crowd {
  readonly follower: string;
  readonly copies: readonly DemoCopy[];
}

/** Many orders at once: how many of each follower's copies are where. */
function crowd(orders: readonly DemoOrder[], terminal: Terminal): string[] {
  const byFollower = Map.groupBy(
    orders.flatMap((order) => order.copies),
    ({ follower }) => follower,
  );
  const crowds = [...byFollower].map(([follower, copies]): Crowd => ({ follower, copies }));
  const [head = "", ...body] = table(
    crowds,
    [
      { header: "  follower", text: ({ follower }) => `  ${follower}`, isWhole: true },
      { header: "copies", text: ({ copies }) => tally(copies.map(({ state }) => state)) },
      { header: "ms", text: ({ copies }) => msRange(copies), align: "right", isWhole: true },
    ],
    terminal,
  ).split("\n");
  const [first, last] = [orders[0], orders.at(-1)];
  const text = `#${first?.number} to #${last?.number}  ${first?.leaderOrder ?? ""} and so on`;
  const states = tally(orders.map(({ state }) => state));
  return [head, `${terminal.paint("strong", withoutControls(text))}  ${states}`, ...body];
}

/** "7 filled, 3 cancelled" */
function tally(states: readonly string[]): string {
  return [...Map.groupBy(states, (state) => state)]
    .map(([state, members]) => `${members.length} ${state}`)
    .join(", ");
}

function msRange(copies: readonly DemoCopy[]): string {
  const all = copies.map(({ ms }) => ms).filter((ms) => ms !== undefined);
  if (all.length === 0) return "";
  const [least, most] = [Math.min(...all), Math.max(...all)];
  return least === most ? `${least}` : `${least} to ${most}`;
}

function stateText(state: string, filled: number): string {
  const isPart = state !== "filled" && filled > 0;
  return isPart ? `${state}, ${filled} filled` : state;
}

/** The broker's own words without the order's number in them, else the code of ours. */
function reasonText({ reason, explanation }: DemoCopy): string {
  return explanation === "" ? reason : explanation.replace(/^RMS:\d+:/, "");
}

const TONES: Readonly<Record<string, Tone>> = {
  filled: "good",
  working: "strong",
  "part-filled": "strong",
  cancelled: "quiet",
  skipped: "attention",
  held: "attention",
  rejected: "attention",
  unknown: "bad",
  "not sent": "bad",
};

function toneOf(state: string): Tone {
  return TONES[state] ?? "quiet";
}
