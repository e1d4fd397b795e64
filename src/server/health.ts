/**
 * What a supervisor asks: is the process up, and is it ready to copy.
 *
 * Bound to loopback unless told otherwise. Needs no login, and therefore tells nothing that needs
 * one: reasons are the caller's words and must hold no secret.
 */
import Fastify, { type FastifyInstance } from "fastify";
import { listenFault } from "./listen-fault.ts";
import { addMetricsRoute, type Metrics } from "./metrics.ts";
import { addOperatorRoutes, type OperatorDoor } from "./operator.ts";

export interface Readiness {
  readonly ready: boolean;
  /** Why not, as sentences; empty when ready. */
  readonly reasons: readonly string[];
}

export interface HealthOptions {
  /** Asked at each request; cheap, and never throws. */
  readonly readiness: () => Readiness;
  /** 0 takes any free port. */
  readonly port: number;
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** What is counted; asked at each request of this machine. Absent: nothing is told. */
  readonly metrics?: () => Metrics;
  /** What a person at this machine may do; absent: nothing. */
  readonly door?: OperatorDoor;
}

export interface HealthServer extends AsyncDisposable {
  /** "http://127.0.0.1:4600", with the port that it really has. */
  readonly url: string;
  /** Answers what is under way, then stops listening. */
  close(): Promise<void>;
}

/** Listens when it resolves; rejects with an AppError when it cannot. */
export async function startHealthServer(options: HealthOptions): Promise<HealthServer> {
  const { readiness, port, host = "127.0.0.1" } = options;
  // Idle keep-alive connections of a supervisor must not hold up our stopping.
  const server = Fastify({ forceCloseConnections: "idle" });
  addHealthRoutes(server, readiness);
  if (options.metrics !== undefined) addMetricsRoute(server, options.metrics);
  if (options.door !== undefined) addOperatorRoutes(server, options.door);
  try {
    const url = await server.listen({ port, host });
    const close = () => server.close();
    return { url, close, [Symbol.asyncDispose]: close };
  } catch (error) {
    await server.close();
    throw listenFault(error, `${host}:${port}`);
  }
}

/** For a server that has more to offer than health. */
export function addHealthRoutes(server: FastifyInstance, readiness: () => Readiness): void {
  server.get("/healthz", async () => ({ ok: true }));
  server.get("/readyz", async (_request, reply) => {
    const { ready, reasons } = readiness();
    // Between a supervisor and us a cached answer would be a wrong one.
    reply.header("cache-control", "no-store");
    return ready ? { ready: true } : reply.code(503).send({ ready: false, reasons });
  });
}
