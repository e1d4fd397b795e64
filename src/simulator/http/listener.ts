/** The one door for HTTP and WebSocket on node:http: reads bodies, finds the front, writes answers. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { answerControl } from "../control/routes.ts";
import { plainIp } from "../exchange/addresses.ts";
import { compactCsv, detailedCsv } from "../exchange/instrument-csv.ts";
import type { Reply } from "../exchange/replies.ts";
import type { Simulation } from "../simulation.ts";
import { createWsFront } from "../stream/ws-front.ts";
import { answerLogin } from "./login-front.ts";
import { API_PATH, answerApi, gatewayNotFound, type Page, pageOf } from "./page.ts";

const BODY_BYTES_MAX = 1_000_000;
const SOCKET_PATH = "/order-updates";

interface Arrived {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly bodyText: string;
  readonly arrivedAtMs: number;
}

/** A server that is not listening yet. Idle connections are kept open, as the broker's are. */
export function createListener(simulation: Simulation): Server {
  const server = createServer({ keepAliveTimeout: 75_000 }, (request, response) => {
    receive(simulation, request, response);
  });
  const upgrade = createWsFront(simulation.orderSocket);
  server.on("upgrade", (request: IncomingMessage, duplex: Duplex, head: Buffer) => {
    duplex.on("error", () => duplex.destroy());
    const path = (request.url ?? "").split("?", 1)[0];
    if (path === SOCKET_PATH) upgrade(request, duplex, head);
    else duplex.end("HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
  });
  return server;
}

function receive(simulation: Simulation, request: IncomingMessage, response: ServerResponse): void {
  const chunks: Buffer[] = [];
  let bytes = 0;
  request.on("data", (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > BODY_BYTES_MAX) request.destroy();
    else chunks.push(chunk);
  });
  request.on("error", () => response.destroy());
  request.on("end", () => {
    const arrivedAtMs = simulation.nowEpochMs();
    const url = request.url ?? "/";
    const mark = url.indexOf("?");
    const path = mark < 0 ? url : url.slice(0, mark);
    const arrived = {
      method: request.method ?? "GET",
      path,
      query: mark < 0 ? "" : url.slice(mark + 1),
      bodyText: chunks.length === 1 ? String(chunks[0]) : Buffer.concat(chunks).toString(),
      arrivedAtMs,
    };
    dispatch(simulation, arrived, request, response);
  });
}

function dispatch(
  simulation: Simulation,
  arrived: Arrived,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const { path } = arrived;
  if (path.startsWith(`${API_PATH}/`)) {
    dispatchWire(simulation, arrived, request, response);
    return;
  }
  if (path.startsWith("/instruments/")) {
    sendInstruments(simulation, path, response);
    return;
  }
  let reply: Reply | undefined;
  if (path.startsWith("/sim/")) {
    reply = answerControl(simulation, { ...arrived, path: path.slice("/sim".length) });
  } else if (path.startsWith("/auth/")) {
    const loginPath = path.slice("/auth".length);
    reply = answerLogin(simulation.venue, arrived.method, loginPath, arrived.query);
  }
  send(response, pageOf(reply ?? gatewayNotFound(simulation, path)));
}

function dispatchWire(
  simulation: Simulation,
  arrived: Arrived,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const token = request.headers["access-token"];
  const answer = answerApi(simulation, {
    ...arrived,
    path: arrived.path.slice(API_PATH.length),
    token: typeof token === "string" ? token : undefined,
    remoteIp: plainIp(request.socket.remoteAddress),
  });
  if (answer.kind === "cut") request.socket.destroy();
  else if (answer.delayMs <= 0) send(response, answer.page);
  else simulation.venue.agenda.after(answer.delayMs, () => send(response, answer.page));
}

function send(response: ServerResponse, { status, type, text }: Page): void {
  if (response.destroyed) return;
  response.writeHead(status, { "content-type": type, "content-length": Buffer.byteLength(text) });
  response.end(text);
}

function sendInstruments(simulation: Simulation, path: string, response: ServerResponse): void {
  const instruments = simulation.venue.instruments.values();
  const file = path.slice("/instruments/".length);
  if (file === "api-scrip-master-detailed.csv") {
    send(response, { status: 200, type: "text/csv", text: detailedCsv(instruments) });
  } else if (file === "api-scrip-master.csv") {
    send(response, { status: 200, type: "text/csv", text: compactCsv(instruments) });
  } else send(response, pageOf(gatewayNotFound(simulation, path)));
}
