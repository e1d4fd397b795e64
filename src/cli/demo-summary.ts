/** The day on one page: what everybody got of every leader order, and whether that is right. */
import { SKIP_CODES } from "../core/model/reason.ts";
import type { DemoCopy, DemoOrder, PlayedDemo } from "./demo-model.ts";
import { type Column, table } from "./table.ts";
import { type Terminal, withoutControls } from "./terminal.ts";

export function printDemoSummary(demo: PlayedDemo, terminal: Terminal): void {
  const { differences, findings, elapsedMs } = demo;
  terminal.print(`\n${terminal.paint("strong", "The day: units that each has got")}`);
  terminal.print(unitsTable(demo, terminal));
  terminal.print(terminal.paint("quiet", legend(demo.orders)));
  terminal.print(`\n${terminal.paint("strong", "From the leader's order to the broker's answer")}`);
  terminal.print(latencyTable(demo, terminal));
  terminal.print("");
  for (const finding of findings) terminal.print(finding);
  for (const { account, leaderOrderId, text } of differences) {
    const order = demo.orders.find((each) => each.leaderOrderId === leaderOrderId);
    const about = order === undefined ? (leaderOrderId ?? "") : `#${order.number} ${order.brief}: `;
    terminal.print(terminal.paint("bad", withoutControls(`  ${account}: ${about}${text}`)));
  }
  const seconds = (elapsedMs / 1_000).toFixed(1);
  const [tone, verdict] =
    differences.length === 0
      ? (["good", `every copy converged (${seconds} s)`] as const)
      : ([
          "bad",
          `not every copy converged: ${counted(differences.length, "difference")}`,
        ] as const);
  terminal.print(terminal.paint(tone, verdict));
}

function unitsTable({ followers, orders }: PlayedDemo, terminal: Terminal): string {
  const perFollower = followers.map(({ name }): Column<DemoOrder> => {
    return {
      header: name,
      text: ({ copies }) => cell(copies.find(({ follower }) => follower === name)),
      align: "right",
      isWhole: true,
    };
  });
  const columns: Column<DemoOrder>[] = [
    { header: "#", text: ({ number }) => `${number}`, align: "right", isWhole: true },
    { header: "leader order", text: ({ brief }) => brief },
    { header: "leader", text: leaderCell, align: "right", isWhole: true },
    ...perFollower,
  ];
  return table(orders, columns, terminal);
}

/** Short enough for a column; the legend has them in words. */
const MARKS: Readonly<Record<string, string>> = {
  "child-rejected": "rej",
  "entries-stopped": "stop",
  "nothing-to-exit": "none",
  "below-one-lot": "lot",
  "leader-rejected": "-",
};

function leaderCell({ state, filled }: DemoOrder): string {
  return state === "rejected" ? "rej" : `${filled}`;
}

function cell(copy: DemoCopy | undefined): string {
  if (copy === undefined) return "?";
  if (copy.reason !== "") return MARKS[copy.reason] ?? copy.reason;
  return copy.childOrder === "" ? "?" : `${copy.filled}`;
}

function legend(orders: readonly DemoOrder[]): string {
  const used = new Set(orders.flatMap(({ copies }) => copies.map(({ reason }) => reason)));
  return Object.entries(MARKS)
    .filter(([code]) => used.has(code))
    .map(
      ([code, mark]) => `${mark.padEnd(4)} ${code}: ${SKIP_CODES[code as keyof typeof SKIP_CODES]}`,
    )
    .join("\n");
}

function latencyTable({ followers, orders, burst }: PlayedDemo, terminal: Terminal): string {
  const [first, last] = burst;
  const isOfBurst = ({ number }: DemoOrder) => number >= first && number <= last;
  const rows = followers.map(({ name, rule }) => ({
    name,
    rule,
    alone: sortedMs(
      name,
      orders.filter((order) => !isOfBurst(order)),
    ),
    together: sortedMs(name, orders.filter(isOfBurst)),
  }));
  return table(
    rows,
    [
      { header: "follower", text: ({ name }) => name },
      { header: "rule", text: ({ rule }) => rule },
      { header: "median", text: ({ alone }) => msText(alone[alone.length >> 1]), align: "right" },
      { header: "slowest", text: ({ alone }) => msText(alone.at(-1)), align: "right" },
      { header: "burst, first", text: ({ together }) => msText(together[0]), align: "right" },
      { header: "burst, last", text: ({ together }) => msText(together.at(-1)), align: "right" },
    ],
    terminal,
  );
}

function sortedMs(follower: string, orders: readonly DemoOrder[]): number[] {
  return orders
    .flatMap(({ copies }) => copies.filter((copy) => copy.follower === follower))
    .map(({ ms }) => ms)
    .filter((ms) => ms !== undefined)
    .sort((a, b) => a - b);
}

function msText(ms: number | undefined): string {
  return ms === undefined ? "-" : `${ms} ms`;
}

function counted(count: number, what: string): string {
  return count === 1 ? `1 ${what}` : `${count} ${what}s`;
}
