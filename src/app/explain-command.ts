import { join } from "node:path";
import type { ExplainRequest, ShownOrder } from "../cli/explain.ts";
import { toAccountId } from "../core/model/ids.ts";
import { openSqliteJournal } from "../journal/sqlite/journal.ts";
import { explainOrder } from "../server/read/explain-order.ts";
import { accountKinds } from "./config/account-kinds.ts";
import { lastSettings } from "./config/settings-log.ts";
import { JOURNAL_FILE } from "./data-files.ts";

/** What `tandem explain` does: reads beside a running Tandem, and changes nothing. */
export async function explainFromJournal({
  dataDir,
  orderId,
}: ExplainRequest): Promise<ShownOrder | undefined> {
  await using journal = openSqliteJournal({ file: join(dataDir, JOURNAL_FILE), readOnly: true });
  const last = await lastSettings(journal);
  const links = last === undefined ? {} : { links: last.settings.links };
  const explanation = await explainOrder(journal, { id: orderId.trim(), ...links });
  if (explanation === undefined) return undefined;
  const kinds = await accountKinds(journal);
  const isShadow = (follower: string) => kinds.get(toAccountId(follower)) === "shadow";
  const copies = explanation.copies.map((copy) => ({ ...copy, isShadow: isShadow(copy.follower) }));
  return { ...explanation, copies };
}
