/** A check on its own: what it is told comes from a test, and time is the test's. */

import { toAccountId } from "../core/model/ids.ts";
import { followerStream, leaderStream } from "../core/model/stream.ts";
import type { AuditCall, MakeAuditCheck, SeenOrder, TradeRules } from "./check.ts";
import { Written } from "./written.ts";

export const NAME_OF_OURS = "T0000000000000000000000A1";
export const OTHER_NAME = "T0000000000000000000000B2";

type Fact = { readonly kind: string; readonly [key: string]: unknown };

/** One link, "leader-asha". `lagMs` as in the running program unless it is given. */
export function benchOf(make: MakeAuditCheck, { lagMs = 60_000 } = {}) {
  let nowMs = 1_000;
  const told: string[] = [];
  const seqs = new Map<string, number>();
  const armed = { sinceMs: 0 as number | undefined };
  const rules: TradeRules = { lotSize: 65, tickE4: 500, freezeUnits: 1_755 };
  const clock = { nowMs: () => nowMs as never, monotonicMs: () => nowMs };
  const written = new Written({ clock });
  const check = make(
    {
      clock,
      links: [{ id: "leader-asha", leader: "leader", follower: "asha" }],
      secrets: ["token-of-asha"],
      written,
      lagMs,
      armedSinceMs: () => armed.sinceMs,
      rulesOf: (key) => (key === "NSE_FNO:52002" ? rules : undefined),
    },
    (text) => told.push(text),
  );

  function writesTo(stream: string, facts: readonly Fact[]): void {
    const entries = facts.map((body) => ({ kind: body.kind, atMs: nowMs, body }));
    const firstSeq = (seqs.get(stream) ?? 0) + 1;
    seqs.set(stream, firstSeq + entries.length - 1);
    written.take(stream, entries);
    check.onEntries?.({ stream, firstSeq, entries });
  }

  return {
    told,
    check,
    armed,
    /** The follower's journal takes these. */
    writes: (...facts: readonly Fact[]) => writesTo(followerStream(toAccountId("asha")), facts),
    /** The leader's does. */
    leaderWrites: (...facts: readonly Fact[]) =>
      writesTo(leaderStream(toAccountId("leader")), facts),
    sees: (seen: Partial<SeenOrder>) => check.onOrder?.({ ...ORDER, seenAtMs: nowMs, ...seen }),
    calls: (call: Partial<AuditCall>) => check.onCall?.({ ...CALL, leftAtMs: nowMs, ...call }),
    passes(forMs: number) {
      nowMs += forMs;
      check.onTick?.();
    },
  };
}

const ORDER: SeenOrder = {
  account: "asha",
  orderId: "1",
  correlationId: NAME_OF_OURS,
  instrument: "NSE_FNO:52002",
  filled: 0,
  isAlive: true,
  isPart: false,
  seenAtMs: 0,
};

const CALL: AuditCall = {
  account: "asha",
  kind: "place",
  correlationId: NAME_OF_OURS,
  instrument: "NSE_FNO:52002",
  quantity: 65,
  leftAtMs: 0,
};

/** The opening of a copy as the journal has it. */
export function openingOf(leaderOrderId: string, about: Readonly<Record<string, unknown>> = {}) {
  return {
    kind: "copyOpened",
    copyId: `leader-asha/${leaderOrderId}`,
    linkId: "leader-asha",
    instrument: "NSE_FNO:52002",
    product: "INTRADAY",
    ...about,
  };
}

/** The intent of a placement as the journal has it. */
export function intentOf(
  correlationId: string,
  leaderOrderId: string,
  { leg = "entry", side = "BUY", quantity = 65, ...about }: Readonly<Record<string, unknown>> = {},
) {
  return {
    kind: "placeIntended",
    copyId: `leader-asha/${leaderOrderId}`,
    identity: { leaderOrderId, leg, slice: 0 },
    command: {
      kind: "place",
      correlationId,
      instrument: "NSE_FNO:52002",
      product: "INTRADAY",
      side,
      terms: { quantity },
      ...about,
    },
  };
}

/** An observation of an order of the follower's as the journal has it. */
export function observedOf(correlationId: string, brokerOrderId: string, filledQuantity: number) {
  return { kind: "orderObserved", order: { correlationId, brokerOrderId, filledQuantity } };
}
