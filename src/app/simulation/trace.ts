/** All that passed between Tandem, its journal and the broker, as one hash that tells runs apart. */
import { createHash } from "node:crypto";
import type { Clock } from "../../ports/clock.ts";
import type { Journal, NewEntry, StreamName } from "../../ports/journal.ts";
import type { HttpTransport, SocketTransport } from "../../ports/transport.ts";
import type { MemoryLink } from "../../simulator/index.ts";

/** Kept for the report of a failure. */
const LINES_KEPT = 400;
const LINE_LENGTH_MAX = 300;

export class Trace {
  readonly #hash = createHash("sha256");
  readonly #clock: Clock;
  readonly #lines: string[] = [];
  /** Told of every event as it is added. */
  onEvent: (parts: readonly string[]) => void = () => {};
  count = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  add(...parts: readonly string[]): void {
    const line = `${this.#clock.monotonicMs()} ${parts.join(" ")}\n`;
    this.#hash.update(line);
    this.count += 1;
    if (this.#lines.length === 2 * LINES_KEPT) this.#lines.splice(0, LINES_KEPT);
    this.#lines.push(line);
    this.onEvent(parts);
  }

  /** Over everything so far. */
  digest(): string {
    return this.#hash.copy().digest("hex");
  }

  /** The last events, each cut to a readable length. */
  tail(count: number): string {
    const lines = this.#lines.slice(-count).map((line) => line.trimEnd().slice(0, LINE_LENGTH_MAX));
    return lines.join("\n");
  }
}

/** The same link; requests, replies and everything that the socket tells go into the trace. */
export function tracedLink(link: MemoryLink, name: string, trace: Trace): MemoryLink {
  return {
    ...link,
    http: tracedHttp(link.http, name, trace),
    sockets: tracedSockets(link, name, trace),
  };
}

function tracedHttp(http: HttpTransport, name: string, trace: Trace): HttpTransport {
  return {
    async request(request, limits) {
      const { method, path, body = "" } = request;
      trace.add(name, method, path, body);
      try {
        const reply = await http.request(request, limits);
        trace.add(name, "reply to", method, path, String(reply.status), reply.body);
        return reply;
      } catch (error) {
        trace.add(name, "no reply to", method, path, String(error));
        throw error;
      }
    },
    close: () => http.close(),
  };
}

function tracedSockets({ sockets }: MemoryLink, name: string, trace: Trace): SocketTransport {
  return {
    connect(listener) {
      trace.add(name, "socket connects");
      return sockets.connect((event) => {
        const text =
          event.kind === "message" ? String(event.data) : event.kind === "closed" ? event.text : "";
        trace.add(name, "socket", event.kind, text);
        listener(event);
      });
    },
  };
}

/** The same journal; what it is asked to keep goes into the trace. */
export function tracedJournal(journal: Journal, trace: Trace): Journal {
  return {
    ...journal,
    append(appends) {
      for (const { stream, entries } of appends) {
        trace.add("journal", stream, JSON.stringify(entries));
      }
      return journal.append(appends);
    },
  };
}

/** The same journal; `heard` is told of every append that it has taken. */
export function watchedJournal(
  journal: Journal,
  heard: (stream: StreamName, entries: readonly NewEntry[]) => void,
): Journal {
  return {
    ...journal,
    async append(appends) {
      const seqs = await journal.append(appends);
      for (const { stream, entries } of appends) heard(stream, entries);
      return seqs;
    },
  };
}
