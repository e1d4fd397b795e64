/**
 * Settings without a file: one leader and its followers out of variables, copied one for one
 * unless FOLLOWER_MULTIPLIER says otherwise.
 */
import { AppError } from "../../platform/fault.ts";
import { checkConfig, type LoadedConfig } from "./parse-config.ts";
import { type Path, pathText } from "./path.ts";
import type { Source } from "./source.ts";
import type { Variables } from "./variables.ts";

/** FOLLOWER_, FOLLOWER_2_ … FOLLOWER_99_: whoever has more writes a file. */
const FOLLOWERS_MAX = 99;

export interface EnvironmentConfig {
  readonly variables: Variables;
  readonly folder: string;
}

/** Throws a ConfigFault that names the variables, or an AppError when none of them is set. */
export function configFromEnvironment({ variables, folder }: EnvironmentConfig): LoadedConfig {
  const members = [{ id: "leader", prefix: "LEADER" }, ...followersIn(variables)];
  if (!isMember("LEADER", variables) && members.length === 1) {
    throw new AppError({
      code: "CONFIG_MISSING",
      message: "there is no configuration: no file was named, and no LEADER_… variable is set",
      remedy:
        "Name a file with --config, or set LEADER_CLIENT_ID, LEADER_ACCESS_TOKEN, " +
        "FOLLOWER_CLIENT_ID and FOLLOWER_ACCESS_TOKEN in the environment or in .env; with " +
        "FOLLOWER_SHADOW=true the follower needs no account.",
    });
  }
  return checkConfig(environmentSource(members, variables), { origin: "the environment", folder });
}

interface Member {
  readonly id: string;
  /** "FOLLOWER_2" */
  readonly prefix: string;
}

function followersIn(variables: Variables): readonly Member[] {
  const all = Array.from({ length: FOLLOWERS_MAX }, (_, index): Member => {
    return index === 0
      ? { id: "follower", prefix: "FOLLOWER" }
      : { id: `follower-${index + 1}`, prefix: `FOLLOWER_${index + 1}` };
  });
  return all.filter(({ prefix }) => isMember(prefix, variables));
}

function isMember(prefix: string, variables: Variables): boolean {
  return ["CLIENT_ID", "ACCESS_TOKEN", "SHADOW"].some(
    (name) => variables(`${prefix}_${name}`) !== undefined,
  );
}

function environmentSource(members: readonly Member[], variables: Variables): Source {
  const followers = members.slice(1);
  const valueIn = (name: string) => variables(name) || undefined;
  const accounts = members.map(({ id, prefix }) => ({
    id,
    clientId: valueIn(`${prefix}_CLIENT_ID`),
    accessToken: valueIn(`${prefix}_ACCESS_TOKEN`),
    shadow: valueIn(`${prefix}_SHADOW`),
  }));
  const links = followers.map(({ id, prefix }) => ({
    id: `leader-${id}`,
    leader: "leader",
    follower: id,
    sizing: { kind: "multiplier", value: valueIn(`${prefix}_MULTIPLIER`) ?? 1 },
  }));
  const variableOf = (path: Path) => variableAt(path, members);
  return {
    data: { accounts, links },
    problems: [],
    placeOf: (path) => ({ field: variableOf(path) ?? pathText(path) }),
    variableOf,
    hasVariable: (path) => variableOf(path) !== undefined,
  };
}

const SUFFIX_OF: Readonly<Record<string, string>> = {
  clientId: "CLIENT_ID",
  accessToken: "ACCESS_TOKEN",
  shadow: "SHADOW",
};

function variableAt([list, index, key]: Path, members: readonly Member[]): string | undefined {
  if (typeof index !== "number" || typeof key !== "string") return undefined;
  const isLink = list === "links";
  const prefix = members[isLink ? index + 1 : index]?.prefix;
  const suffix = isLink && key === "sizing" ? "MULTIPLIER" : SUFFIX_OF[key];
  return prefix === undefined || suffix === undefined ? undefined : `${prefix}_${suffix}`;
}
