/** What the broker answers, with its own texts (captured in production unless said otherwise). */

export interface Reply {
  readonly status: number;
  /** JSON data; undefined sends an empty body. */
  readonly body: unknown;
}

export const TEXT = {
  badInput: "Missing required fields, bad values for parameters etc.",
  badInstrument: "Invalid Security Id",
  badIp: "Invalid IP",
  badToken: "Invalid Token",
  badLogin: "Client ID or user generated access token is invalid or expired.",
  generic: "Incorrect request for order and cannot be processed",
  transit: "Order is in Transit state",
  closedPlace: "Market is Closed! Want to place an offline order?",
  closedChange: "Market is Closed! You cannot modify/cancel an order now.",
  sellTrigger: "Trigger Price should be greater than Price",
  /** Our wording: the buy side's text was never captured. */
  buyTrigger: "Trigger Price should be less than Price",
  /** Our wording: the text of the 26th modification was never captured. */
  tooManyModifications: "Maximum number of modifications allowed for this order is exceeded",
  belowFilled: "Quantity cannot be less than the traded quantity",
  noAlert: "Requested alert order not found",
  noPnlExit: "No active P&L based exit configured for the current trading day",
  /** Our wording: what is said while the kill switch is on was never captured. */
  killSwitch: "Kill Switch is active for the current trading day",
  /** Our wording too. */
  killSwitchBusy: "Kill Switch cannot be activated with open positions or pending orders",
  noHoldings: "No holdings available",
  nothingToExit: "No open positions or orders found for the current trading day",
  tooManyRequests:
    "Too many requests on server from single user breaching rate limits. Try throttling API calls.",
} as const;

export function ok(body: unknown, status = 200): Reply {
  return { status, body };
}

/** The broker's error envelope: errorType with underscores, as on the wire. */
export function refusal(status: number, type: string, code: string, text: string): Reply {
  return { status, body: { errorType: type, errorCode: code, errorMessage: text } };
}

export function inputRefusal(text: string = TEXT.badInput): Reply {
  return refusal(400, "Input_Exception", "DH-905", text);
}

export function orderRefusal(text: string = TEXT.generic, status = 400): Reply {
  return refusal(status, "Order_Error", "DH-906", text);
}

export function loginRefusal(status: number): Reply {
  return refusal(status, "Invalid_Authentication", "DH-901", TEXT.badLogin);
}

export function rateRefusal(): Reply {
  return refusal(429, "Rate_Limit", "DH-904", TEXT.tooManyRequests);
}

export function isReply(value: object): value is Reply {
  return "status" in value && "body" in value;
}

/** Texts of the broker's own risk check: they arrive after acceptance, in book and stream. */
export const rms = {
  funds: (orderId: string, shortRupees: number): string =>
    `RMS:${orderId}:You have insufficient funds. Please add Rs.${shortRupees.toFixed(2)} to trade.`,
  circuit: (orderId: string, low: number, high: number): string =>
    `RMS:${orderId}:Order Price needs to be Circuit Limits of ${low.toFixed(2)} to ${high.toFixed(2)}`,
  holdings: (orderId: string): string =>
    `RMS:${orderId}:You are trying to sell more than the quantity you currently hold.`,
};
