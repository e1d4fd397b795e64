/**
 * A made-up morning before the real one: the same desk and the same client as in earnest, between a
 * leader and a follower who do not exist, over transports in memory. Nothing leaves the process and
 * nothing is kept. Without it the first orders of the day would pay for the compiler.
 */
import { toAccountId, toLinkId } from "../core/model/ids.ts";
import { toPriceE4 } from "../core/model/money.ts";
import { createDhanAccount } from "../dhan/client.ts";
import { memoryJournal } from "../journal/memory/journal.ts";
import { assert } from "../platform/assert.ts";
import { sha256Bytes } from "../platform/hash.ts";
import { manualClock } from "../platform/manual-clock.ts";
import { seededRandom } from "../platform/random.ts";
import type { Logger } from "../ports/logger.ts";
import type { HttpReply, HttpTransport, SocketEvent, SocketTransport } from "../ports/transport.ts";
import { Desk } from "../runtime/desk.ts";

/** Enough for the optimising compiler to have seen every function on the path. */
const ROUNDS = 600;
const STARTS_AT = "2026-01-05T10:00:00+05:30";
const FRAME_TIME = "2026-01-05 10:00:00";
/** The facts of a round are appended and its orders are told of within this time. */
const MOMENT_MS = 25;
const LEADER = { id: toAccountId("rehearsal-leader"), clientId: "1000000001" };
const FOLLOWER = { id: toAccountId("rehearsal-follower"), clientId: "1000000002" };

const SILENT: Logger = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
  child: () => SILENT,
};

interface Alert {
  readonly clientId: string;
  readonly orderNo: string;
  readonly status: "Transit" | "Pending" | "Cancelled";
  readonly correlationId: string;
}

/** One account at a broker who takes everything and shows it at once. */
class MadeUpAccount {
  readonly http: HttpTransport;
  readonly sockets: SocketTransport;
  readonly #clientId: string;
  readonly #correlationIds = new Map<string, string>();
  #listener: (event: SocketEvent) => void = () => {};
  placed = 0;

  constructor(clientId: string) {
    this.#clientId = clientId;
    this.http = {
      request: async ({ method, path, body }) => this.#answer(method, path, body),
      close: async () => {},
    };
    this.sockets = {
      connect: (listener) => {
        this.#listener = listener;
        queueMicrotask(() => listener({ kind: "open" }));
        const terminate = () => queueMicrotask(() => listener({ kind: "closed", text: "ended" }));
        return { send() {}, ping() {}, terminate };
      },
    };
  }

  tell(alert: Omit<Alert, "clientId">): void {
    const frame = JSON.stringify(alertOf({ ...alert, clientId: this.#clientId }));
    this.#listener({ kind: "message", data: Buffer.from(frame).toString() });
  }

  #answer(method: string, path: string, body: string | undefined): HttpReply {
    if (method === "GET") return { status: 200, body: "[]" };
    if (method === "POST") {
      const { correlationId } = JSON.parse(body ?? "") as { correlationId: string };
      this.placed += 1;
      const orderNo = String(2_000_000 + this.placed);
      this.#correlationIds.set(orderNo, correlationId);
      queueMicrotask(() => this.tell({ orderNo, status: "Pending", correlationId }));
      return replyOf(orderNo, "TRANSIT");
    }
    const orderNo = path.slice(path.lastIndexOf("/") + 1);
    const correlationId = this.#correlationIds.get(orderNo) ?? "NA";
    queueMicrotask(() => this.tell({ orderNo, status: "Cancelled", correlationId }));
    return replyOf(orderNo, "CANCELLED");
  }
}

function replyOf(orderId: string, orderStatus: string): HttpReply {
  return { status: 200, body: JSON.stringify({ orderId, orderStatus }) };
}

/** A whole frame, as captured ones look. */
function alertOf({ clientId, orderNo, status, correlationId }: Alert): unknown {
  const isWorking = status === "Pending";
  return {
    Data: {
      exchange: "NSE",
      segment: "E",
      source: "P",
      securityId: "1",
      clientId,
      exchOrderNo: orderNo,
      orderNo,
      product: "I",
      txnType: "B",
      orderType: "LMT",
      validity: "DAY",
      discQuantity: 0,
      discQtyRem: 0,
      remainingQuantity: isWorking ? 10 : 0,
      quantity: 10,
      tradedQty: 0,
      price: 100.5,
      triggerPrice: 0,
      tradedPrice: 0,
      avgTradedPrice: 0,
      algoOrdNo: null,
      offMktFlag: "0",
      orderDateTime: FRAME_TIME,
      exchOrderTime: FRAME_TIME,
      lastUpdatedTime: FRAME_TIME,
      remarks: "NR",
      mktType: "NL",
      reasonDescription: "CONFIRMED",
      legNo: 1,
      instrument: "EQUITY",
      symbol: "W",
      productName: "INTRADAY",
      status,
      lotSize: 1,
      strikePrice: 0,
      expiryDate: "0001-01-01 00:00:00",
      optType: "XX",
      displayName: "W",
      isin: "",
      series: "EQ",
      goodTillDaysDate: FRAME_TIME,
      refLtp: 100.5,
      tickSize: 0.05,
      algoId: "0",
      multiplier: 1,
      correlationId,
      orderPlatform: "API",
    },
    Type: "order_alert",
  };
}

/** Plays the morning; takes some tenths of a second. */
export async function rehearse(): Promise<void> {
  const clock = manualClock(Date.parse(STARTS_AT));
  const leader = new MadeUpAccount(LEADER.clientId);
  const follower = new MadeUpAccount(FOLLOWER.clientId);
  const open = ({ id, clientId }: typeof LEADER, transports: MadeUpAccount) => ({
    id,
    ...createDhanAccount({
      restUrl: "http://nowhere/v2",
      orderUpdateUrl: "ws://nowhere",
      clientId,
      accessToken: "none",
      clock,
      random: seededRandom(1),
      transports,
    }),
  });
  const link = {
    id: toLinkId("rehearsal"),
    leader: LEADER.id,
    follower: FOLLOWER.id,
    mode: "active",
    sizing: { kind: "multiplier", bps: 10_000 },
    marketOrders: "protected-limit",
    maxAgeMs: 3_600_000,
    guards: {},
  } as const;
  const desk = await Desk.start({
    journal: memoryJournal(),
    clock,
    logger: SILENT,
    accounts: [open(LEADER, leader), open(FOLLOWER, follower)],
    links: [link],
    instrument: (key) => ({ key, symbol: "W", kind: "equity", lotSize: 1, tick: toPriceE4(500) }),
    sha256: sha256Bytes,
    windows: [{ windowMs: 1, most: ROUNDS, reserve: 0 }],
    onLost: () => {},
  });
  const moment = async () => {
    clock.advance(MOMENT_MS);
    await new Promise((resolve) => setImmediate(resolve));
  };
  for (let wait = 0; !desk.readiness().isReady && wait < 1_000; wait += 1) await moment();
  for (let round = 1; round <= ROUNDS; round += 1) {
    for (const status of ["Transit", "Pending", "Cancelled"] as const) {
      leader.tell({ orderNo: String(1_000_000 + round), status, correlationId: "NA" });
      await moment();
    }
  }
  const stopped = desk.stop();
  await moment();
  await stopped;
  assert(follower.placed === ROUNDS, () => `the rehearsal copied ${follower.placed} of ${ROUNDS}`);
}
