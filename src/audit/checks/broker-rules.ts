import { type AuditCall, isFollower, type MakeAuditCheck, type TradeRules } from "../check.ts";

/** The broker's limits on the order calls of one account (its official table). */
const WINDOWS = [
  { windowMs: 1_000, most: 10 },
  { windowMs: 60_000, most: 250 },
] as const;
const CALLS_KEPT = 250;
const MODIFICATIONS_MAX = 25;

interface Answered {
  readonly command: string;
  readonly correlationId: string;
  readonly outcome: { readonly kind: string };
}

/**
 * P7, the broker's rules, as the commands leave: no account asks faster than the broker allows, changes
 * an order more than 25 times, or enters with a quantity above the freeze quantity or not of whole
 * lots, or with a price that is not of whole ticks.
 *
 * Instruments in which the leader's own prices are not of whole ticks, or in which he was not seen at
 * all, are left out: there it is the instrument file that is behind. Exits are left out of the lots: a
 * position may be older than today's lot.
 */
export const brokerRules: MakeAuditCheck = (world, tell) => {
  const { written } = world;
  /** Monotonic, oldest first, by account. */
  const calls = new Map<string, number[]>();
  const changes = new Map<string, { count: number; atMs: number }>();
  /** By name of an order: what of it (itself, a leg) was last to be changed. */
  const changing = new Map<string, { key: string; atMs: number }>();
  /** By instrument: whether the leaders keep to its ticks. */
  const isOnTick = new Map<string, boolean>();

  function takeRate({ account, leftAtMs }: AuditCall): void {
    const times = calls.get(account) ?? [];
    calls.set(account, times);
    times.push(leftAtMs);
    if (times.length > CALLS_KEPT + 1) times.shift();
    const text = tooFast(times);
    if (text !== undefined) tell(`${account}: ${text}`);
  }

  /** The broker counts those that he has taken, and of one order only one is under way at a time. */
  function takeAnswer(correlationId: string): void {
    const key = changing.get(correlationId)?.key;
    if (key === undefined) return;
    const count = (changes.get(key)?.count ?? 0) + 1;
    changes.set(key, { count, atMs: world.clock.nowMs() });
    if (count > MODIFICATIONS_MAX) tell(`${key} changed ${count} times`);
  }

  function takeTerms(call: AuditCall): void {
    const { account, correlationId = "", instrument = "", quantity = 0, pricesE4 = [] } = call;
    const rules = world.rulesOf(instrument);
    if (rules === undefined) return;
    const what = `${account}: ${correlationId} for ${quantity} of ${instrument}`;
    const isEntry = written.places.get(correlationId)?.part.leg === "entry";
    if (isEntry && quantity % rules.lotSize !== 0) tell(`${what} is not whole lots`);
    if (quantity > (rules.freezeUnits ?? Infinity)) tell(`${what} is above the freeze quantity`);
    const wrong = isOnTick.get(instrument) ? pricesE4.find((price) => !isWhole(price, rules)) : 0;
    if (wrong) tell(`${what} at ${wrong / 10_000} is not whole ticks`);
  }

  return {
    onOrder({ account, instrument, pricesE4 = [] }) {
      if (!world.links.some(({ leader }) => leader === account)) return;
      const rules = world.rulesOf(instrument);
      if (rules === undefined || pricesE4.length === 0) return;
      const isWholeNow = pricesE4.every((price) => isWhole(price, rules));
      isOnTick.set(instrument, isWholeNow && isOnTick.get(instrument) !== false);
    },
    onCall(call) {
      if (!isFollower(world, call.account)) return;
      takeRate(call);
      const { account, kind, orderId, correlationId = "" } = call;
      if (kind === "place") takeTerms(call);
      if (kind !== "modify") return;
      changing.set(correlationId, { key: `${account}: ${orderId}`, atMs: world.clock.nowMs() });
    },
    onEntries({ entries }) {
      for (const { kind, body } of entries) {
        if (kind !== "commandAnswered") continue;
        const { command, correlationId, outcome } = body as Answered;
        if (command === "modify" && outcome.kind === "accepted") takeAnswer(correlationId);
      }
    },
    forget(beforeMs) {
      for (const [key, { atMs }] of changes) if (atMs < beforeMs) changes.delete(key);
      for (const [id, { atMs }] of changing) if (atMs < beforeMs) changing.delete(id);
    },
  };
};

function isWhole(priceE4: number, { tickE4 }: TradeRules): boolean {
  return priceE4 % tickE4 === 0;
}

/** `times`: monotonic, oldest first; the last one is the call that is judged. */
function tooFast(times: readonly number[]): string | undefined {
  const nowMs = times.at(-1) ?? 0;
  for (const { windowMs, most } of WINDOWS) {
    const tookMs = nowMs - (times.at(-most - 1) ?? Number.NEGATIVE_INFINITY);
    if (tookMs < windowMs) return `${most + 1} order calls within ${Math.ceil(tookMs)} ms`;
  }
  return undefined;
}
