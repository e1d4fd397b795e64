/** Where things are after the day, and what to try next. */
import type { RunningTandem } from "../../cli/run.ts";
import type { Listening } from "../../simulator/index.ts";
import { LEADER } from "./cast.ts";
import type { Stage } from "./stage.ts";

export function remarks(
  running: RunningTandem,
  listening: Listening,
  dataDir: string,
  stage: Stage,
): readonly string[] {
  const [first] = stage.expected.orders();
  const order = JSON.stringify({
    clientId: LEADER.clientId,
    order: { securityId: "1660", quantity: 100, price: 411 },
  });
  return [
    "",
    "It keeps running until Ctrl-C. Try, in another terminal in this folder:",
    `  npx tandem status --data ${dataDir}`,
    `  npx tandem explain ${first?.leaderOrderId ?? "ORDER"} --data ${dataDir}`,
    `  npx tandem audit verify --data ${dataDir}`,
    `  curl ${running.url}/readyz`,
    "or place an order as the leader (ITC, 100 shares) and watch it being copied here:",
    `  curl ${listening.controlUrl}/orders -d '${order}'`,
    `The broker's books are at ${listening.controlUrl}/truth; the log and journal in`,
    `  ${dataDir}, until this ends.`,
    "",
  ];
}
