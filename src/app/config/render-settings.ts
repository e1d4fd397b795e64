/**
 * Settings back as the YAML that they came from, every default written out. Variables come back as
 * `${NAME}`; what was written into the file is not known here any more and is marked to be filled in.
 */
import { stringify } from "yaml";
import type { AfterLeaderFilledRule } from "../../core/model/link.ts";
import { rupeesOf } from "./amounts.ts";
import { PLACEHOLDER_START } from "./fields.ts";
import { guardsYaml } from "./guards.ts";
import type {
  AccountSettings,
  EgressSettings,
  LinkSettings,
  SecretSource,
  Settings,
} from "./settings.ts";
import { sizingYaml } from "./sizing.ts";

export function renderSettings({ broker, accounts, links }: Settings): string {
  const file = {
    // Only this preset has no order-update socket; any other would put one in again.
    broker: broker.orderUpdateUrl === undefined ? { preset: "sandbox", ...broker } : broker,
    accounts: accounts.map(accountYaml),
    links: links.map(linkYaml),
  };
  const hint = needsFilling(accounts)
    ? `# ${PLACEHOLDER_START}… marks what was written into the file itself and is kept nowhere else.\n`
    : "";
  return hint + stringify(file, { lineWidth: 0 });
}

function needsFilling(accounts: readonly AccountSettings[]): boolean {
  return accounts.some(({ clientId, accessToken, egress }) => {
    const proxy = egress?.kind === "proxy" ? egress.from : undefined;
    return [clientId?.from, accessToken?.from, proxy].includes("inline");
  });
}

function accountYaml(account: AccountSettings) {
  const { id, clientId, accessToken, relation, egress, shadow } = account;
  return {
    id,
    ...(clientId && { clientId: secretYaml(clientId.from, `CLIENT-ID-${clientId.masked}`) }),
    ...(accessToken && { accessToken: secretYaml(accessToken.from, "ACCESS-TOKEN") }),
    ...(shadow && { shadow: { capital: rupeesOf(shadow.capital) } }),
    relation,
    ...(egress === undefined ? {} : { egress: egressYaml(egress) }),
  };
}

function secretYaml(from: SecretSource, what: string): string {
  return from === "inline" ? `${PLACEHOLDER_START}${what}` : `\${${from.slice("env:".length)}}`;
}

function egressYaml(egress: EgressSettings) {
  if (egress.kind === "local-address") return { localAddress: egress.address };
  const { from, masked } = egress;
  return { proxy: from === "shown" ? masked : secretYaml(from, `PROXY-${masked}`) };
}

function linkYaml(link: LinkSettings) {
  return {
    id: link.id,
    leader: link.leader,
    follower: link.follower,
    mode: link.mode,
    copy: link.copy,
    sizing: sizingYaml(link.sizing),
    marketOrders: link.marketOrders,
    brackets: link.brackets,
    afterLeaderFilled: afterLeaderFilledYaml(link.afterLeaderFilled),
    unprotected: link.unprotected,
    repair: repairYaml(link.repair),
    substitutions: link.substitutions,
    maxAgeSeconds: link.maxAgeMs / 1_000,
    guards: guardsYaml(link.guards),
  };
}

function repairYaml(rule: LinkSettings["repair"]) {
  if (rule.kind === "by-hand") return rule;
  const { kind, afterMs } = rule;
  return { kind, afterSeconds: afterMs / 1_000 };
}

function afterLeaderFilledYaml(rule: AfterLeaderFilledRule) {
  if (rule.kind === "leave") return rule;
  const { kind, afterMs, ...rest } = rule;
  return { kind, afterSeconds: afterMs / 1_000, ...rest };
}
