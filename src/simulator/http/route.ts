/** Which call a method and path are. The path comes without query and without the "/v2". */
import type { RequestKind } from "../faults/rule.ts";

export interface Route {
  readonly kind: RequestKind;
  /** The path's variable part: order id, correlation id, or the second word of a pair. */
  readonly arg: string;
  /** The last word of a path that names one leg of an order. */
  readonly leg?: string;
}

const FIXED: Readonly<Record<string, Route>> = {
  "POST /orders": { kind: "place", arg: "" },
  "POST /orders/slicing": { kind: "slice", arg: "" },
  "GET /orders": { kind: "orders", arg: "" },
  "POST /super/orders": { kind: "super-place", arg: "" },
  "GET /super/orders": { kind: "super-orders", arg: "" },
  "POST /forever/orders": { kind: "forever-place", arg: "" },
  "GET /forever/orders": { kind: "forever-orders", arg: "" },
  "POST /alerts/orders": { kind: "alert-place", arg: "" },
  "GET /alerts/orders": { kind: "alerts", arg: "" },
  "POST /alerts/multi/orders": { kind: "multi", arg: "" },
  "GET /killswitch": { kind: "kill-switch", arg: "" },
  "POST /killswitch": { kind: "kill-switch", arg: "" },
  "GET /pnlExit": { kind: "pnl-exit", arg: "" },
  "POST /pnlExit": { kind: "pnl-exit", arg: "" },
  "DELETE /pnlExit": { kind: "pnl-exit", arg: "" },
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

const BY_FOREVER: Readonly<Record<string, RequestKind>> = {
  PUT: "forever-modify",
  DELETE: "forever-cancel",
};

const EXTERNAL = "/orders/external/";
const ORDERS = "/orders/";
const SUPER = "/super/orders/";
const BY_ALERT: Readonly<Record<string, RequestKind>> = {
  GET: "alerts",
  PUT: "alert-modify",
  DELETE: "alert-cancel",
};

const ALERTS = "/alerts/orders/";
const FOREVER = "/forever/orders/";
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
  if (path.startsWith(SUPER)) return superRoute(method, path.slice(SUPER.length));
  if (path.startsWith(ALERTS)) {
    const kind = BY_ALERT[method];
    return kind === undefined ? undefined : withArg(kind, path.slice(ALERTS.length));
  }
  if (path.startsWith(FOREVER)) {
    const kind = BY_FOREVER[method];
    return kind === undefined ? undefined : withArg(kind, path.slice(FOREVER.length));
  }
  if (method === "GET" && path.startsWith(TRADES)) {
    return withArg("trades", path.slice(TRADES.length));
  }
  return undefined;
}

/** A modification names its leg in the body, a cancel in the path. */
function superRoute(method: string, rest: string): Route | undefined {
  if (method === "PUT") return withArg("super-modify", rest);
  const slash = rest.indexOf("/");
  if (method !== "DELETE" || slash < 0) return undefined;
  const route = withArg("super-cancel", rest.slice(0, slash));
  return route === undefined ? undefined : { ...route, leg: rest.slice(slash + 1) };
}

function withArg(kind: RequestKind, raw: string): Route | undefined {
  if (raw === "" || raw.includes("/")) return undefined;
  try {
    return { kind, arg: decodeURIComponent(raw) };
  } catch {
    return undefined;
  }
}
