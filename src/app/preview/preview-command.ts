/** What `tandem preview` does: the settings, the instrument file and a list of orders, and no broker. */
import { join } from "node:path";
import type { PreviewLine, PreviewRequest } from "../../cli/preview.ts";
import type { AccountId } from "../../core/model/ids.ts";
import type { Link } from "../../core/model/link.ts";
import { beginOfDay, toEpochMs, tradingDayOf } from "../../core/model/time.ts";
import { openSqliteJournal } from "../../journal/sqlite/journal.ts";
import { systemClock } from "../../platform/clock.ts";
import { AppError } from "../../platform/fault.ts";
import { skipSentence } from "../../server/read/reasons.ts";
import { sizeSentences } from "../../server/read/sizes.ts";
import { quantityAtPrice } from "../../server/read/words.ts";
import { linksOf } from "../config/links-of.ts";
import { loadConfig } from "../config/load-config.ts";
import type { Settings } from "../config/settings.ts";
import { lastSettings } from "../config/settings-log.ts";
import { JOURNAL_FILE } from "../data-files.ts";
import { loadFreezeTable } from "../freeze-table.ts";
import { loadInstruments, withFreezeLimits } from "../instruments.ts";
import type { Surroundings } from "../settings-commands.ts";
import { shadowsOf } from "../shadow/shadow-remarks.ts";
import { loadOrdersFile, type PreviewOrder } from "./orders-file.ts";
import { PreviewDay, type Previewed } from "./preview-day.ts";

const MINUTE_MS = 60_000;

/** Throws an AppError for a file that cannot be used, and for an order of no leader. */
export async function previewOrders(
  request: PreviewRequest,
  surroundings: Surroundings,
): Promise<readonly PreviewLine[]> {
  const { atMinute, capital, orders } = loadOrdersFile(request.file);
  const settings = await settingsOf(request, surroundings);
  const today = beginOfDay(tradingDayOf(systemClock().nowMs()));
  const nowMs = toEpochMs(today + atMinute * MINUTE_MS);
  const { instruments, freezeTable } = settings.broker;
  const loaded = await loadInstruments(instruments, request.dataDir);
  const { byKey } = withFreezeLimits(loaded, loadFreezeTable(freezeTable), nowMs);
  const links = linksOf(settings);
  const shadows = shadowsOf(settings);
  const day = new PreviewDay({ links, instruments: byKey, capital, nowMs });
  return orders.flatMap((order, index) => {
    const leader = leaderOf(order, index, links);
    const symbol = byKey.get(order.instrument)?.symbol ?? order.instrument;
    const asked = `${order.side} ${quantityAtPrice(order.terms)} ${symbol} ${order.product}`;
    return day.place(leader, order).map((previewed) => {
      const isShadow = shadows.includes(previewed.link.follower);
      return { order: index + 1, leader, asked, isShadow, ...lineOf(previewed) };
    });
  });
}

/** Of the file, or those that hold in the data folder. */
async function settingsOf(
  { config, dataDir }: PreviewRequest,
  { environment, folder }: Surroundings,
): Promise<Settings> {
  if (config !== undefined) return loadConfig({ file: config, environment, folder }).settings;
  await using journal = openSqliteJournal({ file: join(dataDir, JOURNAL_FILE), readOnly: true });
  const last = await lastSettings(journal);
  if (last !== undefined) return last.settings;
  throw new AppError({
    code: "SETTINGS_MISSING",
    message: `no settings were ever applied to ${dataDir}`,
    remedy: "Name a configuration with --config FILE, or apply one with `tandem apply FILE`.",
  });
}

function leaderOf(order: PreviewOrder, index: number, links: readonly Link[]): AccountId {
  const leaders = [...new Set(links.map(({ leader }) => leader))];
  const [only, ...others] = leaders;
  const named = leaders.find((leader) => leader === order.leader);
  if (named !== undefined) return named;
  if (order.leader === undefined && only !== undefined && others.length === 0) return only;
  throw new AppError({
    code: "ORDERS_FILE_UNUSABLE",
    message: `orders[${index}].leader: expected one of ${leaders.join(", ")}`,
    remedy: "Name the account whose order it is: one that a link follows.",
  });
}

function lineOf({ link, copy, state, placed, facts }: Previewed) {
  const copies = placed.map(({ side, terms }) => `${side} ${quantityAtPrice(terms)}`);
  const skips = facts.filter((fact) => fact.kind === "skipped");
  const size = copy === undefined ? "" : sizeSentences(copy, state);
  const why = [size, ...skips.map(({ code, inputs }) => skipSentence(code, inputs))];
  return {
    link: link.id,
    follower: link.follower,
    copies,
    codes: skips.map(({ code }) => code),
    why: why.filter((part) => part !== "").join("; "),
  };
}
