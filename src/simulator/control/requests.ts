/** What the control surface takes, in process and under /sim alike. Money in rupees. */
import { z } from "zod";
import { LEG_NAMES } from "../exchange/group/role.ts";

const rupees = z.number().positive().max(100_000_000);
const clientId = z.string().min(1).max(40);
/** "NSE_EQ:1333" or a trading symbol, "HDFCBANK". */
const instrument = z.string().min(1);

export const newAccountSchema = z.strictObject({
  clientId,
  name: z.string().default("Simulated Person"),
  availableBalance: z.number().min(0).max(100_000_000_000).default(1_000_000),
  holdings: z
    .array(
      z.strictObject({
        instrument,
        quantity: z.number().int().positive(),
        averagePrice: rupees.optional(),
      }),
    )
    .default([]),
  /** Own token text; absent makes one. */
  accessToken: z.string().min(1).optional(),
  pin: z.string().default("123456"),
  replyMs: z.number().min(0).default(0),
  transitMs: z.number().min(0).optional(),
  limits: z.enum(["dhan", "off"]).default("dhan"),
  /** Registered addresses for the static-address rule. */
  primaryIp: z.string().optional(),
  secondaryIp: z.string().optional(),
});
export type NewAccount = z.input<typeof newAccountSchema>;

export const changeAccountSchema = z.strictObject({
  clientId,
  replyMs: z.number().min(0).optional(),
  transitMs: z.number().min(0).optional(),
  limits: z.enum(["dhan", "off"]).optional(),
  availableBalance: z.number().min(0).max(100_000_000_000).optional(),
  primaryIp: z.string().optional(),
  secondaryIp: z.string().optional(),
});
export type AccountChange = z.input<typeof changeAccountSchema>;

export const tokenSchema = z.strictObject({
  clientId,
  /** supersede: a new one, the old one dies. expire: the present one is over. */
  action: z.enum(["supersede", "expire"]),
  accessToken: z.string().min(1).optional(),
});
export type TokenChange = z.input<typeof tokenSchema>;

export const priceSchema = z.strictObject({ instrument, price: rupees });
export const liquiditySchema = z.strictObject({
  instrument,
  /** Units that trade at each price event; null is unlimited. */
  units: z.number().int().min(0).nullable(),
});
export const circuitSchema = z.strictObject({ instrument, lowest: rupees, highest: rupees });
export const walkSchema = z.strictObject({
  mode: z.enum(["moving", "still"]),
  everyMs: z.number().min(1).default(1_000),
});

export const fillSchema = z.strictObject({
  orderId: z.string().min(1),
  /** Absent fills all that is left. */
  quantity: z.number().int().positive().optional(),
  /** Absent takes the order's limit, or the last price. */
  price: rupees.optional(),
});
export type FillRequest = z.input<typeof fillSchema>;

export const clockSchema = z.strictObject({
  session: z.enum(["open", "closed", "market-hours"]).optional(),
  /** Sets the exchange's wall clock to this instant, ISO with offset; time goes on from there. */
  now: z.iso.datetime({ offset: true }).optional(),
});
export type ClockChange = z.input<typeof clockSchema>;

export const rolloverSchema = z.strictObject({
  keepTokens: z.boolean().default(false),
  /** The exchange's clock is in the next day already. */
  keepClock: z.boolean().default(false),
});
export type Rollover = z.input<typeof rolloverSchema>;

export const squareOffSchema = z.strictObject({ clientId });

export const handOrderSchema = z.strictObject({
  clientId,
  order: z.record(z.string(), z.unknown()),
});
/** A part of a group, named with its entry's id; a leg's own id needs none. */
const leg = z.enum(LEG_NAMES).optional();
export const handModifySchema = z.strictObject({
  clientId,
  orderId: z.string().min(1),
  leg,
  changes: z.record(z.string(), z.unknown()),
});
export const handCancelSchema = z.strictObject({ clientId, orderId: z.string().min(1), leg });
export const handExitSchema = z.strictObject({ clientId, orderId: z.string().min(1) });
