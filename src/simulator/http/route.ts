/** Which call a method and path are. The path comes without query and without the "/v2". */
import type { RequestKind } from "../faults/rule.ts";

export interface Route {
  readonly kind: RequestKind;
  /** The path's variable part: order id, correlation id, or the second word of a pair. */
  readonly arg: string;
}

const FIXED: Readonly<Record<string, Route>> = {
  "POST /orders": { kind: "place", arg: "" },
  "POST /orders/slicing": { kind: "slice", arg: "" },
  "GET /orders": { kind: "orders", arg: "" },
  "GET /trades": { kind: "trades", arg: "" },
  "GET /positions": { kind: "positions", arg: "" },
  "DELETE /positions": { kind: "exit-all", arg: "" },
  "POST /positions/convert": { kind: "convert", arg: "" },
  "GET /holdings": { kind: "holdings", arg: "" },
  "GET /fundlimit": { kind: "funds", arg: "" },
  "POST /margincalculator": { kind: "margin", arg: "one" },
  "POST /margincalculator/multi": { kind: "margin", arg: "many" },
  "GET /profile": { kind: "profile", arg: "" },
  "GET /RenewToken": { kind: "renew-token", arg: "" },
  "POST /ip/setIP": { kind: "ip", arg: "set" },
  "PUT /ip/modifyIP": { kind: "ip", arg: "set" },
  "GET /ip/getIP": { kind: "ip", arg: "get" },
};

const BY_ORDER: Readonly<Record<string, RequestKind>> = {
  GET: "order-by-id",
  PUT: "modify",
  DELETE: "cancel",
};

const EXTERNAL = "/orders/external/";
const ORDERS = "/orders/";
const TRADES = "/trades/";

/** Undefined is the gateway's 404. */
export function routeOf(method: string, path: string): Route | undefined {
  const fixed = FIXED[`${method} ${path}`];
  if (fixed !== undefined) return fixed;
  if (method === "GET" && path.startsWith(EXTERNAL)) {
    return withArg("order-by-correlation", path.slice(EXTERNAL.length));
  }
  if (path.startsWith(ORDERS)) {
    const kind = BY_ORDER[method];
    return kind === undefined ? undefined : withArg(kind, path.slice(ORDERS.length));
  }
  if (method === "GET" && path.startsWith(TRADES)) {
    return withArg("trades", path.slice(TRADES.length));
  }
  return undefined;
}

function withArg(kind: RequestKind, raw: string): Route | undefined {
  if (raw === "" || raw.includes("/")) return undefined;
  try {
    return { kind, arg: decodeURIComponent(raw) };
  } catch {
    return undefined;
  }
}
