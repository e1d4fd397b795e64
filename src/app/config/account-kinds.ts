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
  const before = await lastKinds(journal);
  for (const { id, shadow } of accounts) {
    const wasShadow = before.get(id);
    const isShadow = shadow !== undefined;
    if (wasShadow === undefined || wasShadow === isShadow) continue;
    if ((await journal.lastSeq(followerStream(id))) > 0) throw otherKind(id, isShadow);
  }
}

/** Of every account that was ever set: what it was when it was last set, true for a shadow. */
async function lastKinds(journal: Journal): Promise<ReadonlyMap<AccountId, boolean>> {
  const kinds = new Map<AccountId, boolean>();
  for await (const { kind, body, seq } of journal.read(SETTINGS_STREAM)) {
    if (kind !== SETTINGS_APPLIED) continue;
    for (const account of readSettingsEntry(body, seq).settings.accounts) {
      kinds.set(account.id, account.shadow !== undefined);
    }
  }
  return kinds;
}

function otherKind(id: AccountId, isShadow: boolean): AppError {
  const [was, is] = isShadow ? ["trading", "a shadow"] : ["a shadow", "trading"];
  return new AppError({
    code: "ACCOUNT_KIND_CHANGED",
    message: `account ${id} was ${was} so far, and the journal holds what was copied for it; it cannot be ${is} now`,
    remedy: `Give ${isShadow ? "the shadow" : "the account that trades"} a new id, and leave ${id} as it was or take it out.`,
  });
}
