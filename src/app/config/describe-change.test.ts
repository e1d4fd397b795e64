import assert from "node:assert/strict";
import { test } from "node:test";
import { describeChange } from "./describe-change.ts";
import { EXAMPLE, exampleVariables } from "./example-config.ts";
import { parseConfig } from "./parse-config.ts";

function settingsOf(text: string) {
  const variables = exampleVariables;
  return parseConfig({ text, origin: "tandem.yaml", folder: "/desk", variables }).settings;
}

const before = settingsOf(EXAMPLE);

test("nothing changed is no line", () => {
  assert.deepEqual(describeChange(before, settingsOf(EXAMPLE)), []);
});

test("each changed field is one line with what it was and what it is", () => {
  const after = settingsOf(
    EXAMPLE.replace("mode: active", "mode: paused")
      .replace("value: 0.5", "value: 0.75")
      .replace("maxOrderValue: 500000.25, ", "")
      .replace("relation: spouse", "relation: self")
      .replace("127.0.0.2", "127.0.0.9")
      .replace("requestTimeoutMs: 5000", "requestTimeoutMs: 800"),
  );
  assert.deepEqual(describeChange(before, after), [
    "broker: requestTimeoutMs 5000 -> 800",
    "account asha: relation spouse -> self",
    "account asha: egress 127.0.0.2 -> 127.0.0.9",
    "link leader-asha: mode active -> paused",
    "link leader-asha: sizing multiplier 0.5 -> multiplier 0.75",
    "link leader-asha: maxOrderValue 500000.25 -> none",
  ]);
});

test("rules of order families are told in the words of the file", () => {
  const after = settingsOf(
    EXAMPLE.replace("copy: orders", "copy: fills")
      .replace("brackets: super-order", "brackets: native")
      .replace("{ kind: leave }", "{ kind: chase, afterSeconds: 5, maxDistanceBps: 50 }")
      .replace("unprotected: rearm", "unprotected: flatten")
      .replace("repair: { kind: by-hand }", "repair: { kind: towards-less, afterSeconds: 60 }")
      .replace('"BSE_EQ:500180"', '"BSE_EQ:500181", "NSE_EQ:7": "BSE_EQ:8"'),
  );
  assert.deepEqual(describeChange(before, after), [
    "link leader-asha: copy orders -> fills",
    "link leader-asha: brackets super-order -> native",
    "link leader-asha: afterLeaderFilled leave -> chase afterSeconds 5 maxDistanceBps 50",
    "link leader-asha: unprotected rearm -> flatten",
    "link leader-asha: repair by-hand -> towards-less afterSeconds 60",
    "link leader-asha: substitution of NSE_EQ:1333 BSE_EQ:500180 -> BSE_EQ:500181",
    "link leader-asha: substitution of NSE_EQ:7 none -> BSE_EQ:8",
  ]);
});

test("what comes and goes is one line each", () => {
  const after = settingsOf(EXAMPLE.replaceAll("ravi", "meera"));
  assert.deepEqual(describeChange(before, after), [
    "account ravi: removed",
    "account meera: added (client id 11****03 (check 441) from RAVI_CLIENT_ID)",
    "link leader-ravi: removed",
    "link leader-meera: added (leader -> meera, multiplier 1, close-only)",
  ]);
});

test("another client behind the same name and the same mask is a change", () => {
  const other = EXAMPLE.replace("$" + "{ASHA_CLIENT_ID}", '"1122222202"');
  const same = EXAMPLE.replace("$" + "{ASHA_CLIENT_ID}", '"1100000002"');
  const lines = describeChange(settingsOf(same), settingsOf(other));
  assert.equal(lines.length, 1);
  assert.match(
    lines[0] ?? "",
    /^account asha: client id 11\*{4}02 \(check \w+\) from the file -> 11/,
  );
});

test("the first settings are all new, and show no secret", () => {
  const lines = describeChange(undefined, before).join("\n");
  assert.match(lines, /^broker: simulator, http:\/\/127\.0\.0\.1:4610\/v2$/m);
  assert.match(lines, /^link leader-asha: added \(leader -> asha, multiplier 0\.5, active\)$/m);
  assert.doesNotMatch(lines, /token-of|password-of|110000000/);
});

test("that an account becomes a shadow is told, and with what capital", () => {
  const after = settingsOf(
    EXAMPLE.replace("relation: spouse", "shadow: { capital: 500000 }").replace(
      /clientId: \$\{RAVI_CLIENT_ID\}\n +accessToken: .*\n +egress: .*\n/,
      "shadow: true\n",
    ),
  );
  assert.deepEqual(describeChange(before, after), [
    "account asha: relation spouse -> self",
    "account asha: shadow none -> paper capital 500000",
    "account ravi: client id 11****03 (check 441) from RAVI_CLIENT_ID -> none",
    "account ravi: access token from RAVI_ACCESS_TOKEN -> none",
    "account ravi: egress http://***@127.0.0.1:8080 from RAVI_PROXY -> none",
    "account ravi: shadow none -> paper capital 1000000",
  ]);
  const [first] = describeChange(undefined, after).filter((line) => line.includes("ravi"));
  assert.equal(first, "account ravi: added (shadow, paper capital 1000000)");
});
