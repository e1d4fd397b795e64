/**
 * What a person at this machine may do to a running Tandem.
 *
 * Keeps: only who comes from this machine and holds the token of this run is heard; nothing here tells
 * more than it was asked. Does not: show anything (health.ts).
 */
import { createHash, timingSafeEqual } from "node:crypto";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import { AppError } from "../platform/fault.ts";
import { type RepairDoor, repairOrder, repairQuestion } from "./repair-door.ts";

const WHATS = {
  "/api/v1/kill": "kill",
  "/api/v1/kill/release": "release",
  "/api/v1/breaker/reset": "reset-breaker",
  "/api/v1/square-off": "square-off",
} as const;
export type OperatorWhat = (typeof WHATS)[keyof typeof WHATS];

export interface OperatorOrder {
  readonly what: OperatorWhat;
  /** The person's name, as his machine knows it. */
  readonly by: string;
  readonly reason: string;
  /** Absent: all that follow. */
  readonly accounts?: readonly string[];
}

export interface CarriedOut {
  /** The accounts concerned. */
  readonly accounts: readonly string[];
  /** Of a release: whose stops it has ended, and whose entries something else still stops. */
  readonly released?: {
    readonly ended: readonly string[];
    readonly stillStopped: readonly {
      readonly account: string;
      readonly causes: readonly string[];
    }[];
  };
}

export interface ModeOrder {
  readonly link: string;
  readonly mode: "active" | "close-only" | "paused";
  readonly by: string;
  readonly reason: string;
}

export interface ApplyOrder {
  /** Of any shape: whoever takes them up reads them. */
  readonly settings: unknown;
  readonly by: string;
  /** Where that person's command took them from; the command of an older version does not say. */
  readonly source?: string | undefined;
}

export interface AppliedChange {
  readonly isChanged: boolean;
  readonly seq: number;
  readonly lines: readonly string[];
}

export interface OperatorDoor extends RepairDoor {
  /** Kept in a file that only the operator's user can read; never logged. */
  readonly token: string;
  /** Resolves to what it came to once it is durable. Rejects with an AppError. */
  readonly carryOut: (order: OperatorOrder) => Promise<CarriedOut>;
  /** Takes up new rules of links. Resolves to what that changed; rejects with an AppError. */
  readonly apply: (order: ApplyOrder) => Promise<AppliedChange>;
  /** Resolves to the link's follower once the mode is durable. Rejects with an AppError. */
  readonly setMode: (order: ModeOrder) => Promise<string>;
  /** How these accounts (absent: all that follow) stand that are to be flat. Rejects with an AppError. */
  readonly flatness: (
    accounts: readonly string[] | undefined,
  ) => Promise<readonly AccountFlatness[]>;
}

/** How an account stands that is to be flat; units are signed. */
export interface AccountFlatness {
  readonly account: string;
  /** Its positions are on paper. */
  readonly isShadow: boolean;
  readonly isProved: boolean;
  readonly positions: readonly {
    readonly symbol: string;
    readonly product: string;
    readonly copied: number;
    readonly held: number;
  }[];
  readonly orders: number;
  readonly unknown: number;
  readonly problem: string;
}

/** Settings of thousands of links. */
const BODY_BYTES_MAX = 16 * 1024 * 1024;

const accounts = z.array(z.string().max(40)).max(5_000).optional();
const order = z.object({
  by: z.string().max(100),
  reason: z.string().max(500).default(""),
  accounts,
});
const question = z.object({ accounts });
const applyOrder = z.object({
  settings: z.unknown(),
  by: z.string().max(100),
  source: z.string().max(4_096).optional(),
});
const modeOrder = z.object({
  link: z.string().max(40),
  mode: z.enum(["active", "close-only", "paused"]),
  by: z.string().max(100),
  reason: z.string().max(500).default(""),
});

export function addOperatorRoutes(server: FastifyInstance, door: OperatorDoor): void {
  for (const [path, what] of Object.entries(WHATS)) {
    addRoute(server, door, path, order, async ({ by, reason, accounts: some }) => {
      const whose = some === undefined ? {} : { accounts: some };
      return door.carryOut({ what, by, reason, ...whose });
    });
  }
  addRoute(server, door, "/api/v1/settings", applyOrder, (asked) => door.apply(asked));
  addRoute(server, door, "/api/v1/links/mode", modeOrder, async (asked) => ({
    follower: await door.setMode(asked),
  }));
  addRoute(server, door, "/api/v1/repairs/offers", repairQuestion, async (asked) => ({
    offers: await door.repairOffers(asked),
  }));
  addRoute(server, door, "/api/v1/repairs", repairOrder, async (asked) => ({
    repairs: await door.repair(asked),
  }));
  addRoute(server, door, "/api/v1/flat", question, async ({ accounts: some }) => ({
    accounts: await door.flatness(some),
  }));
}

function addRoute<Body>(
  server: FastifyInstance,
  { token }: OperatorDoor,
  path: string,
  body: z.ZodType<Body>,
  answer: (body: Body) => Promise<object>,
): void {
  server.post(path, { bodyLimit: BODY_BYTES_MAX }, async (request, reply) => {
    reply.header("cache-control", "no-store");
    if (!isOfThisMachine(request)) return refuse(reply, 403, "NOT_LOCAL");
    if (!hasToken(request, token)) return refuse(reply, 401, "TOKEN_REFUSED");
    const asked = body.safeParse(request.body);
    if (!asked.success) return refuse(reply, 400, "NOT_UNDERSTOOD");
    try {
      return await answer(asked.data);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      const { code, message, remedy } = error;
      return reply.code(409).send({ code, message, remedy });
    }
  });
}

export function refuse(reply: FastifyReply, status: number, code: string): FastifyReply {
  return reply.code(status).send({ code });
}

/** Over loopback, or from an address of this machine to that same address. */
export function isOfThisMachine({ socket }: Pick<FastifyRequest, "socket">): boolean {
  const { remoteAddress = "", localAddress } = socket;
  const plain = remoteAddress.replace(/^::ffff:/, "");
  return plain === "::1" || plain.startsWith("127.") || remoteAddress === localAddress;
}

function hasToken({ headers }: FastifyRequest, token: string): boolean {
  const given = headers.authorization?.replace(/^Bearer /, "") ?? "";
  return timingSafeEqual(digestOf(given), digestOf(token));
}

/** Of one length, whatever was given. */
function digestOf(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
