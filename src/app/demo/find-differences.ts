/**
 * Holds the broker's own books, and what the journal says of them, against what the script expects.
 *
 * The broker's rows decide. The journal is asked for two things alone: which leader order a row is
 * said to be the copy of, and why there is none.
 */
import type { AccountTruth } from "../../simulator/index.ts";
import type { Follower } from "./cast.ts";
import type { ExpectedBooks, ExpectedOrder, ExpectedRow } from "./expected-books.ts";

/** What the journal says of one leader order for one follower. */
export interface Claim {
  readonly correlationIds: readonly string[];
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
  const rows = evidence.truth("leader").orders;
  const own = orders.flatMap(({ leaderOrderId, leader }) => {
    const row = rows.find((each) => each.orderId === leaderOrderId);
    const texts = row === undefined ? ["is not at the broker"] : rowDifferences(row, leader);
    if (!evidence.knownLeaderOrders.includes(leaderOrderId)) texts.push("is not in the journal");
    return texts.map((text) => ({
      account: "leader",
      leaderOrderId,
      text: `the leader's order ${text}`,
    }));
  });
  const others = [...rows.map(({ orderId }) => orderId), ...evidence.knownLeaderOrders]
    .filter((id) => !orders.some(({ leaderOrderId }) => leaderOrderId === id))
    .map((leaderOrderId) => ({
      account: "leader",
      leaderOrderId,
      text: "the leader's order is not in the script",
    }));
  return [...own, ...others];
}

function copyDifferences(
  evidence: Evidence,
  follower: string,
  { leaderOrderId, copies }: ExpectedOrder,
): Difference[] {
  const expected = copies.get(follower);
  const claim = evidence.claim(follower, leaderOrderId);
  const ids = claim?.correlationIds ?? [];
  const rows = evidence.truth(follower).orders.filter((row) => ids.includes(row.correlationId));
  const texts: string[] = [];
  if (claim?.code !== expected?.code) {
    texts.push(
      `the journal's reason is ${claim?.code ?? "none"}, expected ${expected?.code ?? "none"}`,
    );
  }
  const wanted = expected?.child === undefined ? 0 : 1;
  if (rows.length !== wanted) {
    texts.push(`${rows.length} child orders at the broker, expected ${wanted}`);
  } else if (expected?.child !== undefined && rows[0] !== undefined) {
    texts.push(...rowDifferences(rows[0], expected.child).map((text) => `the child order ${text}`));
  }
  if (claim !== undefined) texts.push(...beliefDifferences(claim, expected?.child));
  return texts.map((text) => ({ account: follower, leaderOrderId, text }));
}

const STATE_OF: Readonly<Record<ExpectedRow["status"], string>> = {
  PENDING: "working",
  PART_TRADED: "working",
  TRADED: "filled",
  CANCELLED: "cancelled",
  REJECTED: "rejected",
};

/** Tandem must know how things stand at the broker, too. */
function beliefDifferences(claim: Claim, child: ExpectedRow | undefined): string[] {
  const texts: string[] = [];
  const state = child && STATE_OF[child.status];
  const filled = child?.filled ?? 0;
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
    for (const id of evidence.claim(follower, leaderOrderId)?.correlationIds ?? []) {
      claimed.set(id, leaderOrderId);
    }
  }
  const seen = new Set<string>();
  return evidence.truth(follower).orders.flatMap(({ orderId, correlationId, row }) => {
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
