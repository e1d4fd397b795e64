import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { linkOf, SHARE_ROW, TEN_O_CLOCK_MS } from "../../../test/core/builders.ts";
import { toAccountId } from "../../core/model/ids.ts";
import { toMoneyE4 } from "../../core/model/money.ts";
import { followerStream } from "../../core/model/stream.ts";
import { memoryJournal } from "../../journal/memory/journal.ts";
import { AppError } from "../../platform/fault.ts";
import { silentLogger } from "../../platform/logger.ts";
import { manualClock } from "../../platform/manual-clock.ts";
import type { Journal } from "../../ports/journal.ts";
import type { AccountSettings } from "../config/settings.ts";
import { areAllShadows, markShadows, shadowRemarks } from "./shadow-remarks.ts";
import { PAPER_FILE, Shadows } from "./shadows.ts";

const LEADER: AccountSettings = { id: toAccountId("leader"), relation: "self" };
const ASHA: AccountSettings = {
  id: toAccountId("asha"),
  relation: "self",
  shadow: { capital: toMoneyE4(10_000_000_000) },
};

function folderOf(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "tandem-shadows-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function open(dataDir: string, journal: Journal, accounts: readonly AccountSettings[]) {
  return Shadows.open({
    accounts,
    links: [linkOf()],
    calendar: "always-open",
    requestTimeoutMs: 1_000,
    dataDir,
    journal,
    clock: manualClock(TEN_O_CLOCK_MS),
    logger: silentLogger(),
    instrument: () => SHARE_ROW,
  });
}

async function copied(journal: Journal): Promise<void> {
  const entries = [{ kind: "resumed", atMs: TEN_O_CLOCK_MS, body: { kind: "resumed" } }];
  await journal.append([{ stream: followerStream(ASHA.id), expectedSeq: 0, entries }]);
}

test("without a shadow there is no paper, and no file of it", async (t) => {
  const folder = folderOf(t);
  assert.equal(await open(folder, memoryJournal(), [LEADER]), undefined);
  assert.ok(!existsSync(join(folder, PAPER_FILE)));
});

test("paper books and journal belong together: copies without a book are refused", async (t) => {
  const folder = folderOf(t);
  const journal = memoryJournal();
  const first = await open(folder, journal, [LEADER, ASHA]);
  first?.account(ASHA, undefined);
  await first?.[Symbol.asyncDispose]();
  await copied(journal);
  const second = await open(folder, journal, [LEADER, ASHA]);
  await second?.[Symbol.asyncDispose]();
  rmSync(join(folder, PAPER_FILE));
  await assert.rejects(open(folder, journal, [LEADER, ASHA]), (error) => {
    assert.ok(error instanceof AppError);
    assert.equal(error.code, "PAPER_BOOK_MISSING");
    assert.match(error.message, /shadow asha.*paper\.jsonl/);
    return true;
  });
});

test("a leader whom no shadow follows is listened to by nobody", async (t) => {
  await using shadows = await open(folderOf(t), memoryJournal(), [LEADER, ASHA]);
  const account = { id: toAccountId("other"), broker: {}, dropCopy: {} } as never;
  assert.equal(shadows?.heard(account), account);
});

test("the log marks what is about a shadow, and nothing else", () => {
  const lines: unknown[] = [];
  const plain = {
    ...silentLogger(),
    error: (event: string, fields?: object) => lines.push([event, fields]),
    child: (bound: object) => ({
      ...silentLogger(),
      info: (event: string, fields?: object) => lines.push([event, { ...bound, ...fields }]),
    }),
  } as never;
  const logger = markShadows(plain, ["asha"]);
  logger.error("account.refused", { account: "asha" });
  logger.error("account.refused", { account: "ravi" });
  logger.error("clock.behindJournal");
  logger.child({ account: "asha" }).info("copy.skipped", { code: "below-one-lot" });
  logger.child({ account: "ravi" }).info("copy.skipped");
  assert.deepEqual(lines, [
    ["account.refused", { account: "asha", shadow: true }],
    ["account.refused", { account: "ravi" }],
    ["clock.behindJournal", undefined],
    ["copy.skipped", { account: "asha", shadow: true, code: "below-one-lot" }],
    ["copy.skipped", { account: "ravi" }],
  ]);
});

test("the start says who is a shadow, and whether anybody trades at all", () => {
  const { shadow: _, ...trading } = ASHA;
  const link = { leader: LEADER.id, follower: ASHA.id };
  const settingsOf = (asha: AccountSettings) =>
    ({ accounts: [LEADER, asha], links: [link] }) as never;
  assert.deepEqual(shadowRemarks(settingsOf(trading)), []);
  assert.match(shadowRemarks(settingsOf(ASHA))[0] ?? "", /^SHADOW: asha is a shadow: .*nothing is/);
  assert.deepEqual(
    [areAllShadows(settingsOf(ASHA)), areAllShadows(settingsOf(trading))],
    [true, false],
  );
});
