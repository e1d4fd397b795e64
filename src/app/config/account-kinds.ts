/**
 * Whether an account id has stood for a shadow or for an account that trades. It may not change once
 * the journal holds anything of it as a follower: what was copied on paper is nowhere at the broker,
 * and what was copied at the broker would be left alone there.
 */
import type { AccountId } from "../../core/model/ids.ts";
import { followerStream } from "../../core/model/stream.ts";
import { AppError } from "../../platform/fault.ts";
import type { Journal } from "../../ports/journal.ts";
import type { AccountSettings } from "./settings.ts";
import { readSettingsEntry, SETTINGS_APPLIED, SETTINGS_STREAM } from "./settings-entry.ts";

/** Throws an AppError for the first account that is another kind of account than its journal tells of. */
export async function refuseOtherKinds(
  journal: Journal,
  accounts: readonly AccountSettings[],
): Promise<void> {
  const before = await accountKinds(journal);
  for (const account of accounts) {
    const { id } = account;
    const was = before.get(id);
    const is = kindOf(account);
    if (was === undefined || was === is) continue;
    if ((await journal.lastSeq(followerStream(id))) > 0) throw otherKind(id, was, is);
  }
}

export type AccountKind = "shadow" | "trading";

/** Of every account that was ever set, as it was when it was last set. */
export async function accountKinds(journal: Journal): Promise<ReadonlyMap<AccountId, AccountKind>> {
  const kinds = new Map<AccountId, AccountKind>();
  for await (const { kind, body, seq } of journal.read(SETTINGS_STREAM)) {
    if (kind !== SETTINGS_APPLIED) continue;
    for (const account of readSettingsEntry(body, seq).settings.accounts) {
      kinds.set(account.id, kindOf(account));
    }
  }
  return kinds;
}

function kindOf({ shadow }: AccountSettings): AccountKind {
  return shadow === undefined ? "trading" : "shadow";
}

const WORDS: Readonly<Record<AccountKind, string>> = { shadow: "a shadow", trading: "trading" };

function otherKind(id: AccountId, was: AccountKind, is: AccountKind): AppError {
  return new AppError({
    code: "ACCOUNT_KIND_CHANGED",
    message: `account ${id} was ${WORDS[was]} so far, and the journal holds what was copied for it; it cannot be ${WORDS[is]} now`,
    remedy: `Give ${is === "shadow" ? "the shadow" : "the account that trades"} a new id, and leave ${id} as it was or take it out.`,
  });
}
