/**
 * Holds the broker's own books, and what the journal says of them, against what the script expects.
 *
 * The broker's rows decide. The journal is asked for two things alone: which leader order a row is
 * said to be the copy of, and why there is none.
 */
import type { AccountTruth } from "../../simulator/index.ts";
import type { Follower } from "./cast.ts";
import { exitDifferences } from "./exit-differences.ts";
import type { ExpectedBooks, ExpectedCopy, ExpectedOrder, ExpectedRow } from "./expected-books.ts";
import { halfDifferences } from "./half-differences.ts";

/** What the journal says of one leader order for one follower. */
export interface Claim {
  readonly correlationIds: readonly string[];
  /** Orders of ours that got a copy out where its exits at the broker did not. */
  readonly ownExitIds?: readonly string[];
  /** Why it was not copied, or not whole. */
  readonly code: string | undefined;
  /** A command is under way or its outcome unknown, or the copy is held. */
  readonly isBusy: boolean;
  /** How the last child order ended or stands, "working"; undefined when there is none. */
  readonly state: string | undefined;
  readonly filled: number;
}

export interface Difference {
  readonly account: string;
  readonly leaderOrderId?: string;
  /** "the child order's quantity is 30, expected 60" */
  readonly text: string;
  /** Of what the journal knows by now, not of the broker's books. */
  readonly isBelief?: true;
}

export interface Evidence {
  readonly expected: ExpectedBooks;
  readonly followers: readonly Follower[];
  /** The broker's truth of an account, by our name of it. */
  readonly truth: (account: string) => AccountTruth;
  readonly claim: (follower: string, leaderOrderId: string) => Claim | undefined;
  /** Leader orders that the journal knows. */
  readonly knownLeaderOrders: readonly string[];
}

type OrderTruth = AccountTruth["orders"][number];

/** Everything that is not as it must be; nothing when all is. */
export function findDifferences(evidence: Evidence): Difference[] {
  const orders = evidence.expected.orders();
  return [
    ...leaderDifferences(evidence, orders),
    ...evidence.followers.flatMap((follower) => [
      ...orders.flatMap((order) => copyDifferences(evidence, follower.name, order)),
      ...strangeOrders(evidence, follower.name, orders),
      ...positionDifferences(evidence, follower.name),
      ...brokenRules(follower.name, evidence.truth(follower.name)),
    ]),
    ...positionDifferences(evidence, "leader"),
  ];
}

function leaderDifferences(evidence: Evidence, orders: readonly ExpectedOrder[]): Difference[] {
  const truth = evidence.truth("leader");
  const own = orders.flatMap((order) => {
    const { leaderOrderId } = order;
    const texts = leaderTexts(truth, order);
    if (!evidence.knownLeaderOrders.includes(leaderOrderId)) texts.push("is not in the journal");
    return texts.map((text) => ({
      account: "leader",
      leaderOrderId,
      text: `the leader's order ${text}`,
    }));
  });
  // What belongs to another order is looked at with that one.
  const rows = truth.orders.filter(({ parentOrderId }) => (parentOrderId ?? null) === null);
  const others = [...rows.map(({ orderId }) => orderId), ...evidence.knownLeaderOrders]
    .filter((id) => !orders.some(({ leaderOrderId }) => leaderOrderId === id))
    .map((leaderOrderId) => ({
      account: "leader",
      leaderOrderId,
      text: "the leader's order is not in the script",
    }));
  return [...own, ...others];
}

function leaderTexts(truth: AccountTruth, order: ExpectedOrder): string[] {
  const { leaderOrderId, leader, leaderExits, script, fired } = order;
  if (script.halves !== undefined) {
    const trigger = truth.forevers.find(({ orderId }) => orderId === leaderOrderId);
    if (trigger === undefined) return ["is not at the broker"];
    return halfDifferences(trigger, script.halves, { quantity: leader.quantity, fired });
  }
  const row = truth.orders.find((each) => each.orderId === leaderOrderId);
  if (row === undefined) return ["is not at the broker"];
  return [...rowDifferences(row, leader), ...exitDifferences(groupOf(truth, row), leaderExits)];
}

function groupOf(truth: AccountTruth, { orderId }: OrderTruth) {
  return truth.groups.find(({ entryId }) => entryId === orderId);
}

function copyDifferences(evidence: Evidence, follower: string, order: ExpectedOrder): Difference[] {
  const { leaderOrderId, copies } = order;
  const claim = evidence.claim(follower, leaderOrderId);
  const expected = afterBreaker(copies.get(follower), claim?.code);
  const texts: string[] = [];
  if (claim?.code !== expected?.code) {
    texts.push(
      `the journal's reason is ${claim?.code ?? "none"}, expected ${expected?.code ?? "none"}`,
    );
  }
  const truth = evidence.truth(follower);
  const ids = claim?.correlationIds ?? [];
  const found =
    order.script.halves === undefined
      ? childTexts(truth, ids, expected)
      : triggerTexts(truth, ids, order, expected);
  texts.push(...found, ...ownExitTexts(truth, claim, expected));
  const about = { account: follower, leaderOrderId };
  const beliefs = claim === undefined ? [] : beliefDifferences(claim, expected);
  return [
    ...texts.map((text) => ({ ...about, text })),
    ...beliefs.map((text) => ({ ...about, text, isBelief: true }) as const),
  ];
}

/** Who is refused again and again is not asked any more: the breaker stops his entries. */
function afterBreaker(expected: ExpectedCopy | undefined, code: string | undefined) {
  const rows = expectedRows(expected);
  const isRefused = rows.length > 0 && rows.every(({ status }) => status === "REJECTED");
  const isStopped = isRefused && code === "entries-stopped";
  return isStopped ? ({ code: "entries-stopped" } as const) : expected;
}

function childTexts(
  truth: AccountTruth,
  ids: readonly string[],
  expected: ExpectedCopy | undefined,
): string[] {
  const rows = truth.orders.filter((row) => ids.includes(row.correlationId));
  const wanted = expectedRows(expected);
  if (rows.length !== wanted.length) {
    return [`${rows.length} child orders at the broker, expected ${wanted.length}`];
  }
  const texts = rows.flatMap((row, index) => {
    const child = wanted[index];
    return child === undefined ? [] : rowDifferences(row, child);
  });
  const [first] = rows;
  if (first !== undefined) texts.push(...exitDifferences(groupOf(truth, first), expected?.exits));
  return texts.map((text) => `the child order ${text}`);
}

function expectedRows(expected: ExpectedCopy | undefined): readonly ExpectedRow[] {
  return expected?.child === undefined ? [] : [expected.child, ...(expected.slices ?? [])];
}

function triggerTexts(
  truth: AccountTruth,
  ids: readonly string[],
  { script, fired }: ExpectedOrder,
  expected: ExpectedCopy | undefined,
): string[] {
  const triggers = truth.forevers.filter(({ correlationId }) => ids.includes(correlationId));
  const wanted = expected?.child === undefined ? 0 : 1;
  const [trigger] = triggers;
  if (triggers.length !== wanted || script.halves === undefined) {
    return [`${triggers.length} triggers at the broker, expected ${wanted}`];
  }
  if (trigger === undefined) return [];
  const about = { quantity: expected?.child?.quantity ?? 0, fired };
  return halfDifferences(trigger, script.halves, about).map((text) => `the trigger ${text}`);
}

function ownExitTexts(
  truth: AccountTruth,
  claim: Claim | undefined,
  expected: ExpectedCopy | undefined,
): string[] {
  const units = truth.orders
    .filter(({ correlationId }) => claim?.ownExitIds?.includes(correlationId))
    .reduce((sum, { row }) => sum + (row.filledQty ?? 0), 0);
  const wanted = expected?.ownExit ?? 0;
  return units === wanted ? [] : [`an order of our own took ${units} out, expected ${wanted}`];
}

const STATE_OF: Readonly<Record<ExpectedRow["status"], string>> = {
  PENDING: "working",
  PART_TRADED: "working",
  TRADED: "filled",
  CANCELLED: "cancelled",
  REJECTED: "rejected",
};

/** Tandem must know how things stand at the broker, too. */
function beliefDifferences(claim: Claim, expected: ExpectedCopy | undefined): string[] {
  const texts: string[] = [];
  const rows = expectedRows(expected);
  const last = rows.at(-1);
  const state = last && STATE_OF[last.status];
  const filled = rows.reduce((sum, row) => sum + row.filled, 0);
  if (claim.isBusy) texts.push("the journal still has something under way");
  if (claim.state !== state) {
    texts.push(`the journal says ${claim.state ?? "no child order"}, expected ${state ?? "none"}`);
  }
  if (claim.filled !== filled) {
    texts.push(`the journal says ${claim.filled} filled, expected ${filled}`);
  }
  return texts;
}

/** "has quantity 30, expected 60", for each field that differs. */
function rowDifferences({ row }: OrderTruth, expected: ExpectedRow): string[] {
  const actual: ExpectedRow = {
    symbol: row.tradingSymbol ?? "",
    segment: row.exchangeSegment ?? "",
    securityId: row.securityId ?? "",
    side: row.transactionType as ExpectedRow["side"],
    product: row.productType ?? "",
    type: row.orderType as ExpectedRow["type"],
    quantity: row.quantity ?? 0,
    price: row.price ?? 0,
    trigger: row.triggerPrice ?? 0,
    filled: row.filledQty ?? 0,
    status: row.orderStatus as ExpectedRow["status"],
  };
  return (Object.keys(expected) as (keyof ExpectedRow)[])
    .filter((field) => actual[field] !== expected[field])
    .map((field) => `has ${field} ${actual[field]}, expected ${expected[field]}`);
}

/** Orders of the account that are no copy of anything, and names that two orders share. */
function strangeOrders(
  evidence: Evidence,
  follower: string,
  orders: readonly ExpectedOrder[],
): Difference[] {
  const claimed = new Map<string, string>();
  for (const { leaderOrderId } of orders) {
    const claim = evidence.claim(follower, leaderOrderId);
    for (const id of [...(claim?.correlationIds ?? []), ...(claim?.ownExitIds ?? [])]) {
      claimed.set(id, leaderOrderId);
    }
  }
  const truth = evidence.truth(follower);
  const parents = [...truth.orders, ...truth.forevers].filter((each) => {
    return claimed.has(each.correlationId);
  });
  // Exits and what a trigger has fired are the broker's; they are looked at with their order.
  const isOurs = (id: string | null | undefined) => parents.some(({ orderId }) => orderId === id);
  const orphans = truth.orders.filter(({ parentOrderId }) => !isOurs(parentOrderId));
  const seen = new Set<string>();
  return orphans.flatMap(({ orderId, correlationId, row }) => {
    const text = `${row.transactionType} ${row.quantity} ${row.tradingSymbol} (order ${orderId})`;
    const leaderOrderId = claimed.get(correlationId);
    const isTwice = seen.has(correlationId);
    seen.add(correlationId);
    if (leaderOrderId === undefined) {
      return [
        { account: follower, text: `an order that copies nothing is at the broker: ${text}` },
      ];
    }
    if (!isTwice) return [];
    return [{ account: follower, leaderOrderId, text: `the same correlation id twice: ${text}` }];
  });
}

function positionDifferences({ expected, truth }: Evidence, account: string): Difference[] {
  const keys = new Map<string, readonly [string, string, string]>();
  const add = (securityId: string, product: string, symbol: string) =>
    keys.set(`${securityId}|${product}`, [securityId, product, symbol]);
  const { positions } = truth(account);
  for (const row of positions) add(row.securityId, row.productType, row.tradingSymbol);
  for (const { leader } of expected.orders()) add(leader.securityId, leader.product, leader.symbol);
  return [...keys.values()].flatMap(([securityId, product, symbol]) => {
    const net = positions
      .filter((row) => row.securityId === securityId && row.productType === product)
      .reduce((sum, row) => sum + row.netQty, 0);
    const wanted = expected.net(account, securityId, product);
    if (net === wanted) return [];
    const text = `the position in ${symbol} (${product}) is ${net}, expected ${wanted}`;
    return [{ account, text }];
  });
}

/** The broker's limit on order calls of one account. */
const ORDER_CALLS_PER_SECOND = 10;

function brokenRules(account: string, truth: AccountTruth): Difference[] {
  const { throttled, orderRequestsPerSecondMax: most } = truth;
  const texts: string[] = [];
  if (throttled > 0) texts.push(`the broker refused ${throttled} calls as too many`);
  if (most > ORDER_CALLS_PER_SECOND) texts.push(`${most} order calls within one second`);
  return texts.map((text) => ({ account, text }));
}
