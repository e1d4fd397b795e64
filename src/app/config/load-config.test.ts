import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, test } from "node:test";
import { toAccountId } from "../../core/model/ids.ts";
import { AppError } from "../../platform/fault.ts";
import { EXAMPLE, exampleVariables } from "./example-config.ts";
import { loadConfig } from "./load-config.ts";
import { ConfigFault } from "./problem.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tandem-config-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const COMPLETE = {
  LEADER_CLIENT_ID: "1100000001",
  LEADER_ACCESS_TOKEN: "token-of-leader",
  FOLLOWER_CLIENT_ID: "1100000002",
  FOLLOWER_ACCESS_TOKEN: "token-of-asha",
};

function load(environment: Readonly<Record<string, string>>, file?: string) {
  return loadConfig({ environment, folder, ...(file === undefined ? {} : { file }) });
}

function faultOf(run: () => unknown): AppError {
  try {
    run();
  } catch (error) {
    assert.ok(error instanceof AppError, String(error));
    return error;
  }
  assert.fail("expected a fault");
}

describe("without a file", () => {
  test("the environment makes one leader and his followers, copied one for one", () => {
    const { settings, credentials } = load({
      ...COMPLETE,
      FOLLOWER_3_CLIENT_ID: "1100000003",
      FOLLOWER_3_ACCESS_TOKEN: "token-of-ravi",
      FOLLOWER_3_MULTIPLIER: "0.25",
    });
    assert.deepEqual(
      settings.links.map(({ id, leader, follower, sizing }) => [id, leader, follower, sizing]),
      [
        ["leader-follower", "leader", "follower", { kind: "multiplier", bps: 10_000 }],
        ["leader-follower-3", "leader", "follower-3", { kind: "multiplier", bps: 2_500 }],
      ],
    );
    assert.deepEqual(settings.accounts[1]?.accessToken, { from: "env:FOLLOWER_ACCESS_TOKEN" });
    assert.equal(credentials.of(toAccountId("follower-3")).accessToken, "token-of-ravi");
    assert.equal(settings.broker.restUrl, "https://api.dhan.co/v2");
  });

  test("a .env file fills in what the environment lacks, and the environment wins", () => {
    const lines = Object.entries(COMPLETE).map(([name, value]) => `${name}="${value}-of-file"`);
    writeFileSync(join(folder, ".env"), `# ours\n${lines.join("\r\n")}\r\n`);
    const { credentials } = load({
      LEADER_CLIENT_ID: "1100000009",
      FOLLOWER_CLIENT_ID: "1100000008",
      LEADER_ACCESS_TOKEN: "token-of-environment",
    });
    assert.deepEqual(credentials.of(toAccountId("leader")), {
      clientId: "1100000009",
      accessToken: "token-of-environment",
    });
    assert.equal(credentials.of(toAccountId("follower")).accessToken, "token-of-asha-of-file");
  });

  test("nothing at all is one message that says both ways", () => {
    const fault = faultOf(() => load({}));
    assert.equal(fault.code, "CONFIG_MISSING");
    assert.match(fault.remedy, /--config.*LEADER_CLIENT_ID/);
  });

  test("a lacking variable is named, and so is a wrong one", () => {
    const { LEADER_ACCESS_TOKEN: _, ...rest } = COMPLETE;
    const fault = faultOf(() => load({ ...rest, FOLLOWER_MULTIPLIER: "half" }));
    assert.ok(fault instanceof ConfigFault);
    assert.deepEqual(
      fault.problems.map(({ line, field }) => [line, field]),
      [
        [undefined, "LEADER_ACCESS_TOKEN"],
        [undefined, "FOLLOWER_MULTIPLIER"],
      ],
    );
    assert.match(fault.message, /^the environment has 2 problems/);
    assert.doesNotMatch(fault.message, /token-of/);
  });

  test("a leader without a follower is refused", () => {
    const { LEADER_CLIENT_ID, LEADER_ACCESS_TOKEN } = COMPLETE;
    const fault = faultOf(() => load({ LEADER_CLIENT_ID, LEADER_ACCESS_TOKEN }));
    assert.match(fault.message, /two accounts or more/);
  });
});

describe("with a file", () => {
  test("it is read from the current folder, its own paths from its own folder", () => {
    mkdirSync(join(folder, "etc"));
    const text = EXAMPLE.replaceAll(/\$\{(\w+)\}/g, (_, name) => exampleVariables(name) ?? "");
    const withPath = text.replace("http://127.0.0.1:4610/instruments", "scrips.csv");
    writeFileSync(join(folder, "etc", "tandem.yaml"), withPath);
    const { settings } = load({}, "etc/tandem.yaml");
    assert.equal(settings.broker.instruments, join(folder, "etc", "scrips.csv"));
  });

  test("problems carry the name of the file", () => {
    writeFileSync(join(folder, "desk.yaml"), "links: []\n");
    assert.match(faultOf(() => load(COMPLETE, "desk.yaml")).message, /^desk\.yaml has /);
  });

  test("one that is not there, a folder, or no text is one message", () => {
    writeFileSync(join(folder, "binary.yaml"), Uint8Array.from([0xff, 0xfe, 0xff]));
    for (const [file, message] of [
      ["none.yaml", /there is no such file/],
      [".", /it is a folder/],
      ["binary.yaml", /not UTF-8/],
    ] as const) {
      const fault = faultOf(() => load(COMPLETE, file));
      assert.equal(fault.code, "CONFIG_UNREADABLE");
      assert.match(fault.message, message);
    }
  });
});
