/**
 * The swappable transport below a client: bytes out, bytes in, and how sure one can be of either.
 * Which host is behind it is its own affair, so the same client runs on a network or in memory.
 */
export type HttpMethod = "GET" | "POST" | "PUT" | "DELETE";

export interface HttpRequest {
  readonly method: HttpMethod;
  /** Below the transport's own base path, beginning with "/". */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface HttpReply {
  readonly status: number;
  readonly body: string;
}

/**
 * notSent: proved that no byte of the request left (name lookup, refused or timed-out connect, still
 * queued at the deadline). lost: some of it may have left, and nothing that counts as a reply came.
 */
export type TransportFaultKind = "notSent" | "lost";

/** No reply. Says nothing about what the other side did, unless `kind` is "notSent". */
export class TransportFault extends Error {
  override readonly name = "TransportFault";
  readonly kind: TransportFaultKind;
  constructor(kind: TransportFaultKind, message: string, cause?: unknown) {
    super(message, { cause });
    this.kind = kind;
  }
}

export interface HttpLimits {
  readonly timeoutMs: number;
  /**
   * Asked immediately before the first byte would leave: where it says no, none does, and the request
   * is rejected as notSent.
   */
  readonly mayLeave?: () => boolean;
}

export interface HttpTransport {
  /**
   * Sends once and never again, whatever happens. Resolves to any complete reply, of any status;
   * rejects with a TransportFault at the latest `timeoutMs` after the call.
   */
  request(request: HttpRequest, limits: HttpLimits): Promise<HttpReply>;
  /** Waits for requests under way, then lets go of every connection. */
  close(): Promise<void>;
}

/**
 * What a text WebSocket tells. "closed" comes exactly once and last, also when the connection never
 * opened; `status` is the HTTP status of a refused handshake.
 */
export type SocketEvent =
  | { readonly kind: "open" }
  | { readonly kind: "message"; readonly data: string | Uint8Array }
  | { readonly kind: "ping" }
  | { readonly kind: "pong" }
  | { readonly kind: "closed"; readonly text: string; readonly status?: number };

export interface SocketConnection {
  /** Only after "open". */
  send(text: string): void;
  /** A protocol ping; only after "open". Pings of the other side are answered without our help. */
  ping(): void;
  /** Drops the connection at once, at any time; "closed" follows. */
  terminate(): void;
}

export interface SocketTransport {
  /** Begins to connect; the listener is never called before this returns. */
  connect(listener: (event: SocketEvent) => void): SocketConnection;
}
