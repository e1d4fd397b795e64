/** What the broker's API host sends for a request, as bytes: shared by sockets and memory. */
import { ok, type Reply } from "../exchange/replies.ts";
import type { Simulation } from "../simulation.ts";
import { routeOf } from "./route.ts";
import { answerWire } from "./wire-front.ts";

export interface Page {
  readonly status: number;
  readonly type: "application/json" | "text/html" | "text/csv";
  readonly text: string;
}

export interface ApiRequest {
  readonly method: string;
  /** Below the base path, beginning with "/". */
  readonly path: string;
  /** After the "?"; absent where the path still has it. */
  readonly query?: string;
  readonly token: string | undefined;
  readonly bodyText: string;
  /** As the broker sees it, without "::ffff:". */
  readonly remoteIp: string;
  /** When the body had arrived whole, epoch milliseconds with fraction. */
  readonly arrivedAtMs: number;
}

/** A page that leaves after `delayMs`, or an end of the connection without one. */
export type ApiAnswer =
  | { readonly kind: "page"; readonly page: Page; readonly delayMs: number }
  | { readonly kind: "cut" };

/** Where the API stands on its host. */
export const API_PATH = "/v2";

const BAD_GATEWAY: Page = {
  status: 502,
  type: "text/html",
  text:
    "<html><head><title>502 Bad Gateway</title></head><body><center><h1>502 Bad Gateway</h1>" +
    "</center></body></html>",
};

export function answerApi(simulation: Simulation, request: ApiRequest): ApiAnswer {
  const { venue, faults } = simulation;
  const { method, bodyText } = request;
  const [path = "", ownQuery = ""] = request.path.split("?", 2);
  const query = request.query ?? ownQuery;
  const route = routeOf(method, path);
  if (route === undefined) {
    const page = pageOf(gatewayNotFound(simulation, API_PATH + path));
    return { kind: "page", page, delayMs: 0 };
  }
  const answer = answerWire(venue, faults, { ...request, query, route, body: parseJson(bodyText) });
  if (answer.kind === "cut") return answer;
  const page = answer.kind === "reply" ? pageOf(answer.reply) : BAD_GATEWAY;
  return { kind: "page", page, delayMs: answer.delayMs };
}

export function pageOf({ status, body }: Reply): Page {
  const text = body === undefined ? "" : JSON.stringify(body);
  return { status, type: "application/json", text };
}

/** The gateway's own shape for a path that it does not know (captured in production). */
export function gatewayNotFound(simulation: Simulation, path: string): Reply {
  const timestamp = simulation.venue.agenda.nowMs();
  return ok({ timestamp, status: 404, error: "Not Found", path }, 404);
}

function parseJson(text: string): unknown {
  if (text === "") return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
