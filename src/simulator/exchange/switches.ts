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
  /** What becomes of an after-market order that is placed while the market is open. */
  afterMarketInHours: z.enum(["queue", "refuse"]).default("queue"),
  /** The name under which the leg of a single Forever order is listed. */
  foreverSingleLeg: z.enum(["ENTRY_LEG", "STOP_LOSS_LEG", "TARGET_LEG"]).default("ENTRY_LEG"),
  /** How the list of Forever orders writes one that waits for its price. */
  foreverActiveStatus: z.enum(["CONFIRM", "PENDING"]).default("CONFIRM"),
  /** How the list of Forever orders writes a leg that has fired. */
  foreverFiredStatus: z.enum(["TRIGGERED", "TRADED"]).default("TRIGGERED"),
  /** Whether the socket tells of Forever orders themselves. */
  foreverFrames: z.enum(["off", "on"]).default("off"),
  /** How long a Forever order that has ended stays in the list. */
  foreverKeepMs: ms.default(3_600_000),
  /** What the book writes for a correlation id on the order that a Forever order has fired. */
  foreverChildId: z.enum(["NR", "NA"]).default("NR"),
  /** Whether books and frames show legs of Super Orders under ids of their own or the entry's. */
  superLegIds: z.enum(["distinct", "same"]).default("distinct"),
  /** What a cancel of a group's entry does once some of it has filled. */
  superEntryCancelAfterFill: z
    .enum(["refuse", "cancel-rest", "cancel-legs"])
    .default("cancel-rest"),
  /** From a leg's fill until its sibling is cut back or cancelled; both can fill meanwhile. */
  siblingCancelMs: ms.default(0),
  /** Whether BO and CO are taken over the API; by hand they always are. */
  brackets: z.enum(["refuse", "legacy"]).default("refuse"),
  /** Where the stop of a CO can be read: in its entry's row as a trigger, as a distance, or nowhere. */
  coStop: z.enum(["trigger", "distance", "leg-only"]).default("trigger"),
  /** The code of a placement while the kill switch is on. */
  killSwitchRefusal: z.enum(["DH-906", "DH-903"]).default("DH-906"),
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
