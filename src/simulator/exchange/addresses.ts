/** The static-address rule: own address for order writes, frozen for seven days, never two users. */
import type { SimAccount, SimAddress } from "./account.ts";
import { istDate } from "./ist.ts";
import { inputRefusal, ok, type Reply, TEXT } from "./replies.ts";
import type { Venue } from "./venue.ts";

const FREEZE_MS = 7 * 86_400_000;
const IP = /^([0-9]{1,3}(\.[0-9]{1,3}){3}|[0-9a-fA-F:]*:[0-9a-fA-F:]+)$/;

/** "::ffff:127.0.0.2" is 127.0.0.2. */
export function plainIp(remote: string | undefined): string {
  return (remote ?? "").replace(/^::ffff:/, "");
}

/** The refusal that an order write from this address deserves; none while the rule is off. */
export function refusedAddress(venue: Venue, account: SimAccount, ip: string): Reply | undefined {
  if (!venue.switches.staticIp) return undefined;
  const allowed = account.primaryIp?.ip === ip || account.secondaryIp?.ip === ip;
  return allowed ? undefined : inputRefusal(TEXT.badIp);
}

/** `setIP` sets an empty place, `modifyIP` replaces; both are refused inside the freeze. */
export function changeAddress(venue: Venue, account: SimAccount, body: unknown): Reply {
  const asked = (body ?? {}) as Record<string, unknown>;
  const { ip, ipFlag } = asked;
  const isPlace = ipFlag === "PRIMARY" || ipFlag === "SECONDARY";
  if (typeof ip !== "string" || !IP.test(ip) || !isPlace) return inputRefusal();
  const now = venue.agenda.nowMs();
  const present = ipFlag === "PRIMARY" ? account.primaryIp : account.secondaryIp;
  if (present !== undefined && now - present.changedAtMs < FREEZE_MS) {
    return ok({ message: "IP can be modified only once in 7 days", status: "ERROR" });
  }
  if (isTaken(venue, account, ip)) {
    return ok({ message: "IP is already in use by another user", status: "ERROR" });
  }
  setAddress(account, ipFlag, { ip, changedAtMs: now });
  return ok({ message: "IP saved successfully", status: "SUCCESS" });
}

export function setAddress(
  account: SimAccount,
  place: "PRIMARY" | "SECONDARY",
  address: SimAddress,
): void {
  if (place === "PRIMARY") account.primaryIp = address;
  else account.secondaryIp = address;
}

/** With nothing configured: HTTP 200 and an array that says ERROR (captured in production). */
export function readAddresses(venue: Venue, account: SimAccount, remoteIp: string): Reply {
  const { primaryIp, secondaryIp } = account;
  if (primaryIp === undefined && secondaryIp === undefined) {
    return ok([{ message: "IP is not configured", status: "ERROR" }]);
  }
  const matches = primaryIp?.ip === remoteIp || secondaryIp?.ip === remoteIp;
  return ok(
    {
      primaryIp: primaryIp?.ip ?? "",
      modifyDatePrimary: dateOf(primaryIp),
      secondaryIp: secondaryIp?.ip ?? "",
      modifyDateSecondary: dateOf(secondaryIp),
      ip: primaryIp?.ip ?? "",
      detectedIP: remoteIp,
      ipMatchStatus: matches ? "MATCH" : "MISMATCH",
      ordersAllowed: matches || !venue.switches.staticIp,
    },
    200,
  );
}

function dateOf(address: SimAddress | undefined): string {
  return address === undefined ? "" : istDate(address.changedAtMs);
}

function isTaken(venue: Venue, owner: SimAccount, ip: string): boolean {
  for (const account of venue.accounts.values()) {
    if (account === owner) continue;
    if (account.primaryIp?.ip === ip || account.secondaryIp?.ip === ip) return true;
  }
  return false;
}
