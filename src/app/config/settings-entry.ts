/**
 * How settings stand in the journal: one entry of kind "settingsApplied" in the stream "settings",
 * each holding the whole of them, who set them and from where; and one of kind "settingsUsed" where a
 * source came to say the same as what had been applied from another.
 *
 * Keeps: no secret comes this far, because settings hold none. What is read back is checked: an
 * entry that does not fit is a newer format or a damaged file, and is never half understood.
 */
import { z } from "zod";
import { type AccountId, type LinkId, toAccountId, toLinkId } from "../../core/model/ids.ts";
import { AppError } from "../../platform/fault.ts";
import { journaledMoney } from "./amounts.ts";
import { guardsInJournal } from "./guards.ts";
import type { SecretSource, Settings } from "./settings.ts";
import type { SettingsOrigin } from "./settings-origin.ts";
import { sizingInJournal } from "./sizing.ts";
import { substitutions } from "./substitutions.ts";

export const SETTINGS_STREAM = "settings";
export const SETTINGS_APPLIED = "settingsApplied";
export const SETTINGS_USED = "settingsUsed";

export interface SettingsApplied {
  readonly settings: Settings;
  /** The user of the operating system. */
  readonly appliedBy: string;
  /** Absent in entries of versions that did not record it. */
  readonly origin?: SettingsOrigin;
}

/** The settings in force are this source's, too. */
export interface SettingsUsed {
  readonly source: string;
  readonly usedBy: string;
}

const accountId = z.string().transform((value): AccountId => toAccountId(value));
const linkId = z.string().transform((value): LinkId => toLinkId(value));
const source = z.custom<SecretSource>(
  (value) => value === "inline" || (typeof value === "string" && value.startsWith("env:")),
);

const account = z.strictObject({
  id: accountId,
  clientId: z.strictObject({ from: source, masked: z.string(), check: z.string() }).exactOptional(),
  accessToken: z.strictObject({ from: source }).exactOptional(),
  relation: z.enum(["self", "spouse", "dependent-child", "dependent-parent"]),
  egress: z
    .discriminatedUnion("kind", [
      z.strictObject({ kind: z.literal("local-address"), address: z.string() }),
      z.strictObject({
        kind: z.literal("proxy"),
        from: z.union([source, z.literal("shown")]),
        masked: z.string(),
      }),
    ])
    .exactOptional(),
  shadow: z.strictObject({ capital: journaledMoney }).exactOptional(),
});

const link = z.strictObject({
  id: linkId,
  leader: accountId,
  follower: accountId,
  mode: z.enum(["active", "close-only", "paused"]),
  sizing: sizingInJournal,
  marketOrders: z.enum(["protected-limit", "pass"]),
  brackets: z.enum(["super-order", "native", "refuse"]),
  // Entries of versions that did not have these say nothing of them, and meant the default.
  copy: z.enum(["orders", "fills"]).default("orders"),
  afterLeaderFilled: z
    .discriminatedUnion("kind", [
      z.strictObject({ kind: z.literal("leave") }),
      z.strictObject({
        kind: z.literal("chase"),
        afterMs: z.int().positive(),
        maxDistanceBps: z.int().positive(),
      }),
      z.strictObject({ kind: z.literal("cancel"), afterMs: z.int().positive() }),
    ])
    .default({ kind: "leave" }),
  unprotected: z.enum(["rearm", "flatten"]).default("rearm"),
  repair: z
    .discriminatedUnion("kind", [
      z.strictObject({ kind: z.literal("by-hand") }),
      z.strictObject({ kind: z.literal("towards-less"), afterMs: z.int().positive() }),
    ])
    .default({ kind: "by-hand" }),
  substitutions: substitutions.prefault({}),
  maxAgeMs: z.int().positive(),
  guards: guardsInJournal,
});

const settingsBody = z.strictObject({
  broker: z.strictObject({
    restUrl: z.string(),
    authUrl: z.string(),
    orderUpdateUrl: z.string().exactOptional(),
    instruments: z.string(),
    freezeTable: z.string().exactOptional(),
    requestTimeoutMs: z.int().positive(),
    calendar: z.enum(["market", "always-open"]),
    calendarFile: z.string().exactOptional(),
  }),
  accounts: z.array(account),
  links: z.array(link),
});

const origin = z.strictObject({ through: z.enum(["apply", "run"]), source: z.string() });
const entryBody = z.strictObject({
  settings: settingsBody,
  appliedBy: z.string(),
  origin: origin.exactOptional(),
});
const usedBody = z.strictObject({ source: z.string(), usedBy: z.string() });

/** Settings as another process of this version has read them; throws an AppError for anything else. */
export function readSettings(value: unknown): Settings {
  const parsed = settingsBody.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new AppError({
    code: "SETTINGS_UNREADABLE",
    message: "the running Tandem does not understand these settings; nothing was changed",
    remedy: "Give the command with the version of Tandem that runs.",
  });
}

/** The body of a "settingsApplied" entry; throws an AppError when it is not one that we know. */
export function readSettingsEntry(body: unknown, seq: number): SettingsApplied {
  return readBody(entryBody, body, seq);
}

/** The body of a "settingsUsed" entry; throws an AppError when it is not one that we know. */
export function readUsedEntry(body: unknown, seq: number): SettingsUsed {
  return readBody(usedBody, body, seq);
}

function readBody<Body>(schema: z.ZodType<Body>, body: unknown, seq: number): Body {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  throw new AppError({
    code: "SETTINGS_UNREADABLE",
    message: `entry ${seq} of the stream ${SETTINGS_STREAM} cannot be read by this version`,
    remedy:
      "Run the version of Tandem that wrote it, or check the data with `tandem audit verify`.",
    cause: parsed.error,
  });
}
