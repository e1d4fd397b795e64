import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { toAccountId } from "../../core/model/ids.ts";
import { followerStream } from "../../core/model/stream.ts";
import { memoryJournal } from "../../journal/memory/journal.ts";
import { AppError } from "../../platform/fault.ts";
import { manualClock } from "../../platform/manual-clock.ts";
import type { Journal } from "../../ports/journal.ts";
import { loadConfig } from "./load-config.ts";
import { parseConfig } from "./parse-config.ts";
import { ConfigFault } from "./problem.ts";
import { applySettings, lastSettings } from "./settings-log.ts";

const ASHA = toAccountId("asha");
const ACCESS = 'clientId: "1100000002", accessToken: token-of-asha';

/** A leader and asha, whose account is as given, with a link back where it is asked for. */
function text(asha: string, more = ""): string {
  return `accounts:
  - { id: leader, clientId: "1100000001", accessToken: token-of-leader }
  - { id: asha, ${asha} }
links:
  - { id: leader-asha, leader: leader, follower: asha }
${more}`;
}

function parse(asha: string, more?: string) {
  const variables = () => undefined;
  return parseConfig({ text: text(asha, more), origin: "tandem.yaml", folder: "/desk", variables });
}

function problemsOf(asha: string, more?: string): readonly string[] {
  try {
    parse(asha, more);
  } catch (error) {
    assert.ok(error instanceof ConfigFault, String(error));
    return error.problems.map(({ field, message }) => `${field}: ${message}`);
  }
  assert.fail("expected the configuration to be refused");
}

describe("a shadow in the configuration", () => {
  test("needs no client id and no token, and has a capital", () => {
    const { settings, credentials } = parse("shadow: true");
    assert.deepEqual(settings.accounts[1], {
      id: "asha",
      relation: "self",
      shadow: { capital: 10_000_000_000 },
    });
    assert.equal(credentials.find(ASHA), undefined);
    assert.deepEqual(credentials.clientIds(), ["1100000001"]);
  });

  test("may have an account behind it, and a capital of its own", () => {
    const { settings, credentials } = parse(`${ACCESS}, shadow: { capital: 500000.5 }`);
    assert.deepEqual(settings.accounts[1]?.shadow, { capital: 5_000_005_000 });
    assert.equal(credentials.of(ASHA).accessToken, "token-of-asha");
  });

  test("is none where it says false, and then its access must be given", () => {
    assert.equal("shadow" in (parse(`${ACCESS}, shadow: false`).settings.accounts[1] ?? {}), false);
    const asked = [
      "accounts[1].clientId: expected the broker's client id, 4 to 20 letters or digits, found nothing",
      "accounts[1].accessToken: expected an access token without spaces, found nothing",
    ];
    assert.deepEqual(problemsOf("shadow: false"), asked);
    assert.deepEqual(problemsOf("relation: self"), asked);
  });

  test("has both of client id and token, or neither", () => {
    assert.deepEqual(problemsOf("shadow: true, accessToken: token-of-asha"), [
      "accounts[1].clientId: expected the broker's client id, 4 to 20 letters or digits, " +
        "found nothing; a shadow has both clientId and accessToken, or neither",
    ]);
  });

  test("is never a leader", () => {
    const back = `  - { id: asha-ravi, leader: asha, follower: ravi }\n`;
    const ravi =
      'shadow: true }\n  - { id: ravi, clientId: "1100000003", accessToken: token-of-ravi';
    assert.deepEqual(problemsOf(ravi, back), [
      'links[1].leader: "asha" is a shadow; its orders are on paper and cannot be copied',
    ]);
  });

  test("is said with the right words, or what was expected is told", () => {
    assert.deepEqual(problemsOf("shadow: { captial: 5 }"), [
      "accounts[1].shadow.captial: unknown key; did you mean capital? Known here: capital",
    ]);
    assert.match(problemsOf("shadow: yes please")[0] ?? "", /expected true, false, or a map/);
    assert.match(problemsOf("shadow: { capital: 0 }")[0] ?? "", /expected rupees above 0/);
  });

  test("can be all that variables say of a follower", () => {
    const environment = {
      LEADER_CLIENT_ID: "1100000001",
      LEADER_ACCESS_TOKEN: "token-of-leader",
      FOLLOWER_SHADOW: "true",
      FOLLOWER_MULTIPLIER: "0.5",
    };
    const { settings } = loadConfig({ environment, folder: "/nowhere" });
    assert.deepEqual(settings.accounts[1], {
      id: "follower",
      relation: "self",
      shadow: { capital: 10_000_000_000 },
    });
    assert.throws(
      () => loadConfig({ environment: { ...environment, FOLLOWER_SHADOW: "maybe" }, folder: "/" }),
      /FOLLOWER_SHADOW: expected true, false, or a map with capital/,
    );
  });
});

describe("an account that has copied", () => {
  const clock = manualClock(1_790_000_000_000);

  function apply(journal: Journal, asha: string) {
    return applySettings({ journal, settings: parse(asha).settings, appliedBy: "operator", clock });
  }

  async function copied(journal: Journal): Promise<void> {
    const entries = [{ kind: "resumed", atMs: clock.nowMs(), body: { kind: "resumed" } }];
    await journal.append([{ stream: followerStream(ASHA), expectedSeq: 0, entries }]);
  }

  const changes = [
    { was: "shadow: true", is: ACCESS, message: /asha was a shadow so far.*cannot be trading/ },
    { was: ACCESS, is: "shadow: true", message: /asha was trading so far.*cannot be a shadow/ },
  ];
  for (const { was, is, message } of changes) {
    test(`does not turn from ${was} into ${is}`, async () => {
      const journal = memoryJournal();
      await apply(journal, was);
      await copied(journal);
      await assert.rejects(apply(journal, is), (error) => {
        assert.ok(error instanceof AppError);
        assert.equal(error.code, "ACCOUNT_KIND_CHANGED");
        assert.match(error.message, message);
        assert.match(error.remedy, /a new id/);
        return true;
      });
      assert.equal((await lastSettings(journal))?.seq, 1);
    });

    test(`may turn from ${was} into ${is} before it has`, async () => {
      const journal = memoryJournal();
      await apply(journal, was);
      assert.equal((await apply(journal, is)).isChanged, true);
      await copied(journal);
      await assert.rejects(apply(journal, was), /ACCOUNT_KIND_CHANGED|cannot be/);
    });
  }

  test("is remembered while it is in no settings", async () => {
    const journal = memoryJournal();
    await apply(journal, "shadow: true");
    await copied(journal);
    const others = text(ACCESS).replaceAll("asha", "ravi");
    const { settings } = parseConfig({
      text: others,
      origin: "tandem.yaml",
      folder: "/desk",
      variables: () => undefined,
    });
    await applySettings({ journal, settings, appliedBy: "operator", clock });
    await assert.rejects(apply(journal, ACCESS), /asha was a shadow so far/);
  });
});
