/** From the units and spellings of the file to ours; secrets part from settings here. */
import { resolve } from "node:path";
import { type AccountId, toAccountId, toLinkId } from "../../core/model/ids.ts";
import type { AfterLeaderFilledRule } from "../../core/model/link.ts";
import { sha256Hex } from "../../platform/hash.ts";
import { maskClientId } from "../../platform/redact.ts";
import { moneyFrom } from "./amounts.ts";
import { type AccountCredentials, Credentials } from "./credentials.ts";
import { guardsFrom } from "./guards.ts";
import type { Path } from "./path.ts";
import { BROKER_PRESETS } from "./presets.ts";
import type { ConfigFile } from "./schema.ts";
import type {
  AccountSettings,
  BrokerSettings,
  EgressSettings,
  LinkSettings,
  SecretSource,
  Settings,
} from "./settings.ts";
import { sizingFrom } from "./sizing.ts";

export interface BuildOptions {
  /** Paths in the file are relative to this folder. */
  readonly folder: string;
  /** The variable that a value was, whole. */
  readonly variableOf: (path: Path) => string | undefined;
}

export function buildSettings(file: ConfigFile, options: BuildOptions) {
  const settings: Settings = {
    broker: brokerSettings(file.broker, options.folder),
    accounts: file.accounts.map((account, index) => accountSettings(account, index, options)),
    links: file.links.map(linkSettings),
  };
  const values = file.accounts.flatMap((account): [AccountId, AccountCredentials][] => {
    const { clientId, accessToken, egress } = account;
    if (clientId === undefined || accessToken === undefined) return [];
    const proxy = egress?.proxy === undefined ? {} : { proxyUrl: egress.proxy };
    return [[toAccountId(account.id), { clientId, accessToken, ...proxy }]];
  });
  return { settings, credentials: new Credentials(new Map(values)) };
}

function brokerSettings(broker: ConfigFile["broker"], folder: string): BrokerSettings {
  const preset: BrokerSettings = BROKER_PRESETS[broker.preset];
  const orderUpdateUrl = broker.orderUpdateUrl ?? preset.orderUpdateUrl;
  return {
    restUrl: withoutLastSlash(broker.restUrl ?? preset.restUrl),
    authUrl: withoutLastSlash(broker.authUrl ?? preset.authUrl),
    ...(orderUpdateUrl === undefined ? {} : { orderUpdateUrl: withoutLastSlash(orderUpdateUrl) }),
    instruments: urlOrPath(broker.instruments ?? preset.instruments, folder),
    ...(broker.freezeTable === undefined
      ? {}
      : { freezeTable: resolve(folder, broker.freezeTable) }),
    requestTimeoutMs: broker.requestTimeoutMs ?? preset.requestTimeoutMs,
    calendar: broker.calendar ?? preset.calendar,
    ...(broker.calendarFile === undefined
      ? {}
      : { calendarFile: resolve(folder, broker.calendarFile) }),
  };
}

function withoutLastSlash(url: string): string {
  return url.replace(/\/+$/, "");
}

function urlOrPath(value: string, folder: string): string {
  return /^https?:\/\//.test(value) ? value : resolve(folder, value);
}

function accountSettings(
  account: ConfigFile["accounts"][number],
  index: number,
  { variableOf }: BuildOptions,
): AccountSettings {
  const sourceOf = (...keys: string[]): SecretSource => {
    const variable = variableOf(["accounts", index, ...keys]);
    return variable === undefined ? "inline" : `env:${variable}`;
  };
  const { clientId, accessToken, shadow } = account;
  const { localAddress, proxy } = account.egress ?? {};
  return {
    id: toAccountId(account.id),
    ...(clientId !== undefined && {
      clientId: {
        from: sourceOf("clientId"),
        masked: maskClientId(clientId),
        check: sha256Hex(clientId).slice(0, 3),
      },
    }),
    ...(accessToken !== undefined && { accessToken: { from: sourceOf("accessToken") } }),
    relation: account.relation,
    ...(shadow !== undefined && { shadow: { capital: moneyFrom(shadow.capital) } }),
    ...(localAddress === undefined
      ? {}
      : { egress: { kind: "local-address", address: localAddress } as const }),
    ...(proxy === undefined ? {} : { egress: proxySettings(proxy, sourceOf("egress", "proxy")) }),
  };
}

function proxySettings(proxy: string, from: SecretSource): EgressSettings {
  const url = new URL(proxy);
  const isSecret = url.username !== "" || url.password !== "";
  const masked = isSecret ? `${url.protocol}//***@${url.host}` : proxy;
  return { kind: "proxy", from: from === "inline" && !isSecret ? "shown" : from, masked };
}

function linkSettings(link: ConfigFile["links"][number]): LinkSettings {
  return {
    id: toLinkId(link.id),
    leader: toAccountId(link.leader),
    follower: toAccountId(link.follower),
    mode: link.mode,
    sizing: sizingFrom(link.sizing),
    marketOrders: link.marketOrders,
    brackets: link.brackets,
    copy: link.copy,
    afterLeaderFilled: afterLeaderFilledRule(link.afterLeaderFilled),
    unprotected: link.unprotected,
    repair: repairRule(link.repair),
    substitutions: link.substitutions,
    maxAgeMs: link.maxAgeSeconds * 1_000,
    guards: guardsFrom(link.guards),
  };
}

function repairRule(rule: ConfigFile["links"][number]["repair"]): LinkSettings["repair"] {
  if (rule.kind === "by-hand") return rule;
  const { kind, afterSeconds } = rule;
  return { kind, afterMs: afterSeconds * 1_000 };
}

function afterLeaderFilledRule(
  rule: ConfigFile["links"][number]["afterLeaderFilled"],
): AfterLeaderFilledRule {
  if (rule.kind === "leave") return rule;
  const { afterSeconds, ...rest } = rule;
  return { ...rest, afterMs: afterSeconds * 1_000 };
}
