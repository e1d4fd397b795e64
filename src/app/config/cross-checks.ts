/**
 * What no single key can tell: whether the parts of a configuration fit together.
 *
 * Works on the data as written and skips what is misshapen, so that these problems are listed
 * together with those of the schema and not one run later.
 */
import { maskClientId } from "../../platform/redact.ts";
import { expected } from "./fields.ts";
import { findCycles } from "./find-cycles.ts";
import { nearest } from "./nearest.ts";
import { type Path, pathText } from "./path.ts";
import type { Problem } from "./problem.ts";
import { ACCESS_TOKEN, CLIENT_ID } from "./schema.ts";
import type { Source } from "./source.ts";

type Row = Readonly<Record<string, unknown>>;

export function crossChecks(source: Source): Problem[] {
  const accounts = rowsOf(source.data, "accounts");
  const links = rowsOf(source.data, "links");
  const ids = accounts.map((account) => textOf(account.id));
  const found = [
    ...repeated("accounts", ids, "id", (id) => `"${id}" is already the name`),
    ...repeated("accounts", accounts.map(clientIdOf), "clientId", (clientId) => {
      return `the client id ${maskClientId(clientId)} is already that`;
    }),
    ...repeated("accounts", accounts.map(egressOf), "egress", () => {
      return "the broker ties an address to one client, and this one is already that";
    }),
    ...repeated(
      "links",
      links.map((link) => textOf(link.id)),
      "id",
      (id) => {
        return `"${id}" is already the name`;
      },
    ),
    ...repeated("links", links.map(pairOf), "follower", (pair) => `${pair} is already the pair`),
    ...accounts.flatMap(missingAccess),
    ...links.flatMap((link, index) => linkEnds(link, index, ids)),
    ...links.flatMap((link, index) => shadowLeader(link, index, accounts)),
    ...links.flatMap(unboundedLeast),
    ...cycles(links),
  ];
  return found.map(({ path, message }) => ({ ...source.placeOf(path), message }));
}

interface Finding {
  readonly path: Path;
  readonly message: string;
}

/** A finding for each value that stood earlier in the list already. */
function repeated(
  list: string,
  values: readonly (string | undefined)[],
  key: string,
  say: (value: string) => string,
): Finding[] {
  const first = new Map<string, number>();
  return values.flatMap((value, index) => {
    if (value === undefined) return [];
    const earlier = first.get(value);
    if (earlier === undefined) {
      first.set(value, index);
      return [];
    }
    return [{ path: [list, index, key], message: `${say(value)} of ${pathText([list, earlier])}` }];
  });
}

const ACCESS = [
  ["clientId", CLIENT_ID],
  ["accessToken", ACCESS_TOKEN],
] as const;

/** What an account that trades cannot be without; a shadow may be without both. */
function missingAccess(account: Row, index: number): Finding[] {
  const missing = ACCESS.filter(([key]) => account[key] === undefined);
  const isShadow = isShadowRow(account);
  if (isShadow && missing.length !== 1) return [];
  const why = isShadow ? "; a shadow has both clientId and accessToken, or neither" : "";
  return missing.map(([key, what]) => ({
    path: ["accounts", index, key],
    message: `${expected(what)}, found nothing${why}`,
  }));
}

/** What a shadow does has happened nowhere: there is nothing in it to be copied. */
function shadowLeader(link: Row, index: number, accounts: readonly Row[]): Finding[] {
  const leader = accounts.find((account) => textOf(account.id) === textOf(link.leader));
  if (leader === undefined || !isShadowRow(leader)) return [];
  const message = `"${leader.id}" is a shadow; its orders are on paper and cannot be copied`;
  return [{ path: ["links", index, "leader"], message }];
}

function isShadowRow({ shadow }: Row): boolean {
  return shadow !== undefined && shadow !== null && shadow !== false && shadow !== "false";
}

function linkEnds(link: Row, index: number, ids: readonly (string | undefined)[]): Finding[] {
  const { leader, follower } = link;
  const known = ids.filter((id) => id !== undefined);
  const unknown = (["leader", "follower"] as const).flatMap((key): Finding[] => {
    const id = textOf(link[key]);
    if (id === undefined || known.includes(id)) return [];
    const guess = nearest(id, known);
    const hint = guess === undefined ? "" : `; did you mean "${guess}"?`;
    return [{ path: ["links", index, key], message: `no account is named "${id}"${hint}` }];
  });
  if (leader !== follower || textOf(leader) === undefined) return unknown;
  const message = `"${leader}" cannot follow itself`;
  return [...unknown, { path: ["links", index, "follower"], message }];
}

/** What is raised to a lot is largest for the smallest account: it must have an end. */
function unboundedLeast(link: Row, index: number): Finding[] {
  const [sizing, guards] = [rowOf(link.sizing), rowOf(link.guards)];
  if (sizing.minLots === undefined) return [];
  if (sizing.maxQuantity !== undefined || guards.maxOrderValue !== undefined) return [];
  const message =
    "raises small copies, so it needs an end beside it: sizing.maxQuantity or guards.maxOrderValue";
  return [{ path: ["links", index, "sizing", "minLots"], message }];
}

/** Of any mode: a paused link may be set to active while Tandem runs. */
function cycles(links: readonly Row[]): Finding[] {
  const edges = links.flatMap((link, index) => {
    const [from, to] = [textOf(link.leader), textOf(link.follower)];
    return from === undefined || to === undefined || from === to ? [] : [{ from, to, index }];
  });
  return findCycles(edges).map(({ nodes, closedBy }) => ({
    path: ["links", closedBy.index],
    message: `links must not form a cycle: ${nodes.join(" -> ")}`,
  }));
}

function pairOf(link: Row): string | undefined {
  const [leader, follower] = [textOf(link.leader), textOf(link.follower)];
  return leader === undefined || follower === undefined ? undefined : `${leader} -> ${follower}`;
}

function clientIdOf({ clientId }: Row): string | undefined {
  return typeof clientId === "number" ? String(clientId) : textOf(clientId);
}

function egressOf({ egress }: Row): string | undefined {
  if (typeof egress !== "object" || egress === null) return undefined;
  const { localAddress, proxy } = egress as Row;
  return textOf(localAddress) ?? textOf(proxy);
}

function rowsOf(data: unknown, list: string): readonly Row[] {
  const rows = typeof data === "object" && data !== null ? (data as Row)[list] : undefined;
  if (!Array.isArray(rows)) return [];
  return rows.map(rowOf);
}

function rowOf(value: unknown): Row {
  return typeof value === "object" && value !== null ? (value as Row) : {};
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
