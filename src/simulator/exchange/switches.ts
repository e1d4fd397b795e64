/** What nobody has measured about the broker, and what a test wants otherwise. */
import { z } from "zod";

const ms = z
  .number()
  .min(0)
  .max(86_400_000 * 30);

export const switchesSchema = z.strictObject({
  /** From acceptance until the exchange has the order. An account may have its own. */
  transitMs: ms.default(50),
  /** From the 200 on a modify or cancel until it takes effect; a fill may win meanwhile. */
  changeMs: ms.default(20),
  /** How long a new order is missing from the order list and the lookup by id. */
  rowLagMs: ms.default(0),
  /** Whether the socket tells of TRANSIT. */
  transitFrames: z.boolean().default(true),
  /** Whether the lookup by correlation id misses orders in TRANSIT. */
  transitBlindLookup: z.boolean().default(true),
  duplicateCorrelation: z.enum(["accept", "refuse"]).default("accept"),
  duplicateLookup: z.enum(["latest", "first"]).default("latest"),
  partialStatus: z.enum(["Pending", "Part Traded", "PART_TRADED"]).default("Pending"),
  cancelStatus: z.union([z.literal(200), z.literal(202)]).default(200),
  byId: z.enum(["array", "object"]).default("array"),
  byCorrelation: z.enum(["object", "array"]).default("object"),
  correlationLimit: z.union([z.literal(25), z.literal(30)]).default(25),
  expiredTokenStatus: z.union([z.literal(401), z.literal(400)]).default(401),
  missingDisclosedQuantity: z.enum(["accept", "refuse"]).default("accept"),
  emptyStrings: z.enum(["refuse", "accept"]).default("refuse"),
  limitWindow: z.enum(["sliding", "fixed"]).default("sliding"),
  secondSocket: z.enum(["allow", "evict"]).default("allow"),
  marketOrders: z.enum(["protected-limit", "raw"]).default("protected-limit"),
  /** Width of the market protection in basis points; null takes it from the price slabs. */
  protectionBps: z.number().min(0).max(5_000).nullable().default(null),
  stopLossMarket: z.enum(["immediate-limit", "refuse"]).default("immediate-limit"),
  frameKeys: z.enum(["camel", "pascal"]).default("camel"),
  loginRefusal: z.enum(["close", "binary", "reset"]).default("close"),
  emptyHoldings: z.enum(["fault", "empty"]).default("fault"),
  /** Whether order writes need a registered address of the account. */
  staticIp: z.boolean().default(false),
  modificationLimit: z.number().int().min(0).max(1_000).default(25),
  tokenLifeMs: ms.default(86_400_000),
  /** Shortest time between two tokens minted through the login. */
  mintIntervalMs: ms.default(120_000),
});

/** Each is documented in the simulator's reference page. */
export type Switches = z.infer<typeof switchesSchema>;

export const changeSwitchesSchema = switchesSchema.partial();

export function defaultSwitches(): Switches {
  return switchesSchema.parse({});
}
