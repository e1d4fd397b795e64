/** The account itself: its profile, and what an order would cost it. */
import { type MarginReply, type MarginRequest, marginReply } from "../wire/margin.ts";
import { type Profile, profile } from "../wire/profile.ts";
import type { Calls } from "./calls.ts";

/** `GET /profile`: also the cheapest proof that the token is alive. */
export function readProfile(calls: Calls): Promise<Profile> {
  return calls.read({ what: "profile", method: "GET", path: "/profile" }, profile);
}

/** `POST /margincalculator`. */
export function calculateMargin(
  calls: Calls,
  request: Omit<MarginRequest, "dhanClientId">,
): Promise<MarginReply> {
  const body: MarginRequest = { dhanClientId: calls.clientId, ...request };
  const path = "/margincalculator";
  return calls.read({ what: "margin", method: "POST", path, body }, marginReply);
}
