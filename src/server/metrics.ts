/**
 * What is counted while Tandem runs, as Prometheus reads it. Answered to this machine alone, since it
 * names accounts and links.
 */
import type { FastifyInstance } from "fastify";
import { Counter, Gauge, Registry } from "prom-client";
import { isOfThisMachine, refuse } from "./operator.ts";

export const FEED_STATES = ["starting", "gap", "proved", "refused", "stopped"] as const;

export interface CheckMetric {
  readonly check: string;
  /** "P1" to "P10". */
  readonly promise: string;
  readonly performed: number;
  readonly breaches: number;
}

export interface AccountMetric {
  readonly account: string;
  readonly feed: (typeof FEED_STATES)[number];
  /** Absent where the account does not follow. */
  readonly follower?: {
    /** Orders and changes of unknown outcome. */
    readonly unknown: number;
    readonly openCopies: number;
    /** Commands that wait for the rate budget. */
    readonly waiting: number;
    readonly isStopped: boolean;
  };
}

export interface Metrics {
  readonly isReady: boolean;
  readonly checks: readonly CheckMetric[];
  /** Times that a check itself has failed. */
  readonly checkFaults: number;
  readonly links: readonly { readonly link: string; readonly isReady: boolean }[];
  readonly accounts: readonly AccountMetric[];
}

type Label = "check" | "promise" | "link" | "account" | "state";

/** One row of the page: its labels and its value. */
type Row = readonly [Partial<Record<Label, string>>, number];

interface Figure {
  readonly name: string;
  readonly help: string;
  readonly labelNames: readonly Label[];
  readonly isCounter?: true;
  readonly rows: (metrics: Metrics) => readonly Row[];
}

const FIGURES: readonly Figure[] = [
  {
    name: "tandem_audit_checks_total",
    help: "Times that a check of a promise has looked at something",
    labelNames: ["promise", "check"],
    isCounter: true,
    rows: ({ checks }) =>
      checks.map(({ promise, check, performed }) => [{ promise, check }, performed]),
  },
  {
    name: "tandem_audit_breaches_total",
    help: "Times that a promise was found broken since the start",
    labelNames: ["promise", "check"],
    isCounter: true,
    rows: ({ checks }) =>
      checks.map(({ promise, check, breaches }) => [{ promise, check }, breaches]),
  },
  {
    name: "tandem_audit_faults_total",
    help: "Times that a check itself has failed",
    labelNames: [],
    isCounter: true,
    rows: ({ checkFaults }) => [[{}, checkFaults]],
  },
  {
    name: "tandem_ready",
    help: "1 while every active link is armed and its entries flow",
    labelNames: [],
    rows: ({ isReady }) => [[{}, Number(isReady)]],
  },
  {
    name: "tandem_link_ready",
    help: "1 while the link acts on new orders of its leader",
    labelNames: ["link"],
    rows: ({ links }) => links.map(({ link, isReady }) => [{ link }, Number(isReady)]),
  },
  {
    name: "tandem_feed_state",
    help: "1 for the state in which the account's feed is",
    labelNames: ["account", "state"],
    rows: ({ accounts }) =>
      accounts.flatMap(({ account, feed }) =>
        FEED_STATES.map((state): Row => [{ account, state }, Number(state === feed)]),
      ),
  },
  followerFigure("tandem_orders_unknown", "Orders and changes of unknown outcome", "unknown"),
  followerFigure("tandem_copies_open", "Copies that may still need something", "openCopies"),
  followerFigure("tandem_commands_waiting", "Commands that wait for the rate budget", "waiting"),
  {
    name: "tandem_entries_stopped",
    help: "1 while no entries are sent for the account",
    labelNames: ["account"],
    rows: ({ accounts }) =>
      accounts.flatMap(({ account, follower }): Row[] =>
        follower === undefined ? [] : [[{ account }, Number(follower.isStopped)]],
      ),
  },
];

function followerFigure(
  name: string,
  help: string,
  what: "unknown" | "openCopies" | "waiting",
): Figure {
  const rows = ({ accounts }: Metrics) =>
    accounts.flatMap(({ account, follower }): Row[] =>
      follower === undefined ? [] : [[{ account }, follower[what]]],
    );
  return { name, help, labelNames: ["account"], rows };
}

/** `read` is asked at each request; cheap, and never throws. */
export function addMetricsRoute(server: FastifyInstance, read: () => Metrics): void {
  server.get("/metrics", async (request, reply) => {
    if (!isOfThisMachine(request)) return refuse(reply, 403, "NOT_LOCAL");
    const registry = new Registry();
    const metrics = read();
    for (const figure of FIGURES) register(registry, figure, metrics);
    return reply
      .header("content-type", registry.contentType)
      .header("cache-control", "no-store")
      .send(await registry.metrics());
  });
}

function register(registry: Registry, figure: Figure, metrics: Metrics): void {
  const { name, help, labelNames, isCounter, rows } = figure;
  const given = { name, help, labelNames, registers: [registry] };
  const found = isCounter ? new Counter<Label>(given) : new Gauge<Label>(given);
  for (const [labels, value] of rows(metrics)) found.inc(labels, value);
}
