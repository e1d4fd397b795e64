/**
 * The least that could be done: parse the frame, send the orders in parallel. No journal, no rules,
 * no limits, no look at what came of them. It is the yardstick, not a way to copy orders.
 */
import { Pool } from "undici";
import WebSocket from "ws";
import { SECURITY_ID, type Stage } from "./stage.ts";

const stage = JSON.parse(process.argv[2] ?? "") as Stage;
const { origin, pathname } = new URL(stage.restUrl);
const pools = stage.relay.followers.map((account) => ({
  ...account,
  pool: new Pool(origin, { connections: 16, pipelining: 1 }),
}));
const seen = new Set<string>();

interface Frame {
  readonly Type: string;
  readonly Data: {
    readonly orderNo: string;
    readonly status: string;
    readonly price: number;
    readonly quantity: number;
  };
}

const socket = new WebSocket(stage.orderUpdateUrl);
socket.on("open", () => {
  const { clientId, accessToken } = stage.relay.leader;
  const LoginReq = { MsgCode: 42, ClientId: clientId, Token: accessToken };
  socket.send(JSON.stringify({ LoginReq, UserType: "SELF" }));
  void warmUp();
});

socket.on("message", (bytes: Buffer) => {
  const frame = JSON.parse(bytes.toString()) as Frame;
  if (frame.Type !== "order_alert" || frame.Data.status !== "Pending") return;
  if (seen.has(frame.Data.orderNo)) return;
  seen.add(frame.Data.orderNo);
  for (const follower of pools) void place(follower, frame.Data);
});

async function place(follower: (typeof pools)[number], order: Frame["Data"]): Promise<void> {
  const { body } = await follower.pool.request({
    path: `${pathname}/orders`,
    method: "POST",
    headers: { "access-token": follower.accessToken, "content-type": "application/json" },
    body: JSON.stringify({
      dhanClientId: follower.clientId,
      transactionType: "BUY",
      exchangeSegment: "NSE_EQ",
      productType: "INTRADAY",
      orderType: "LIMIT",
      validity: "DAY",
      securityId: SECURITY_ID,
      quantity: order.quantity,
      disclosedQuantity: 0,
      price: order.price,
      triggerPrice: 0,
      afterMarketOrder: false,
    }),
  });
  await body.text();
}

/** A connection for each follower, as Tandem has one from reading the books. */
async function warmUp(): Promise<void> {
  const reads = pools.map(async ({ pool, accessToken }) => {
    const headers = { "access-token": accessToken };
    const { body } = await pool.request({ path: `${pathname}/orders`, method: "GET", headers });
    await body.text();
  });
  await Promise.all(reads);
  process.send?.({ ready: true });
}

process.on("disconnect", () => process.exit(0));
