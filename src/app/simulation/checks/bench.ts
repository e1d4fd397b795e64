/** A check with nobody who trades: what it is told comes from a test, and so does the breach. */
import { toAccountId } from "../../../core/model/ids.ts";
import type { Link } from "../../../core/model/link.ts";
import { followerStream } from "../../../core/model/stream.ts";
import { World, type WorldOptions } from "../world.ts";
import type { MakeCheck } from "./check.ts";

export const NAME_OF_OURS = "T0000000000000000000000A1";

/** One follower, "asha", whose orders are placed by a client of the test over the wire. */
export function benchOf(
  make: MakeCheck,
  link: Partial<Link> = {},
  day: Pick<WorldOptions, "calendar"> = {},
) {
  const followers = [{ name: "asha", bps: 10_000, link }];
  const world = new World({ seed: 1, followers, ...day });
  const told: string[] = [];
  const check = make(world, (text) => told.push(text));
  world.simulator.watch((change) => check.onOrder?.(change));
  const asha = world.clientOf("asha");
  const accessToken = world.simulator
    .accounts()
    .find(({ clientId }) => clientId === asha)?.accessToken;
  const { http } = world.simulator.connect({ random: { next: () => 0.5 } });
  const headers = { "access-token": accessToken ?? "" };

  /** Entries that the follower's journal takes. */
  function writes(...facts: readonly { readonly kind: string; readonly [key: string]: unknown }[]) {
    const atMs = world.clock.nowMs();
    const entries = facts.map((body) => ({ kind: body.kind, atMs, body }));
    check.onEntries?.(followerStream(toAccountId("asha")), entries);
  }

  /** Sends an order of the wire and lets it reach the exchange. */
  async function sends(order: Readonly<Record<string, unknown>>) {
    const body = JSON.stringify({ dhanClientId: asha, ...ORDER, ...order });
    const request = { method: "POST" as const, path: "/orders", headers, body };
    const reply = http.request(request, { timeoutMs: 5_000 });
    for (const listener of [...world.onCommand]) listener("asha", request);
    await world.clock.run(1_000);
    return JSON.parse((await reply).body) as { orderId: string };
  }

  return { world, check, told, asha, accessToken: headers["access-token"], writes, sends };
}

const ORDER = {
  transactionType: "BUY",
  exchangeSegment: "NSE_EQ",
  productType: "INTRADAY",
  orderType: "LIMIT",
  validity: "DAY",
  securityId: "1333",
  quantity: 10,
  disclosedQuantity: 0,
  price: 1_600,
  correlationId: NAME_OF_OURS,
};

/** The intent of a placement as the journal has it. */
export function intentOf(correlationId: string, leaderOrderId: string, leg = "entry") {
  return {
    kind: "placeIntended",
    copyId: `leader-asha/${leaderOrderId}`,
    identity: { leaderOrderId, leg, slice: 0 },
    command: {
      correlationId,
      instrument: "NSE_EQ:1333",
      product: "INTRADAY",
      terms: { quantity: 10 },
    },
  };
}
