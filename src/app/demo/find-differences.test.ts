import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { eventually } from "../../../test/eventually.ts";
import { type AccountTruth, createSimulator, type Simulator } from "../../simulator/index.ts";
import { type Follower, LEADER } from "./cast.ts";
import { ExpectedBooks, type ScriptOrder } from "./expected-books.ts";
import { type Claim, type Evidence, findDifferences } from "./find-differences.ts";

const FOLLOWER: Follower = {
  name: "asha",
  clientId: "1100000002",
  rule: { kind: "multiplier", value: 1 },
  funds: 1_000_000,
  replyMs: 0,
  about: "",
};
const ORDER: ScriptOrder = {
  instrument: { symbol: "ITC", segment: "NSE_EQ", securityId: "1660", lot: 1 },
  side: "BUY",
  product: "INTRADAY",
  type: "LIMIT",
  quantity: 10,
  price: 400,
};
const WIRE = { securityId: "1660", quantity: 10, price: 400, triggerPrice: 0 };

let simulator: Simulator;
let evidence: Evidence;

/** A leader and a follower with the same resting order; by hand, so its correlation id is "NA". */
beforeEach(() => {
  simulator = createSimulator({ switches: { transitMs: 0 } });
  for (const { clientId } of [LEADER, FOLLOWER]) simulator.createAccount({ clientId });
  const { body } = simulator.placeByHand(LEADER.clientId, WIRE);
  simulator.placeByHand(FOLLOWER.clientId, WIRE);
  const { orderId } = body as { orderId: string };
  const expected = new ExpectedBooks([FOLLOWER]);
  expected.placed(orderId, ORDER);
  evidence = {
    expected,
    followers: [FOLLOWER],
    truth: (account) => pending(truthOf(account)),
    claim: () => claim(),
    knownLeaderOrders: [orderId],
  };
});
afterEach(() => simulator.close());

function truthOf(account: string): AccountTruth {
  const [truth] = simulator.truth(account === "leader" ? LEADER.clientId : FOLLOWER.clientId);
  assert.ok(truth);
  return truth;
}

/** The exchange takes a turn of the event loop to take an order; here it has. */
function pending(truth: AccountTruth): AccountTruth {
  const orders = truth.orders.map((order) => {
    return { ...order, row: { ...order.row, orderStatus: "PENDING" } };
  });
  return { ...truth, orders };
}

function claim(change: Partial<Claim> = {}): Claim {
  return {
    correlationIds: ["NA"],
    code: undefined,
    isBusy: false,
    state: "working",
    filled: 0,
    ...change,
  };
}

function textsWith(change: Partial<Evidence>): string[] {
  return findDifferences({ ...evidence, ...change }).map(({ account, text }) => {
    return `${account}: ${text}`;
  });
}

/** The follower's truth, changed. */
function withAsha(change: (truth: AccountTruth) => AccountTruth): Partial<Evidence> {
  return {
    truth: (account) => {
      const truth = evidence.truth(account);
      return account === "asha" ? change(truth) : truth;
    },
  };
}

test("nothing differs when all is as it must be", () => {
  assert.deepEqual(textsWith({}), []);
});

test("a second order under the same correlation id is found", () => {
  const twice = withAsha((truth) => ({ ...truth, orders: [...truth.orders, ...truth.orders] }));
  const texts = textsWith(twice);
  assert.match(texts.join("\n"), /asha: 2 child orders at the broker, expected 1/);
  assert.match(texts.join("\n"), /asha: the same correlation id twice: BUY 10 ITC/);
});

test("an order that no copy explains is found", () => {
  const texts = textsWith({ claim: () => claim({ correlationIds: [] }) });
  assert.match(texts.join("\n"), /an order that copies nothing is at the broker: BUY 10 ITC/);
  assert.match(texts.join("\n"), /0 child orders at the broker, expected 1/);
});

for (const [field, value, text] of [
  ["quantity", 9, "has quantity 9, expected 10"],
  ["price", 401, "has price 401, expected 400"],
  ["transactionType", "SELL", "has side SELL, expected BUY"],
  ["productType", "CNC", "has product CNC, expected INTRADAY"],
  ["filledQty", 3, "has filled 3, expected 0"],
  ["orderStatus", "CANCELLED", "has status CANCELLED, expected PENDING"],
] as const) {
  test(`a child order that ${text} is found`, () => {
    const changed = withAsha((truth) => ({
      ...truth,
      orders: truth.orders.map((order) => ({ ...order, row: { ...order.row, [field]: value } })),
    }));
    assert.deepEqual(textsWith(changed), [`asha: the child order ${text}`]);
  });
}

test("a position that the orders do not explain is found", async () => {
  const orderId = truthOf("leader").orders[0]?.orderId ?? "";
  await eventually(() => truthOf("leader").orders[0]?.status === "PENDING", {
    what: "the leader's order at the exchange",
  });
  simulator.fill({ orderId });
  assert.match(textsWith({}).join("\n"), /leader: the position in ITC \(INTRADAY\) is 10/);
});

test("a leader order that the journal or the script does not know is found", () => {
  assert.deepEqual(textsWith({ knownLeaderOrders: [] }), [
    "leader: the leader's order is not in the journal",
  ]);
  simulator.placeByHand(LEADER.clientId, WIRE);
  assert.deepEqual(textsWith({}), ["leader: the leader's order is not in the script"]);
});

test("a reason or a belief of the journal that is not the broker's is found", () => {
  const wrong = claim({ code: "below-one-lot", state: "filled", filled: 10, isBusy: true });
  assert.deepEqual(textsWith({ claim: () => wrong }), [
    "asha: the journal's reason is below-one-lot, expected none",
    "asha: the journal still has something under way",
    "asha: the journal says filled, expected working",
    "asha: the journal says 10 filled, expected 0",
  ]);
});

test("calls beyond the broker's limits are found", () => {
  const busy = withAsha((truth) => ({ ...truth, throttled: 1, orderRequestsPerSecondMax: 11 }));
  assert.deepEqual(textsWith(busy), [
    "asha: the broker refused 1 calls as too many",
    "asha: 11 order calls within one second",
  ]);
});
