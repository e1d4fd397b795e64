/**
 * Every key of the configuration, what it takes and what it is when left out.
 *
 * Keeps: unknown keys are refused everywhere; what the language of the file knows but this version
 * does not do is refused by name, never ignored.
 * Does not: look from one part to another (cross-checks.ts), or put anything into our own units
 * (build-settings.ts). The operator's page is docs/guide/configuration.md; a test holds it to this.
 */
import { isIP } from "node:net";
import { z } from "zod";
import { rupees } from "./amounts.ts";
import {
  choice,
  expected,
  kinds,
  proxyUrl,
  secretText,
  text,
  unavailable,
  url,
  urlOrPath,
  whole,
} from "./fields.ts";
import { distanceBps, guardsOfFile } from "./guards.ts";
import { sizingOfFile } from "./sizing.ts";
import { substitutions } from "./substitutions.ts";

/** A desk of a thousand followers is the aim; more than this is a generated mistake. */
const LIST_LENGTH_MAX = 5_000;

/** The shape that src/core/model/ids.ts accepts. */
const id = text(
  "a name of lower-case letters, digits and hyphens, 32 at most",
  /^[a-z0-9][a-z0-9-]{0,31}$/,
);

export const CLIENT_ID = "the broker's client id, 4 to 20 letters or digits";
export const ACCESS_TOKEN = "an access token without spaces";

/** `true`, or a map; `false` is the same as nothing. Words, too, because that is what a variable holds. */
const shadow = z.preprocess((value) => {
  if (value === true || value === "true") return {};
  return value === false || value === "false" ? undefined : value;
}, z
  .strictObject(
    { capital: rupees.default(1_000_000) },
    expected("true, false, or a map with capital"),
  )
  .optional());

const account = z.strictObject(
  {
    id,
    // Which accounts may be without these two is for cross-checks.ts to say.
    clientId: z
      .preprocess(
        (value) => (Number.isSafeInteger(value) ? String(value) : value),
        secretText(CLIENT_ID, /^[A-Za-z0-9]{4,20}$/),
      )
      .optional(),
    // Visible ASCII, because it goes into an HTTP header.
    accessToken: secretText(ACCESS_TOKEN, /^[\x21-\x7e]{4,4096}$/).optional(),
    shadow: shadow.optional(),
    login: unavailable("put an access token under accessToken"),
    relation: choice(["self", "spouse", "dependent-child", "dependent-parent"]).default("self"),
    egress: z
      .strictObject(
        {
          localAddress: z
            .string(expected("an IP address of this machine"))
            .refine((value) => isIP(value) !== 0, expected("an IP address of this machine"))
            .optional(),
          proxy: proxyUrl("a proxy's URL such as http://127.0.0.1:8080").optional(),
        },
        expected("a map with localAddress or proxy"),
      )
      .refine((value) => (value.localAddress === undefined) !== (value.proxy === undefined), {
        error: expected("either localAddress or proxy"),
      })
      .optional(),
  },
  expected("an account: a map with id, clientId and accessToken"),
);

/** Never at once: the child's own fill is often only a moment behind the leader's. */
const afterSeconds = whole("whole seconds from 1 to 86400", { min: 1, max: 86_400 });

const afterLeaderFilled = kinds([
  { kind: z.literal("leave") },
  { kind: z.literal("chase"), afterSeconds, maxDistanceBps: distanceBps },
  { kind: z.literal("cancel"), afterSeconds },
]);

const repair = kinds([
  { kind: z.literal("by-hand") },
  { kind: z.literal("towards-less"), afterSeconds },
]);

const link = z.strictObject(
  {
    id,
    leader: id,
    follower: id,
    mode: choice(["active", "close-only", "paused"]).default("active"),
    copy: choice(["orders", "fills"]).default("orders"),
    copyAt: unavailable("orders are copied once the broker's risk check has let them pass"),
    sizing: sizingOfFile.prefault({ kind: "multiplier", value: 1 }),
    marketOrders: choice(["protected-limit", "pass"]).default("protected-limit"),
    brackets: choice(["super-order", "native", "refuse"]).default("super-order"),
    afterLeaderFilled: afterLeaderFilled.prefault({ kind: "leave" }),
    unprotected: choice(["rearm", "flatten"]).default("rearm"),
    repair: repair.prefault({ kind: "by-hand" }),
    substitutions: substitutions.prefault({}),
    maxAgeSeconds: whole("whole seconds from 1 to 86400", { min: 1, max: 86_400 }).default(60),
    guards: guardsOfFile.prefault({}),
  },
  expected("a link: a map with id, leader and follower"),
);

const httpUrl = url("an http:// or https:// URL", ["http:", "https:"]);

const broker = z.strictObject(
  {
    preset: choice(["live", "sandbox", "simulator"]).default("live"),
    restUrl: httpUrl.optional(),
    authUrl: httpUrl.optional(),
    orderUpdateUrl: url("a ws:// or wss:// URL", ["ws:", "wss:"]).optional(),
    instruments: urlOrPath("a URL or the path of a file").optional(),
    freezeTable: text("the path of a file", /^(?!https?:)\S(.*\S)?$/i).optional(),
    requestTimeoutMs: whole("whole milliseconds from 100 to 120000", {
      min: 100,
      max: 120_000,
    }).optional(),
    calendar: choice(["market", "always-open"]).optional(),
    calendarFile: text("the path of a file", /^(?!https?:)\S(.*\S)?$/i).optional(),
  },
  expected("live, sandbox, simulator, or a map"),
);

export const configSchema = z.strictObject(
  {
    broker: z
      .preprocess((value) => (typeof value === "string" ? { preset: value } : value), broker)
      .prefault({}),
    accounts: z
      .array(account, expected("a list of accounts"))
      .min(2, expected("two accounts or more: a leader and a follower"))
      .max(LIST_LENGTH_MAX, expected(`${LIST_LENGTH_MAX} accounts at most`)),
    links: z
      .array(link, expected("a list of links"))
      .min(1, expected("one link or more"))
      .max(LIST_LENGTH_MAX, expected(`${LIST_LENGTH_MAX} links at most`)),
  },
  expected("a map with broker, accounts and links"),
);

/** A configuration of the right shape, still in the units of the file. */
export type ConfigFile = z.output<typeof configSchema>;
