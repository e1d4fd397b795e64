/** Text WebSockets over ws. Pings of the other side are answered by ws itself. */
import { WebSocket } from "ws";
import type { SocketEvent, SocketTransport } from "../../ports/transport.ts";

export interface WsTransportOptions {
  /** "wss://api-order-update.dhan.co", "ws://127.0.0.1:4610/order-updates". */
  readonly url: string;
  /** Time for connect, TLS and upgrade together. Default 10000. */
  readonly handshakeTimeoutMs?: number;
}

/** Order alerts have one to two kilobytes; anything near this is not one. */
const FRAME_BYTES_MAX = 1024 * 1024;

export function createWsTransport(options: WsTransportOptions): SocketTransport {
  return {
    connect(listener) {
      const socket = new WebSocket(options.url, {
        // Between two frames that came together, the orders of the first may leave.
        allowSynchronousEvents: false,
        handshakeTimeout: options.handshakeTimeoutMs ?? 10_000,
        perMessageDeflate: false,
        maxPayload: FRAME_BYTES_MAX,
      });
      forwardEvents(socket, listener);
      return {
        // ws calls back with an error when the socket is closing; "closed" is on its way then.
        send: (text) => socket.send(text, () => undefined),
        ping: () => socket.ping(undefined, undefined, () => undefined),
        terminate: () => socket.terminate(),
      };
    },
  };
}

function forwardEvents(socket: WebSocket, listener: (event: SocketEvent) => void): void {
  let problem: string | undefined;
  let status: number | undefined;
  socket.on("open", () => listener({ kind: "open" }));
  socket.on("ping", () => listener({ kind: "ping" }));
  socket.on("pong", () => listener({ kind: "pong" }));
  socket.on("message", (data: Buffer, isBinary: boolean) =>
    listener({ kind: "message", data: isBinary ? data : data.toString("utf8") }),
  );
  socket.on("unexpected-response", (_request, response) => {
    status = response.statusCode;
    problem = `handshake answered with HTTP ${status}`;
    response.resume();
    socket.terminate();
  });
  // "close" always follows, also when the connection never opened.
  socket.on("error", (error) => {
    problem ??= error.message || error.name;
  });
  socket.on("close", (code, reason) => {
    const text = problem ?? `closed with code ${code} ${reason.toString("utf8")}`.trim();
    listener({ kind: "closed", text, ...(status === undefined ? {} : { status }) });
  });
}
