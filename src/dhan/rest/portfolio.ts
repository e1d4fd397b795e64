/** What the account has: positions, holdings, funds. Writes give the raw reply. */
import { z } from "zod";
import type { HttpReply } from "../../ports/transport.ts";
import { isEmptyHoldings } from "../errors.ts";
import { type FundLimit, fundLimit } from "../wire/funds.ts";
import {
  type ConvertRequest,
  type HoldingRow,
  holdingRow,
  type PositionRow,
  positionRow,
} from "../wire/portfolio.ts";
import type { Calls } from "./calls.ts";

const positionRows = z.array(positionRow);
const holdingRows = z.array(holdingRow);

/** `GET /positions`: today's and carried-forward ones, also those closed today. */
export function listPositions(calls: Calls): Promise<PositionRow[]> {
  return calls.read({ what: "positions", method: "GET", path: "/positions" }, positionRows);
}

/** `GET /holdings`. An empty portfolio is answered with HTTP 500 DH-1111 (captured): none. */
export async function listHoldings(calls: Calls): Promise<HoldingRow[]> {
  const request = { what: "holdings", method: "GET", path: "/holdings" } as const;
  const reply = await calls.ask(request);
  return isEmptyHoldings(reply) ? [] : calls.decode(request, reply, holdingRows);
}

/** `GET /fundlimit`. */
export function readFunds(calls: Calls): Promise<FundLimit> {
  return calls.read({ what: "funds", method: "GET", path: "/fundlimit" }, fundLimit);
}

/** `POST /positions/convert`: part of a position to another product. */
export function convertPosition(
  calls: Calls,
  request: Omit<ConvertRequest, "dhanClientId">,
): Promise<HttpReply> {
  const body: ConvertRequest = { dhanClientId: calls.clientId, ...request };
  return calls.send("POST", "/positions/convert", body);
}

/** `DELETE /positions`: closes every position and cancels every open order (official docs). */
export function exitAll(calls: Calls): Promise<HttpReply> {
  return calls.send("DELETE", "/positions");
}
