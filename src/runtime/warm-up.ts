/**
 * The first order of the day should not pay for the compiler. `step` is pure, so it can be run a few
 * thousand times on a made-up day before the real one begins: nothing is recorded and nothing sent.
 */
import { toAccountId, toBrokerOrderId, toInstrumentKey, toLinkId } from "../core/model/ids.ts";
import type { Link } from "../core/model/link.ts";
import { toPriceE4 } from "../core/model/money.ts";
import type { OrderObservation, OrderStatus } from "../core/model/order.ts";
import { toEpochMs } from "../core/model/time.ts";
import { emptyFollower } from "../core/order/follower.ts";
import { emptyLeader, foldLeader, leaderOrderFact } from "../core/order/leader.ts";
import { DEFAULT_LIMITS, type StepContext } from "../core/plan/draft.ts";
import type { Action } from "../core/risk/approve.ts";
import { type FollowerInput, step } from "../core/step.ts";

/** Enough for the optimising compiler to have seen every function on the path. */
const ROUNDS = 600;
const NOW_MS = toEpochMs(1_700_000_000_000);
const LEADER = toAccountId("warm-leader");
const INSTRUMENT = toInstrumentKey("NSE_EQ", "1");

const LINK: Link = {
  id: toLinkId("warm-link"),
  leader: LEADER,
  follower: toAccountId("warm-follower"),
  mode: "active",
  sizing: { kind: "multiplier", bps: 10_000 },
  marketOrders: "protected-limit",
  maxAgeMs: 60_000,
  guards: {},
};

/** Runs a made-up day through the core; takes some tens of milliseconds. */
export function warmUp(sha256: StepContext["sha256"]): void {
  let leader = emptyLeader(LEADER);
  let state = emptyFollower(LINK.follower);
  const feed = (input: FollowerInput): readonly Action[] => {
    const result = step(state, input, {
      nowMs: NOW_MS,
      nextSeq: 1,
      link: () => LINK,
      leader: () => leader,
      brokerAheadMs: () => 0,
      instrument: (key) => ({ key, symbol: "W", kind: "equity", lotSize: 1, tick: toPriceE4(500) }),
      sha256,
      limits: DEFAULT_LIMITS,
    });
    state = result.state;
    return result.actions;
  };
  feed({ kind: "linkOpened", linkId: LINK.id, leader: LEADER, leaderSeq: 0 });
  feed({ kind: "positions", nets: [] });
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const status of ["transit", "working", "cancelled"] as const) {
      const fact = leaderOrderFact(leader, orderOf(`L${round}`, status), "stream");
      if (fact === undefined) continue;
      leader = foldLeader(leader, fact, round + 1);
      const ids = [toBrokerOrderId(`L${round}`)];
      const actions = feed({ kind: "leaderOrders", leader: LEADER, ids });
      for (const action of actions) answer(action, round, feed);
    }
  }
}

/** The made-up broker takes everything and shows it working, then gone. */
function answer(action: Action, round: number, feed: (input: FollowerInput) => unknown): void {
  if (action.kind !== "send" && action.kind !== "prepare") return;
  const { command } = action.approved;
  const { correlationId } = command;
  const brokerOrderId = toBrokerOrderId(`C${round}`);
  const outcome = { kind: "accepted", brokerOrderId, status: "transit" } as const;
  feed({ kind: "answered", correlationId, command: command.kind, outcome });
  const status = command.kind === "cancel" ? "cancelled" : "working";
  const order = { ...orderOf(`C${round}`, status), correlationId };
  feed({
    kind: "observed",
    orders: [order],
    witness: "stream",
    startedAtMs: NOW_MS,
    isWhole: false,
  });
}

function orderOf(id: string, status: OrderStatus): OrderObservation {
  return {
    brokerOrderId: toBrokerOrderId(id),
    instrument: INSTRUMENT,
    symbol: "W",
    side: "BUY",
    product: "INTRADAY",
    family: "plain",
    terms: {
      type: "LIMIT",
      validity: "DAY",
      quantity: 10,
      disclosedQuantity: 0,
      price: toPriceE4(1_000_000),
    },
    status,
    filledQuantity: 0,
    reason: "",
    placedAtMs: NOW_MS,
    updatedAtMs: NOW_MS,
  };
}
