import { join } from "node:path";
import type { ExplainRequest } from "../cli/explain.ts";
import type { OrderExplanation } from "../core/model/explanation.ts";
import { openSqliteJournal } from "../journal/sqlite/journal.ts";
import { explainOrder } from "../server/read/explain-order.ts";
import { lastSettings } from "./config/settings-log.ts";
import { JOURNAL_FILE } from "./settings-commands.ts";

/** What `tandem explain` does: reads beside a running Tandem, and changes nothing. */
export async function explainFromJournal({
  dataDir,
  orderId,
}: ExplainRequest): Promise<OrderExplanation | undefined> {
  await using journal = openSqliteJournal({ file: join(dataDir, JOURNAL_FILE), readOnly: true });
  const last = await lastSettings(journal);
  const links = last === undefined ? {} : { links: last.settings.links };
  // Awaited here: the journal closes at the end of this scope.
  return await explainOrder(journal, { id: orderId.trim(), ...links });
}
