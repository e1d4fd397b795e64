/** What changes from one set of settings to the next, as lines for the operator. */
import { rupeesOf } from "./amounts.ts";
import { guardsText } from "./guards.ts";
import { venueOf } from "./presets.ts";
import type {
  AccountSettings,
  BrokerSettings,
  LinkSettings,
  SecretSource,
  Settings,
} from "./settings.ts";
import { sizingText } from "./sizing.ts";

/**
 * One line for each thing added, removed or changed; none when nothing changed. `before` is absent
 * for the first settings of a data folder.
 */
export function describeChange(before: Settings | undefined, after: Settings): readonly string[] {
  return [
    ...brokerChange(before?.broker, after.broker),
    ...changedItems("account", named(before?.accounts, accountFields), {
      items: named(after.accounts, accountFields),
      summaryOf: accountSummary,
    }),
    ...changedItems("link", named(before?.links, linkFields), {
      items: named(after.links, linkFields),
      summaryOf: ({ leader, follower, sizing, mode }) =>
        `${leader} -> ${follower}, ${sizing}, ${mode}`,
    }),
  ];
}

/** Labels as an operator says them, to values as he reads them. */
type Fields = Readonly<Record<string, string>>;

interface Change {
  readonly items: ReadonlyMap<string, Fields>;
  /** What to say of an item that was not there before. */
  readonly summaryOf: (fields: Fields) => string;
}

function changedItems(
  what: string,
  before: ReadonlyMap<string, Fields>,
  { items, summaryOf }: Change,
): string[] {
  const removed = [...before.keys()].filter((id) => !items.has(id));
  const kept = [...items].flatMap(([id, fields]) => {
    const earlier = before.get(id);
    if (earlier === undefined) return [`${what} ${id}: added (${summaryOf(fields)})`];
    return changedFields(`${what} ${id}`, earlier, fields);
  });
  return [...removed.map((id) => `${what} ${id}: removed`), ...kept];
}

function changedFields(what: string, before: Fields, after: Fields): string[] {
  const labels = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...labels].flatMap((label) => {
    const [was, is] = [before[label] ?? "none", after[label] ?? "none"];
    return was === is ? [] : [`${what}: ${label} ${was} -> ${is}`];
  });
}

function named<Item extends { readonly id: string }>(
  items: readonly Item[] = [],
  fieldsOf: (item: Item) => Fields,
): ReadonlyMap<string, Fields> {
  return new Map(items.map((item) => [item.id, fieldsOf(item)]));
}

function brokerChange(before: BrokerSettings | undefined, after: BrokerSettings): string[] {
  if (before === undefined) return [`broker: ${venueOf(after)}, ${after.restUrl}`];
  return changedFields("broker", brokerFields(before), brokerFields(after));
}

function brokerFields(broker: BrokerSettings): Fields {
  return { ...broker, requestTimeoutMs: String(broker.requestTimeoutMs) };
}

/** Whether it trades is said first. */
function accountSummary({ shadow, "client id": clientId }: Fields): string {
  const client = clientId === undefined ? [] : [`client id ${clientId}`];
  return [...(shadow === undefined ? [] : [`shadow, ${shadow}`]), ...client].join(", ");
}

function accountFields(account: AccountSettings): Fields {
  const { clientId, accessToken, relation, egress, shadow } = account;
  return {
    ...(shadow && { shadow: `paper capital ${rupeesOf(shadow.capital)}` }),
    ...(clientId && {
      "client id": `${clientId.masked} (check ${clientId.check}) ${sourceText(clientId.from)}`,
    }),
    ...(accessToken && { "access token": sourceText(accessToken.from) }),
    relation,
    ...(egress === undefined ? {} : { egress: egressText(egress) }),
  };
}

function egressText(egress: NonNullable<AccountSettings["egress"]>): string {
  if (egress.kind === "local-address") return egress.address;
  return egress.from === "shown" ? egress.masked : `${egress.masked} ${sourceText(egress.from)}`;
}

function sourceText(from: SecretSource): string {
  return from === "inline" ? "from the file" : `from ${from.slice("env:".length)}`;
}

function linkFields(link: LinkSettings): Fields {
  return {
    leader: link.leader,
    follower: link.follower,
    mode: link.mode,
    sizing: sizingText(link.sizing),
    marketOrders: link.marketOrders,
    copy: link.copy,
    brackets: link.brackets,
    afterLeaderFilled: afterLeaderFilledText(link.afterLeaderFilled),
    unprotected: link.unprotected,
    repair: repairText(link.repair),
    maxAgeSeconds: String(link.maxAgeMs / 1_000),
    ...guardsText(link.guards),
    ...Object.fromEntries(
      Object.entries(link.substitutions).map(([from, to]) => [`substitution of ${from}`, to]),
    ),
  };
}

function repairText(rule: LinkSettings["repair"]): string {
  return rule.kind === "by-hand" ? rule.kind : `${rule.kind} afterSeconds ${rule.afterMs / 1_000}`;
}

function afterLeaderFilledText(rule: LinkSettings["afterLeaderFilled"]): string {
  if (rule.kind === "leave") return rule.kind;
  const text = `${rule.kind} afterSeconds ${rule.afterMs / 1_000}`;
  return rule.kind === "cancel" ? text : `${text} maxDistanceBps ${rule.maxDistanceBps}`;
}
