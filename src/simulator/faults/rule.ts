/** Things that go wrong on purpose. Every kind is documented in the simulator's reference page. */
import { z } from "zod";

/** What a request is, by its method and path. */
export const REQUEST_KINDS = [
  "place",
  "slice",
  "modify",
  "cancel",
  "orders",
  "order-by-id",
  "order-by-correlation",
  "trades",
  "positions",
  "convert",
  "exit-all",
  "holdings",
  "funds",
  "margin",
  "profile",
  "renew-token",
  "ip",
  "super-place",
  "super-modify",
  "super-cancel",
  "super-orders",
  "forever-place",
  "forever-modify",
  "forever-cancel",
  "forever-orders",
  "alert-place",
  "alert-modify",
  "alert-cancel",
  "alerts",
  "multi",
  "kill-switch",
  "pnl-exit",
] as const;
export type RequestKind = (typeof REQUEST_KINDS)[number];

/** Kinds that count against the order limits and need a registered address. */
export const ORDER_KINDS: ReadonlySet<RequestKind> = new Set([
  "place",
  "slice",
  "modify",
  "cancel",
  "super-place",
  "super-modify",
  "super-cancel",
  "forever-place",
  "forever-modify",
  "forever-cancel",
  "alert-place",
  "alert-modify",
  "alert-cancel",
  "multi",
]);

const ms = z.number().min(0).max(86_400_000);

const requestMatch = z.strictObject({
  clientId: z.string().optional(),
  method: z.enum(["GET", "POST", "PUT", "DELETE"]).optional(),
  path: z.enum(REQUEST_KINDS).optional(),
});
const socketMatch = z.strictObject({ clientId: z.string().optional() });

const onRequest = { match: requestMatch.default({}), count: z.number().int().min(1).optional() };
const onSocket = { match: socketMatch.default({}), count: z.number().int().min(1).optional() };

export const faultSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("lose-reply"), ...onRequest }),
  z.strictObject({ kind: z.literal("delay-reply"), ms, ...onRequest }),
  z.strictObject({
    kind: z.literal("status"),
    code: z.number().int().min(200).max(599),
    body: z.unknown().optional(),
    afterAccept: z.boolean().default(false),
    ...onRequest,
  }),
  z.strictObject({ kind: z.literal("throttle"), ...onRequest }),
  z.strictObject({ kind: z.literal("drop"), ...onRequest }),
  z.strictObject({
    kind: z.literal("html"),
    afterAccept: z.boolean().default(false),
    ...onRequest,
  }),
  z.strictObject({
    kind: z.literal("reject-later"),
    /** "{orderId}" is replaced by the order's id. */
    text: z
      .string()
      .default("RMS:{orderId}:You have insufficient funds. Please add Rs.1.00 to trade."),
    afterMs: ms.default(1_000),
    /** Of an order that is sliced, this slice alone; the first is 1. Absent: all of it. */
    slice: z.number().int().min(1).optional(),
    ...onRequest,
  }),
  z.strictObject({ kind: z.literal("blind-lookup"), ms, ...onRequest }),
  z.strictObject({ kind: z.literal("stuck-transit"), ms, ...onRequest }),
  z.strictObject({
    kind: z.literal("repeat-frames"),
    times: z.number().int().min(2).max(100),
    ...onSocket,
  }),
  z.strictObject({
    kind: z.literal("shuffle-frames"),
    hold: z.number().int().min(2).max(1_000).default(5),
    windowMs: ms.default(200),
    ...onSocket,
  }),
  z.strictObject({ kind: z.literal("drop-frames"), ...onSocket }),
  z.strictObject({ kind: z.literal("delay-frames"), ms, ...onSocket }),
  z.strictObject({ kind: z.literal("pascal"), ...onSocket }),
  z.strictObject({ kind: z.literal("silent"), ...onSocket }),
  z.strictObject({ kind: z.literal("cut"), ms: ms.default(0), ...onSocket }),
  z.strictObject({
    kind: z.literal("stray-frame"),
    /** Sent as text; absent sends five binary bytes. */
    text: z.string().optional(),
    ...onSocket,
  }),
]);

export type Fault = z.infer<typeof faultSchema>;
/** What a caller writes: defaults may be left out. */
export type FaultInput = z.input<typeof faultSchema>;
export type FaultKind = Fault["kind"];
export type FaultOf<K extends FaultKind> = Extract<Fault, { kind: K }>;
