/** The broker of the benchmark, in a process of its own: both ends of every figure are stamped here. */
import { createSimulator } from "../../simulator/index.ts";
import {
  type BrokerQuestion,
  QUANTITY,
  SECURITY_ID,
  type Side,
  type Stage,
  type StageAccount,
  type Troupe,
} from "./stage.ts";

const followers = Number(process.argv[2]);
const restMs = Number(process.argv[3]);
/** Whether the drop copy tells of orders in transit: the broker's documents leave it open. */
const transitFrames = process.argv[4] !== "no-transit-frames";

/**
 * What followers' orders do after they have arrived is not part of the path that is measured, and at a
 * real broker it happens on other machines; here it would take its time from the very process that
 * stamps the arrivals. So they reach the exchange, and their frames leave, after a burst is over.
 */
const FOLLOWER_TRANSIT_MS = 600;
const FOLLOWER_FRAMES_MS = 600;
/** How long the broker's risk check holds the leader's order. */
const LEADER_TRANSIT_MS = 50;
const simulator = createSimulator({ switches: { transitMs: LEADER_TRANSIT_MS, transitFrames } });
let lastId = 1_100_000_000;

function account(change: { replyMs?: number; transitMs?: number }): StageAccount {
  lastId += 1;
  const clientId = String(lastId);
  return simulator.createAccount({ clientId, availableBalance: 1e10, limits: "off", ...change });
}

function troupe(): Troupe {
  return {
    leader: account({}),
    followers: Array.from({ length: followers }, () =>
      account({ replyMs: restMs, transitMs: FOLLOWER_TRANSIT_MS }),
    ),
  };
}

const troupes: Readonly<Record<Side, Troupe>> = { tandem: troupe(), relay: troupe() };
for (const { clientId } of troupes.tandem.followers) {
  simulator.addFault({ kind: "delay-frames", match: { clientId }, ms: FOLLOWER_FRAMES_MS });
}
const listening = await simulator.listen({ port: 0 });
const { restUrl, orderUpdateUrl, instrumentsUrl } = listening;
const stage: Stage = { restUrl, orderUpdateUrl, instrumentsUrl, ...troupes };
process.send?.({ stage });

process.on("message", (question: BrokerQuestion) => {
  if (question.kind === "lead") lead(question.side, question.price);
  else if (question.kind === "stamps") process.send?.({ stamps: simulator.stamps() });
  else void stop();
});
process.on("disconnect", () => void stop());

function lead(side: Side, price: number): void {
  simulator.placeByHand(troupes[side].leader.clientId, {
    transactionType: "BUY",
    exchangeSegment: "NSE_EQ",
    productType: "INTRADAY",
    orderType: "LIMIT",
    validity: "DAY",
    securityId: SECURITY_ID,
    quantity: QUANTITY,
    disclosedQuantity: 0,
    price,
    triggerPrice: 0,
    afterMarketOrder: false,
  });
}

async function stop(): Promise<void> {
  await listening.close();
  process.exit(0);
}
