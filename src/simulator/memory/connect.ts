/** A client's transports to a simulator in the same process, on the simulator's own clock. */
import type { Random } from "../../ports/random.ts";
import type { HttpTransport, SocketTransport } from "../../ports/transport.ts";
import type { Simulation } from "../simulation.ts";
import { memoryHttp } from "./http-front.ts";
import { DEFAULT_LATENCIES, type Latencies, Link } from "./link.ts";
import { memorySockets } from "./socket-front.ts";

export interface MemoryLinkOptions {
  /** Draws the latencies; one of its own for each link keeps links from disturbing each other. */
  readonly random: Random;
  readonly latencies?: Partial<Latencies>;
  /** The address that the broker sees; default "127.0.0.1". */
  readonly remoteIp?: string;
}

export interface MemoryLink {
  readonly http: HttpTransport;
  readonly sockets: SocketTransport;
  /**
   * The process at this end dies: what it has sent still arrives, nothing comes back, and its
   * sockets end at the broker.
   */
  cut(): void;
}

export function connectInMemory(simulation: Simulation, options: MemoryLinkOptions): MemoryLink {
  const { random, latencies, remoteIp = "127.0.0.1" } = options;
  const link = new Link(simulation.clock, random, { ...DEFAULT_LATENCIES, ...latencies });
  return {
    http: memoryHttp(simulation, link, remoteIp),
    sockets: memorySockets(simulation, link),
    cut: () => link.cut(),
  };
}
