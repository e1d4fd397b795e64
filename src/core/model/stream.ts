/** Which stream of the journal is about which account. */
import { type AccountId, toAccountId } from "./ids.ts";

const LEADER = "leader/";
const FOLLOWER = "follower/";

/** "leader/ACCOUNT": what was observed of an account that is copied. */
export function leaderStream(account: AccountId): string {
  return LEADER + account;
}

/** "follower/ACCOUNT": what was observed of an account that copies, decided for it, sent and answered. */
export function followerStream(account: AccountId): string {
  return FOLLOWER + account;
}

/** The account that a stream is about, when it is a leader's or a follower's. */
export function streamAccount(
  stream: string,
): { readonly role: "leader" | "follower"; readonly account: AccountId } | undefined {
  if (stream.startsWith(LEADER)) {
    return { role: "leader", account: toAccountId(stream.slice(LEADER.length)) };
  }
  if (stream.startsWith(FOLLOWER)) {
    return { role: "follower", account: toAccountId(stream.slice(FOLLOWER.length)) };
  }
  return undefined;
}
